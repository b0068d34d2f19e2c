"""A post office against the strict fake Slack: people, kinds, a clock, and dispatchers at will."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import aiohttp
from sqlalchemy import delete, insert, select, update

from bot.clock import Clock
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.kind import Desk, Drop, HomeView, Kind, Rendered, Upload
from bot.dispatch.kinds import all_kinds
from bot.errors import NotFound
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import ENDS, Delivery, DeliveryState, Intent, UnknownPolicy
from bot.services.outbox import Outbox
from bot.slack.client import web_client
from bot.slack.gateway import Gateway
from bot.slack.gateways import Gateways
from bot.store import outbox as outbox_store
from bot.store.database import Database, in_transaction
from bot.views import catalogue
from bot.views.blocks import button, message
from bot.views.outbox import Line
from models import Member, MemberRole, OutboxRow, Person, SlackIdentity, Squad, TimeOff, Workspace
from tests import used
from tests.fakes.slack import FakeSlack

ROOT = Path(__file__).resolve().parents[1]
# A Tuesday, ten in the morning in London.
MORNING = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


class Ticking:
    """A clock that goes with the real one from a chosen start, and can be moved."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._since = monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=monotonic() - self._since)

    def seconds(self) -> float:
        return self().timestamp()

    def move(self, **by: float) -> None:
        self._start += timedelta(**by)


async def _note(_: Desk, delivery: Delivery) -> Rendered:
    return message(f"note {delivery.ids['n']}")


async def _note_line(_: Desk, delivery: Delivery) -> Line | Drop:
    if delivery.ids.get("gone"):
        return Drop("gone")
    return Line(f"line {delivery.ids['n']}", button("Do it", "do_it", str(delivery.ids["n"])))


async def _home(_: Desk, delivery: Delivery) -> Rendered:
    return HomeView({"type": "home", "blocks": message(f"home {delivery.ids['n']}")["blocks"]})


async def _chart(_: Desk, delivery: Delivery) -> Rendered:
    async def content() -> bytes:
        return b"PNG"

    return Upload(
        filename="chart.png",
        content=content,
        title="Quality",
        alt_text="a chart",
        comment=f"chart {delivery.ids['n']}",
    )


async def _gone(_: Desk, __: Delivery) -> Rendered:
    raise NotFound("unknown_task")


async def _broken(_: Desk, __: Delivery) -> Rendered:
    raise RuntimeError("a fault in a kind")


KINDS = (
    *all_kinds(),
    Kind(name="note", render=_note, line=_note_line),
    Kind(name="careful", render=_note, policy=UnknownPolicy.AT_MOST_ONCE),
    Kind(name="home", render=_home),
    Kind(name="chart", render=_chart),
    Kind(name="gone", render=_gone),
    Kind(name="broken", render=_broken),
)


