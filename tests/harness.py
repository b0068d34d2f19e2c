"""The whole program against the strict fake Slack: real Bolt, real client, real store."""

import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

import app as roof
from bot.clock import Clock
from bot.container import Container
from bot.rules.people import Caller
from bot.settings import Settings
from bot.store.database import Database, in_transaction
from handlers.doors import Doors
from handlers.switchboard import Switchboard
from tests import used
from tests.fakes.slack import FakeSlack

ROOT = Path(__file__).resolve().parent.parent
# A Tuesday morning: working time from Manila to Lisbon.
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


class Hands:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        """The same instant as a Unix time, for the fake Slack."""
        return self.time.timestamp()


@dataclass
class House:
    """Everything a scenario test holds in its hands."""

    slack: FakeSlack
    app: AsyncApp
    switchboard: Switchboard
    container: Container
    database: Database
    hands: Hands
    settings: Settings
    workspace_id: int

    @property
    def services(self) -> Any:
        return self.container.services

    def move(self, **by: float) -> None:
        """Let time pass: house.move(hours=2)."""
        self.hands.time += timedelta(**by)

    def listen(self, doors: Doors) -> None:
        """Put these listeners in the place of the program's own."""
        for filled in ("_doors", "_known"):
            vars(self.switchboard).pop(filled, None)
        self.switchboard.__init__(lambda: doors)  # type: ignore[misc]

    def caller(self, user: Any) -> Caller:
        return Caller(self.slack.team_id, user.id)

    async def meet(self, *users: Any) -> list[int]:
        """Make people known as if they had clicked once; returns their keys."""
        keys = []
        for user in users:
            profile = await self.container.gateways.for_team(self.slack.team_id).user_info(user.id)
            keys.append(await self.services.people.meet(self.slack.team_id, profile))
        return keys

    async def command(self, user: Any, name: str, text: str = "", channel: Any = None) -> Any:
        """Type a slash command; returns the fake's answer."""
        sent = self.slack.command(name, text, user=user, channel=channel)
        return await self._deliver(sent)

    async def mention(
        self, user: Any, text: str, channel: Any, *, thread: str | None = None
    ) -> Any:
        """Mention the bot in a channel; Slack tells of it twice, also as one of its messages."""
        sent = self.slack.mention(text, user=user, channel=channel, thread=thread)
        written = self.slack.messages(channel)[-1]
        answer = await self._deliver(sent)
        await self._deliver(self.slack.overhear(written))
        return answer

    async def say(
        self, user: Any, text: str, channel: Any = None, *, thread: str | None = None
    ) -> Any:
        """Write to the bot directly, or in a channel that it is in."""
        sent = self.slack.say(text, user=user, channel=channel, thread=thread)
        return await self._deliver(sent)

    async def click(self, where: Any, action_id: str, user: Any) -> Any:
        """Click a button of a recorded message, modal or Home tab."""
        return await self._deliver(self.slack.click(where, action_id, user))

    async def submit(self, view: Any, user: Any, values: Mapping[str, Any]) -> Any:
        """Submit an open modal; values by action id."""
        return await self._deliver(self.slack.submit(view, user, values))

    async def open_home(self, user: Any) -> Any:
        """Look at the Home tab."""
        return await self._deliver(self.slack.open_home(user))

    async def _deliver(self, request: Any) -> Any:
        # The fake waits for the listeners too, which go on after the acknowledgement.
        return await request.deliver(self.app)

    async def drain(self) -> None:
        """Send everything that is due now."""
        await self.container.dispatcher.drain()


def _no_transaction() -> None:
    if in_transaction():
        raise AssertionError("a call to Slack inside a transaction")


def _hurry() -> Callable[[], float]:
    """Return seconds that pass whenever they are looked at: no scenario waits for Slack's pace."""
    passed = itertools.count(step=10)
    return lambda: float(next(passed))


@asynccontextmanager
async def open_house(url: str, start: datetime = MORNING, **settings: Any) -> AsyncIterator[House]:
    """Open the program on an empty, migrated database; nothing runs by itself."""
    hands = Hands(start)
    async with FakeSlack(
        manifest=ROOT / "manifest.yml",
        now=hands.seconds,
        scopes_used=used.SCOPES,
        features_used=used.FEATURES,
    ) as slack:
        slack.forbid_bare_links = True
        given = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(slack.bot_token),
            slack_signing_secret=SecretStr(slack.signing_secret),
            slack_api_url=slack.base_url,
            database_url=SecretStr(url),
            **{"posts_per_second": 50.0, "settle_seconds": 30.0, **settings},
        )
        async with (
            slack.make_session(_no_transaction) as session,
            roof.open_container(given, Clock(source=hands), _hurry()) as opened,
        ):
            container = replace(opened, suggests=True)  # as Slack does, and its fake
            gateway = await roof.connect(given, container, session)
            bolt, switchboard = roof.build_bolt(given, container, gateway)
            database = Database(url)
            workspace_id = await container.services.installations.connect(await gateway.auth_test())
            try:
                yield House(
                    slack=slack,
                    app=bolt,
                    switchboard=switchboard,
                    container=container,
                    database=database,
                    hands=hands,
                    settings=given,
                    workspace_id=workspace_id,
                )
            finally:
                await switchboard.drain()
                await database.close()
