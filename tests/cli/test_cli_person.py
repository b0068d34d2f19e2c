"""`muster person` and `muster retention`: for the operator, with care."""

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

from bot.cli import person, retention
from bot.rules.people import Profile
from bot.services.erasure import Erasure
from bot.services.privacy import Privacy
from bot.services.retention import Retention
from bot.store.database import Database
from bot.views import catalogue
from tests.cli.test_cli_admin import CLOCK, meets


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as these sub-commands ask for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        services = SimpleNamespace(
            privacy=Privacy(database, CLOCK),
            erasure=Erasure(database, CLOCK),
            retention=Retention(database, CLOCK),
        )
        try:
            yield SimpleNamespace(services=services, languages=catalogue.load())
        finally:
            await database.close()


@pytest.fixture
def muster(sqlite_url: str) -> Any:
    cli = typer.Typer()
    for module in (person, retention):
        module.register(cli, Shell(sqlite_url))  # type: ignore[arg-type]
    meets(sqlite_url, Profile(user_id="U0ANA01", name="Ana", email="ana@example.org"))

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(cli, list(arguments), input=typed)

    return run


def test_an_export_is_printed_or_written_for_the_owner_alone(muster: Any, tmp_path: Path) -> None:
    printed = json.loads(muster("person", "export", "Ana").stdout)
    assert printed["about"]["identity"]["people"][0]["email"] == "ana@example.org"
    out = tmp_path / "ana.json"
    assert "personal data" in muster("person", "export", "U0ANA01", "--out", str(out)).stdout
    assert json.loads(out.read_text(encoding="utf-8"))["format"] == 1
    assert out.stat().st_mode & 0o077 == 0


def test_erasing_asks_first_and_says_what_stays(muster: Any) -> None:
    shown = muster("person", "erase", "Ana", "--dry-run").stdout
    assert "Ana would become “Former member 1”" in shown
    assert "Slack keeps its own" in shown
    refused = muster("person", "erase", "Ana", typed="n\n")
    assert refused.exit_code == 1
    assert "Nothing was erased" in refused.stdout
    assert "Ana is “Former member 1” now" in muster("person", "erase", "Ana", "--yes").stdout
    gone = muster("person", "export", "Ana")
    assert gone.exit_code == 1
    assert "nobody called “Ana”" in gone.stderr


def test_terms_are_listed_and_set(muster: Any) -> None:
    shown = muster("retention", "list").stdout
    assert "365 days" in shown
    assert "until it is erased" in shown
    assert "kept 30 days" in muster("retention", "set", "coaching", "30").stdout
    assert "until it is erased" in muster("retention", "set", "coaching", "never").stdout
    refused = muster("retention", "set", "ledger", "1")
    assert refused.exit_code == 1
    assert "less than 90 days" in refused.stderr
    assert "Known: questions" in muster("retention", "set", "cookies", "90").stderr
