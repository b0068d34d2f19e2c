"""`muster report quality` prints the documented JSON, or a table in which no rate stands alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.report import register
from bot.clock import Clock
from bot.services.reports import Reports
from bot.store.database import Database
from tests.services.quality_world import open_world

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = ["--from", "2026-03-02", "--to", "2026-03-08"]


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as this sub-command asks for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        reports = Reports(database, Clock(source=lambda: MONDAY))
        try:
            yield SimpleNamespace(services=SimpleNamespace(reports=reports))
        finally:
            await database.close()


async def work(url: str) -> None:
    """One person, ten submissions, nine accepted of ten random audits, one risk audit."""
    database = Database(url)
    world = await open_world(database, team_id=None)
    ada = await world.person("Ada [bold]", "U0ADA")
    span = await world.category("Span")
    for n in range(10):
        made = await world.submission(ada, MONDAY, 30.0 + n)
        verdict, errors = ("rejected", (span,)) if n == 0 else ("accepted", ())
        await world.audit(
            made, ada, ada, MONDAY, verdict=verdict, errors=errors, weight=1.0 + n % 2
        )
    await world.audit(made, ada, ada, MONDAY.replace(hour=10), origin="risk")
    await database.close()


@pytest.fixture
def muster(sqlite_url: str) -> Any:
    asyncio.run(work(sqlite_url))
    cli = typer.Typer()
    register(cli, Shell(sqlite_url))
    cli.callback()(lambda: None)

    def run(*arguments: str, squad: str = "Kestrel") -> Result:
        words = ["report", "quality", "--squad", squad, "--project", "Reviews", *arguments]
        return CliRunner().invoke(cli, words, env={"COLUMNS": "200"})

    return run


def test_the_json_is_the_documented_one(muster: Any) -> None:
    found = json.loads(muster(*WEEK, "--json").stdout)
    assert list(found) == ["from", "to", "project", "groups", "target", "beside"]
    (group,) = found["groups"]
    assert list(group) == [
        "key", "audits", "accepted", "rate", "low", "high", "n", "n_effective", "errors",
        "errors_per_audit", "submissions", "time_per_item_s", "turnaround_s", "others",
    ]  # fmt: skip
    assert group["key"] is None
    assert group["audits"] == {
        "random": 10, "risk": 1, "chosen": 0, "followup": 0, "double": 0, "gold": 0, "unknown": 0,
    }  # fmt: skip
    assert (group["accepted"], group["n"], group["errors"]) == (9, 10, 1)
    assert group["rate"] == pytest.approx(14 / 15)
    assert group["n_effective"] == pytest.approx(15**2 / 25)
    assert group["time_per_item_s"] == {"median": 34.5, "p90": pytest.approx(38.1), "n": 10}
    assert group["turnaround_s"] == {"median": 0.0, "p90": 0.0, "n": 10}


def test_by_contributor_the_key_is_the_slack_id(muster: Any) -> None:
    found = json.loads(muster(*WEEK, "--by", "contributor", "--json").stdout)
    assert [group["key"] for group in found["groups"]] == ["U0ADA"]


def test_the_table_has_n_and_interval_beside_the_rate(muster: Any) -> None:
    shown = muster(*WEEK).stdout
    for part in ("93.3%", "10 (worth 9)", "95% interval", "34.5 s", "Mon 2 Mar"):
        assert part in shown
    assert "as a risk: 100% accepted (20.7% to 100%), n = 1" in shown


def test_the_table_by_category_has_no_times(muster: Any) -> None:
    shown = muster(*WEEK, "--by", "category").stdout
    assert "Span" in shown
    assert "turnaround" not in shown.split("Rates")[0]


def test_an_empty_week_says_so(muster: Any) -> None:
    shown = muster("--from", "2026-04-06", "--to", "2026-04-12", "--by", "contributor")
    assert "Nothing was handed in" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "squad", "sentence"),
    [
        (WEEK, "Osprey", "no squad called “Osprey” here. Known: Kestrel"),
        (["--from", "2026-03-08", "--to", "2026-03-02"], "Kestrel", "ends before it begins"),
        (["--from", "yesterday", "--to", "2026-03-02"], "Kestrel", "yesterday"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    muster: Any, arguments: list[str], squad: str, sentence: str
) -> None:
    result = muster(*arguments, squad=squad)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


def test_no_error_is_not_called_no_work(muster: Any) -> None:
    shown = muster("--from", "2026-04-06", "--to", "2026-04-12", "--by", "category")
    assert shown.stdout.strip() == "No audit of these days found an error."


def test_the_portfolio_is_one_line_per_project(sqlite_url: str) -> None:
    asyncio.run(work(sqlite_url))
    cli = typer.Typer()
    register(cli, Shell(sqlite_url))
    cli.callback()(lambda: None)

    def run(*arguments: str) -> Result:
        words = ["report", "portfolio", *arguments]
        return CliRunner().invoke(cli, words, env={"COLUMNS": "200"})

    (line,) = json.loads(run(*WEEK, "--json").stdout)
    assert (line["project"], line["squads"], line["n"]) == ("Reviews", 1, 10)
    assert line["others"]["risk"]["n"] == 1
    assert "Reviews" in run(*WEEK).stdout
    assert "ends before it begins" in run("--from", "2026-03-08", "--to", "2026-03-02").stderr
