"""`muster backup` and `muster pulse`: the attacker gets nothing of open polls out of a backup."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from bot.cli import backup, pulse
from bot.errors import Conflict
from bot.rules import pulse_seals as seals
from bot.rules.people import Profile
from bot.services.backups import Backups
from bot.services.pulse_notes import Notes
from bot.store import migrations
from bot.store.database import Database
from bot.views import catalogue
from models import PollSecret
from tests.cli.test_cli_admin import CLOCK, meets
from tests.handlers.polling import KEY, open_polled
from tests.harness import open_house


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as these sub-commands ask for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        services = SimpleNamespace(backups=Backups(database, CLOCK), notes=Notes(database, CLOCK))
        try:
            yield SimpleNamespace(services=services, languages=catalogue.load())
        finally:
            await database.close()


@pytest.fixture
def muster(sqlite_url: str) -> Any:
    cli = typer.Typer()
    for module in (backup, pulse):
        module.register(cli, Shell(sqlite_url))  # type: ignore[arg-type]
    meets(sqlite_url, Profile(user_id="U0ANA01", name="Ana", email="ana@example.org"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments))

    return run


def rows(path: Path) -> dict[str, int]:
    """Every table, index and trigger of a file, and how many rows a table has."""
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT name, type FROM sqlite_master").fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            if kind == "table"
            else -1
            for name, kind in made
        }


def test_a_backup_is_whole_and_for_its_owner_alone(
    muster: Any, sqlite_url: str, tmp_path: Path
) -> None:
    out = tmp_path / "muster-backup.db"
    assert "Replies to open polls are not in it" in muster("backup", str(out)).stdout
    assert out.stat().st_mode & 0o777 == 0o600
    assert rows(out) == rows(Path(sqlite_url.partition("///")[2]))
    assert migrations.move(f"sqlite:///{out}")[0] == migrations.move(sqlite_url)[0]
    again = muster("backup", str(out))
    assert again.exit_code == 1
    assert "there already" in again.stderr
    nowhere = muster("backup", str(tmp_path / "no" / "b.db"))
    assert "could not be written" in nowhere.stderr
    assert sorted(path.name for path in tmp_path.glob("*backup*")) == [out.name]


async def test_a_backup_of_an_open_poll_tells_nothing_even_with_the_key(
    sqlite_url: str, tmp_path: Path
) -> None:
    out, plain = tmp_path / "backup.db", tmp_path / "plain.db"
    async with open_house(sqlite_url, pulse_key=SecretStr(KEY)) as house:
        polled = await open_polled(house)
        poll = await polled.launch()
        for user, answer in zip(polled.people, (1, 2, 3, 4, 5, 5), strict=True):
            await polled.vote(user, answer)
            await polled.write(user, f"words of {user.name}")
        (secret,) = await polled.rows(PollSecret)
        marks = [
            seals.mark(seals.token(KEY.encode(), secret.salt, person, question))
            for person in polled.scene.people.values()
            for question in (1, 2)
        ]
        await house.services.backups.write(out)
        source = Path(str(house.database.url.database))
        async with house.database.write() as tx:
            await tx.exec_driver_sql("SELECT 1")
        await house.database.wipe(())  # all of it into the file, as a copy of pages has it
        shutil.copy(source, plain)
    kept = out.read_bytes()
    assert secret.salt not in kept
    assert sum(each in kept for each in marks) == 0
    # A plain copy of the file, which is not promised, does tell, so this attacker can see.
    assert sum(each in plain.read_bytes() for each in marks) == 12
    assert rows(out) == {**rows(plain), "ballots": 0, "poll_secrets": 0}
    await _restored(out, house.hands.time, poll.id)


async def _restored(out: Path, start: Any, poll_id: int) -> None:
    """A restored poll takes no votes and closes with nothing to show."""
    async with open_house(f"sqlite+aiosqlite:///{out}", start, pulse_key=SecretStr(KEY)) as house:
        with pytest.raises(Conflict, match="poll_closed"):
            await house.services.ballots.cast(house.slack.team_id, poll_id, 1, "0" * 40, 3)
        house.move(days=5, hours=1)
        await house.services.pulse_clock.step()
        found = await house.services.pulse_results.published(house.workspace_id, poll_id)
        assert found is not None
        assert [each.question.n for each in found.questions] == [None, None]


def test_on_postgres_it_says_how(postgres_url: str) -> None:
    cli = typer.Typer()
    backup.register(cli, Shell(postgres_url))  # type: ignore[arg-type]
    said = CliRunner().invoke(cli, ["out.dump"])
    assert said.exit_code == 1
    assert "--exclude-table-data=ballots --exclude-table-data=poll_secrets" in said.stderr


def test_the_operator_names_the_contact_person(muster: Any) -> None:
    assert "Nobody is named" in muster("pulse", "contact").stdout
    assert "Ana reads the notes" in muster("pulse", "contact", "ana@example.org").stdout
    assert "Ana reads the notes" in muster("pulse", "contact").stdout
    unknown = muster("pulse", "contact", "Nobody Here")
    assert unknown.exit_code == 1
    assert "Ana reads" in muster("pulse", "contact").stdout
    assert "Nobody is named" in muster("pulse", "contact", "--nobody").stdout
    assert "Nobody is named" in muster("pulse", "contact").stdout