@dataclass
class Office:
    """Everything a delivery test holds in its hands."""

    slack: FakeSlack
    hands: Ticking
    database: Database
    session: aiohttp.ClientSession
    workspace_id: int
    clock: Clock = field(init=False)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(source=self.hands)
        self.outbox = Outbox(self.database, self.clock)

    def gateway(self) -> Gateway:
        client = web_client(self.slack.bot_token, self.slack.base_url, self.session)
        return Gateway(client, self.session, self.slack.team_id)

    def dispatcher(self, **options: Any) -> Dispatcher:
        gateways = Gateways()
        gateways.connect(
            self.workspace_id, self.slack.team_id, options.pop("gateway", None) or self.gateway()
        )
        services: Any = SimpleNamespace(outbox=options.pop("outbox", self.outbox))
        given: dict[str, Any] = {
            "posts_per_second": 50.0,
            "settle_s": 30.0,
            "lease_s": 60.0,
            "poll_s": 0.05,
            "kinds": KINDS,
            "seconds": self.hands.seconds,
            **options,
        }
        return Dispatcher(
            services=services,
            gateways=gateways,
            languages=catalogue.load(),
            drawer=SimpleNamespace(),  # type: ignore[arg-type]
            clock=self.clock,
            **given,
        )

    async def person(self, name: str, *, squad: int | None = None, **flags: Any) -> tuple[Any, int]:
        """A Slack user and the person behind it, a contributor of the squad if given."""
        role = flags.pop("role", "contributor")
        zone = flags.pop("zone", "Europe/London")
        user = self.slack.add_user(name, **flags)
        async with self.database.write() as tx:
            person_id = (
                await tx.execute(
                    insert(Person)
                    .values(
                        workspace_id=self.workspace_id,
                        name=name,
                        zone=zone,
                        zone_set=True,
                        created_at=MORNING,
                    )
                    .returning(Person.id)
                )
            ).scalar_one()
            await tx.execute(
                insert(SlackIdentity).values(
                    workspace_id=self.workspace_id,
                    user_id=user.id,
                    person_id=person_id,
                    kind="member",
                    active=True,
                    slack_admin=False,
                    refreshed_at=MORNING,
                )
            )
            if squad is not None:
                member = (
                    await tx.execute(
                        insert(Member)
                        .values(
                            workspace_id=self.workspace_id,
                            squad_id=squad,
                            person_id=person_id,
                            status="active",
                            joined_at=MORNING,
                        )
                        .returning(Member.id)
                    )
                ).scalar_one()
                await tx.execute(
                    insert(MemberRole).values(
                        workspace_id=self.workspace_id, member_id=member, role=role
                    )
                )
        return user, person_id

    async def deactivate(self, user: Any) -> None:
        async with self.database.write() as tx:
            mine = SlackIdentity.user_id == user.id
            await tx.execute(update(SlackIdentity).where(mine).values(active=False))

    async def make_external(self, user: Any) -> None:
        async with self.database.write() as tx:
            await tx.execute(delete(SlackIdentity).where(SlackIdentity.user_id == user.id))

    async def time_off(self, person: int, first: str, last: str) -> None:
        async with self.database.write() as tx:
            await tx.execute(
                insert(TimeOff).values(
                    workspace_id=self.workspace_id,
                    person_id=person,
                    first_day=date.fromisoformat(first),
                    last_day=date.fromisoformat(last),
                    created_at=MORNING,
                )
            )

    async def squad(self, state: str = "live") -> int:
        async with self.database.write() as tx:
            return (
                await tx.execute(
                    insert(Squad)
                    .values(
                        workspace_id=self.workspace_id,
                        name=f"squad {monotonic()}",
                        state=state,
                        individual_figures="self+managers",
                        language="en",
                        zone="Europe/London",
                        working_days="01234",
                        work_start=time(9),
                        work_end=time(17),
                        created_at=MORNING,
                    )
                    .returning(Squad.id)
                )
            ).scalar_one()

    async def send(self, **fields: Any) -> int:
        """Queue one intent (an answer of kind note unless said otherwise); return its id."""
        n = fields.pop("n", 1)
        given: dict[str, Any] = {
            "kind": "note",
            "delivery_class": DeliveryClass.ANSWER,
            "ids": {"n": n},
            **fields,
        }
        async with self.database.write() as tx:
            return await outbox_store.add_one(
                tx, self.workspace_id, Intent(**given), self.clock.now()
            )

    async def row(self, key: int) -> Delivery:
        found = await self.outbox.get(key)
        assert found is not None
        return found

    async def states(self) -> list[tuple[str, str | None]]:
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(OutboxRow.state, OutboxRow.reason).order_by(OutboxRow.id)
            )
            return [(row.state, row.reason) for row in rows]

    async def change(self, key: int, **values: Any) -> None:
        async with self.database.write() as tx:
            await tx.execute(update(OutboxRow).where(OutboxRow.id == key).values(**values))

    def posts(self, where: Any) -> list[str]:
        return [each.text for each in self.slack.messages(where)]

    async def until(self, holds: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
        """Wait until something holds, or fail."""
        async with asyncio.timeout(seconds):
            while not await holds():  # noqa: ASYNC110 - the database sends no event
                await asyncio.sleep(0.02)

    async def all_ended(self) -> bool:
        return all(DeliveryState(state) in ENDS for state, _ in await self.states())


def _no_transaction() -> None:
    if in_transaction():
        raise AssertionError("a call to Slack inside a transaction")


@asynccontextmanager
async def open_office(database: Database, start: datetime, **slack: Any) -> AsyncIterator[Office]:
    hands = Ticking(start)
    async with (
        FakeSlack(
            manifest=ROOT / "manifest.yml",
            now=hands.seconds,
            scopes_used=used.SCOPES,
            features_used=used.FEATURES,
            **slack,
        ) as fake,
        fake.make_session(_no_transaction) as session,
    ):
        async with database.write() as tx:
            workspace_id = (
                await tx.execute(
                    insert(Workspace)
                    .values(team_id=fake.team_id, name="Fake", created_at=start)
                    .returning(Workspace.id)
                )
            ).scalar_one()
        yield Office(
            slack=fake,
            hands=hands,
            database=database,
            session=session,
            workspace_id=workspace_id,
        )
