"""`muster admin` names admins from the shell, before anybody is one in Slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.cli.admin import register
from bot.clock import Clock
from bot.rules.people import Profile
from bot.services.people import People
from bot.services.workspaces import Workspaces
from bot.store import workspaces
from bot.store.database import Database
from bot.views import catalogue
from models import LedgerEntry

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLOCK = Clock(source=lambda: NOW)


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as this sub-command asks for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        services = SimpleNamespace(workspaces=Workspaces(database, CLOCK))
        try:
            yield SimpleNamespace(services=services, languages=catalogue.load())
        finally:
            await database.close()


def meets(url: str, *profiles: Profile) -> None:
    """Let the shell's workspace be taken over by a team whose people have been met."""

    async def run() -> None:
        database = Database(url)
        async with database.write() as tx:
            await workspaces.connect(
                tx, "T1", "Team", NOW, app_id=None, bot_id=None, bot_user_id=None
            )
        for profile in profiles:
            await People(database, CLOCK).meet("T1", profile)
        await database.close()

    asyncio.run(run())


def ledger(url: str) -> list[tuple[str, int | None]]:
    async def run() -> list[tuple[str, int | None]]:
        database = Database(url)
        async with database.read() as connection:
            rows = await connection.execute(select(LedgerEntry.action, LedgerEntry.actor_id))
            found = [(row.action, row.actor_id) for row in rows]
        await database.close()
        return found

    return asyncio.run(run())


@pytest.fixture
def muster(sqlite_url: str) -> Any:
    cli = typer.Typer()
    register(cli, Shell(sqlite_url))  # type: ignore[arg-type]
    cli.callback()(lambda: None)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["admin", *arguments])

    return run


def test_somebody_is_admin_by_address_before_slack_knows_them(muster: Any, sqlite_url: str) -> None:
    assert "Nobody administers" in muster("list").stdout
    assert "is an admin now" in muster("add", "ada@example.org").stdout
    assert "was an admin already" in muster("add", "ada@example.org").stdout
    assert "not seen in Slack yet" in muster("list").stdout
    meets(sqlite_url, Profile(user_id="U0ADA", name="Ada", email="ada@example.org"))
    assert muster("list").stdout.strip() == "Ada (U0ADA)"
    assert ledger(sqlite_url) == [("admin.added", None)]


def test_by_user_id_once_met(muster: Any, sqlite_url: str) -> None:
    assert muster("add", "U0BEN01").exit_code == 1
    assert "type `/muster` once" in muster("add", "U0BEN01").stderr
    meets(sqlite_url, Profile(user_id="U0BEN01", name="Ben"))
    assert "Ben is an admin now" in muster("add", "U0BEN01").stdout


def test_the_last_admin_stays(muster: Any, sqlite_url: str) -> None:
    meets(
        sqlite_url,
        Profile(user_id="U0BEN01", name="Ben"),
        Profile(user_id="U0ADA01", name="Ada"),
    )
    muster("add", "U0BEN01")
    # An address that nobody in Slack has cannot be the one admin who is left.
    muster("add", "lost@example.org")
    refused = muster("remove", "U0BEN01")
    assert refused.exit_code == 1
    assert "last admin" in refused.stderr
    muster("add", "U0ADA01")
    assert "no longer an admin" in muster("remove", "U0BEN01").stdout
    assert "was not an admin" in muster("remove", "U0BEN01").stdout


@pytest.mark.parametrize("who", ["ben", "", "@ben", "U0", "a@b"])
def test_neither_id_nor_address_gets_a_sentence(muster: Any, who: str) -> None:
    refused = muster("add", who)
    assert refused.exit_code == 1
    assert "neither a Slack user id" in refused.stderr
