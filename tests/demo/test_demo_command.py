"""`muster demo` in the shell: what is wrong is one sentence, and its own settings win."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
import typer
from typer.testing import CliRunner, Result

from app import Muster
from bot.cli import build_cli
from bot.clock import Clock
from bot.demo import command, running
from bot.demo.errors import DemoError
from bot.demo.folder import DemoState, claim
from bot.settings import Settings, variable


class Shell:
    """A program of which nothing may be opened; it keeps the settings it is given."""

    def __init__(self) -> None:
        self.given: dict[str, object] = {}

    def with_settings(self, **given: object) -> Shell:
        self.given = given
        raise DemoError("demo_slack_gone", log="far enough")


@contextmanager
def _taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def _demo(shell: Any, *arguments: str) -> Result:
    cli = typer.Typer()
    cli.callback()(lambda: None)
    command.register(cli, shell)
    return CliRunner().invoke(cli, ["demo", "--headless", *arguments])


def _plain(text: str) -> str:
    """Join lines and undo the shell's colours."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def test_the_whole_command_has_it() -> None:
    result = CliRunner().invoke(build_cli(Muster(), command.register), ["demo", "--help"])
    assert result.exit_code == 0
    for option in ("--slack-port", "--data", "--headless", "--reset", "--at", "--speed"):
        assert option in _plain(result.stdout)


def test_a_taken_port_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    with _taken_port() as port:
        result = _demo(Shell(), "--data", str(tmp_path / "demo"), "--slack-port", str(port))
    assert result.exit_code == 1
    assert f"Port {port} is taken" in result.stderr
    assert "--slack-port" in result.stderr
    assert "Fetching" not in result.stdout
    assert "Traceback" not in result.stderr


def test_a_folder_of_somebody_else_is_said(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = _demo(Shell(), "--data", str(tmp_path), "--reset")
    assert result.exit_code == 1
    assert "holds something else" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_port_that_is_none_is_refused() -> None:
    assert _demo(Shell(), "--slack-port", "70000").exit_code == 2


@pytest.fixture
def no_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the processes outside, which have tests of their own."""

    class Standing:
        url = "http://localhost:3737"
        api_url = "http://localhost:3737/api/"

        def __init__(self, *_: object) -> None: ...

        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None: ...

    async def installed(_: Path) -> Path:
        return Path("local-slack")

    monkeypatch.setattr(running, "LocalSlack", Standing)
    monkeypatch.setattr(running, "install_local_slack", installed)
    monkeypatch.setattr(running, "port_is_free", lambda _: True)


@pytest.mark.usefixtures("no_slack")
def test_no_variable_of_the_environment_reaches_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A developer's shell may hold the tokens and the database of a real workspace."""
    real = {
        "slack_bot_token": "xoxb-real",
        "slack_app_token": "xapp-real",
        "slack_signing_secret": "real",
        "slack_api_url": "https://slack.com/api/",
        "database_url": "postgresql://real/real",
        "command_prefix": "ops-",
        "clock_offset_seconds": "5",
        "health_port": "8080",
        "log_level": "ERROR",
        "log_format": "json",
        "posts_per_second": "1",
        "settle_seconds": "600",
        "http_timeout_seconds": "100",
        "lease_seconds": "600",
        "tick_seconds": "60",
        "model": "real",
        "openai_api_key": "sk-real",
        "openai_base_url": "https://real.example/v1",
        "model_timeout_seconds": "100",
        "model_price_in": "1",
        "model_price_out": "1",
        "pulse_key": "a-real-key-that-seals-what-people-answer",
    }
    assert real.keys() == Settings.model_fields.keys()
    for field, value in real.items():
        monkeypatch.setenv(variable(field), value)
    shell = Shell()
    assert "far enough" in _demo(shell, "--data", str(tmp_path / "demo")).stderr
    settings = Settings.model_validate(shell.given)
    for field, value in real.items():
        found = getattr(settings, field)
        shown = found.get_secret_value() if hasattr(found, "get_secret_value") else str(found)
        assert shown != value, field
    assert "real" not in settings.database_url.get_secret_value()


@pytest.mark.usefixtures("no_slack")
def test_a_second_start_keeps_the_clock_ahead(tmp_path: Path) -> None:
    ahead = 40_000_000
    with claim(tmp_path) as folder:
        folder.keep(DemoState(seeded=True, clock_offset_seconds=ahead))
    shell = Shell()
    _demo(shell, "--data", str(tmp_path))
    clock = shell.given["clock"]
    assert isinstance(clock, Clock)
    assert clock.offset >= timedelta(seconds=ahead)
    refused = _demo(shell, "--data", str(tmp_path), "--at", "2026-10-25T08:50")
    assert refused.exit_code == 1
    assert "cannot go back" in refused.stderr
    _demo(shell, "--data", str(tmp_path), "--at", "2036-10-25T08:50", "--speed", "60")
    clock = shell.given["clock"]
    assert isinstance(clock, Clock)
    # Read in the squad's zone: Nairobi is three hours ahead.
    begun = datetime(2036, 10, 25, 5, 50, tzinfo=UTC)
    assert begun <= clock.now() < begun + timedelta(hours=1)
    assert (clock.speed, shell.given["tick_seconds"]) == (60.0, 0.5)


@pytest.mark.usefixtures("no_slack")
@pytest.mark.parametrize(
    ("given", "sentence"),
    [(["--at", "soon"], "soon"), (["--speed", "0.5"], "speed"), (["--at", "2026-10-25"], "time")],
)
def test_a_clock_that_cannot_be_is_refused(tmp_path: Path, given: list[str], sentence: str) -> None:
    refused = _demo(Shell(), "--data", str(tmp_path), *given)
    assert refused.exit_code != 0
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
