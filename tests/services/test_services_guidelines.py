"""Guidelines are stored by version, found by every process, and asked by those who may."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.clock import Clock
from bot.errors import BadInput, Conflict, IntakeError, NotAllowed, NotFound
from bot.rules.guidelines import GuidelinesRequest, SectionKey, Trouble
from bot.rules.people import Caller
from bot.services.guidelines import Guidelines
from bot.services.unit import StrangerError
from bot.store.database import Database
from models import Finding, GuidelinePassage, GuidelineVersion, LedgerEntry
from tests.services.quality_world import TEAM, World, open_world

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPANS = """---
title: Spans
tags: [boundaries, brand names]
---
# Spans

Mark the shortest span that names the product.

## Trailing punctuation

Leave punctuation at the end of a span outside, as in `Acme` followed by a full stop.

## Brand names

A brand name keeps its legal suffix: _Acme Ltd_ is one span.
"""
SENTIMENT = """# Sentiment

Judge what the writer feels and not what the product deserves.

## Sarcasm

Sarcastic praise is negative.

## Mixed reviews

Choose mixed only if praise and complaint are about equally strong.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "guide"
    (where / "labels").mkdir(parents=True)
    (where / "spans.md").write_text(SPANS, "utf-8")
    (where / "labels" / "sentiment.md").write_text(SENTIMENT, "utf-8")
    return where


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


@pytest.fixture
def service(world: World) -> Guidelines:
    return fresh(world)


def fresh(world: World, now: datetime = NOW) -> Guidelines:
    """A service as a process of its own has it."""
    return Guidelines(world.database, Clock(source=lambda: now))


def request(version: str, **given: Any) -> GuidelinesRequest:
    return GuidelinesRequest(**{"project": "Reviews", "version": version, **given})


async def count(database: Database, table: Any) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def test_an_import_is_stored_and_found(service: Guidelines, folder: Path) -> None:
    done = await service.import_at_shell(
        request("1", base_url="https://docs.example/{path}.html"), folder
    )
    assert (done.fresh, done.documents, done.passages) == (True, 2, 6)
    assert done.before is None
    assert done.changes is None
    [answer] = await service.ask_at_shell("reviews", ["Is sarcastic praise positive?"], 3)
    best = answer.passages[0]
    assert best.passage.document == "labels/sentiment.md"
    assert best.passage.headings == ("Sarcasm",)
    assert best.passage.text == "Sarcastic praise is negative."
    assert best.url == "https://docs.example/labels/sentiment.html#sarcasm"
    assert answer.version == "1"


async def test_the_same_version_again_changes_nothing(
    service: Guidelines, world: World, folder: Path
) -> None:
    await service.import_at_shell(request("1"), folder)
    before = [
        await count(world.database, table)
        for table in (GuidelineVersion, GuidelinePassage, LedgerEntry)
    ]
    again = await service.import_at_shell(request(" 1 "), folder)
    assert not again.fresh
    assert again.passages == 6
    after = [
        await count(world.database, table)
        for table in (GuidelineVersion, GuidelinePassage, LedgerEntry)
    ]
    assert after == before


async def test_other_content_needs_another_name(service: Guidelines, folder: Path) -> None:
    await service.import_at_shell(request("1"), folder)
    (folder / "spans.md").write_text("# Spans\n\nMark the longest span.", "utf-8")
    with pytest.raises(Conflict) as caught:
        await service.import_at_shell(request("1"), folder)
    assert caught.value.code == "guidelines_version_taken"


async def test_a_new_version_keeps_the_old_one_and_says_what_changed(
    service: Guidelines, world: World, folder: Path
) -> None:
    await service.import_at_shell(request("1"), folder)
    (folder / "spans.md").write_text(
        SPANS.replace("Leave punctuation", "Take punctuation").replace("## Brand", "## Company"),
        "utf-8",
    )
    done = await service.import_at_shell(request("2"), folder)
    assert done.before == "1"
    assert done.changes is not None
    assert done.changes.changed == (SectionKey("spans.md", ("Spans", "Trailing punctuation")),)
    assert done.changes.added == (SectionKey("spans.md", ("Spans", "Company names")),)
    assert done.changes.removed == (SectionKey("spans.md", ("Spans", "Brand names")),)
    assert await count(world.database, GuidelinePassage) == 12


async def test_open_findings_on_changed_sections_are_counted(
    service: Guidelines, world: World, folder: Path
) -> None:
    ada = await world.person("Ada", "U0ADA", roles=("contributor",))
    work = await world.submission(ada, NOW)
    states = ("open", "disputed", "acknowledged")
    await world.audit(work, ada, ada, NOW, errors=(None, None, None), states=states)
    async with world.database.write() as tx:
        await tx.execute(update(Finding).values(section="trailing punctuation"))
    await service.import_at_shell(request("1"), folder)
    (folder / "spans.md").write_text(SPANS.replace("outside", "inside"), "utf-8")
    done = await service.import_at_shell(request("2"), folder)
    assert done.findings == 2


