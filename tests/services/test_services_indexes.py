"""An index is built once, read by every process, replaced with its version, and never mixed up."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from bot.clock import Clock
from bot.errors import Conflict
from bot.knowledge import loading
from bot.rules.guidelines import GuidelinesRequest
from bot.services import indexing
from bot.services.guidelines import Guidelines
from bot.store import guideline_indexes, guidelines
from models import GuidelineIndex, GuidelineIndexPart, GuidelinePassage, GuidelineVersion
from tests.services.quality_world import World, open_world

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPANS = "# Spans\n\nMark the shortest span.\n\n## Brand names\n\nThe legal suffix belongs to it.\n"
QUESTION = "Does the legal suffix belong to a brand name?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "guide"
    where.mkdir()
    (where / "spans.md").write_text(SPANS, "utf-8")
    return where


@pytest.fixture
async def world(database: Any) -> World:
    return await open_world(database)


def process(world: World, now: datetime = NOW) -> Guidelines:
    """A service as a process of its own has it."""
    return Guidelines(world.database, Clock(source=lambda: now))


async def load(world: World, version: str, folder: Path, now: datetime = NOW) -> None:
    request = GuidelinesRequest(project="Reviews", version=version)
    await process(world, now).import_at_shell(request, folder)


async def asked(service: Guidelines, question: str = QUESTION) -> tuple[str, str]:
    """Return the version that answered, and the section of the best passage."""
    [answer] = await service.ask_at_shell("Reviews", [question], 1)
    return answer.version, answer.passages[0].passage.section if answer.passages else ""


async def rows(world: World, table: Any) -> int:
    async with world.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def formats(world: World) -> list[int | None]:
    async with world.database.read() as connection:
        return list((await connection.scalars(select(GuidelineIndex.format))).all())


async def forget(world: World) -> None:
    """Leave the database as it was before indexes were stored."""
    async with world.database.write() as tx:
        await tx.execute(delete(GuidelineIndexPart))
        await tx.execute(delete(GuidelineIndex))


async def edition(world: World) -> Any:
    async with world.database.read() as connection:
        return await guidelines.newest(connection, world.workspace_id, world.project_id)


async def test_an_import_stores_the_index_before_anybody_can_ask(
    world: World, folder: Path
) -> None:
    await load(world, "1", folder)
    assert await formats(world) == [loading.FORMAT]
    assert await asked(process(world)) == ("1", "Spans › Brand names")


async def test_another_process_reads_it_and_builds_nothing(world: World, folder: Path) -> None:
    await load(world, "1", folder)
    newest = await edition(world)
    passages = await indexing.passages(world.database, world.workspace_id, newest)
    await forget(world)
    turned = loading.pack(loading.prepare(passages[::-1]))  # an index that nobody would build
    await indexing.write(
        world.database, Clock(source=lambda: NOW), world.workspace_id, newest.edition_id, turned
    )
    assert await asked(process(world)) == ("1", "Spans")


@pytest.mark.parametrize("spoilt", ["none", "format", "bytes", "part"])
async def test_what_cannot_be_read_is_built_and_kept_for_the_others(
    world: World, folder: Path, spoilt: str
) -> None:
    await load(world, "1", folder)
    if spoilt == "none":
        await forget(world)
    async with world.database.write() as tx:
        if spoilt == "format":
            await tx.execute(update(GuidelineIndex).values(format=loading.FORMAT - 1))
        if spoilt == "bytes":
            await tx.execute(update(GuidelineIndexPart).values(body=b"spoilt"))
        if spoilt == "part":
            await tx.execute(delete(GuidelineIndexPart))
    service = process(world)
    assert await asked(service) == ("1", "Spans › Brand names")
    await service.close()
    assert await formats(world) == [loading.FORMAT]
    assert await rows(world, GuidelineIndexPart) == 1
    async with world.database.read() as connection:
        [body] = (await connection.scalars(select(GuidelineIndexPart.body))).all()
    assert loading.unpack(body) is not None


async def test_two_processes_that_build_at_once_leave_one_index(world: World, folder: Path) -> None:
    await load(world, "1", folder)
    await forget(world)
    services = [process(world), process(world)]
    assert (
        await asyncio.gather(*(asked(each) for each in services))
        == [("1", "Spans › Brand names")] * 2
    )
    await asyncio.gather(*(each.close() for each in services))
    assert await formats(world) == [loading.FORMAT]
    assert await rows(world, GuidelineIndexPart) == 1


async def test_a_new_version_takes_the_place_of_the_old_index_and_passages_stay(
    world: World, folder: Path
) -> None:
    await load(world, "1", folder)
    before = await rows(world, GuidelinePassage)
    (folder / "emoji.md").write_text("# Emoji\n\nAn emoji is never part of a span.", "utf-8")
    await load(world, "2", folder)
    async with world.database.read() as connection:
        of = list((await connection.scalars(select(GuidelineIndex.version_id))).all())
    assert of == [(await edition(world)).edition_id]
    assert await rows(world, GuidelineIndexPart) == 1
    assert await rows(world, GuidelinePassage) == 2 * before + 1


async def test_a_process_opens_a_new_version_without_being_asked(
    world: World, folder: Path
) -> None:
    service = process(world)
    await load(world, "1", folder)
    await service.ask_at_shell("Reviews", [QUESTION], 1)
    (folder / "emoji.md").write_text("# Emoji\n\nAn emoji is never part of a span.", "utf-8")
    await load(world, "2", folder)
    watching = asyncio.create_task(service.watch())
    key = (world.workspace_id, world.project_id)
    for _ in range(100):
        await asyncio.sleep(0.05)
        if service._shelf._held[key].edition.version == "2":
            break
    watching.cancel()
    assert service._shelf._held[key].edition.version == "2"
    assert await asked(service, "Is an emoji part of a span?") == ("2", "Emoji")


async def test_a_process_that_was_asked_nothing_looks_for_nothing(
    world: World, folder: Path
) -> None:
    service = process(world)
    await load(world, "1", folder)
    await service._shelf.refresh()
    assert service._shelf._opening == {}


async def test_the_old_version_answers_until_the_new_one_is_open(
    world: World, folder: Path
) -> None:
    service = process(world)
    await load(world, "1", folder)
    assert (await asked(service))[0] == "1"
    await load(world, "2", folder)
    key = (world.workspace_id, world.project_id)
    slow = service._shelf._opening[key] = asyncio.create_task(asyncio.sleep(60))
    assert await asyncio.wait_for(asked(service), 10) == ("1", "Spans › Brand names")
    del service._shelf._opening[key]
    slow.cancel()
    assert (await asked(service))[0] == "2"


async def test_an_import_that_comes_second_leaves_nothing(world: World, folder: Path) -> None:
    other = folder.parent / "other"
    other.mkdir()
    (other / "spans.md").write_text("# Spans\n\nMark the longest span.", "utf-8")
    done = await asyncio.gather(
        load(world, "1", folder), load(world, "1", other), return_exceptions=True
    )
    assert [each.code for each in done if isinstance(each, Conflict)] == [
        "guidelines_version_taken"
    ]
    assert await formats(world) == [loading.FORMAT]
    assert await rows(world, GuidelineIndexPart) == 1
    assert await rows(world, GuidelineVersion) == 1


async def test_what_a_dead_import_left_is_removed_with_its_index(
    world: World, folder: Path
) -> None:
    async with world.database.write() as tx:
        dead = (
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
    await indexing.write(
        world.database, Clock(source=lambda: NOW), world.workspace_id, dead, b"half"
    )
    async with world.database.write() as tx:
        key = await guideline_indexes.open_index(tx, world.workspace_id, dead, 5, NOW)
        await guideline_indexes.add_part(tx, world.workspace_id, key, 0, b"half")
    await load(world, "1", folder, NOW + timedelta(hours=2))
    assert await rows(world, GuidelineVersion) == 1
    assert await formats(world) == [loading.FORMAT]
    assert await rows(world, GuidelineIndexPart) == 1


async def test_a_large_index_is_written_in_parts_and_read_whole(world: World, folder: Path) -> None:
    await load(world, "1", folder)
    await forget(world)
    newest = await edition(world)
    body = os.urandom(2 * indexing.PART + 7)
    await indexing.write(
        world.database, Clock(source=lambda: NOW), world.workspace_id, newest.edition_id, body
    )
    async with world.database.read() as connection:
        found = await guideline_indexes.find(
            connection, world.workspace_id, newest.edition_id, loading.FORMAT
        )
        assert found is not None
        pieces = [
            await guideline_indexes.part(connection, world.workspace_id, found[0], number)
            for number in range(found[1])
        ]
    assert [len(each or b"") for each in pieces] == [indexing.PART, indexing.PART, 7]
    assert b"".join(each or b"" for each in pieces) == body


async def test_an_index_that_cannot_be_stored_is_no_reason_not_to_answer(
    world: World, folder: Path
) -> None:
    await load(world, "1", folder)
    await forget(world)
    service = process(world)
    key = (world.workspace_id, world.project_id)
    newest = await edition(world)
    parts = loading.prepare(await indexing.passages(world.database, world.workspace_id, newest))
    service._shelf._later(service._shelf._store(key, replace(newest, edition_id=0), parts))
    assert await asked(service) == ("1", "Spans › Brand names")
    await service.close()
    assert await formats(world) == [loading.FORMAT]
