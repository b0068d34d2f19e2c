"""The roof: wires everything together and runs it; the only place that opens anything."""

# ruff: noqa: E402 - the imports stand below what makes them faster

import gc

# Imports make a few hundred thousand objects and hardly any garbage: looking for it among them,
# now and in each full collection later, would take a tenth of a second each time.
gc.disable()

import asyncio
import functools
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import aiohttp
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.cli import build_cli
from bot.cli.explained import in_words
from bot.cli.logs import configure_logs
from bot.cli.program import SlackDoor
from bot.cli.stopping import Stop
from bot.clock import Clock
from bot.container import Container
from bot.demo import command as demo
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.drawing import Drawer
from bot.errors import MusterError, SettingsError, StoreError
from bot.knowledge import model
from bot.services import bundle
from bot.settings import Settings, load_settings
from bot.slack.client import open_session, web_client
from bot.slack.gateway import Gateway
from bot.slack.gateways import Gateways
from bot.store import upgrade
from bot.store.database import Database
from bot.views import catalogue
from handlers.doors import Doors
from handlers.switchboard import Switchboard
from jobs.ticker import Ticker

gc.freeze()
gc.enable()

ROOT = Path(__file__).resolve().parent
# A supervisor that sends SIGTERM waits about this long before it kills.
STOP_WITHIN_S = 10
# The socket may reconnect by itself; gone for this long, a restart by the supervisor is better.
SOCKET_LOST_S = 300

log = structlog.get_logger("muster")


@asynccontextmanager
async def open_container(
    settings: Settings,
    clock: Clock | None = None,
    seconds: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Container]:
    """Open the store and make every part; closed in the opposite order.

    `seconds` is what messages to Slack are paced by.
    """
    clock = clock or Clock(timedelta(seconds=settings.clock_offset_seconds))
    database = Database(settings.database_url.get_secret_value())
    drawer = Drawer()
    composer = model.composer(
        model=settings.model,
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url or None,
        timeout_s=settings.model_timeout_seconds,
        price_in=settings.model_price_in,
        price_out=settings.model_price_out,
    )
    services = bundle.build(
        database, clock, composer, settings.pulse_key.get_secret_value().encode(), composer
    )
    gateways = Gateways()
    languages = catalogue.load(settings.command_prefix)
    dispatcher = Dispatcher(
        services=services,
        gateways=gateways,
        languages=languages,
        drawer=drawer,
        clock=clock,
        posts_per_second=settings.posts_per_second,
        settle_s=settings.settle_seconds,
        lease_s=settings.lease_seconds,
        http_timeout_s=settings.http_timeout_seconds,
        seconds=seconds,
    )
    try:
        yield Container(
            clock=clock,
            services=services,
            gateways=gateways,
            languages=languages,
            dispatcher=dispatcher,
            composer=composer,
            version=version("muster"),
            root=ROOT,
            suggests=settings.slack_api_url.startswith("https:"),
        )
    finally:
        await services.close()
        if composer is not None:
            await composer.close()
        await drawer.close()
        await database.close()


async def connect(
    settings: Settings, container: Container, session: aiohttp.ClientSession
) -> Gateway:
    """Ask Slack whose token it is and serve that workspace. Raises SettingsError."""
    client = web_client(
        settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session
    )
    try:
        connection = await Gateway(client, session, "").auth_test()
    except MusterError as error:
        raise SettingsError(
            f"Slack does not accept SLACK_BOT_TOKEN, or cannot be reached at"
            f" {settings.slack_api_url} ({error}). Copy the token anew from OAuth & Permissions,"
            " or run `muster check`."
        ) from error
    gateway = Gateway(client, session, connection.team_id, connection.url)
    workspace_id = await container.services.installations.connect(connection)
    container.gateways.connect(workspace_id, connection.team_id, gateway)
    return gateway


