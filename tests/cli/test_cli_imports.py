"""`muster import` prints the documented JSON, or a report; the exit code says what happened."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.imports import register
from bot.clock import Clock
from bot.services.citations import Citations
from bot.services.imports import Imports
from bot.services.installations import Installations
from bot.store.database import Database
from models import GoldAnswer, Member, Submission
from tests.exports import annotation, listed, task
from tests.services.import_world import NOW, World

WORK = """task;contributor;submitted_at;extra
T-1;Ana;2026-03-04 10:00;x
T-2;;2026-03-04 10:00;x
T-3;<!channel> & co;soon;x
"""


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as this sub-command asks for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        clock = Clock(source=lambda: NOW)
        services = SimpleNamespace(
            imports=Imports(database, clock, Citations(database, clock)),
            installations=Installations(database, clock),
        )
        try:
            yield SimpleNamespace(services=services)
        finally:
            await database.close()


@pytest.fixture
def muster(sqlite_url: str, tmp_path: Path) -> Any:
    cli = typer.Typer()
    register(cli, Shell(sqlite_url))
    cli.callback()(lambda: None)

    def run(kind: str, content: str | Path, *arguments: str) -> Result:
        path = content
        if isinstance(content, str):
            path = tmp_path / "rows.csv"
            path.write_text(content, encoding="utf-8")
        words = ["import", kind, str(path), "--squad", "S", *arguments]
        return CliRunner().invoke(cli, words, env={"COLUMNS": "200"})

    return run


def test_the_json_is_the_documented_one(muster: Any) -> None:
    done = muster("submissions", WORK, "--project", "P", "--create", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "read": 3,
        "new": 1,
        "revised": 0,
        "unchanged": 0,
        "rejected": [
            {"row": 3, "reason": "contributor: this is needed and empty"},
            {
                "row": 4,
                "reason": "submitted_at: “soon” is no time I can read; write 2026-03-04T05:06:07Z",
            },
        ],
    }
    again = json.loads(muster("submissions", WORK, "--project", "P", "--json").stdout)
    assert (again["new"], again["unchanged"]) == (0, 1)


def test_the_report_says_how_the_file_was_read(muster: Any) -> None:
    done = muster("submissions", WORK, "--project", "P", "--create", "--zone", "europe/berlin")
    assert done.exit_code == 0
    said = done.stdout.splitlines()
    assert said[0] == (
        "Imported 3 submission rows into S, P: 1 new, 0 changed, 0 unchanged, 2 left out."
    )
    assert "1 time had no offset and was read in Europe/Berlin." in said
    assert "Read as CSV, UTF-8." in said
    assert "Columns not used: extra." in said
    assert "Row 3: contributor: this is needed and empty" in said


def test_a_dry_run_needs_no_squad_and_makes_none(muster: Any, sqlite_url: str) -> None:
    done = muster("submissions", WORK, "--project", "P", "--create", "--dry-run")
    assert done.exit_code == 0
    assert "1 would be new" in done.stdout
    assert "Nothing is sent to anybody" in done.stdout
    assert counted(sqlite_url, Submission) == 0
    unknown = muster("submissions", WORK, "--project", "P")
    assert unknown.exit_code == 1
    assert "no squad “S”" in unknown.stderr
    assert "with `--create`" in unknown.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("task;contributor\nT-1;Ana\n", "lacks the columns: submitted_at"),
        ("", "is empty"),
        (Path("nowhere & far.csv"), "There is no file called “nowhere & far.csv”"),
    ],
)
def test_an_unreadable_file_is_one_sentence_and_exit_1(
    muster: Any, content: str | Path, sentence: str
) -> None:
    done = muster("submissions", content, "--project", "P", "--create")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert sentence in done.stderr


def test_rows_of_every_kind(muster: Any, sqlite_url: str) -> None:
    there = ("--project", "P", "--create", "--json")
    muster("submissions", WORK, *there)
    header = "task,contributor,auditor,audited_at,verdict,category\n"
    line = "T-1,Ana,Zoe,2026-03-05T10:00:00Z,rejected,Span\n"
    files = {
        "audits": (header + line, "--sampling", "all", *there),
        "roster": ("name,roles\nAna,contributor\n", "--json"),
        "plan": ("batch,size\nB1,5\n", *there),
        "taxonomy": ("category\nStyle\n", *there),
        "gold": ("task,label\nT-1,cat\n", *there),
    }
    for kind, (content, *arguments) in files.items():
        done = muster(kind, content, *arguments)
        assert done.exit_code == 0, done.stderr
        assert json.loads(done.stdout)["new"] == 1, kind
    assert counted(sqlite_url, Member) == 1


def test_an_export_of_label_studio(muster: Any, tmp_path: Path, sqlite_url: str) -> None:
    path = tmp_path / "project-1.json.gz"
    answer = annotation(3, 9, ground_truth=True)
    skipped = annotation(2, was_cancelled=True)
    path.write_bytes(gzip.compress(listed(task(1, annotation(1), skipped), task(2, answer))))
    there = ("--project", "P", "--create")
    said = muster("submissions", path, *there).stdout.splitlines()
    assert said[0] == (
        "Imported 3 submission rows into S, P: 2 new, 0 changed, 0 unchanged, 1 left out."
    )
    assert "1 of the rows is a gold answer and nobody's submission." in said
    assert "Read as Label Studio, UTF-8." in said
    assert "Row 1: this annotation was skipped" in said
    assert counted(sqlite_url, Submission) == counted(sqlite_url, GoldAnswer) == 1
    again = muster("gold", path, *there, "--format", "label-studio", "--json")
    assert json.loads(again.stdout) == {
        "read": 1,
        "new": 0,
        "revised": 0,
        "unchanged": 1,
        "rejected": [],
    }


def test_an_export_that_breaks_off_says_where(muster: Any, sqlite_url: str) -> None:
    whole = listed(*(task(n, annotation(n)) for n in range(3))).decode()
    done = muster("submissions", whole[:-40], "--project", "P", "--create")
    assert done.exit_code == 1
    assert "breaks off or is no JSON after 2 whole tasks" in done.stderr
    assert counted(sqlite_url, Submission) == 0
    wrong = muster("gold", WORK, "--project", "P", "--create", "--format", "label-studio")
    assert wrong.exit_code == 1
    assert "no export of Label Studio that I know" in wrong.stderr


def counted(url: str, model: Any) -> int:
    async def count() -> int:
        database = Database(url)
        try:
            return await World(database, 1).count(model)
        finally:
            await database.close()

    return asyncio.run(count())
