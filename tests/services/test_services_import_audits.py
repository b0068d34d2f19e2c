"""Audits of a file find their work, are stored once, and weigh what their sample says."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.rules.audits import Origin, Verdict
from bot.rules.guidelines import GuidelinesRequest
from bot.rules.imports import Sampling
from bot.rules.intake import FileKind, Reason
from bot.rules.people import Profile
from bot.services.guidelines import Guidelines
from bot.services.imports import CHUNK
from bot.store.database import Database
from bot.views import catalogue, imports
from models import Audit, AuditChain, Category, Finding, OutboxRow, Person, Submission
from tests.services.import_world import TEAM, World, open_world, table, totals

WORK = "task,contributor,submitted_at"
HEADER = "task,contributor,auditor,audited_at,verdict,category,severity,section,note"
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday
LATER = "2026-03-12T09:00:00Z"


@pytest.fixture
async def world(database: Database) -> World:
    """Four pieces of work of Ana and one of Bo; two known categories."""
    opened = await open_world(database)
    lines = [[f"T-{n}", "Ana", (BEGIN + timedelta(hours=n)).isoformat()] for n in range(4)]
    await opened.submissions(table(WORK, [*lines, ["T-0", "Bo", BEGIN.isoformat()]]))
    taxonomy = table("category,severity", [["Span", "error"], ["Style", "warning"]])
    request = opened.request(FileKind.TAXONOMY)
    await opened.imports.run(opened.door, request, taxonomy)
    return opened


def audit(task: str, **given: Any) -> list[Any]:
    """A row: Ana's work, audited by Zoe and accepted, unless said otherwise."""
    row = {
        "contributor": "Ana",
        "auditor": "Zoe",
        "audited_at": LATER,
        "verdict": "accepted",
        **given,
    }
    return [task, *(row.get(name, "") for name in HEADER.split(",")[1:])]


def file(*lines: list[Any]) -> bytes:
    return table(HEADER, lines)


async def test_audits_go_in_once_with_their_findings(world: World) -> None:
    wrong = {"verdict": "rejected", "category": "span", "section": "4.2", "note": "too wide"}
    content = file(
        audit("T-0"),
        audit("T-1", **wrong),
        audit("T-1", verdict="rejected", category="Style"),
    )
    assert totals(await world.audits(content, Sampling.CHOSEN)) == (3, 3, 0, 0, 0)
    assert totals(await world.audits(content, Sampling.CHOSEN)) == (3, 0, 0, 3, 0)
    first, second = await world.rows(Audit)
    assert (first.verdict, first.errors) == (Verdict.ACCEPTED, 0)
    assert (second.verdict, second.errors, second.imported) == (Verdict.REJECTED, 1, True)
    assert second.scoring
    found = await world.rows(Finding)
    assert [(row.severity, row.section, row.note) for row in found] == [
        ("error", "4.2", "too wide"),
        ("warning", None, None),
    ]
    assert await world.count(OutboxRow) == 0


async def test_findings_that_come_later_are_added_to_their_audit(world: World) -> None:
    one = audit("T-1", verdict="rejected", category="Span")
    two = audit("T-1", verdict="rejected", category="Span", note="another")
    await world.audits(file(one), Sampling.ALL)
    assert totals(await world.audits(file(one, two), Sampling.ALL)) == (2, 0, 1, 1, 0)
    (stored,) = await world.rows(Audit)
    assert stored.errors == 2
    assert await world.count(Finding) == 2


async def test_rows_of_one_audit_that_stand_apart_are_one_audit(world: World) -> None:
    one = audit("T-1", verdict="rejected", category="Span")
    two = audit("T-1", verdict="rejected", category="Style")
    others = [audit("T-9") for _ in range(CHUNK)]  # more than is read at once
    done = await world.audits(file(one, *others, two), Sampling.ALL)
    assert totals(done) == (CHUNK + 2, 1, 1, 0, CHUNK)
    assert await world.count(Audit) == 1
    assert await world.count(Finding) == 2


