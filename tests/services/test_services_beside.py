"""What stands beside the score: appeals, waits and draws, counted apart and never in it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.rules.reports import Breakdown
from bot.services.reports import SEEN, Reports
from bot.store.database import Database
from bot.views import catalogue
from bot.views.reports import account
from models import Dispute, Draw, Escalation, Finding, LedgerEntry, OutboxRow
from tests.services.quality_world import World, open_world

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)
HOUR = timedelta(hours=1)


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database, quality_target=0.9)


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database, Clock(source=lambda: MONDAY + timedelta(days=8)))


async def beside(reports: Reports, squad: str = "Kestrel") -> dict[str, Any]:
    found = await reports.at_shell(squad, "Reviews", FIRST, LAST)
    shown: dict[str, Any] = found.to_json()["beside"]
    return shown


async def rejected(world: World, at: datetime, state: str = "open", **more: Any) -> tuple[int, int]:
    """Audit a piece of work with one error; return the audit and its finding."""
    ada, otto = await world.person("Ada"), await world.person("Otto")
    made = await world.submission(ada, at, **more)
    given = {name: more[name] for name in ("squad_id",) if name in more}
    audit, _ = await world.audit(
        made, ada, otto, at, verdict="rejected", errors=(None,), states=(state,), **given
    )
    async with world.database.read() as connection:
        finding = await connection.scalar(select(Finding.id).where(Finding.audit_id == audit))
    assert finding is not None
    return audit, finding


async def dispute(world: World, finding: int, at: datetime, **given: Any) -> int:
    fields = {
        "finding_id": finding,
        "opened_by": await world.person("Ada"),
        "reason": "No",
        "state": "open",
        "opened_at": at,
    }
    return await world.add(Dispute, **(fields | given))


async def test_nothing_happened_is_zero(world: World, reports: Reports) -> None:
    assert world.squad_id
    empty = {"median": None, "p90": None, "n": 0}
    shown = await beside(reports)
    assert shown["coverage"] == {"drawn": 0, "audited": 0, "open": 0, "skipped": {}}
    assert set(shown["disputes"].values()) == {0}
    promises = shown["promises"]
    assert [promises[key] for key in ("feedback_s", "ruling_s", "answer_s")] == [empty] * 3
    assert (promises["untold"], promises["answers_late"]) == (0, 0)


async def test_the_course_of_disputes(world: World, reports: Reports) -> None:
    judge = await world.person("Mia")
    before, within, after = MONDAY - 10 * HOUR, MONDAY + HOUR, MONDAY + timedelta(days=7)

    def ruled(ruling: str, at: datetime, due: datetime) -> dict[str, Any]:
        return {
            "state": "decided",
            "ruling": ruling,
            "decided_by": judge,
            "decided_at": at,
            "due_at": due,
            "ruled_s": 3600,
        }

    for opened, given, state in (
        (before, ruled("upheld", within, after), "upheld"),
        (before, ruled("upheld", within, before), "late"),
        (within, ruled("overturned", within, after), "overturned"),
        (within, ruled("severity", after, after), "upheld"),
        (before, ruled("overturned", before, after), "overturned"),
        (within, {"state": "withdrawn"}, "open"),
        (within, {"due_at": after}, "disputed"),
        (after, {"due_at": after + timedelta(days=9)}, "disputed"),
    ):
        _, finding = await rejected(world, within, state)
        await dispute(world, finding, opened, **given)
    assert (await beside(reports))["disputes"] == {
        "opened": 4,
        "withdrawn": 1,
        "upheld": 2,
        "overturned": 1,
        "severity": 0,
        "late": 1,
        "provisional": 2,
        "overdue": 1,
    }
    ruling = (await beside(reports))["promises"]["ruling_s"]
    assert ruling == {"median": 3600.0, "p90": 3600.0, "n": 3}


async def test_other_squads_count_for_themselves(world: World, reports: Reports) -> None:
    heron = await world.squad("Heron")
    _, finding = await rejected(world, MONDAY, "disputed", squad_id=heron)
    await dispute(world, finding, MONDAY)
    assert (await beside(reports))["disputes"]["opened"] == 0
    shown = await beside(reports, "Heron")
    assert (shown["disputes"]["opened"], shown["disputes"]["provisional"]) == (1, 1)
    assert shown["promises"]["untold"] == 1


async def test_how_long_feedback_and_answers_took(world: World, reports: Reports) -> None:
    audit, _ = await rejected(world, MONDAY)
    message = {
        "kind": "audits.feedback",
        "kind_version": 1,
        "ids": {},
        "delivery_class": "now",
        "operation": "post",
        "due_at": MONDAY,
        "created_at": MONDAY,
        "attempts": 1,
        "lookups": 0,
    }
    sent = {"state": "sent", "settled_at": MONDAY + 2 * HOUR}
    await world.add(OutboxRow, dedupe_key=f"audits.feedback:{audit}", **message, **sent)
    late, _ = await rejected(world, MONDAY)
    waits = {"state": "waiting", "settled_at": None}
    await world.add(OutboxRow, dedupe_key=f"audits.feedback:{late}", **message, **waits)
    await rejected(world, MONDAY, "withdrawn")
    for wait, due in ((HOUR, 2 * HOUR), (5 * HOUR, 2 * HOUR)):
        await world.add(
            Escalation,
            squad_id=world.squad_id,
            project_id=world.project_id,
            named=True,
            state="answered",
            opened_at=MONDAY,
            due_at=MONDAY + due,
            answered_at=MONDAY + wait,
        )
    promises = (await beside(reports))["promises"]
    assert promises["feedback_s"] == {"median": 7200.0, "p90": 7200.0, "n": 1}
    assert promises["untold"] == 1
    assert promises["answer_s"]["median"] == 3 * 3600
    assert promises["answers_late"] == 1


async def test_coverage_and_words(world: World, reports: Reports) -> None:
    ada = await world.person("Ada")
    for state, reason in (
        [("audited", None)] * 3 + [("skipped", "no_access")] * 2 + [("open", None)]
    ):
        await world.add(
            Draw,
            project_id=world.project_id,
            squad_id=world.squad_id,
            submission_id=await world.submission(ada, MONDAY),
            origin="random",
            state=state,
            turn=1,
            skip_reason=reason,
            drawn_at=MONDAY,
        )
    _, finding = await rejected(world, MONDAY, "disputed")
    await dispute(world, finding, MONDAY)
    found = await reports.at_shell("Kestrel", "Reviews", FIRST, LAST)
    notes = "\n".join(account(catalogue.load().of(None), "Kestrel", found, None).notes)
    assert "3 of 6 audited, 2 skipped, 1 open. Skipped: 2 without access." in notes
    assert "The score is provisional: one error is disputed" in notes
    assert "Disputes of findings: 1 opened, 0 withdrawn" in notes
    assert "1 audits with findings not told yet" in notes


async def test_by_contributor_each_stands_beside_the_target(
    world: World, reports: Reports, database: Database
) -> None:
    otto = await world.person("Otto")
    for name, good, bad in (("Ada", 10, 50), ("Bo", 90, 0), ("Cy", 5, 1)):
        person = await world.person(name)
        for verdict in ["accepted"] * good + ["rejected"] * bad:
            made = await world.submission(person, MONDAY)
            await world.audit(made, person, otto, MONDAY, verdict=verdict)
    found = await reports.at_shell("Kestrel", "Reviews", FIRST, LAST, Breakdown.CONTRIBUTOR)
    stand = {group["key"]: group["standing"] for group in found.to_json()["groups"]}
    assert stand == {"Ada": "below", "Bo": "above", "Cy": "cannot_tell"}
    shown = account(catalogue.load().of(None), "Kestrel", found, Breakdown.CONTRIBUTOR)
    assert [row[-1] for row in shown.rows] == ["below", "above", "cannot tell"]
    assert shown.columns[-1] == "target"
    async with database.read() as connection:
        rows = await connection.execute(select(LedgerEntry).where(LedgerEntry.action == SEEN))
        assert len(rows.all()) == 3
