"""Blockers on each kind of database: one at a time, and what they take from a digest's plan."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bot.clock import Clock
from bot.errors import NotAllowed, NotFound
from bot.rules.blockers import BlockerKind
from bot.rules.digests import Cadence, Digest, Edition
from bot.rules.people import Caller
from bot.services.blockers import Blockers
from bot.services.digests import Digests
from bot.store.database import Database
from bot.views import catalogue
from bot.views import digests as views
from models import Blocker, Member, OutboxRow, Project, SquadProject, TimeOff
from tests.services.quality_world import TEAM, World, open_world

# A Tuesday; its digest knows the working days from 24 February to 9 March.
TUESDAY = datetime(2026, 3, 10, 10, tzinfo=UTC)
MONDAY = date(2026, 3, 9)
BO, MIA = Caller(TEAM, "U0BO"), Caller(TEAM, "U0MIA")


@pytest.fixture
async def world(database: Database) -> World:
    found = await open_world(database, digest_channel="C0DIGEST")
    await found.person("Mia", "U0MIA", roles=("manager",))
    return found


@pytest.fixture
def service(database: Database) -> Blockers:
    return Blockers(database, Clock(source=lambda: TUESDAY))


def at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour)


async def block(
    world: World,
    person: int,
    day: date,
    first: float,
    last: float,
    kind: str = "tool_down",
    squad_id: int | None = None,
) -> None:
    await world.add(
        Blocker,
        squad_id=squad_id or world.squad_id,
        person_id=person,
        kind=kind,
        opened_at=at(day, first),
        closed_at=at(day, last),
        lost_s=0,
    )


async def digest(world: World, cadence: Cadence = Cadence.DAILY, *, so_far: bool = False) -> Digest:
    edition = Edition(
        workspace_id=world.workspace_id,
        squad_id=world.squad_id,
        cadence=cadence,
        day=TUESDAY.date(),
        so_far=so_far,
    )
    found = await Digests(world.database, Clock(source=lambda: TUESDAY)).content(edition)
    assert found is not None
    return found


def said(found: Digest) -> str:
    return views.text(catalogue.load().of("en"), found)


# One at a time


async def test_said_by_two_clicks_at_once_it_is_one(world: World, service: Blockers) -> None:
    await world.person("Bo", "U0BO", roles=("contributor",))
    kinds = [BlockerKind.TOOL_DOWN, BlockerKind.NO_WORK, BlockerKind.TOOL_DOWN]
    done = await asyncio.gather(
        *(
            service.open(BO, world.squad_id, kind, None, f"click:{n}")
            for n, kind in enumerate(kinds)
        )
    )
    assert len({each.mine.stored.blocker_id for each in done}) == 1
    assert sorted(each.already for each in done) == [False, True, True]
    async with world.database.read() as connection:
        kinds_sent = list((await connection.scalars(select(OutboxRow.kind))).all())
    assert kinds_sent.count("blockers.mine") == 1


async def test_taken_at_once_it_is_one_managers(world: World, service: Blockers) -> None:
    await world.person("Bo", "U0BO", roles=("contributor",))
    await world.person("Una", "U0UNA", roles=("manager",))
    opened = await service.open(BO, world.squad_id, BlockerKind.NO_ACCESS, "VPN", None)
    blocker_id = opened.mine.stored.blocker_id
    found = await asyncio.gather(
        *(service.take(each, blocker_id) for each in (MIA, Caller(TEAM, "U0UNA"))),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in found) == ["Case", "Conflict"]


async def test_what_is_not_there_and_who_may_not(world: World, service: Blockers) -> None:
    await world.person("Bo", "U0BO", roles=("contributor",))
    for act in (service.take, service.done, service.read, service.resume):
        with pytest.raises(NotFound, match="blocker_gone"):
            await act(MIA, 99)
    with pytest.raises(NotFound, match="squad_gone"):
        await service.open(BO, 99, BlockerKind.NO_WORK, None, None)
    with pytest.raises(NotAllowed, match="not_allowed_clear_blocker"):
        await service.waiting(BO, world.squad_id)


# Lost time leaves the pace


async def test_the_plan_shrinks_by_the_share_of_the_contributors_working_time(
    world: World,
) -> None:
    async with world.database.write() as tx:
        await tx.execute(update(Project).values(planned_volume=10))
    ada = await world.person("Ada", roles=("contributor",))
    bo = await world.person("Bo", roles=("contributor",))
    eve = await world.person("Eve", roles=("auditor",))
    await world.submission(ada, at(MONDAY, 12))
    found = await digest(world)
    assert found.lost is None
    assert found.projects[0].volume is not None
    assert found.projects[0].volume.planned == 100, "ten a day on ten days"
    assert "lost" not in said(found)

    for day in (2, 3, 4, 5):
        await block(world, ada, date(2026, 3, day), 9, 17)
    await block(world, ada, date(2026, 3, 8), 9, 17, "no_work")  # a Sunday
    await block(world, bo, MONDAY, 16, 20, "no_access")  # one hour of it is working time
    await block(world, eve, MONDAY, 9, 11)  # an auditor's is told of, and is in no plan
    await block(world, bo, date(2026, 2, 23), 9, 17)  # before
    found = await digest(world)
    assert found.lost is not None
    assert found.lost.seconds == (4 * 8 + 1 + 2) * 3600
    assert "35 h of working time lost to: tool down 5, no access 1." in said(found)
    assert found.projects[0].volume is not None
    assert found.projects[0].volume.planned == round(100 * (1 - 33 / 160))

    # Away all of the last week, Bo leaves the working time, and so does the hour.
    await world.add(
        TimeOff,
        person_id=bo,
        first_day=date(2026, 3, 3),
        last_day=MONDAY,
        created_at=TUESDAY,
    )
    found = await digest(world)
    assert found.projects[0].volume is not None
    assert found.projects[0].volume.planned == round(100 * (1 - 32 / 120))


async def test_a_shared_plan_shrinks_by_what_all_its_squads_lost(world: World) -> None:
    async with world.database.write() as tx:
        await tx.execute(update(Project).values(planned_volume=10))
    ada = await world.person("Ada", roles=("contributor",))
    heron = await world.squad("Heron")
    await world.add(SquadProject, squad_id=heron, project_id=world.project_id)
    hal = await world.person("Hal", roles=("contributor",), squad_id=heron)
    await world.submission(ada, at(MONDAY, 12))
    await block(world, hal, MONDAY, 9, 17, squad_id=heron)
    found = await digest(world)
    assert found.lost is None, "the line is the squad's own"
    assert found.projects[0].volume is not None
    assert found.projects[0].volume.planned == 95

    async with world.database.write() as tx:
        await tx.execute(update(Member).where(Member.person_id == hal).values(status="paused"))
    found = await digest(world)
    assert found.projects[0].volume is not None
    assert found.projects[0].volume.planned == 100, "whoever is gone is neither above nor below"


async def test_what_holds_still_counts_up_to_now_and_is_news(world: World) -> None:
    ada = await world.person("Ada", roles=("contributor",))
    await block(world, ada, TUESDAY.date(), 9, 17)
    assert (await digest(world)).is_quiet
    found = await digest(world, so_far=True)
    assert not found.is_quiet
    assert found.lost is not None
    assert found.lost.seconds == 3600
    assert "1 h of working time lost to: tool down 1." in said(found)
