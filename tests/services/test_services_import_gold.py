"""Gold answers and exports of Label Studio go in once, each to where it belongs."""

import asyncio
from typing import Any

import pytest

from bot.errors import IntakeError
from bot.rules.imports import Imported
from bot.rules.intake import FileKind, Reason
from bot.services import import_gold
from bot.store.database import Database
from models import (
    Alias,
    GoldAnswer,
    GoldRevision,
    OutboxRow,
    Person,
    Submission,
    SubmissionRevision,
)
from tests.exports import annotation, choice, flat, listed, task
from tests.services.import_world import NOW, World, open_world, table, totals


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


async def put(world: World, content: bytes, **given: Any) -> Imported:
    request = world.request(FileKind.GOLD, **given)
    return await world.imports.run(world.door, request, content)


async def plan(world: World, kind: FileKind, content: bytes) -> Imported:
    return await world.imports.plan(world.door, world.request(kind), content)


def gold(*rows: tuple[object, object]) -> bytes:
    return table("task,label", rows)


def export(label: str = "cat") -> bytes:
    """Three submissions of two people, a gold answer, a skipped one, a task nobody did."""
    result = [choice(label)]
    return listed(
        task(1, annotation(1, 5, result=result), annotation(2, {"id": 6, "email": "bo@x.example"})),
        task(2, annotation(3, 5), annotation(4, 9, ground_truth=True, result=[choice("dog")])),
        task(3, annotation(5, 5, was_cancelled=True)),
        task(4),
    )


async def test_gold_goes_in_once_and_a_change_is_a_revision(world: World) -> None:
    first = gold(*((f"T-{n}", "cat") for n in range(700)))
    assert totals(await put(world, first)) == (700, 700, 0, 0, 0)
    assert totals(await put(world, first)) == (700, 0, 0, 700, 0)
    assert await world.count(GoldRevision) == 0
    changed = gold(*((f"T-{n}", "dog" if n < 300 else "cat") for n in range(701)))
    assert totals(await plan(world, FileKind.GOLD, changed)) == (701, 1, 300, 400, 0)
    assert totals(await put(world, changed)) == (701, 1, 300, 400, 0)
    assert totals(await put(world, changed)) == (701, 0, 0, 701, 0)
    stored = {row.task: row for row in await world.rows(GoldAnswer)}
    assert (stored["T-0"].label, stored["T-0"].revision) == ("dog", 2)
    assert (stored["T-500"].label, stored["T-500"].revision) == ("cat", 1)
    assert stored["T-0"].imported_at == NOW
    old = await world.rows(GoldRevision)
    assert len(old) == 300
    assert {(row.label, row.revision, row.replaced_at) for row in old} == {("cat", 1, NOW)}
    assert {row.gold_id for row in old} == {row.id for row in stored.values() if row.revision == 2}


async def test_the_first_of_two_answers_counts(world: World) -> None:
    content = gold(("T-1", "cat"), ("T-1", "cat"), ("T-2", "dog"), ("T-1", "dog"))
    for new, unchanged in ((2, 1), (0, 3)):
        assert totals(await plan(world, FileKind.GOLD, content)) == (4, new, 0, unchanged, 1)
        done = await put(world, content)
        assert totals(done) == (4, new, 0, unchanged, 1)
        (refused,) = done.report.rejected
        assert (refused.row, refused.reason) == (5, Reason.CONFLICTING_GOLD)
        assert refused.fields == {"first": 2}
    assert await world.count(GoldRevision) == 0


async def test_answers_beyond_those_remembered_are_counted_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_gold, "REMEMBERED", 1)
    content = gold(("T-1", "cat"), ("T-2", "dog"), ("T-2", "dog"), ("T-1", "dog"))
    assert totals(await put(world, content)) == (4, 2, 0, 1, 1)
    assert totals(await put(world, content)) == (4, 0, 0, 3, 1)


async def test_gold_is_a_projects_own(world: World) -> None:
    await put(world, gold(("T-1", "cat")))
    done = await put(world, gold(("T-1", "dog")), project="Q")
    assert totals(done) == (1, 1, 0, 0, 0)
    assert sorted(row.label for row in await world.rows(GoldAnswer)) == ["cat", "dog"]


async def test_a_dry_run_adds_no_gold(world: World) -> None:
    assert totals(await plan(world, FileKind.GOLD, gold(("T-1", "cat")))) == (1, 1, 0, 0, 0)
    assert totals(await plan(world, FileKind.SUBMISSIONS, export())) == (6, 4, 0, 0, 2)
    assert await world.count(GoldAnswer) == await world.count(Submission) == 0


async def test_two_imports_of_gold_at_once_store_it_once(world: World) -> None:
    content = gold(*((f"T-{n}", "cat") for n in range(400)))
    await put(world, gold(("T-0", "cat")))
    both = await asyncio.gather(put(world, content), put(world, content))
    assert sum(done.report.new for done in both) == 399
    assert await world.count(GoldAnswer) == 400
    assert await world.count(GoldRevision) == 0


async def test_an_export_goes_in_once(world: World) -> None:
    done = await world.submissions(export())
    assert totals(done) == (6, 4, 0, 0, 2)
    assert (done.gold, done.strangers) == (1, 2)
    assert [(each.row, each.reason) for each in done.report.rejected] == [
        (3, Reason.CANCELLED),
        (4, Reason.NOT_ANNOTATED),
    ]
    assert totals(await world.submissions(export())) == (6, 0, 0, 4, 2)
    assert await world.count(Submission) == 3
    assert await world.count(Person) == 2
    assert await world.count(OutboxRow) == 0
    assert {(row.source, row.external_id) for row in await world.rows(Alias)} == {
        ("label-studio", "5"),
        ("label-studio", "bo@x.example"),
    }
    (answer,) = await world.rows(GoldAnswer)
    assert (answer.task, answer.label) == ("2", "dog")
    assert await world.count(SubmissionRevision) == await world.count(GoldRevision) == 0


async def test_a_changed_annotation_is_a_revision(world: World) -> None:
    await world.submissions(export())
    assert totals(await world.submissions(export("bird"))) == (6, 0, 1, 3, 2)
    (old,) = await world.rows(SubmissionRevision)
    assert old.label == "cat"


async def test_both_json_forms_are_the_same_work(world: World) -> None:
    await world.submissions(listed(task(7, annotation())))
    assert totals(await world.submissions(listed(flat(7)))) == (1, 0, 0, 1, 0)
    (stored,) = await world.rows(Submission)
    assert (stored.source, stored.source_id, stored.task) == ("label-studio", "11", "7")
    assert (stored.duration_s, stored.label) == (12.5, "cat")


async def test_ground_truth_alone_is_what_gold_takes_of_an_export(world: World) -> None:
    assert totals(await put(world, export())) == (1, 1, 0, 0, 0)
    assert await world.count(Submission) == await world.count(Person) == 0
    assert totals(await world.submissions(export())) == (6, 3, 0, 1, 2)
    assert totals(await put(world, gold(("2", "dog")))) == (1, 0, 0, 1, 0)


async def test_an_export_that_breaks_off_changes_nothing(world: World) -> None:
    content = listed(*(task(n, annotation(n)) for n in range(500)))
    with pytest.raises(IntakeError):
        await world.submissions(content[: len(content) // 2])
    assert await world.count(Submission) == await world.count(Person) == 0
    assert totals(await world.submissions(content)) == (500, 500, 0, 0, 0)
