"""Submissions go in once, whatever their file looks like and whoever else is writing."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.errors import IntakeError, NotFound
from bot.rules.intake import FileKind, Reason
from bot.rules.people import Caller, IdentityKind, Profile
from bot.services import import_submissions
from bot.store.database import Database
from models import (
    Alias,
    Batch,
    LedgerEntry,
    OutboxRow,
    Person,
    Squad,
    Submission,
    SubmissionRevision,
)
from tests.services.import_world import NOW, TEAM, World, open_world, table, totals

FULL = "task,contributor,submitted_at,duration_s,label,url,batch,guideline_version,source,source_id"
PLAIN = "task,contributor,submitted_at,duration_s,label"
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


def rows(n: int, **changed: Any) -> list[list[Any]]:
    """N submissions of seven people, a minute apart."""
    return [
        [
            f"T-{k}",
            f"worker {k % 7}",
            (BEGIN + timedelta(minutes=k)).isoformat(),
            changed.get("duration", 30 + k % 5),
            changed.get("label", "cat"),
        ]
        for k in range(n)
    ]


async def test_a_file_goes_in_once(world: World) -> None:
    content = table(PLAIN, rows(2_500))
    assert totals(await world.submissions(content)) == (2_500, 2_500, 0, 0, 0)
    assert totals(await world.submissions(content)) == (2_500, 0, 0, 2_500, 0)
    assert await world.count(Submission) == 2_500
    assert await world.count(Person) == await world.count(Alias) == 7
    assert await world.count(SubmissionRevision) == 0


async def test_what_is_stored_is_what_the_file_says(world: World) -> None:
    url = "https://tool.example/T-1"
    line = [
        "T-1",
        "ana",
        "2026-03-04T10:00:00.75+02:00",
        "12.5",
        "a, b",
        url,
        "B1",
        "v2",
        "ls",
        "9",
    ]
    await world.submissions(table(FULL, [line]))
    (found,) = await world.rows(Submission)
    assert found.submitted_at == datetime(2026, 3, 4, 8, tzinfo=UTC)  # to the second
    assert (found.task, found.duration_s, found.label) == ("T-1", 12.5, "a, b")
    assert (found.url, found.guideline_version) == (url, "v2")
    assert (found.source, found.source_id, found.revision) == ("ls", "9", 1)
    assert found.imported_at == NOW
    (batch,) = await world.rows(Batch)
    assert found.batch_id == batch.id
    assert batch.name == "B1"
    (alias,) = await world.rows(Alias)
    assert (alias.source, alias.external_id, alias.person_id) == (
        "ls",
        "ana",
        found.contributor_id,
    )


async def test_a_changed_row_is_a_revision_and_the_old_one_is_kept(world: World) -> None:
    await world.submissions(table(PLAIN, rows(600)))
    again = [*rows(300, label="dog"), *rows(600)[300:]]
    assert totals(await world.submissions(table(PLAIN, again))) == (600, 0, 300, 300, 0)
    stored = {row.task: row for row in await world.rows(Submission)}
    assert (stored["T-1"].label, stored["T-1"].revision) == ("dog", 2)
    assert (stored["T-400"].label, stored["T-400"].revision) == ("cat", 1)
    old = await world.rows(SubmissionRevision)
    assert len(old) == 300
    assert {(row.label, row.revision) for row in old} == {("cat", 1)}
    assert totals(await world.submissions(table(PLAIN, again))) == (600, 0, 0, 600, 0)


async def test_the_sources_id_tells_which_one_is_meant(world: World) -> None:
    def one(when: str, task: str = "T-1", label: str = "cat") -> bytes:
        return table(FULL, [[task, "ana", when, "", label, "", "", "", "ls", "7"]])

    await world.submissions(one("2026-03-04T10:00:00Z"))
    moved = await world.submissions(one("2026-03-05T10:00:00Z", label="dog"))
    assert totals(moved) == (1, 0, 1, 0, 0)
    (found,) = await world.rows(Submission)
    assert (found.submitted_at.day, found.label) == (5, "dog")
    (old,) = await world.rows(SubmissionRevision)
    assert (old.submitted_at.day, old.label) == (4, "cat")
    other = await world.submissions(one("2026-03-05T10:00:00Z", task="T-2"))
    assert [each.reason for each in other.report.rejected] == [Reason.OTHER_WORK]


async def test_an_id_without_a_source_is_the_files(world: World) -> None:
    content = table(FULL, [["T-1", "ana", "2026-03-04T10:00:00Z", *[""] * 6, "7"]])
    await world.submissions(content)
    assert totals(await world.submissions(content)) == (1, 0, 0, 1, 0)
    assert [row.source for row in await world.rows(Submission)] == ["file"]


async def test_twice_in_one_file_is_once_and_a_change_is_a_revision(world: World) -> None:
    first = ["T-1", "ana", "2026-03-04T10:00:00Z", 5, "cat"]
    lines = [first, first, [*first[:4], "dog"], *rows(3), [*first[:4], "dog"]]
    plan = await world.imports.plan(
        world.door, world.request(FileKind.SUBMISSIONS), table(PLAIN, lines)
    )
    assert totals(plan) == (7, 4, 1, 2, 0)
    assert totals(await world.submissions(table(PLAIN, lines))) == (7, 4, 1, 2, 0)
    assert await world.count(Submission) == 4


async def test_a_dry_run_says_the_same_and_changes_nothing(world: World) -> None:
    content = table(PLAIN, [*rows(1_500), ["", "x", "2026-03-04T10:00:00Z", 1, ""]])
    request = world.request(FileKind.SUBMISSIONS)
    plan = await world.imports.plan(world.door, request, content)
    assert totals(plan) == (1_501, 1_500, 0, 0, 1)
    assert plan.dry
    assert plan.strangers == 7
    for model in (Squad, Submission, Person, LedgerEntry):
        assert await world.count(model) == 0
    await world.submissions(content)
    changed = table(PLAIN, [*rows(10, label="dog"), *rows(1_510)[10:]])
    assert totals(await world.imports.plan(world.door, request, changed)) == (
        1_510,
        10,
        10,
        1_490,
        0,
    )
    assert await world.count(Submission) == 1_500


async def test_history_never_speaks_and_the_ledger_has_one_line(world: World) -> None:
    await world.submissions(table(PLAIN, [*rows(20), ["T", "", "", "", ""]]))
    assert await world.count(OutboxRow) == 0
    entries = [row for row in await world.rows(LedgerEntry) if row.action.startswith("import.")]
    assert [(row.action, row.actor_id) for row in entries] == [("import.submissions", None)]
    assert entries[0].ids["new"] == 20
    assert entries[0].ids["rejected"] == 1


# Bad files


async def test_ten_thousand_bad_rows_stop_nothing(world: World) -> None:
    bad = [[f"T-{n}", "ana", "soon", 1, "cat"] for n in range(10_000)]
    done = await world.submissions(table(PLAIN, [*rows(5), *bad, *rows(9)[5:]]))
    assert totals(done) == (10_009, 9, 0, 0, 10_000)
    assert done.report.rejected[0].row == 7
    assert {each.reason for each in done.report.rejected} == {Reason.NOT_A_TIME}
    assert await world.count(Submission) == 9


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda text: text.encode("utf-8-sig"), "UTF-8 with BOM"),
        (lambda text: text.replace(",", ";").encode(), "UTF-8"),
        (lambda text: text.encode("cp1252"), "Windows-1252"),
        (lambda text: text.encode("utf-16"), "UTF-16"),
    ],
    ids=["bom", "semicolons", "windows-1252", "utf-16"],
)
async def test_files_as_offices_write_them(world: World, encode: Any, encoding: str) -> None:
    text = "task,contributor,submitted_at\nT-1,Jürgen Weiß,2026-03-04 10:00\n"
    done = await world.submissions(encode(text))
    assert totals(done) == (1, 1, 0, 0, 0)
    assert done.facts.encoding == encoding
    assert [row.name for row in await world.rows(Person)] == ["Jürgen Weiß"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"task,contributor\nT-1,ana\n", "columns_missing"),
        (b"", "file_empty"),
        (b"PK\x03\x04 workbook", "file_not_text"),
        (b"\x1f\x8b\x08\x00 cut short", "file_damaged"),
    ],
)
async def test_an_unreadable_file_changes_nothing(world: World, content: bytes, code: str) -> None:
    with pytest.raises(IntakeError) as raised:
        await world.submissions(content)
    assert raised.value.code == code
    assert await world.count(Squad) == await world.count(LedgerEntry) == 0


async def test_an_unknown_place_is_named_with_the_known_ones(world: World) -> None:
    content = table(PLAIN, rows(1))
    with pytest.raises(NotFound, match="unknown_squad"):
        await world.submissions(content, create=False)
    await world.submissions(content)
    with pytest.raises(NotFound) as raised:
        await world.submissions(content, create=False, project="Q")
    assert raised.value.fields["known"] == ["P"]
    assert totals(await world.submissions(content, create=False, project=None)) == (1, 0, 0, 1, 0)


async def test_work_of_another_squad_is_not_taken_over(world: World) -> None:
    await world.submissions(table(PLAIN, rows(3)))
    other = await world.submissions(table(PLAIN, rows(3, label="dog")), squad="Other")
    assert [each.reason for each in other.report.rejected] == [Reason.OTHER_SQUAD] * 3
    assert {row.label for row in await world.rows(Submission)} == {"cat"}


# Times


async def test_times_without_offset_are_the_zones_across_the_change_of_the_clocks(
    world: World,
) -> None:
    lines = [
        ["T-1", "ana", "2026-01-29 01:30:00", 1, ""],
        ["T-2", "ana", "2025-10-26 02:30:00", 1, ""],  # shown twice: the first
        ["T-3", "ana", "2025-03-30 02:30:00", 1, ""],  # skipped: forward by the gap
        ["T-4", "ana", "2025-10-26T02:30:00+01:00", 1, ""],  # says which
    ]
    done = await world.submissions(table(PLAIN, lines), zone="Europe/Berlin")
    assert done.assumed == 3
    assert done.facts.zone == "Europe/Berlin"
    when = {row.task: row.submitted_at for row in await world.rows(Submission)}
    assert when == {
        "T-1": datetime(2026, 1, 29, 0, 30, tzinfo=UTC),
        "T-2": datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
        "T-3": datetime(2025, 3, 30, 1, 30, tzinfo=UTC),
        "T-4": datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    }


async def test_the_zone_is_the_squads_unless_said_otherwise(world: World) -> None:
    await world.submissions(table(PLAIN, rows(1)), zone="Asia/Manila")
    line = [["T-9", "ana", "2026-03-04 10:00:00", 1, ""]]
    done = await world.submissions(table(PLAIN, line), zone=None)
    assert done.facts.zone == "Asia/Manila"
    stored = {row.task: row.submitted_at for row in await world.rows(Submission)}
    assert stored["T-9"] == datetime(2026, 3, 4, 2, tzinfo=UTC)


# Bad days


class Cut(Exception):
    """The process ends here."""


async def test_a_crash_in_the_middle_is_mended_by_importing_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = table(PLAIN, rows(3_000))
    store = import_submissions.SubmissionImport._store
    calls = 0

    async def cut(self: Any, items: Any) -> None:
        nonlocal calls
        calls += 1
        if calls > 3:
            raise Cut
        await store(self, items)

    with monkeypatch.context() as patched:
        patched.setattr(import_submissions.SubmissionImport, "_store", cut)
        with pytest.raises(Cut):
            await world.submissions(content)
    done = await world.count(Submission)
    assert 0 < done < 3_000
    assert totals(await world.submissions(content)) == (3_000, 3_000 - done, 0, done, 0)
    assert await world.count(Submission) == 3_000
    assert await world.count(Person) == 7


async def test_two_imports_at_once_store_everything_once(world: World) -> None:
    await world.submissions(table(PLAIN, rows(1)))
    content = table(PLAIN, rows(2_000))
    backwards = table(PLAIN, list(reversed(rows(2_000))))
    done = await asyncio.gather(world.submissions(content), world.submissions(backwards))
    assert sum(each.report.new for each in done) == 1_999
    assert sum(each.report.unchanged for each in done) == 2_001
    assert await world.count(Submission) == 2_000
    assert await world.count(Person) == 7


async def test_clicks_have_their_turn_meanwhile(world: World, database: Database) -> None:
    await world.submissions(table(PLAIN, rows(1)))
    running = asyncio.create_task(world.submissions(table(PLAIN, rows(6_000))))
    turns = 0
    while not running.done():
        async with database.write() as tx:
            await tx.execute(text("SELECT 1"))
        turns += 1
        await asyncio.sleep(0)
    assert totals(await running)[1] == 5_999
    assert turns > 5


# Who is meant


async def met(world: World, user_id: str, name: str, email: str | None = None) -> int:
    key = await world.people.meet(TEAM, Profile(user_id=user_id, name=name, email=email))
    assert key is not None
    return key


def by(*names: str) -> bytes:
    return table(
        PLAIN, [[f"T-{n}", name, BEGIN.isoformat(), 1, "cat"] for n, name in enumerate(names)]
    )


async def test_people_are_known_by_slack_id_email_and_name(world: World) -> None:
    keys = [
        await met(world, "U0ANA", "Ana"),
        await met(world, "U0BO", "Bo", "bo@example.org"),
        await met(world, "U0CY", "Cy"),
    ]
    done = await world.submissions(by("U0ANA", "Bo@Example.org", "Cy", "nobody"))
    owners = [row.contributor_id for row in await world.rows(Submission)]
    assert owners[:3] == keys
    assert owners[3] not in keys
    assert done.strangers == 1


async def test_a_name_that_two_share_means_nobody_in_slack(world: World) -> None:
    keys = {await met(world, "U0A", "Sam"), await met(world, "U0B", "Sam")}
    await world.submissions(by("Sam"))
    (found,) = await world.rows(Submission)
    assert found.contributor_id not in keys


async def test_an_external_becomes_the_slack_user_of_that_name_with_all_work(world: World) -> None:
    first = await world.submissions(by("Ana", "Ana", "Bo"))
    assert first.strangers == 2
    ana = await met(world, "U0ANA", "Ana")
    again = await world.submissions(by("Ana", "Ana", "Bo", "Ana"))
    assert totals(again) == (4, 1, 0, 3, 0)
    owners = [row.contributor_id for row in await world.rows(Submission)]
    assert owners == [ana, ana, owners[2], ana]
    assert owners[2] != ana
    external = next(row for row in await world.rows(Person) if row.merged_into)
    assert (external.name, external.merged_into) == ("Ana", ana)


async def test_an_external_known_by_address_or_slack_id_is_that_user_when_met(world: World) -> None:
    await world.submissions(by("ana@example.org", "U0BO"))
    owners = [row.contributor_id for row in await world.rows(Submission)]
    assert await met(world, "U0ANA", "Ana", "ana@example.org") == owners[0]
    assert await met(world, "U0BO", "Bo") == owners[1]
    assert await world.count(Person) == 2


async def test_one_tools_17_is_not_anothers(world: World) -> None:
    def of(source: str, task: str) -> bytes:
        line = [task, "17", BEGIN.isoformat(), "", "", "", "", "", source, ""]
        return table(FULL, [line])

    await world.submissions(of("alpha", "T-1"))
    await world.submissions(of("beta", "T-2"))
    first, second = await world.rows(Submission)
    assert first.contributor_id != second.contributor_id


async def test_a_guest_who_was_listed_as_manager_is_none(world: World) -> None:
    roster = table("name,slack_id,roles", [["Gus", "U0GUS", "manager,contributor"]])
    await world.roster(roster)
    await world.people.meet(TEAM, Profile(user_id="U0GUS", name="Gus", kind=IdentityKind.GUEST))
    actor = await world.people.actor(Caller(TEAM, "U0GUS"))
    assert [sorted(each.roles) for each in actor.memberships] == [["contributor"]]