def build_bolt(
    settings: Settings, container: Container, gateway: Gateway
) -> tuple[AsyncApp, Switchboard]:
    """Return the Bolt application with every listener, and the switchboard behind it."""
    bolt = AsyncApp(
        name="muster",  # else Bolt reads its callers' source files to find one
        client=gateway.client,
        signing_secret=settings.slack_signing_secret.get_secret_value() or None,
        request_verification_enabled=bool(settings.slack_signing_secret.get_secret_value()),
        process_before_response=True,  # the switchboard's docstring says why
    )

    @bolt.middleware
    async def bring_container(
        context: AsyncBoltContext, next_: Callable[[], Awaitable[None]]
    ) -> None:
        context["container"] = container
        await next_()

    switchboard = Switchboard(_doors)
    switchboard.attach(bolt)
    return bolt, switchboard


def _doors() -> Doors:
    """Return every listener.

    They come with all that is said to people: a third of what the program consists of, which is
    loaded once the connection stands, and by no process that listens to nobody.
    """
    from handlers import features  # noqa: PLC0415

    return features.doors()


@asynccontextmanager
async def ticking(container: Container, seconds: float) -> AsyncIterator[None]:
    """Run the clock: APScheduler asks every few seconds what is due, and does nothing else."""
    ticker = Ticker(container)
    scheduler = AsyncIOScheduler(timezone="UTC")
    # Late ticks are merged, never dropped: what is too late is decided by each schedule.
    scheduler.add_job(
        ticker.tick,
        "interval",
        seconds=seconds,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        await ticker.finish()
        scheduler.shutdown(wait=False)


@asynccontextmanager
async def dispatching(container: Container) -> AsyncIterator[None]:
    """Send what is in the outbox; on leaving, finish what is in hand."""
    task = asyncio.create_task(container.dispatcher.run())
    try:
        yield
    finally:
        await container.dispatcher.stop(STOP_WITHIN_S - 2)
        await task


@asynccontextmanager
async def watching(container: Container) -> AsyncIterator[None]:
    """Open new versions of guidelines soon after they are published, wherever that was."""
    task = asyncio.create_task(container.services.guidelines.watch())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def socket_mode(
    settings: Settings, gateway: Gateway, bolt: AsyncApp, stop: Stop
) -> AsyncIterator[AsyncSocketModeHandler]:
    """Hold the connection to Slack; gone for too long, the program stops with a sentence.

    The app token is tried first: with a wrong one the library would retry forever in silence.
    """
    token = settings.slack_app_token.get_secret_value()
    try:
        await gateway.open_connection(token)
    except MusterError as error:
        raise SettingsError(
            f"Slack does not accept SLACK_APP_TOKEN ({error}). Make one under Basic Information,"
            " App-Level Tokens, with the scope connections:write."
        ) from error
    handler = AsyncSocketModeHandler(bolt, token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    watch = asyncio.create_task(_watch(handler, stop))
    try:
        yield handler
    finally:
        watch.cancel()
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _watch(handler: AsyncSocketModeHandler, stop: Stop) -> None:
    lost = 0.0
    while True:
        await asyncio.sleep(5)
        lost = 0.0 if await handler.client.is_connected() else lost + 5
        if lost >= SOCKET_LOST_S:
            stop.fail(StoreError("the connection to Slack is lost and does not come back"))
            return


class Muster:
    """The program as the shell sees it (bot.cli.program.Program)."""

    root = ROOT
    manifest_path = ROOT / "manifest.yml"

    def __init__(self, given: Settings | None = None, clock: Clock | None = None) -> None:
        self._given = given
        self._clock = clock
        self._load = functools.cache(load_settings)  # what is doubtful is said once

    def with_settings(self, *, clock: Clock | None = None, **given: object) -> "Muster":
        """Return a program with these settings (fields of Settings) over the environment's.

        It goes by `clock`, if given, whatever the settings say of the time.
        """
        return Muster(Settings.model_validate(given), clock)

    def _settings(self, *require: str) -> Settings:
        return self._given or self._load(require)

    @property
    def version(self) -> str:
        """The program's version."""
        return version("muster")

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Container]:
        """Open the store and services without Slack. Raises SettingsError or StoreError."""
        settings = self._settings()
        upgrade.ensure(settings.database_url.get_secret_value())
        async with open_container(settings, self._clock) as container:
            yield container

    async def run(self) -> None:
        """Run everything in one process, in Socket Mode, until told to stop."""
        settings = self._settings("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
        async with self._serving(settings) as (stack, container, gateway, stop):
            bolt, switchboard = build_bolt(settings, container, gateway)
            stack.push_async_callback(switchboard.drain)
            handler = await stack.enter_async_context(socket_mode(settings, gateway, bolt, stop))
            connected = handler.client
            await self._supervise(stack, settings, container, lambda: not connected.closed)
            await stack.enter_async_context(ticking(container, settings.tick_seconds))
            log.info("connected", mode="socket")
            switchboard.load()
            await stop.wait()

    async def web(self, host: str, port: int) -> None:
        """Serve signed HTTP until told to stop."""
        from bot.web import routes, serving  # noqa: PLC0415 - only where HTTP is served

        settings = self._settings("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
        async with self._serving(settings, sends=False) as (stack, container, gateway, stop):
            bolt, switchboard = build_bolt(settings, container, gateway)
            switchboard.load()
            stack.push_async_callback(switchboard.drain)
            await stack.enter_async_context(
                serving(
                    routes(container, lambda: True, bolt),
                    host=host,
                    port=port,
                    grace_s=STOP_WITHIN_S - 3,
                )
            )
            log.info("serving", host=host, port=port)
            await stop.wait()

    async def clock(self) -> None:
        """Run the ticker and dispatch until told to stop."""
        settings = self._settings("SLACK_BOT_TOKEN")
        async with self._serving(settings) as (stack, container, _gateway, stop):
            await self._supervise(stack, settings, container, lambda: True)
            await stack.enter_async_context(ticking(container, settings.tick_seconds))
            log.info("ticking")
            await stop.wait()

    def check_settings(self) -> None:
        """Raise SettingsError if the environment cannot be used at all."""
        self._settings()

    @asynccontextmanager
    async def open_slack(self) -> AsyncIterator[SlackDoor]:
        """Open a gateway with the bot token, which may be missing or wrong."""
        settings = self._settings()
        async with open_session(settings.http_timeout_seconds) as session:
            token = settings.slack_bot_token.get_secret_value()
            client = web_client(token, settings.slack_api_url, session)
            others = (settings.slack_app_token, settings.slack_signing_secret)
            yield SlackDoor(
                Gateway(client, session, ""), *(each.get_secret_value() for each in others)
            )

    def migrate(self, target: str) -> tuple[str, str]:
        """Move the schema to `target`; return (before, after)."""
        return upgrade.move(self._settings().database_url.get_secret_value(), target)

    @asynccontextmanager
    async def _serving(
        self, settings: Settings, *, sends: bool = True
    ) -> AsyncIterator[tuple[AsyncExitStack, Container, Gateway, Stop]]:
        """Open everything that all three processes have; closed in the opposite order."""
        configure_logs(settings.log_level, settings.log_format)
        upgrade.ensure(settings.database_url.get_secret_value())
        stop = Stop()
        stop.listen()
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(open_session(settings.http_timeout_seconds))
            container = await stack.enter_async_context(open_container(settings, self._clock))
            gateway = await connect(settings, container, session)
            await stack.enter_async_context(watching(container))
            if sends:
                await stack.enter_async_context(dispatching(container))
            yield stack, container, gateway, stop

    @staticmethod
    async def _supervise(
        stack: AsyncExitStack,
        settings: Settings,
        container: Container,
        ready: Callable[[], bool],
    ) -> None:
        if settings.health_port:
            from bot.web import routes, serving  # noqa: PLC0415 - only where HTTP is served

            found = routes(container, ready)
            await stack.enter_async_context(
                serving(found, host="0.0.0.0", port=settings.health_port, grace_s=1)  # noqa: S104 - a container's supervisor asks from outside
            )


def main() -> None:
    """Run the `muster` command; what is wrong is one sentence, not a traceback."""
    try:
        build_cli(Muster(), demo.register, asked=next(iter(sys.argv[1:]), None))()
    except MusterError as error:
        sys.stderr.write(f"muster: {in_words(error)}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
