"""Fifty squads in ten zones and their people, put in by SQL and into the fake Slack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Sync
from bot.services import welcomes
from bot.store import outbox, schedules, syncs
from bot.store.database import Database
from models import Base, Member, MemberRole, Person, SlackIdentity, Squad, TimeOff
from tests.fakes.slack import FakeSlack
from tests.soak.oracle import Mate, Team

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Africa/Nairobi",
    "Asia/Kolkata",
    "Asia/Manila",
    "Australia/Sydney",
    "Australia/Lord_Howe",
)
# Local times that are shown twice in autumn in the north, and skipped in spring in the south.
ODD = {"Australia/Sydney": time(2, 30), "Australia/Lord_Howe": time(2, 15)}
WEEK = frozenset(range(5))
SUNDAYS = frozenset({6, 0, 1, 2, 3})  # the night the clocks change is theirs to work


@dataclass(frozen=True)
class World:
    """Who is there; `people` are their keys in the order of `mates`, `directs` their channels."""

    workspace_id: int
    teams: Sequence[Team]
    mates: Sequence[Mate]
    people: Sequence[int]
    squads: Sequence[int]
    directs: Sequence[str]


def teams(slack: FakeSlack, count: int, random: Random) -> list[Team]:
    """Squads of every zone; some work nights, some on Sundays with posts in the odd hour."""
    found = []
    for number in range(count):
        zone = ZONES[number % len(ZONES)]
        nights, sundays = number % 7 == 3, number % 7 == 4
        found.append(
            Team(
                number=number,
                zone=zone,
                working_days=SUNDAYS if sundays else WEEK,
                work=(time(22), time(6)) if nights else (time(9), time(17)),
                digest=ODD.get(zone, time(1, 30)) if sundays else time(random.randrange(7, 12)),
                sync=time(2, 30) if nights else time(random.randrange(9, 16), 30),
                lead=timedelta(minutes=30),
                channels={
                    "digest": slack.add_channel(f"digest-{number}").id,
                    "sync": slack.add_channel(f"team-{number}").id,
                },
            )
        )
    return found


def mates(found: Sequence[Team], random: Random) -> list[Mate]:
    """A contributor of each squad and a manager of every fourth, with hours of their own."""
    made = []
    for team in found:
        for role in ("contributor", "manager")[: 2 if team.number % 4 == 0 else 1]:
            other = random.random() < 0.2
            first = date(2026, 9, 21) + timedelta(days=random.randrange(50))
            plain = team.work[0] < team.work[1]
            made.append(
                Mate(
                    name=f"{role.title()} {team.number}",
                    role=role,
                    zone=random.choice(ZONES) if other else team.zone,
                    working_days=team.working_days,
                    work=team.work,
                    quiet=(time(12), time(13)) if plain and random.random() < 0.3 else None,
                    away=(first, first + timedelta(days=6)) if random.random() < 0.3 else None,
                )
            )
    return made


async def build(
    database: Database, slack: FakeSlack, workspace_id: int, count: int, start: datetime
) -> World:
    """Fill an empty workspace."""
    random = Random(count)
    found = teams(slack, count, random)
    people = mates(found, random)
    squads = [await _squad(database, workspace_id, team, start) for team in found]
    keys, directs = [], []
    for mate in people:
        user = slack.add_user(mate.name, tz=mate.zone)
        number = int(mate.name.rpartition(" ")[2])
        keys.append(await _mate(database, workspace_id, squads[number], mate, user.id, start))
        directs.append(slack.dm_channel(user).id)
    return World(workspace_id, found, people, keys, squads, directs)


async def _add(database: Database, table: type[Base], **values: Any) -> int:
    async with database.write() as tx:
        return int(
            (await tx.execute(insert(table).values(**values).returning(table.id))).scalar_one()
        )


async def _squad(database: Database, workspace_id: int, team: Team, start: datetime) -> int:
    key = await _add(
        database,
        Squad,
        workspace_id=workspace_id,
        name=f"Squad {team.number}",
        state="live",
        individual_figures="self+managers",
        language="en",
        zone=team.zone,
        working_days="".join(map(str, sorted(team.working_days))),
        work_start=team.work[0],
        work_end=team.work[1],
        digest_channel=team.channels["digest"],
        team_channel=team.channels["sync"],
        created_at=start,
    )
    async with database.write() as tx:
        days = await schedules.calendar(tx, workspace_id, key, start)
        assert days is not None
        plan = schedules.Schedule(
            id=0,
            workspace_id=workspace_id,
            squad_id=key,
            kind=ScheduleKind.DAILY_DIGEST,
            target=f"squad:{key}",
            local_time=team.digest,
            zone=team.zone,
            lateness=timedelta(hours=4),
        )
        await schedules.add(tx, plan, days, start)
        sync = Sync(
            id=0,
            squad_id=key,
            name="Daily",
            local_time=team.sync,
            lead_minutes=int(team.lead.total_seconds() // 60),
        )
        made = await syncs.put(tx, workspace_id, sync)
        whole = await syncs.get(tx, workspace_id, made)
        assert whole is not None
        await syncs.plan(tx, workspace_id, whole, days, start)
    return key


async def _mate(
    database: Database, workspace_id: int, squad: int, mate: Mate, user_id: str, start: datetime
) -> int:
    common = {"workspace_id": workspace_id}
    quiet = mate.quiet or (None, None)
    person = await _add(
        database,
        Person,
        name=mate.name,
        zone=mate.zone,
        zone_set=True,
        quiet_start=quiet[0],
        quiet_end=quiet[1],
        created_at=start,
        **common,
    )
    await _add(
        database,
        SlackIdentity,
        user_id=user_id,
        person_id=person,
        kind="member",
        active=True,
        slack_admin=False,
        refreshed_at=start,
        **common,
    )
    member = await _add(
        database,
        Member,
        squad_id=squad,
        person_id=person,
        status="active",
        welcomed_at=start,
        joined_at=start,
        **common,
    )
    await _add(database, MemberRole, member_id=member, role=mate.role, **common)
    if mate.away is not None:
        days = {"first_day": mate.away[0], "last_day": mate.away[1]}
        await _add(database, TimeOff, person_id=person, created_at=start, **days, **common)
    return person


async def tell(
    database: Database, world: World, who: int, number: int, at: datetime, *, now: bool
) -> None:
    """Plan one more message to somebody, as a service would: its own, or a line of Today."""
    squad = world.squads[int(world.mates[who].name.rpartition(" ")[2])]
    intent = Intent(
        kind=welcomes.KIND,
        delivery_class=DeliveryClass.NOW if now else DeliveryClass.TODAY,
        person_id=world.people[who],
        squad_id=squad,
        ids={"squad_id": squad},
        dedupe_key=f"soak:{number}",
    )
    async with database.write() as tx:
        await outbox.add(tx, world.workspace_id, [intent], at)