async def test_one_audit_spelt_in_two_ways_is_stored_once(world: World) -> None:
    header = f"{HEADER},submitted_at"
    row = audit("T-1", verdict="rejected", category="Span")
    lines = [[*row, ""], [*row, (BEGIN + timedelta(hours=1)).isoformat()]]
    done = await world.audits(table(header, lines), Sampling.ALL)
    assert totals(done) == (2, 1, 0, 1, 0)
    assert await world.count(Audit) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (audit("T-9"), Reason.NO_SUBMISSION),
        (audit("T-1", contributor="Nobody"), Reason.NO_SUBMISSION),
        (audit("T-1", auditor="Ana"), Reason.OWN_WORK),
        (audit("T-1", category="Colour"), Reason.UNKNOWN_CATEGORY),
    ],
)
async def test_what_cannot_be_an_audit_is_refused(
    world: World, line: list[Any], reason: Reason
) -> None:
    done = await world.audits(file(line, audit("T-2")), Sampling.ALL, create=False)
    assert [(each.row, each.reason) for each in done.report.rejected] == [(2, reason)]
    assert await world.count(Audit) == 1


async def test_who_is_named_in_refused_rows_alone_is_not_kept(world: World) -> None:
    before = await world.count(Person)
    await world.audits(file(audit("T-9", auditor="Quin")), Sampling.ALL)
    assert await world.count(Person) == before


async def test_the_time_of_the_work_tells_which_one(world: World) -> None:
    again = (BEGIN + timedelta(days=1)).isoformat()
    await world.submissions(table(WORK, [["T-1", "Ana", again]]))
    refused = await world.audits(file(audit("T-1")), Sampling.ALL)
    assert refused.report.rejected[0].reason is Reason.SEVERAL_SUBMISSIONS
    content = table(f"{HEADER},submitted_at", [[*audit("T-1"), again]])
    assert totals(await world.audits(content, Sampling.ALL)) == (1, 1, 0, 0, 0)


async def test_a_stored_verdict_is_not_overwritten(world: World) -> None:
    await world.audits(file(audit("T-1")), Sampling.ALL)
    done = await world.audits(file(audit("T-1", verdict="rejected")), Sampling.ALL)
    assert [each.reason for each in done.report.rejected] == [Reason.STORED_DIFFERENTLY]
    assert [row.verdict for row in await world.rows(Audit)] == [Verdict.ACCEPTED]


async def test_create_adds_the_categories_of_the_file(world: World) -> None:
    lines = [
        audit(f"T-{n}", verdict="rejected", category=name)
        for n, name in enumerate(["Colour", "colour", "Shape"])
    ]
    done = await world.audits(file(*lines), Sampling.ALL)
    assert done.categories == ("Colour", "Shape")
    names = [row.name for row in sorted(await world.rows(Category), key=lambda row: row.position)]
    assert names == ["Span", "Style", "Colour", "Shape"]
    assert totals(await world.audits(file(*lines), Sampling.ALL)) == (3, 0, 0, 3, 0)


async def test_an_auditors_second_look_corrects_the_first(world: World) -> None:
    wrong = audit("T-1", verdict="rejected", category="Span")
    right = audit("T-1", audited_at="2026-03-13T09:00:00Z")
    done = await world.audits(file(right, wrong), Sampling.ALL)
    assert totals(done) == (2, 2, 0, 0, 0)
    scoring = {row.verdict: row.scoring for row in await world.rows(Audit)}
    assert scoring == {Verdict.REJECTED: False, Verdict.ACCEPTED: True}
    assert await world.count(AuditChain) == 1


async def test_another_auditors_look_is_a_double_and_not_in_the_sample(world: World) -> None:
    await world.audits(file(audit("T-1"), audit("T-1", auditor="Yan")), Sampling.ALL)
    await world.audits(file(audit("T-1", auditor="Xia")), Sampling.ALL)
    chains = await world.rows(AuditChain)
    assert sorted((row.origin, row.weight) for row in chains) == [
        (Origin.DOUBLE, None),
        (Origin.DOUBLE, None),
        (Origin.RANDOM, 1.0),
    ]


@pytest.mark.parametrize(
    ("sampling", "origin", "weight"),
    [
        (Sampling.ALL, Origin.RANDOM, 1.0),
        (Sampling.CHOSEN, Origin.CHOSEN, None),
        (Sampling.UNKNOWN, Origin.UNKNOWN, None),
    ],
)
async def test_how_work_was_picked_is_its_origin(
    world: World, sampling: Sampling, origin: Origin, weight: float | None
) -> None:
    await world.audits(file(audit("T-1")), sampling)
    (chain,) = await world.rows(AuditChain)
    (stored,) = await world.rows(Audit)
    assert (chain.origin, chain.weight) == (stored.origin, stored.weight) == (origin, weight)


