"""What the dispatch measure works on: squads, people, and messages that wait in the outbox.

Four of five messages are feedback for one person (class now: hours and budget are checked for
each), the fifth is praise that is shown to a team channel. Each says its own number.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, create_engine, insert

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent
from bot.services.coaching import MESSAGE, SHARED, message_key
from bot.store import migrations
from bot.store.outbox import values_of
from models import Base, Coaching, Member, OutboxRow, Person, SlackIdentity, Squad, Workspace
from tests.fakes.slack import FakeSlack

WORKSPACE = 1
MANAGER = 1
SQUADS = 60
"""At 50 messages a second ten go to channels, and a channel takes one a second."""

EACH = 2
"""Messages for one person: the third of a day is kept for Today."""

_NUMBER = re.compile(r"Note (\d+):")


@dataclass(frozen=True, slots=True)
class World:
    """Where each numbered message belongs: `channels[number]` is a channel or DM id."""

    channels: list[str]


def seed(url: str, slack: FakeSlack, messages: int) -> World:
    """Fill an empty SQLite file with `messages` messages that are due, and Slack with people."""
    migrations.move(url)
    engine = create_engine(url)
    now = datetime.now(UTC)
    people = -(-messages * 4 // (5 * EACH))
    try:
        teams, directs = _ground(engine, slack, people, now)
        return _messages(engine, teams, directs, messages, now)
    finally:
        engine.dispose()


def _ground(
    engine: Engine, slack: FakeSlack, people: int, now: datetime
) -> tuple[list[str], list[str]]:
    """Store squads and people; return the ids of the team channels and of the DMs."""
    common = {"workspace_id": WORKSPACE, "created_at": now}
    users = [slack.add_user(f"P{number}") for number in range(people + 1)]
    teams = [slack.add_channel(f"team-{number}").id for number in range(SQUADS)]
    directs = [slack.dm_channel(user).id for user in users]
    keys = range(1, people + 2)
    rows: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (Workspace, [{"id": WORKSPACE, "team_id": slack.team_id, "name": "W", "created_at": now}]),
        (Squad, [_squad(number, teams[number], now) | common for number in range(SQUADS)]),
        (Person, [{"id": key, "name": f"P{key}", **common} for key in keys]),
        (
            SlackIdentity,
            [
                {
                    "workspace_id": WORKSPACE,
                    "user_id": user.id,
                    "person_id": key,
                    "kind": "member",
                    "dm_channel": direct,
                    "refreshed_at": now,
                }
                for key, user, direct in zip(keys, users, directs, strict=True)
            ],
        ),
        (
            Member,
            [
                {
                    "workspace_id": WORKSPACE,
                    "squad_id": _squad_of(key),
                    "person_id": key,
                    "status": "active",
                    "joined_at": now,
                }
                for key in keys
            ],
        ),
    ]
    with engine.begin() as connection:
        for table, values in rows:
            connection.execute(insert(table), values)
    return teams, directs


def _squad(number: int, team: str, now: datetime) -> dict[str, Any]:
    """Return a live squad where it is about eleven in the morning, and every day a working day."""
    return {
        "id": number + 1,
        "name": f"Squad {number}",
        "state": "live",
        "individual_figures": "self+managers",
        "language": "en",
        "zone": _zone_where_it_is_eleven(now),
        "working_days": "0123456",
        "work_start": time(0),
        "work_end": time(23, 59),
        "team_channel": team,
    }


def _zone_where_it_is_eleven(now: datetime) -> str:
    ahead = (11 - now.hour + 12) % 24 - 12
    # In POSIX names the sign is turned: Etc/GMT-3 is three hours ahead of UTC.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"


def _squad_of(person: int) -> int:
    return person % SQUADS + 1


def _messages(
    engine: Engine, teams: list[str], directs: list[str], messages: int, now: datetime
) -> World:
    """Store notes and their intents, channels and people in turn; return where each belongs."""
    notes, outbox, places = [], [], []
    people = range(2, len(directs) + 1)
    for number in range(messages):
        shared = number % 5 == 4
        if shared:
            person = number // 5 % SQUADS + 1
            squad = person
            place = teams[squad - 1]
        else:
            person = people[(number - number // 5) % len(people)]
            squad = _squad_of(person)
            place = directs[person - 1]
        moment = now - timedelta(hours=1)
        notes.append(
            {
                "id": number + 1,
                "workspace_id": WORKSPACE,
                "squad_id": squad,
                "person_id": max(person, 2),
                "by_id": MANAGER,
                "kind": "praise" if shared else "feedback",
                "body": f"Note {number}: spans end before the full stop.",
                "shared_at": moment if shared else None,
                "created_at": moment,
            }
        )
        intent = Intent(
            kind=SHARED if shared else MESSAGE,
            delivery_class=DeliveryClass.ANSWER if shared else DeliveryClass.NOW,
            channel=place if shared else None,
            person_id=None if shared else person,
            squad_id=squad,
            ids={"coaching_id": number + 1},
            dedupe_key=f"{SHARED}:{number + 1}" if shared else message_key(number + 1),
        )
        outbox.append(values_of(WORKSPACE, intent, moment))
        places.append(place)
    with engine.begin() as connection:
        connection.execute(insert(Coaching), notes)
        connection.execute(insert(OutboxRow), outbox)
    return World(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What the fake Slack's record says: when (Unix time), and what is wrong with it."""

    times: list[float]
    lost: int
    doubled: int
    misplaced: int
    doubled_keys: int


def arrivals(slack: FakeSlack, world: World) -> Arrivals:
    """Read the record: each number once and in its place, each metadata key once."""
    numbers: Counter[int] = Counter()
    keys: Counter[str] = Counter()
    misplaced, times = 0, []
    for channel in slack.channels.values():
        for message in channel.messages.values():
            (number,) = (int(each) for each in _NUMBER.findall(message.shown)[:1])
            assert message.metadata is not None
            numbers[number] += 1
            keys[message.metadata["event_payload"]["key"]] += 1
            misplaced += world.channels[number] != channel.id
            times.append(message.created)
    return Arrivals(
        times=sorted(times),
        lost=len(world.channels) - len(numbers),
        doubled=numbers.total() - len(numbers),
        misplaced=misplaced,
        doubled_keys=keys.total() - len(keys),
    )