async def test_every_process_finds_a_new_version_at_once(
    service: Guidelines, world: World, folder: Path
) -> None:
    other = fresh(world)
    await service.import_at_shell(request("1"), folder)
    [old] = await other.ask_at_shell("Reviews", ["Do emoji count as spans?"], 3)
    (folder / "emoji.md").write_text("# Emoji\n\nAn emoji is never part of a span.", "utf-8")
    await service.import_at_shell(request("2"), folder)
    [new] = await other.ask_at_shell("Reviews", ["Do emoji count as spans?"], 3)
    assert old.version == "1"
    assert (new.version, new.passages[0].passage.document) == ("2", "emoji.md")


async def test_a_base_address_may_be_given_later(service: Guidelines, folder: Path) -> None:
    await service.import_at_shell(request("1"), folder)
    [before] = await service.ask_at_shell("Reviews", ["sarcasm"], 1)
    await service.import_at_shell(request("1", base_url="https://docs.example/x/"), folder)
    [after] = await service.ask_at_shell("Reviews", ["sarcasm"], 1)
    assert before.passages[0].url is None
    assert after.passages[0].url == "https://docs.example/x/labels/sentiment.md#sarcasm"


async def test_what_cannot_be_read_is_left_out(service: Guidelines, folder: Path) -> None:
    (folder / "scan.md").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    (folder / "blank.md").write_text("\n\n", "utf-8")
    done = await service.import_at_shell(request("1"), folder)
    assert done.documents == 2
    assert set(done.unread) == {("scan.md", Trouble.NOT_TEXT), ("blank.md", Trouble.EMPTY)}


async def test_an_import_that_dies_is_seen_by_nobody_and_removed_later(
    service: Guidelines, world: World, folder: Path
) -> None:
    async with world.database.write() as tx:
        key = (
            await tx.execute(
                insert(GuidelineVersion)
                .values(
                    workspace_id=world.workspace_id,
                    project_id=world.project_id,
                    digest="half",
                    documents=1,
                    passages=9,
                    created_at=NOW,
                )
                .returning(GuidelineVersion.id)
            )
        ).scalar_one()
        await tx.execute(
            insert(GuidelinePassage).values(
                workspace_id=world.workspace_id,
                version_id=key,
                position=0,
                document="half.md",
                title="Half",
                headings=[],
                tags=[],
                mentions=[],
                blocks=[["prose", "half"]],
            )
        )
    with pytest.raises(NotFound) as caught:
        await service.ask_at_shell("Reviews", ["half"], 3)
    assert caught.value.code == "guidelines_none"
    await fresh(world, NOW + timedelta(hours=2)).import_at_shell(request("1"), folder)
    assert await count(world.database, GuidelineVersion) == 1


@pytest.mark.parametrize(
    ("given", "error", "code"),
    [
        ({"project": "Nowhere"}, NotFound, "guidelines_project"),
        ({"version": " "}, BadInput, "guidelines_unnamed"),
        ({"project": " ", "create": True}, BadInput, "guidelines_unnamed"),
        ({"version": "v" * 81}, BadInput, "text_too_long"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    service: Guidelines, folder: Path, given: dict[str, Any], error: Any, code: str
) -> None:
    with pytest.raises(error) as caught:
        await service.import_at_shell(request(**{"version": "1", **given}), folder)
    assert caught.value.code == code


async def test_a_missing_folder_is_named(service: Guidelines, tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        await service.import_at_shell(request("1"), tmp_path / "nothing")
    assert caught.value.code == "guidelines_missing"


async def test_create_makes_the_project(service: Guidelines, folder: Path) -> None:
    done = await service.import_at_shell(request("1", project="Voices", create=True), folder)
    assert done.project == "Voices"
    [answer] = await service.ask_at_shell("voices", ["sarcasm"], 1)
    assert answer.passages


@pytest.fixture
async def people(world: World) -> dict[str, Caller]:
    await world.person("Ada", "U0ADA", roles=("contributor",))
    await world.person("Gone", "U0GONE")
    return {name: Caller(TEAM, f"U0{name.upper()}") for name in ("ada", "gone", "nobody")}


async def test_who_works_on_the_project_may_ask(
    service: Guidelines, world: World, folder: Path, people: dict[str, Caller]
) -> None:
    await service.import_at_shell(request("1"), folder)
    answer = await service.ask(people["ada"], world.project_id, "sarcasm", 3)
    assert answer.passages
    with pytest.raises(NotAllowed) as caught:
        await service.ask(people["gone"], world.project_id, "sarcasm", 3)
    assert caught.value.code == "not_on_project"
    with pytest.raises(StrangerError):
        await service.ask(people["nobody"], world.project_id, "sarcasm", 3)
