"""A store to import into, and short ways to do it and to count what came of it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from bot.clock import Clock
from bot.rules.imports import Imported, ImportRequest, Operator, Sampling
from bot.rules.intake import FileKind
from bot.services.citations import Citations
from bot.services.imports import Imports
from bot.services.people import People
from bot.store import workspaces
from bot.store.database import Database
from models import Base

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
TEAM = "T1"


def table(header: str, rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue().encode()


@dataclass
class World:
    """One workspace; squad S and project P are made by the first import."""

    database: Database
    workspace_id: int
    clock: Clock = field(default_factory=lambda: Clock(source=lambda: NOW))

    @property
    def imports(self) -> Imports:
        return Imports(self.database, self.clock, Citations(self.database, self.clock))

    @property
    def people(self) -> People:
        return People(self.database, self.clock)

    @property
    def door(self) -> Operator:
        return Operator(self.workspace_id)

    def request(self, kind: FileKind, **given: Any) -> ImportRequest:
        asked = {"squad": "S", "project": "P", "create": True, "zone": "UTC", **given}
        return ImportRequest(kind=kind, **asked)

    async def submissions(self, content: bytes, **given: Any) -> Imported:
        request = self.request(FileKind.SUBMISSIONS, **given)
        return await self.imports.run(self.door, request, content)

    async def audits(self, content: bytes, sampling: Sampling, **given: Any) -> Imported:
        request = self.request(FileKind.AUDITS, sampling=sampling, **given)
        return await self.imports.run(self.door, request, content)

    async def roster(self, content: bytes, **given: Any) -> Imported:
        request = self.request(FileKind.ROSTER, **{"project": None, **given})
        return await self.imports.run(self.door, request, content)

    async def count(self, model: type[Base], *conditions: Any) -> int:
        async with self.database.read() as connection:
            statement = select(func.count()).select_from(model).where(*conditions)
            return int(await connection.scalar(statement) or 0)

    async def rows(self, model: type[Base]) -> list[Any]:
        async with self.database.read() as connection:
            statement = select(model.__table__).order_by(model.__table__.c.id)
            return list(await connection.execute(statement))


async def open_world(database: Database) -> World:
    async with database.write() as tx:
        key = await workspaces.connect(
            tx, TEAM, "Team", NOW, app_id=None, bot_id="B1", bot_user_id="UB"
        )
    return World(database, key)


def totals(done: Imported) -> tuple[int, int, int, int, int]:
    """(read, new, revised, unchanged, rejected)."""
    report = done.report
    counts = (report.read, report.new, report.revised, report.unchanged)
    return (*counts, report.rejected_count)
