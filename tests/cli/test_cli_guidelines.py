"""`muster import guidelines` and `muster ask` speak the documented JSON, and plainly otherwise."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import guidelines, imports
from bot.clock import Clock
from bot.services.guidelines import Guidelines
from bot.store.database import Database

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as these sub-commands ask for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        service = Guidelines(database, Clock(source=lambda: NOW))
        try:
            yield SimpleNamespace(services=SimpleNamespace(guidelines=service))
        finally:
            await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "guide"
    (where / "media").mkdir(parents=True)
    (where / "media" / "audio.md").write_text(
        "# Audio\n\n## Overlapping speech\n\nGive overlapping speakers a segment each.\n", "utf-8"
    )
    (where / "text.txt").write_text("TOXICITY\n\nSlurs are toxic even in quotations.\n", "utf-8")
    return where


@pytest.fixture
def muster(sqlite_url: str) -> Any:
    cli = typer.Typer()
    shell: Any = Shell(sqlite_url)
    imports.register(cli, shell)
    guidelines.register(cli, shell)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments), env={"COLUMNS": "200"})

    return run


@pytest.fixture
def loaded(muster: Any, folder: Path) -> Any:
    done = muster(
        "import", "guidelines", str(folder), "--project", "Calls", "--version", "1", "--create",
        "--base-url", "https://docs.example",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert "Calls: version 1 is loaded, 2 passages from 2 documents." in done.stdout
    return muster


def test_the_import_shares_its_group(muster: Any) -> None:
    shown = muster("import", "--help").stdout
    assert "guidelines" in shown
    assert "submissions" in shown


def test_a_question_gets_the_documented_json(loaded: Any) -> None:
    asked = loaded("ask", "Who gets a segment when speech is overlapping?", "--project", "calls",
                   "--json")  # fmt: skip
    found = json.loads(asked.stdout)
    assert list(found) == ["id", "answerable", "confidence", "passages"]
    assert 0 <= found["confidence"] <= 1
    assert isinstance(found["answerable"], bool)
    assert found["passages"][0] == {
        "document": "media/audio.md",
        "section": "Audio › Overlapping speech",
        "score": found["passages"][0]["score"],
        "url": "https://docs.example/media/audio.md#overlapping-speech",
    }


def test_a_batch_gets_a_line_for_each_question(loaded: Any, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    lines = [
        {"id": "q1", "question": "Are slurs in quotations toxic?"},
        {"id": 2, "question": "🙂"},
        {"id": "q3", "question": ""},
    ]
    batch.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", "utf-8")
    answers = [
        json.loads(line)
        for line in loaded("ask", "--batch", str(batch), "--project", "Calls").stdout.splitlines()
    ]
    assert [each["id"] for each in answers] == ["q1", 2, "q3"]
    assert answers[0]["passages"][0]["document"] == "text.txt"
    for nothing in answers[1:]:
        assert nothing["passages"] == []
        assert not nothing["answerable"]
        assert nothing["confidence"] == 0


def test_people_read_passages_with_their_source(loaded: Any) -> None:
    shown = loaded("ask", "overlapping speakers", "--project", "Calls", "--top", "1").stdout
    assert "Audio › Overlapping speech  [media/audio.md]" in shown
    assert "Give overlapping speakers a segment each." in shown
    assert "toxic" not in shown


def test_a_new_version_says_what_changed(loaded: Any, folder: Path) -> None:
    (folder / "text.txt").write_text("TOXICITY\n\nSlurs in quotations are not toxic.\n", "utf-8")
    (folder / "scan.html").write_bytes(b"\x00\x01\x02\xff")
    words = ["import", "guidelines", str(folder), "--project", "Calls", "--version", "2"]
    report = json.loads(loaded(*words, "--json").stdout)
    assert report["new"] is True
    assert report["before"] == "1"
    assert report["changes"] == {
        "added": [],
        "changed": [{"document": "text.txt", "section": "text › TOXICITY"}],
        "removed": [],
    }
    assert report["unread"] == [{"document": "scan.html", "reason": "not text; save it as UTF-8"}]
    assert "nothing changed" in loaded(*words).stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ask", "x", "--project", "Nowhere"], "There is no project called “Nowhere” here."),
        (["ask", "--project", "Calls"], "Please give a question"),
        (["ask", "x", "--project", "Calls", "--batch", "y"], "Please give a question"),
        (["ask", "--batch", "gone.jsonl", "--project", "Calls"], "gone.jsonl cannot be read"),
        (
            ["import", "guidelines", "gone", "--project", "Calls", "--version", "2"],
            "There is no file or folder at gone.",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    loaded: Any, arguments: list[str], sentence: str
) -> None:
    result = loaded(*arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("line", ["not json", "[]", '{"id": 1}', '{"question": 3}'])
def test_a_line_that_is_no_question_is_named(loaded: Any, tmp_path: Path, line: str) -> None:
    batch = tmp_path / "bad.jsonl"
    batch.write_text('{"id": "a", "question": "b"}\n' + line + "\n", "utf-8")
    result = loaded("ask", "--batch", str(batch), "--project", "Calls")
    assert result.exit_code == 1
    assert "Line 2 is not a question" in result.stderr


def test_a_project_without_guidelines_says_how_to_load_them(loaded: Any, folder: Path) -> None:
    empty = folder / "nothing"
    empty.mkdir()
    refused = loaded("import", "guidelines", str(empty), "--project", "New", "--version", "1",
                     "--create")  # fmt: skip
    assert "holds no guidelines" in refused.stderr
    assert "no project called “New”" in loaded("ask", "x", "--project", "New").stderr
