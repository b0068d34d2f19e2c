"""`muster export edge-cases` writes CSV and Markdown, to the terminal or a file."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from bot.cli import export
from bot.clock import Clock
from bot.rules.edge_cases import COLUMNS
from bot.services.edge_cases import EdgeCases
from bot.store import workspaces
from bot.store.database import Database
from models import EdgeCase, Person, Project

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as this sub-command asks for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        service = EdgeCases(database, Clock(source=lambda: NOW))
        try:
            yield SimpleNamespace(services=SimpleNamespace(edge_cases=service))
        finally:
            await database.close()


async def _log(url: str) -> None:
    database = Database(url)
    async with database.write() as tx:
        workspace = await workspaces.local(tx, NOW)
        mine = {"workspace_id": workspace}
        project = (
            await tx.execute(
                insert(Project).values(name="Boxes", created_at=NOW, **mine).returning(Project.id)
            )
        ).scalar_one()
        person = (
            await tx.execute(
                insert(Person).values(name="Mia", created_at=NOW, **mine).returning(Person.id)
            )
        ).scalar_one()
        await tx.execute(
            insert(EdgeCase).values(
                project_id=project,
                title="=1+1 trams",
                ruling="One box,\nalways",
                ruled_by=person,
                ruled_at=NOW,
                **mine,
            )
        )
    await database.close()


@pytest.fixture
def muster(sqlite_url: str) -> Any:
    asyncio.run(_log(sqlite_url))
    cli = typer.Typer()
    shell: Any = Shell(sqlite_url)
    export.register(cli, shell)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["export", "edge-cases", *arguments])

    return run


def test_it_prints_rows_that_no_spreadsheet_runs(muster: Any) -> None:
    done = muster("--project", "boxes")
    assert done.exit_code == 0, done.stderr
    head, row = csv.reader(io.StringIO(done.stdout))
    assert tuple(head) == COLUMNS
    assert row[1:3] == ["'=1+1 trams", "One box,\nalways"]
    assert row[-2:] == ["Mia", "2026-03-02"]


def test_it_writes_markdown_to_a_file(muster: Any, tmp_path: Path) -> None:
    where = tmp_path / "cases.md"
    done = muster("--project", "Boxes", "--format", "md", "--output", str(where))
    assert done.exit_code == 0, done.stderr
    assert "## =1+1 trams" in where.read_text("utf-8")


def test_an_unknown_project_is_said(muster: Any) -> None:
    done = muster("--project", "Roads")
    assert done.exit_code == 1
    assert "Roads" in done.stderr
