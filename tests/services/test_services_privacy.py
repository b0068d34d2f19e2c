"""What is stored about somebody: shown and exported to them alone, and erased for good."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.errors import UserError
from bot.rules.imports import ImportRequest, Operator
from bot.rules.intake import FileKind
from bot.rules.privacy import Holding, digest
from bot.services.reports import SEEN
from bot.store import matching
from bot.store.privacy import BELOW, HELD, LEFT_OUT
from bot.views import privacy as views
from models import (
    Admin,
    Alias,
    AnswerVote,
    Audit,
    Base,
    Blocker,
    Coaching,
    Dispute,
    Effect,
    Finding,
    LedgerEntry,
    Member,
    OutboxRow,
    Person,
    Question,
    SlackIdentity,
    Snippet,
    Squad,
    StatusCase,
    Submission,
    TimeOff,
)
from tests.handlers.auditing import REJECT, audited, finding
from tests.handlers.statuses import add_member
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

SECRET = "a very private matter"


def former(n: int) -> str:
    return f"Former member {n}"


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


async def fill(scene: Scene) -> None:
    """Let Ana have something of everything."""
    ana, mia = scene.person(scene.ana), scene.person(scene.mia)
    squad = {"squad_id": scene.squad_id}
    await scene.submission("T-1", scene.ana)
    await audited(scene, REJECT | finding(scene, note="This is a truck"))
    (found,) = await scene.rows(Finding)
    await scene.insert(
        Dispute,
        finding_id=found.id,
        opened_by=ana,
        reason=SECRET,
        state="open",
        opened_at=MORNING,
    )
    await scene.insert(
        Coaching, **squad, person_id=ana, by_id=mia, kind="praise", body=SECRET, created_at=MORNING
    )
    asked = await scene.insert(
        Question,
        **squad,
        asker_id=ana,
        text=SECRET,
        via="slash",
        private=True,
        asked_at=MORNING,
        outcome="none",
        passages=[],
    )
    await scene.insert(
        AnswerVote,
        question_id=asked,
        person_id=ana,
        helpful=False,
        missing=SECRET,
        voted_at=MORNING,
    )
    day = MORNING.date() + timedelta(days=3)
    await scene.insert(
        TimeOff, person_id=ana, first_day=day, last_day=day, reason=SECRET, created_at=MORNING
    )
    await scene.insert(
        Blocker,
        **squad,
        person_id=ana,
        kind="no_work",
        note=SECRET,
        opened_at=MORNING,
        closed_at=MORNING + timedelta(hours=6),
        lost_s=0,
    )
    for state in ("in_force", "proposed"):
        await scene.insert(
            StatusCase,
            **squad,
            person_id=ana,
            status="probation",
            before="active",
            kind="conduct",
            reason=f"{SECRET} {state}",
            state=state,
            proposed_by=mia,
            proposed_at=MORNING,
        )
    await scene.insert(
        Snippet,
        person_id=ana,
        project_id=scene.project_id,
        name="truck",
        note=SECRET,
        created_at=MORNING,
    )
    await scene.insert(Alias, source="tool", external_id="ana-17", person_id=ana)


async def erase(scene: Scene, who: str, *, dry: bool = False) -> Any:
    return await scene.house.services.erasure.erase(who, former, dry=dry)


async def everything(scene: Scene) -> str:
    """All that the database holds, as one text."""
    async with scene.house.database.read() as connection:
        rows = [
            str(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in (await connection.execute(select(table))).all()
        ]
    return "\n".join(rows)


# What is stored, and who looked


async def test_muster_me_says_what_is_stored_and_who_looked(scene: Scene) -> None:
    await fill(scene)
    await scene.insert(
        LedgerEntry,
        at=MORNING,
        actor_id=scene.person(scene.mia),
        action=SEEN,
        squad_id=scene.squad_id,
        person_id=scene.person(scene.ana),
    )
    await scene.house.command(scene.ana, "/muster", "me", scene.team)
    shown = scene.house.slack.ephemerals(scene.team, scene.ana)[-1].shown
    assert "Finished tasks: 1 · kept until it is erased" in shown
    assert "Questions and votes on answers: 2 · kept 365 days" in shown
    assert "Changes of status: 1" in shown
    assert f"<@{scene.mia.id}> · Kestrel" in shown
    assert SECRET not in shown


async def test_the_export_comes_as_a_file_to_that_person_alone(scene: Scene) -> None:
    await fill(scene)
    slack = scene.house.slack
    await scene.house.command(scene.ana, "/muster", "me", scene.team)
    message = slack.ephemerals(scene.team, scene.ana)[-1]
    for _ in range(2):
        await scene.house.click(message, views.EXPORT, scene.ana)
    await scene.house.drain()
    (planned,) = await scene.planned("privacy.export")
    assert (planned.state, planned.person_id) == ("sent", scene.person(scene.ana))
    file = await scene.house.services.privacy.file(
        scene.house.workspace_id, scene.person(scene.ana)
    )
    found = json.loads(file)
    assert {each.value for each in Holding} == set(found["about"])
    (question,) = found["about"]["questions"]["questions"]
    assert (question["text"], question["asker_id"]) == (SECRET, "me")
    (coached,) = found["about"]["coaching"]["coachings"]
    assert coached["by_id"] == "somebody else"
    (note,) = found["about"]["audits"]["findings"]
    assert note["note"] == "This is a truck"
    assert [row["state"] for row in found["about"]["statuses"]["status_cases"]] == ["in_force"]


async def test_what_somebody_did_for_others_has_none_of_their_words(scene: Scene) -> None:
    await fill(scene)
    file = await scene.house.services.privacy.file(
        scene.house.workspace_id, scene.person(scene.mia)
    )
    assert SECRET not in file.decode()
    found = json.loads(file)
    assert len(found["about"]["acts"]["coachings"]) == 1


async def test_the_operators_export_is_in_the_ledger_for_its_person(scene: Scene) -> None:
    await fill(scene)
    found = await scene.house.services.privacy.operator_export("Ana")
    assert found["about"]["work"]["submissions"]
    (entry,) = [row for row in await scene.rows(LedgerEntry) if row.action == "person.exported"]
    assert (entry.actor_id, entry.person_id) == (None, scene.person(scene.ana))


def test_every_reference_to_a_person_is_found_or_says_why_not() -> None:
    known = {
        f"{column.class_.__tablename__}.{column.key}"
        for tables in HELD.values()
        for columns in tables
        for column in columns
    }
    known.discard("people.id")
    real = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "people" for key in column.foreign_keys)
    }
    assert known | set(LEFT_OUT) == real
    assert set(HELD) == set(Holding)
    assert set(BELOW) <= set(Holding)


# Erasing


async def test_names_and_words_go_and_counts_stay(scene: Scene) -> None:
    await fill(scene)
    await scene.house.drain()
    before = {
        table: len(await scene.rows(table))
        for table in (Submission, Audit, Finding, Question, Coaching, Dispute, TimeOff, StatusCase)
    }
    async with scene.house.database.write() as tx:
        await tx.execute(update(Finding).values(state="disputed"))
    done = await erase(scene, scene.ana.id)
    assert done.pseudonym == "Former member 1"
    assert done.counts[Holding.WORK] == 1
    stored = await everything(scene)
    for gone in (SECRET, scene.ana.id, "'Ana'", "ana-17"):
        assert gone not in stored, gone
    assert {table: len(await scene.rows(table)) for table in before} == before
    ana = scene.person(scene.ana)
    (person,) = [row for row in await scene.rows(Person) if row.id == ana]
    assert (person.name, person.email, person.zone) == ("Former member 1", None, None)
    assert person.erased_at is not None
    (member,) = [row for row in await scene.rows(Member) if row.person_id == ana]
    assert member.status == "offboarded"
    assert [row.note for row in await scene.rows(Finding)] == ["This is a truck"]
    assert [row.state for row in await scene.rows(Dispute)] == ["withdrawn"]
    assert [row.state for row in await scene.rows(Finding)] == ["withdrawn"], "out of the score"
    assert [row.closed_by for row in await scene.rows(Blocker)] == [ana]
    assert [row.state for row in await scene.rows(StatusCase)] == ["in_force", "withdrawn"]
    mine = [row for row in await scene.rows(OutboxRow) if row.person_id == ana]
    assert all(row.state in {"sent", "dropped"} and row.sent_ts is None for row in mine)
    assert not [row for row in await scene.rows(Effect) if scene.ana.id in row.key]
    (entry,) = [row for row in await scene.rows(LedgerEntry) if row.action == "person.erased"]
    assert (entry.actor_id, entry.person_id) == (None, ana)


async def test_a_file_that_still_names_them_brings_nothing_back(scene: Scene) -> None:
    await fill(scene)
    ana = scene.person(scene.ana)
    await erase(scene, "Ana")
    names = ["Ana", "ana", " ana-17 ".strip(), scene.ana.id, "Bo"]
    async with scene.house.database.read() as connection:
        found = await matching.resolve(connection, scene.house.workspace_id, "tool", names)
        meant = await matching.meant_by(connection, scene.house.workspace_id, ["Ana"])
    assert {found[name].person_id for name in names[:4]} == {ana}
    assert all(found[name].erased for name in names[:4])
    assert found["Bo"].person_id == scene.person(scene.bo)
    assert meant["Ana"] == {ana}


async def test_a_roster_that_still_names_them_leaves_them_nameless(scene: Scene) -> None:
    await erase(scene, "Ana")
    request = ImportRequest(kind=FileKind.ROSTER, squad="Kestrel", zone="UTC")
    rows = b"name,email,slack_id,zone\nAna,ana@example.org,,Asia/Manila\n"
    rows += f"Ann,,{scene.ana.id},\n".encode()
    door = Operator(scene.house.workspace_id)
    done = await scene.house.services.imports.run(door, request, rows)
    assert done.report.new == 0
    stored = await everything(scene)
    for gone in ("ana@example.org", "Manila", scene.ana.id, "'Ana'", "'Ann'"):
        assert gone not in stored, gone


async def test_whoever_comes_back_begins_anew(scene: Scene) -> None:
    await erase(scene, "Ana")
    await scene.house.command(scene.ana, "/muster", channel=scene.team)
    found = [row for row in await scene.rows(SlackIdentity) if row.user_id == scene.ana.id]
    assert [row.person_id for row in found] != [scene.person(scene.ana)]


async def test_a_dry_run_changes_nothing(scene: Scene) -> None:
    await fill(scene)
    before = await everything(scene)
    plan = await erase(scene, "Ana", dry=True)
    assert not plan.done
    assert await everything(scene) == before


async def code_of(awaitable: Any) -> str:
    with pytest.raises(UserError) as caught:
        await awaitable
    return caught.value.code


async def test_the_last_who_can_arrange_something_stays(scene: Scene) -> None:
    assert await code_of(erase(scene, "Mia")) == "erase_only_manager"
    await add_member(scene, scene.oz, "manager")
    await scene.insert(Admin, person_id=scene.person(scene.mia), created_at=MORNING)
    assert await code_of(erase(scene, "Mia")) == "erase_last_admin"
    await scene.insert(Admin, person_id=scene.person(scene.oz), created_at=MORNING)
    assert (await erase(scene, "Mia")).done
    assert [row.person_id for row in await scene.rows(Admin)] == [scene.person(scene.oz)]


async def test_who_is_meant_is_said_exactly(scene: Scene) -> None:
    assert await code_of(erase(scene, "Nobody")) == "person_unknown"
    await scene.insert(Person, name="Ana", created_at=MORNING)
    assert await code_of(erase(scene, "Ana")) == "person_several"
    assert (await erase(scene, scene.ana.id)).done
    assert (await erase(scene, "Ana")).pseudonym == "Former member 2"


async def test_whom_they_absorbed_is_erased_with_them(scene: Scene) -> None:
    ana = scene.person(scene.ana)
    await scene.insert(
        Person, name="Ana of old", email="old@example.org", merged_into=ana, created_at=MORNING
    )
    await erase(scene, scene.ana.id)
    assert "of old" not in await everything(scene)
    assert "old@example.org" not in await everything(scene)


def test_a_digest_forgives_capitals_and_spaces_alone() -> None:
    assert digest("s", " Ana  Lee") == digest("s", "ana lee")
    assert digest("s", "Ana Lee") != digest("s", "Ana Li")
    assert digest("s", "Ana Lee") != digest("t", "Ana Lee")


async def test_a_squad_without_figures_exports_the_same(scene: Scene) -> None:
    """What is stored is theirs to read whatever the squad shows in figures."""
    await fill(scene)
    async with scene.house.database.write() as tx:
        await tx.execute(Squad.__table__.update().values(individual_figures="off"))
    file = await scene.house.services.privacy.file(
        scene.house.workspace_id, scene.person(scene.ana)
    )
    assert json.loads(file)["about"]["audits"]["audits"]
