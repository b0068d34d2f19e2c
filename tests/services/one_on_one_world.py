"""A squad with two managers whose one-on-ones are set up and kept, at a clock that a test moves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select, update

from bot.clock import Clock
from bot.rules.oneonone_terms import Terms
from bot.rules.people import Caller
from bot.services.oneonone_roster import OneOnOneKeeper
from bot.services.oneonone_setups import OneOnOneSetups
from bot.services.oneonones import OneOnOnes
from models import OneOnOne, OutboxRow, TimeOff
from tests.services.quality_world import TEAM, World

MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)
MIA, UNA, BO, CY = (Caller(TEAM, f"U0{name}") for name in ("MIA", "UNA", "BO", "CY"))
TERMS = Terms(
    every_weeks=2,
    days=frozenset({1, 2, 3}),
    hours=(time(10), time(12)),
    zone="UTC",
    minutes=30,
    link="https://meet.example/mia",
)


@dataclass
class Rota:
    """A squad with two managers, and the services at a moved clock."""

    world: World
    now: datetime = MONDAY
    keys: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        hands = Clock(source=lambda: self.now)
        self.database = self.world.database
        self.setups = OneOnOneSetups(self.database, hands)
        self.keeper = OneOnOneKeeper(self.database, hands)
        self.meetings = OneOnOnes(self.database, hands)

    async def add(self, name: str, *roles: str) -> int:
        user_id = f"U0{name.upper()}"
        self.keys[name] = await self.world.person(name, user_id, roles=roles)
        return self.keys[name]

    async def keep(self) -> int:
        return await self.keeper.keep(self.world.workspace_id)

    async def set_up(self, caller: Caller = MIA, terms: Terms = TERMS, *named: int) -> Any:
        return await self.setups.store(caller, self.world.squad_id, terms, named, None)

    async def planned(self) -> dict[int, list[tuple[datetime, int]]]:
        """Person -> the planned meetings to come, with their revisions."""
        statement = (
            select(OneOnOne.person_id, OneOnOne.starts_at, OneOnOne.revision)
            .where(OneOnOne.state == "planned", OneOnOne.starts_at > self.now)
            .order_by(OneOnOne.starts_at)
        )
        found: dict[int, list[tuple[datetime, int]]] = {}
        async with self.database.read() as connection:
            for row in await connection.execute(statement):
                found.setdefault(row.person_id, []).append((row.starts_at, row.revision))
        return found

    async def rows(self, **where: Any) -> Sequence[Any]:
        statement = select(*OneOnOne.__table__.columns).order_by(OneOnOne.starts_at, OneOnOne.id)
        for name, value in where.items():
            statement = statement.where(getattr(OneOnOne, name) == value)
        async with self.database.read() as connection:
            return (await connection.execute(statement)).all()

    async def sent(self, kind: str) -> list[Any]:
        statement = select(*OutboxRow.__table__.columns).where(OutboxRow.kind == kind)
        async with self.database.read() as connection:
            return list((await connection.execute(statement.order_by(OutboxRow.id))).all())

    async def change(self, table: Any, where: Any, **values: Any) -> None:
        async with self.database.write() as tx:
            await tx.execute(update(table).where(where).values(**values))

    async def off(self, name: str, first: date, last: date) -> int:
        return await self.world.add(
            TimeOff,
            person_id=self.keys[name],
            first_day=first,
            last_day=last,
            created_at=self.now,
        )
