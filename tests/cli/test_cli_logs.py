"""What is logged tells where and what kind; never what people typed, and no token."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import insert

import app as roof
from bot.cli.logs import configure_logs, discreet_traceback
from bot.container import Container
from bot.errors import BadInput
from bot.rules.findings import field_of
from bot.store.database import Database
from handlers.doors import Doors
from handlers.requests import Command
from models import Squad
from tests.fakes.slack import Fault
from tests.harness import House
from tests.scenes import open_scene

SECRET = "quokka-and-numbat"
LIBRARIES = ("slack_sdk", "slack_bolt", "sqlalchemy", "aiosqlite", "aiohttp", "asyncio")


@pytest.fixture(params=["json", "console"])
def logged(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[io.StringIO]:
    """What the program writes to stderr when everything is to be logged."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in [*LIBRARIES, "apscheduler"]}
    root.handlers.clear()  # pytest's own
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs("DEBUG", request.param)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


class Typed(BaseModel):
    number: int


async def wrong_argument(command: Command, _container: Container) -> None:
    int(command.text)


async def wrong_input(command: Command, _container: Container) -> None:
    Typed(number=command.text)  # type: ignore[arg-type]


async def wrong_key(command: Command, _container: Container) -> None:
    {}[command.text]


async def wrong_row(command: Command, container: Container) -> None:
    """PostgreSQL repeats the whole row that it refuses."""
    async with container.services.people._database.write() as tx:
        await tx.execute(insert(Squad).values(workspace_id=1, name=command.text[:80]))


async def twice_wrong(command: Command, container: Container) -> None:
    try:
        await wrong_argument(command, container)
    except ValueError as error:
        raise RuntimeError(f"cannot read {command.text}") from error


@pytest.mark.parametrize(
    "listener", [wrong_argument, wrong_input, wrong_key, wrong_row, twice_wrong]
)
async def test_a_failure_says_where_and_not_what_was_typed(
    any_house: House, logged: io.StringIO, listener: Any
) -> None:
    house = any_house
    tables = Doors()
    tables.command("coach", listener)
    house.listen(tables)
    mia = house.slack.add_user("Mia", tz="Europe/London")
    team = house.slack.add_channel("team", members=[mia])
    await house.meet(mia)
    await house.command(mia, "/coach", f"{SECRET} is typed", team)
    text = logged.getvalue()
    assert "listener_failed" in text
    assert listener.__name__ in text, "the traceback says where"
    assert "Error" in text, "and what kind"
    assert_discreet(house, text)


def assert_discreet(house: House, text: str) -> None:
    assert SECRET not in text
    for token in (house.slack.bot_token, house.slack.app_token, house.slack.signing_secret):
        assert token not in text