async def test_a_random_sample_weighs_what_an_independent_count_says(database: Database) -> None:
    """N / n by contributor and ISO week of the squad's zone, in which some work changes weeks."""
    world = await open_world(database)
    dice = random.Random(7)
    begin = datetime(2026, 2, 8, tzinfo=UTC)
    work = [
        (f"T-{n}", f"w{n % 5}", begin + timedelta(minutes=dice.randrange(4 * 7 * 24 * 60)))
        for n in range(400)
    ]
    lines = [[task, who, when.isoformat()] for task, who, when in work]
    await world.submissions(table(WORK, lines), zone="Asia/Manila")
    drawn = dice.sample(work, 90)
    content = file(*(audit(task, contributor=who) for task, who, _ in drawn))
    await world.audits(content, Sampling.RANDOM)

    def cell(who: str, when: datetime) -> tuple[Any, ...]:
        return (who, *(when + timedelta(hours=8)).isocalendar()[:2])  # Manila is UTC+8 all year

    frame: defaultdict[Any, int] = defaultdict(int)
    sample: defaultdict[Any, int] = defaultdict(int)
    for _, who, when in work:
        frame[cell(who, when)] += 1
    for _, who, when in drawn:
        sample[cell(who, when)] += 1
    expected = {task: frame[cell(who, when)] / sample[cell(who, when)] for task, who, when in drawn}
    assert await _weights(world) == pytest.approx(expected)
    assert sum(expected.values()) == pytest.approx(
        sum(count for key, count in frame.items() if key in sample)
    )

    # More work of a sampled week is counted when the audits are imported again.
    task, who, when = drawn[0]
    more = [[f"M-{n}", who, (when + timedelta(seconds=n + 1)).isoformat()] for n in range(10)]
    await world.submissions(table(WORK, more))
    assert totals(await world.audits(content, Sampling.RANDOM))[3] == 90
    key = cell(who, when)
    assert (await _weights(world))[task] == pytest.approx((frame[key] + 10) / sample[key])


async def _weights(world: World) -> dict[str, float]:
    """Task -> weight, which the chain and its audit state alike."""
    tasks = {row.id: row.task for row in await world.rows(Submission)}
    chains = {tasks[row.submission_id]: row.weight for row in await world.rows(AuditChain)}
    audits = {tasks[row.submission_id]: row.weight for row in await world.rows(Audit)}
    assert chains == audits
    return chains


async def test_a_dry_run_of_audits_changes_nothing(world: World) -> None:
    content = file(audit("T-1", category="Colour", verdict="rejected"), audit("T-9"), audit("T-2"))
    request = world.request(FileKind.AUDITS, sampling=Sampling.RANDOM)
    before = await world.count(Person)
    plan = await world.imports.plan(world.door, request, content)
    assert totals(plan) == (3, 2, 0, 0, 1)
    assert plan.categories == ("Colour",)
    assert await world.count(Person) == before
    assert await world.count(Audit) == 0
    assert await world.count(Category) == 2
    assert totals(await world.audits(content, Sampling.RANDOM)) == (3, 2, 0, 0, 1)


async def test_an_auditor_who_turns_out_to_be_in_slack_keeps_the_audits(world: World) -> None:
    content = file(audit("T-1"), audit("T-2"))
    await world.audits(content, Sampling.ALL)
    zoe = await world.people.meet(TEAM, Profile(user_id="U0ZOE", name="Zoe"))
    assert totals(await world.audits(content, Sampling.ALL)) == (2, 0, 0, 2, 0)
    assert {row.auditor_id for row in await world.rows(Audit)} == {zoe}


async def test_sections_that_the_guidelines_lack_are_listed(world: World, tmp_path: Path) -> None:
    wrong = {"verdict": "rejected", "severity": "error", "note": "no"}
    content = file(
        audit("T-1", **wrong, section="4.2"), audit("T-1", **wrong, section="9.9 Nowhere")
    )
    assert (await world.audits(content, Sampling.CHOSEN)).cited is None
    (tmp_path / "objects.md").write_text("# Objects\n\n## 4.2 Classes\n\nA truck is no car.\n")
    asked = GuidelinesRequest(project="P", version="1", base_url=None)
    library = Guidelines(world.database, world.clock)
    await library.import_at_shell(asked, tmp_path)
    done = await world.audits(content, Sampling.CHOSEN)
    assert done.cited is not None
    assert set(done.cited.texts) == {"4.2", "9.9 Nowhere"}
    assert set(done.cited.missing) == {"9.9 Nowhere"}
    assert totals(done) == (2, 0, 0, 2, 0)
    said = imports.report(catalogue.load().of(None), done)
    assert "Guideline sections: 1 of 2 that findings cite were found." in said
    assert "Not in the guidelines: 9.9 Nowhere." in said
