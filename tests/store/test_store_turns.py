"""Whoever waits to write is not overtaken by who comes later."""

import asyncio
import random
import shutil
from pathlib import Path

from sqlalchemy import text

from bot.store.database import Database

WRITERS, EACH = 40, 15


async def test_writers_take_turns(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "muster.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite+aiosqlite:///{path}")
    chance = random.Random(7)
    served, overtaken = 0, 0

    async def writer() -> None:
        nonlocal served, overtaken
        for _ in range(EACH):
            await asyncio.sleep(chance.random() * 0.01)
            before = served
            async with database.write() as tx:
                await tx.execute(text("SELECT 1"))
                overtaken = max(overtaken, served - before)
                served += 1

    try:
        await asyncio.gather(*(writer() for _ in range(WRITERS)))
    finally:
        await database.close()
    assert served == WRITERS * EACH
    # Everybody who was there before goes first, and whoever is inside at that moment.
    assert overtaken <= WRITERS
