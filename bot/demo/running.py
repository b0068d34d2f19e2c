"""One run of the demo: starts everything, says what there is to try, and ends it all."""

from __future__ import annotations

import asyncio
import contextlib
import math
import signal
import webbrowser
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

import typer

from bot import clock
from bot.clock import Clock
from bot.container import Container
from bot.demo import folder as folders
from bot.demo import workspace
from bot.demo.control import LocalSlackControl
from bot.demo.errors import DemoError
from bot.demo.files import NEW_WORK
from bot.demo.folder import DemoFolder, DemoState
from bot.demo.hours import clock_offset
from bot.demo.install import install_local_slack, is_installed
from bot.demo.local_slack import LocalSlack, port_is_free
from bot.demo.seeding import seed, task_to_audit
from bot.slack.gateway import Gateway
from bot.views import demo as views
from bot.views.words import Words

_POSTS_PER_SECOND: Final = 20.0
"""The local Slack has no limits, and nobody wants to wait for ten welcomes."""

_SETTLE_SECONDS: Final = 2.0
_HTTP_SECONDS: Final = 10.0
_LEASE_SECONDS: Final = 16.0
"""A demo that was killed holds the right to send for so long; nobody wants to wait for that."""

_TICK_SECONDS: Final = 1.0
_LEAST_TICK_SECONDS: Final = 0.5
_KEEP_SECONDS: Final = 2.0


class Program(Protocol):
    """As much of the assembled program as the demo needs (bot.cli.program.Program)."""

    def with_settings(self, *, clock: Clock | None = None, **given: object) -> Program:
        """Return the program with these settings over the environment's, going by `clock`."""

    def open_house(self) -> AbstractAsyncContextManager[Container]:
        """Open the store and services without Slack; an SQLite file is migrated."""

    def open_slack(self) -> AbstractAsyncContextManager[tuple[Gateway, str, str]]:
        """Open a gateway with the bot token."""

    async def run(self) -> None:
        """Run everything in one process, in Socket Mode, until told to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for on the command line.

    The demo's clock starts at `at`, a time of the squad's zone unless it says its own, and runs
    `speed` times as fast as the real one.
    """

    port: int
    data: Path
    headless: bool
    reset: bool
    at: str | None = None
    speed: float = 1.0