@pytest.mark.slow
async def test_a_whole_day_at_debug_tells_nobodys_words(
    house: House, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An audit with a note, its message, a dispute, coaching, time off, and what goes wrong."""
    scene = await open_scene(house)
    await scene.submission("T-1", scene.ana, label=SECRET)
    await house.command(scene.abe, "/audit", "T-1", scene.team)
    note = {"verdict": "rejected", field_of(0, "severity"): "error", field_of(0, "note"): SECRET}
    await house.submit(
        house.slack.views(scene.abe)[-1], scene.abe, note | {field_of(0, "section"): "4.2"}
    )
    house.slack.faults.add(method="chat.postMessage", kind=Fault.DROP_BEFORE, times=1)
    house.slack.faults.add(method="views.open", error="internal_error", times=1)
    for _ in range(3):
        await house.drain()
        house.move(minutes=2)
    (message,) = house.slack.dm(scene.ana)
    await house.click(message, "audits.dispute", scene.ana)  # Slack fails to open the form
    await house.command(scene.mia, "/coach", f"<@{scene.ana.id}> {SECRET}", scene.team)
    await house.command(scene.ana, "/timeoff", f"2026-12-24 {SECRET}", scene.team)
    await house.say(scene.ana, SECRET)
    await house.mention(scene.ana, SECRET, scene.team)

    async def broken(*_args: object, **_kwargs: object) -> None:
        raise ValueError(f"cannot coach {SECRET}")

    monkeypatch.setattr(house.services.coaching, "give", broken)
    await house.command(scene.mia, "/coach", f"<@{scene.ana.id}> {SECRET} again", scene.team)
    await house.drain()
    assert "listener_failed" in logged.getvalue()
    assert "form_refused" in logged.getvalue()
    assert_discreet(house, logged.getvalue())


async def test_a_request_with_a_wrong_signature_leaves_no_body(
    house: House, logged: io.StringIO
) -> None:
    # Made when the logs are configured already, as a process does: Bolt's loggers take their level.
    gateway = house.container.gateways.for_team(house.slack.team_id)
    bolt, _ = roof.build_bolt(house.settings, house.container, gateway)
    mia = house.slack.add_user("Mia", tz="Europe/London")
    team = house.slack.add_channel("team", members=[mia])
    body, headers = house.slack.command("/coach", SECRET, user=mia, channel=team).signed()
    forged = {name.lower(): value for name, value in headers.items()}
    forged["x-slack-signature"] = "v0=0000"
    answer = await bolt.async_dispatch(AsyncBoltRequest(body=body, headers=forged))
    assert answer.status == 401
    assert_discreet(house, logged.getvalue())


def test_libraries_never_speak_below_info(logged: io.StringIO) -> None:
    assert logged.getvalue() == ""
    for name in LIBRARIES:
        for child in (name, f"{name}.something"):
            assert not logging.getLogger(child).isEnabledFor(logging.DEBUG), child
    assert not logging.getLogger("sqlalchemy.engine.Engine").isEnabledFor(logging.INFO)
    bolts = logging.getLogger("slack_bolt.RequestVerification")
    bolts.setLevel(logging.INFO)  # as Bolt does, whatever stands above
    bolts.info("body: %s", SECRET)
    bolts.warning("unhandled")
    (line,) = logged.getvalue().splitlines()
    assert "unhandled" in line


def test_a_tick_that_is_left_out_is_no_news_and_an_error_is(logged: io.StringIO) -> None:
    schedulers = logging.getLogger("apscheduler.scheduler")
    schedulers.warning("Execution of job skipped: maximum number of running instances reached")
    assert logged.getvalue() == ""
    schedulers.error("Error notifying listener")
    (line,) = logged.getvalue().splitlines()
    assert "listener" in line


def test_our_own_errors_keep_what_they_say_and_no_values() -> None:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise BadInput("bad_number", text=SECRET) from error
    except BadInput as error:
        told = discreet_traceback((type(error), error, error.__traceback__))
    assert "bot.errors.BadInput: bad_number(text)" in told
    assert "builtins.ValueError\n" in told
    assert "direct cause" in told
    assert SECRET not in told


def test_what_a_library_logs_of_an_exception_is_discreet_too(logged: io.StringIO) -> None:
    try:
        int(SECRET)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert "ValueError" in logged.getvalue()
    assert SECRET not in logged.getvalue()


def test_a_line_is_json_with_level_and_time(
    logged: io.StringIO, request: pytest.FixtureRequest
) -> None:
    structlog.get_logger("muster").warning("lease lost", workspace=1)
    text = logged.getvalue()
    assert "lease lost" in text
    if request.node.callspec.params["logged"] == "json":
        line = json.loads(text)
        assert (line["event"], line["level"], line["workspace"]) == ("lease lost", "warning", 1)


def test_parameters_are_hidden_on_both_databases() -> None:
    for url in ("sqlite+aiosqlite:///x.db", "postgresql+psycopg://h/db"):
        store = Database(url)
        for engine in (store._writer, store._reader):
            assert engine.sync_engine.hide_parameters
            assert not engine.sync_engine.echo


@pytest.mark.parametrize("logged", ["json"], indirect=True)
def test_every_line_is_json_whoever_writes_it(logged: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").info("two\nlines of %s", "a library")
    logging.getLogger("uvicorn.access").info("GET /healthz")
    try:
        int(SECRET)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("it stumbled")
    structlog.get_logger("muster").info("connected")
    said, stumbled, ours = map(json.loads, logged.getvalue().splitlines())
    assert (said["event"], said["logger"], said["level"]) == (
        "two\nlines of a library",
        "uvicorn.error",
        "info",
    )
    assert "ValueError" in stumbled["exception"]
    assert SECRET not in str(stumbled)
    assert said["timestamp"][-1] == ours["timestamp"][-1] == "Z"


def test_a_token_in_the_environment_is_no_warning(
    logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-here")
    AsyncApp(client=AsyncWebClient(token="xoxb-here"), signing_secret="5" * 32)
    assert logged.getvalue() == ""
