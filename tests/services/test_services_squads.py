"""Squads on both databases: what the fake Slack need not be there for."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules.people import Caller, IdentityKind, IndividualFigures, Profile, Role, Status
from bot.rules.squads import RosterChange, Skip, SquadChanges, SquadDraft, Where
from bot.services.members import Members
from bot.services.people import People
from bot.services.squads import Squads
from bot.services.unit import StrangerError
from bot.services.workspaces import Workspaces
from bot.store import people, squads, workspaces
from bot.store.database import Database
from models import LedgerEntry, OutboxRow
from models import Squad as SquadRow

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
TEAM = "T1"
ADA, MIA, BEN = (Caller(TEAM, user) for user in ("U0ADA", "U0MIA", "U0BEN"))
PROFILES = {
    "U0ADA": Profile(user_id="U0ADA", name="Ada", slack_admin=True),
    "U0MIA": Profile(user_id="U0MIA", name="Mia"),
    "U0BEN": Profile(user_id="U0BEN", name="Ben"),
}
CONTRIBUTOR = frozenset({Role.CONTRIBUTOR})


class Desk:
    """The services on one database, with Ada as admin and Mia as manager of Kestrel."""

    def __init__(self, database: Database) -> None:
        clock = Clock(source=lambda: NOW)
        self.database = database
        self.people = People(database, clock)
        self.squads = Squads(database, clock)
        self.members = Members(database, clock)
        self.workspaces = Workspaces(database, clock)
        self.kestrel = Where(named="kestrel")

    async def rows(self, statement: Any) -> list[Any]:
        async with self.database.read() as connection:
            return list((await connection.execute(statement)).all())


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = Desk(database)
    for team in (TEAM, "T2"):
        async with database.write() as tx:
            await workspaces.connect(
                tx, team, team, NOW, app_id=None, bot_id=None, bot_user_id=None
            )
    for profile in PROFILES.values():
        await desk.people.meet(TEAM, profile)
    assert (await desk.workspaces.setup(ADA)).fresh
    draft = SquadDraft(name="Kestrel", zone="Europe/Berlin")
    await desk.squads.create(ADA, draft, PROFILES["U0MIA"], None)
    return desk


async def test_two_set_ups_at_once_make_one_admin(database: Database) -> None:
    desk = Desk(database)
    async with database.write() as tx:
        await workspaces.connect(tx, TEAM, TEAM, NOW, app_id=None, bot_id=None, bot_user_id=None)
    for name in ("U0ADA", "U0EVE"):
        await desk.people.meet(TEAM, Profile(user_id=name, name=name, slack_admin=True))
    done = await asyncio.gather(
        *(desk.workspaces.setup(Caller(TEAM, u)) for u in ("U0ADA", "U0EVE"))
    )
    assert sorted(each.fresh for each in done) == [False, True]
    assert len(await desk.workspaces.admins(ADA)) == 1


async def test_two_admins_removing_each_other_leave_one(desk: Desk) -> None:
    await desk.workspaces.add_admin(ADA, PROFILES["U0MIA"])

    async def remove(caller: Caller, user_id: str) -> object:
        try:
            return await desk.workspaces.remove_admin(caller, user_id)
        except (Conflict, NotAllowed) as error:
            return error

    await asyncio.gather(remove(ADA, "U0MIA"), remove(MIA, "U0ADA"))
    assert len(await desk.workspaces.admins(ADA)) == 1


async def test_one_squad_of_a_name_even_at_once(desk: Desk) -> None:
    async def make(name: str) -> object:
        try:
            return await desk.squads.create(ADA, SquadDraft(name=name, zone="UTC"), None, None)
        except Conflict as error:
            return error.code

    done = await asyncio.gather(make("Falcon"), make("FALCON"))
    assert "squad_exists" in done
    assert len(await desk.rows(select(SquadRow.id))) == 2


async def test_capitals_of_any_script_are_the_same_name(desk: Desk) -> None:
    await desk.squads.create(ADA, SquadDraft(name="Öresund", zone="UTC"), None, None)
    with pytest.raises(Conflict):
        await desk.squads.create(ADA, SquadDraft(name="ÖRESUND", zone="UTC"), None, None)


async def test_another_workspace_sees_none_of_it(desk: Desk) -> None:
    stranger = Caller("T2", "U0MIA")
    with pytest.raises(StrangerError):
        await desk.squads.roster(stranger, desk.kestrel)
    await desk.people.meet("T2", Profile(user_id="U0MIA", name="Another Mia", slack_admin=True))
    await desk.workspaces.setup(stranger)
    with pytest.raises(NotFound) as error:
        await desk.squads.roster(stranger, desk.kestrel)
    assert "Kestrel" not in str(error.value.fields["known"])
    (squad,) = await desk.rows(select(SquadRow.id))
    with pytest.raises(NotFound):
        await desk.squads.managed(stranger, Where(squad_id=squad.id))
    with pytest.raises(NotFound):
        await desk.squads.change(
            stranger, Where(squad_id=squad.id), SquadChanges(fields={"zone": "UTC"})
        )


async def test_people_change_and_the_ledger_keeps_no_text(desk: Desk) -> None:
    done = await desk.members.add(MIA, desk.kestrel, [PROFILES["U0BEN"]], frozenset(), None)
    assert [person.name for person in done.changed] == ["Ben"]
    change = RosterChange(add_tags=("a secret about Ben",))
    await desk.members.change(MIA, desk.kestrel, ["U0BEN"], change)
    await desk.members.change(MIA, desk.kestrel, ["U0BEN"], RosterChange(roles=CONTRIBUTOR))
    roster = await desk.squads.roster(MIA, desk.kestrel)
    ben = roster.members[0]
    assert (ben.person.name, ben.roles, ben.tags) == ("Ben", CONTRIBUTOR, ("a secret about Ben",))
    entries = await desk.rows(select(LedgerEntry.action, LedgerEntry.ids, LedgerEntry.actor_id))
    assert [entry.action for entry in entries] == [
        "workspace.set_up", "squad.created", "member.granted", "member.added", "member.tags",
    ]  # fmt: skip
    assert "secret" not in str(entries)


async def test_an_add_pressed_twice_gives_the_first_answer(desk: Desk) -> None:
    guest = Profile(user_id="U0GUEST", name="Gus", kind=IdentityKind.GUEST)
    people = [PROFILES["U0BEN"], guest]
    first = await desk.members.add(MIA, desk.kestrel, people, CONTRIBUTOR, "cmd:1")
    second = await desk.members.add(MIA, desk.kestrel, people, CONTRIBUTOR, "cmd:1")
    assert first == second
    assert len(first.changed) == 2


async def test_guests_audit_and_never_manage(desk: Desk) -> None:
    guest = Profile(user_id="U0GUEST", name="Gus", kind=IdentityKind.GUEST)
    done = await desk.members.add(ADA, desk.kestrel, [guest], frozenset({Role.MANAGER}), None)
    assert [each.why for each in done.skipped] == [Skip.NEVER_MANAGER]
    await desk.members.add(ADA, desk.kestrel, [guest], frozenset({Role.AUDITOR}), None)
    change = RosterChange(roles=frozenset({Role.MANAGER}))
    done = await desk.members.change(ADA, desk.kestrel, ["U0GUEST"], change)
    assert [each.why for each in done.skipped] == [Skip.NEVER_MANAGER]


async def test_a_paused_manager_may_do_nothing_until_an_admin_helps(desk: Desk) -> None:
    change = RosterChange(status=Status.PAUSED)
    done = await desk.members.change(MIA, desk.kestrel, ["U0MIA"], change)
    assert [each.why for each in done.skipped] == [Skip.MANAGER]
    await desk.members.change(ADA, desk.kestrel, ["U0MIA"], change)
    with pytest.raises(NotAllowed):
        await desk.squads.managed(MIA, desk.kestrel)
    await desk.members.change(ADA, desk.kestrel, ["U0MIA"], RosterChange(status=Status.ACTIVE))
    assert (await desk.squads.managed(MIA, desk.kestrel)).name == "Kestrel"


async def test_going_live_queues_one_welcome_each_and_lists_the_unreachable(desk: Desk) -> None:
    await desk.members.add(MIA, desk.kestrel, [PROFILES["U0BEN"]], frozenset(), None)
    async with desk.database.write() as tx:
        (squad,) = (await squads.all_squads(tx, 1)).values()
        lost = await known_by_name(tx)
        await squads.add_member(tx, 1, squad.id, lost, Status.ACTIVE, NOW)
    first = await desk.squads.go_live(MIA, desk.kestrel)
    assert {person.name for person in first.welcomed} == {"Ben", "Mia"}
    assert [person.name for person in first.unreachable] == ["Lost"]
    again = await desk.squads.go_live(MIA, desk.kestrel)
    assert (again.already, again.welcomed) == (True, ())
    assert len(await desk.rows(select(OutboxRow.id))) == 2
    with pytest.raises(NotAllowed):
        await desk.squads.go_live(BEN, desk.kestrel)


async def known_by_name(tx: Any) -> int:
    """Add somebody known by name alone."""
    return await people.add(tx, 1, "Lost", NOW)


async def test_settings_only_as_they_may_be_set(desk: Desk) -> None:
    for fields in ({"state": "live"}, {"zone": None}, {"workspace_id": 2}):
        with pytest.raises(ValueError, match="not to be set"):
            await desk.squads.change(MIA, desk.kestrel, SquadChanges(fields=fields))
    changed = await desk.squads.change(
        MIA,
        desk.kestrel,
        SquadChanges(
            fields={
                "working_days": frozenset({6, 0}),
                "individual_figures": IndividualFigures.OFF,
            }
        ),
    )
    assert changed.working_days == {0, 6}
    assert changed.individual_figures is IndividualFigures.OFF