class Demo:
    """One run of the demo."""

    def __init__(self, program: Program, options: Options, words: Words) -> None:
        self._program = program
        self._options = options
        self._words = words

    async def start(self) -> None:
        """Start everything and run until told to stop; leaves nothing running."""
        self._stop_on_signals()
        with (
            folders.claim(self._options.data, reset=self._options.reset) as folder,
            # Told to stop while it is still starting: that is an end like any other.
            contextlib.suppress(asyncio.CancelledError),
        ):
            await self._run(folder)
        typer.echo(self._words("demo.ended"))

    @staticmethod
    def _stop_on_signals() -> None:
        """Stop in order at Ctrl-C and SIGTERM, until the bot listens for them, and at SIGHUP.

        The local Slack has a session of its own, so a closed terminal would leave it running.
        """
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Whoever starts it with nohup has it ignore the closed terminal, and so do we.
            if task is not None and signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, task.cancel)

    async def _run(self, folder: DemoFolder) -> None:
        if not port_is_free(self._options.port):  # said before anything is fetched
            raise DemoError("demo_port_taken", port=self._options.port)
        if not is_installed(folder.slack):
            typer.echo(self._words("demo.fetching"))
        binary = await install_local_slack(folder.slack)
        config = workspace.local_slack_config()
        async with LocalSlack(binary, config, folder.path, self._options.port) as slack:
            moved = self._clock(folder)
            program = self._program.with_settings(clock=moved, **self._settings(folder, slack))
            task = await self._prepare(program, folder)
            keeping = asyncio.create_task(_keep_time(moved, folder))
            try:
                await self._serve(program, slack, self._tour(slack, folder, task))
            finally:
                await _end(keeping)

    def _clock(self, folder: DemoFolder) -> Clock:
        """Return the demo's clock. Raises DemoError("demo_at_past") or what reading `at` raises."""
        real, before = datetime.now(UTC), folder.state.clock_offset_seconds
        if self._options.at is None:
            offset = clock_offset(real, before)
        else:
            at = clock.parse_instant(self._options.at, workspace.SQUAD_ZONE)
            offset = math.ceil((at - real).total_seconds())
            if folder.state.seeded and offset < before:
                now = clock.to_local(real + timedelta(seconds=before), workspace.SQUAD_ZONE)
                raise DemoError("demo_at_past", now=f"{now:%Y-%m-%dT%H:%M}")
        return Clock(timedelta(seconds=offset), speed=self._options.speed)

    def _settings(self, folder: DemoFolder, slack: LocalSlack) -> dict[str, Any]:
        """Return every setting that the environment must not decide here."""
        return {
            "slack_bot_token": workspace.BOT_TOKEN,
            "slack_app_token": workspace.APP_TOKEN,
            "slack_signing_secret": workspace.SIGNING_SECRET,
            "slack_api_url": slack.api_url,
            "database_url": f"sqlite:///{folder.database.resolve()}",
            "log_level": "WARNING",
            "log_format": "console",
            "posts_per_second": _POSTS_PER_SECOND,
            "settle_seconds": _SETTLE_SECONDS,
            "http_timeout_seconds": _HTTP_SECONDS,
            "lease_seconds": _LEASE_SECONDS,
            "tick_seconds": max(_LEAST_TICK_SECONDS, _TICK_SECONDS / self._options.speed),
            "command_prefix": "",
            "pulse_key": "only-for-the-demo-where-nothing-is-secret",
            # Nothing leaves the machine in a demo, whatever the environment holds.
            "model": "",
            "openai_api_key": "",
            "openai_base_url": "",
            "model_timeout_seconds": 20.0,
            "model_price_in": 0.0,
            "model_price_out": 0.0,
            "health_port": 0,
            "clock_offset_seconds": 0,  # it is given a clock
        }

    async def _prepare(self, program: Program, folder: DemoFolder) -> str | None:
        """Fill the store at the first start, keep how far the clock is ahead, find a task."""
        async with program.open_house() as container, program.open_slack() as (gateway, *_):
            offset = round(container.clock.offset.total_seconds())
            samples = folder.state.samples
            if not folder.state.seeded:
                typer.echo(self._words("demo.seeding"))
                samples = (await seed(container, gateway, folder)).names
            folder.keep(DemoState(seeded=True, clock_offset_seconds=offset, samples=samples))
            if offset or self._options.speed != 1.0:
                zone = workspace.SQUAD_ZONE
                local = clock.to_local(container.clock.now(), zone)
                asked = self._options.at is not None
                said = views.moved_clock(
                    self._words, local, zone, asked=asked, speed=self._options.speed
                )
                typer.echo(said)
            return await task_to_audit(container)

    async def _serve(self, program: Program, slack: LocalSlack, tour: views.Tour) -> None:
        """Run the bot until it is told to stop, or its Slack is gone."""
        bot = asyncio.create_task(program.run())
        gone = asyncio.create_task(slack.ended())
        ready = asyncio.create_task(self._announce(slack, tour))
        try:
            await asyncio.wait({bot, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not bot.done():
                raise DemoError("demo_slack_gone", log=str(slack.log_path))
            await bot
        finally:
            await _end(ready, gone, bot)

    async def _announce(self, slack: LocalSlack, tour: views.Tour) -> None:
        """Say what there is to try, as soon as the bot is there to answer."""
        async with LocalSlackControl(slack.url) as people:
            await people.until_connected()
        typer.echo(views.tour(self._words, tour))
        if not self._options.headless:
            _open_page(slack.url)

    @staticmethod
    def _tour(slack: LocalSlack, folder: DemoFolder, task: str | None) -> views.Tour:
        return views.Tour(
            url=slack.url,
            folder=str(folder.path),
            squad=workspace.SQUAD_NAME,
            manager=workspace.MANAGER.name,
            auditor=workspace.AUDITOR.name,
            contributor=workspace.CONTRIBUTORS[0].name,
            team_channel=workspace.TEAM_CHANNEL.name,
            digest_channel=workspace.DIGEST_CHANNEL.name,
            questions_channel=workspace.QUESTIONS_CHANNEL.name,
            new_work=str(folder.samples / NEW_WORK),
            task=task,
        )


async def _keep_time(moved: Clock, folder: DemoFolder) -> None:
    """Keep how far a fast clock is ahead, for the next start must not be before it."""
    while moved.speed != 1.0:
        try:
            await asyncio.sleep(_KEEP_SECONDS)
        finally:
            ahead = math.ceil(moved.offset.total_seconds())
            folder.keep(replace(folder.state, clock_offset_seconds=ahead))


async def _end(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _open_page(url: str) -> None:
    """Show the page, unless the only browser there is would take this terminal."""
    with contextlib.suppress(webbrowser.Error):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open_new_tab(url)
