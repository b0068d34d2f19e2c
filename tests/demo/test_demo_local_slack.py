"""The life of the local Slack's process, with small stand-ins that behave well and badly."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import sys
from pathlib import Path

import pytest

from bot.demo.errors import DemoError
from bot.demo.local_slack import LocalSlack, port_is_free
from bot.demo.workspace import TEAM_ID, local_slack_config

# Answers /_control/state from its config, like the real one; {extra} runs first.
SERVER = """
import http.server, json, signal, sys
{extra}
config = json.load(open(sys.argv[sys.argv.index("--config") + 1]))
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({{"workspace": {{"teamId": {team}}}}}).encode())
    def log_message(self, *args): pass
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("", port), Answer).serve_forever()
"""
CONFIGURED = 'config["workspace"]["teamId"]'


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


def _slack(tmp_path: Path, port: int, body: str, ready_seconds: float = 20.0) -> LocalSlack:
    program = tmp_path / "stand-in"
    program.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    return LocalSlack(
        program,
        local_slack_config(),
        tmp_path / "data",
        port,
        ready_seconds=ready_seconds,
        stop_seconds=0.5,
    )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_runs_as_long_as_its_context(tmp_path: Path, port: int) -> None:
    slack = _slack(tmp_path, port, SERVER.format(extra="", team=CONFIGURED))
    async with slack:
        assert not port_is_free(port)
        assert slack._process is not None
        pid = slack._process.pid
        # Ctrl-C reaches the terminal's group; the local Slack must outlive the bot's goodbye.
        assert os.getpgid(pid) == pid != os.getpgid(0)
    assert not _alive(pid)
    assert port_is_free(port)
    assert slack.api_url == f"http://localhost:{port}/api/"


async def test_a_deaf_process_is_ended_all_the_same(tmp_path: Path, port: int) -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    slack = _slack(tmp_path, port, SERVER.format(extra=deaf, team=CONFIGURED))
    await slack.start()
    assert slack._process is not None
    pid = slack._process.pid
    await slack.stop()
    assert not _alive(pid)
    await slack.stop()  # a second goodbye is harmless


async def test_nothing_is_left_when_the_body_fails(tmp_path: Path, port: int) -> None:
    slack = _slack(tmp_path, port, SERVER.format(extra="", team=CONFIGURED))
    with pytest.raises(RuntimeError, match="the bot fell"):
        async with slack:
            raise RuntimeError("the bot fell")
    assert port_is_free(port)


async def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        slack = _slack(tmp_path, port, "raise SystemExit('must not run')")
        with pytest.raises(DemoError) as refused:
            await slack.start()
    assert refused.value.code == "demo_port_taken"
    assert refused.value.fields == {"port": port}
    assert not (tmp_path / "data").exists()


async def test_a_process_that_ends_is_quoted(tmp_path: Path, port: int) -> None:
    slack = _slack(tmp_path, port, "raise SystemExit('Invalid config: users')")
    with pytest.raises(DemoError) as refused:
        await slack.start()
    assert refused.value.code == "demo_slack_ended"
    assert refused.value.fields["last"] == "Invalid config: users"


async def test_a_process_that_never_answers_is_ended(tmp_path: Path, port: int) -> None:
    slack = _slack(tmp_path, port, "import time; time.sleep(60)", ready_seconds=0.3)
    with pytest.raises(DemoError) as refused:
        await slack.start()
    assert refused.value.code == "demo_slack_silent"
    assert slack._process is None


async def test_somebody_elses_slack_does_not_count_as_ready(tmp_path: Path, port: int) -> None:
    stranger = SERVER.format(extra="", team='"T0ELSE"')
    slack = _slack(tmp_path, port, stranger, ready_seconds=1.0)
    with pytest.raises(DemoError):
        await slack.start()
    assert port_is_free(port)


async def test_it_tells_when_the_process_ends_by_itself(tmp_path: Path, port: int) -> None:
    async with _slack(tmp_path, port, SERVER.format(extra="", team=CONFIGURED)) as slack:
        assert slack._process is not None
        waiting = asyncio.create_task(slack.ended())
        os.kill(slack._process.pid, signal.SIGKILL)
        assert await asyncio.wait_for(waiting, 5) == -signal.SIGKILL


def test_the_config_holds_the_workspace() -> None:
    config = local_slack_config()
    assert config["workspace"]["teamId"] == TEAM_ID
    ids = [user["id"] for user in config["users"]]
    assert len(ids) == len(set(ids)) == 10
    directs = {channel["id"] for channel in config["channels"] if channel.get("is_im")}
    assert len(directs) == 10
    bot = config["apps"][0]["botUserId"]
    assert all(bot in channel["members"] for channel in config["channels"])
