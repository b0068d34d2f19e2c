"""A process from its start to its end: refused with a sentence, or stopped without a loss."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, update

import app as roof
from bot.errors import Conflict, SettingsError
from bot.rules.slack import Connection
from bot.settings import Settings
from models import Squad, Workspace
from tests.fakes.slack import FakeSlack, Fault
from tests.harness import House, open_house
from tests.scenes import Scene, open_scene

ROOT = Path(__file__).resolve().parents[2]
STOP_S = 10.0
MUSTER = Path(sys.executable).with_name("muster")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [("slack_bot_token", "SLACK_BOT_TOKEN"), ("slack_app_token", "SLACK_APP_TOKEN")],
)
async def test_a_wrong_token_ends_the_process_with_a_sentence(
    sqlite_url: str, wrong: str, named: str
) -> None:
    async with FakeSlack(manifest=ROOT / "manifest.yml") as slack:
        right = {
            "slack_bot_token": SecretStr(slack.bot_token),
            "slack_app_token": SecretStr(slack.app_token),
        }
        settings = Settings(
            _env_file=None,
            database_url=SecretStr(sqlite_url),
            slack_api_url=slack.base_url,
            **{**right, wrong: SecretStr(right[wrong].get_secret_value() + "-of-yesterday")},
        )
        with pytest.raises(SettingsError, match=f"{named}.*invalid_auth"):
            await asyncio.wait_for(roof.Muster(settings).run(), STOP_S)


async def test_an_installation_of_a_whole_organisation_is_refused(house: House) -> None:
    everywhere = Connection(
        team_id="E0ORG",
        team="Org",
        bot_user_id="U1",
        bot_id="B1",
        url="",
        scopes=frozenset(),
        org_wide=True,
    )
    with pytest.raises(Conflict, match="org_wide_install"):
        await house.services.installations.connect(everywhere)
    async with house.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(Workspace)) == 1


def test_a_refusal_is_a_sentence_in_the_shell_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> Any:
        raise Conflict("org_wide_install")

    monkeypatch.setattr(roof, "build_cli", lambda *_, **__: refuse)
    with pytest.raises(SystemExit):
        roof.main()
    said = capsys.readouterr().err
    assert "organisation" in said
    assert "org_wide_install" not in said


@pytest.mark.slow
async def test_sigterm_while_slack_is_silent_ends_in_time_and_loses_nothing(
    sqlite_url: str,
) -> None:
    async with open_house(sqlite_url, datetime.now(UTC)) as house:
        scene = await open_scene(house)
        await _asks_for_a_digest(scene)
        # The post arrives at once; who asked hears of it long after it should have stopped.
        house.slack.faults.add(method="chat.postMessage", kind=Fault.LATENCY, seconds=60)
        async with _clock_process(house, sqlite_url) as first:
            await _until(house, lambda: _posted(scene))
            began = time.monotonic()
            first.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(first.wait(), STOP_S) == 0
            assert time.monotonic() - began <= STOP_S
        quick = {"MUSTER_HTTP_TIMEOUT_SECONDS": "1", "MUSTER_LEASE_SECONDS": "6"}
        async with _clock_process(house, sqlite_url, **quick) as second:
            await _until(house, lambda: _sent(scene))
            second.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(second.wait(), STOP_S) == 0
        assert len(house.slack.messages(scene.team)) == 1


async def _asks_for_a_digest(scene: Scene) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(digest_channel=scene.team.id))
    await scene.house.command(scene.mia, "/digest", "now", scene.team)


@asynccontextmanager
async def _clock_process(
    house: House, url: str, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": house.slack.bot_token,
        "SLACK_API_URL": house.slack.base_url,
        "MUSTER_SETTLE_SECONDS": "1",
        **settings,
    }
    process = await asyncio.create_subprocess_exec(str(MUSTER), "clock", env=env, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _posted(scene: Scene) -> bool:
    return bool(scene.house.slack.messages(scene.team))


async def _sent(scene: Scene) -> bool:
    return [row.state for row in await scene.planned("digests.post")] == ["sent"]


async def _until(house: House, holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(40):
        while not await holds():
            await asyncio.sleep(0.1)
            house.hands.time = datetime.now(UTC)  # the other process has no other clock
