"""A year of one-on-ones for 2,000 people and 100 managers, a join or leave, and a day's packs.

The year is planned by the rules, as the nights of a year would, in one go; the join and the leave
go through the program's own service on SQLite, with six weeks of everybody's meetings stored. The
packs are those of twenty meetings in one manager's morning message, in the squad of 200 with two
years of history of bench_digest.py, where each pair met every two weeks and keeps notes, topics and
actions: read as dispatch reads them, and put into a message.
"""

import argparse
import asyncio
import statistics
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import bench_digest
from bench_digest import LAST, PEOPLE
from sqlalchemy import create_engine, event, insert, select, text, update

from bot.clock import Clock
from bot.rules.calendar import DateSpan, WorkCalendar, make_calendar, public_holidays
from bot.rules.oneonone_homes import Homes, wanted, week_of
from bot.rules.oneonone_hours import Hours
from bot.rules.oneonone_plan import Planner, Taken
from bot.rules.oneonone_terms import Terms
from bot.rules.oneonones import Pair
from bot.rules.people import Caller
from bot.services import bundle
from bot.services.oneonone_roster import OneOnOneKeeper
from bot.services.oneonone_setups import OneOnOneSetups
from bot.store import migrations
from bot.store.database import Database
from bot.views import catalogue, oneonone_packs
from models import (
    ActionItem,
    Member,
    MemberRole,
    OneOnOne,
    OneOnOneNote,
    OneOnOnePair,
    OneOnOneTopic,
    Person,
    SlackIdentity,
    Squad,
    Workspace,
)

NOW = datetime(2026, 1, 5, 7, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Europe/Lisbon", "Europe/Warsaw", "Africa/Nairobi")
TEAM = "T0BENCH"
MANAGER = 202
HOUR = LAST + timedelta(hours=8)  # the squad's day begins at nine of London, which is UTC then
PACKS = 20
ROUNDS = 20


def calendar(n: int) -> WorkCalendar:
    """Return one of four zones with German holidays and two weeks off in the year."""
    first = date(2026, 1, 12) + timedelta(days=n * 7 % 330)
    return make_calendar(
        ZONES[n % len(ZONES)],
        range(5),
        (time(9), time(17)),
        holidays=public_holidays("DE", None, (2026, 2027)),
        time_off=(DateSpan(first, first + timedelta(days=13)),),
    )


def a_year(managers: int, people: int) -> tuple[int, int, float]:
    """Plan a year for all; return meetings, rounds without time, seconds of CPU."""
    how = Terms(
        every_weeks=2,
        days=frozenset({1, 2, 3}),
        hours=(time(10), time(15)),
        zone="Europe/Berlin",
        minutes=30,
    )
    held = lost = 0
    begin = process_time()
    for manager in range(managers):
        boss = -1 - manager
        those = range(manager * people // managers, (manager + 1) * people // managers)
        calendars = {boss: calendar(manager), **{key: calendar(key) for key in those}}
        those_wanted = wanted(how, calendars, boss, those, week_of(NOW.date()))
        homes = Homes(how, []).assign(those_wanted)
        pairs = [
            Pair(
                pair_id=key,
                squad_id=1,
                manager_id=boss,
                person_id=key,
                every_weeks=2,
                minutes=30,
                zone=how.zone,
                home=home,
            )
            for key, home in homes.items()
        ]
        planner = Planner(pairs, {1: how}, Hours(calendars), Taken(), NOW)
        placed = planner.plan([], NOW + timedelta(days=364))
        held += sum(each.start is not None for each in placed)
        lost += sum(each.start is None for each in placed)
    return held, lost, process_time() - begin


async def fill(database: Database, squads: int, people: int) -> int:
    """Make squads with a manager each; return the workspace."""
    async with database.write() as tx:

        async def add(table: Any, **values: Any) -> int:
            statement = insert(table).values(**values).returning(table.id)
            return int((await tx.execute(statement)).scalar_one())

        workspace = await add(Workspace, team_id=TEAM, name="Bench", created_at=NOW)
        at = {"workspace_id": workspace}
        for n in range(squads):
            squad = await add(
                Squad,
                **at,
                name=f"Squad {n}",
                state="live",
                individual_figures="self+managers",
                language="en",
                zone=ZONES[n % len(ZONES)],
                working_days="01234",
                work_start=time(9),
                work_end=time(17),
                created_at=NOW,
            )
            for each in range(people // squads + 1):
                user = f"U{n:03}{each:03}"
                person = await add(Person, **at, name=user, created_at=NOW)
                await add(
                    SlackIdentity,
                    **at,
                    user_id=user,
                    person_id=person,
                    kind="member",
                    refreshed_at=NOW,
                )
                member = await add(
                    Member,
                    **at,
                    squad_id=squad,
                    person_id=person,
                    status="active",
                    joined_at=NOW,
                )
                role = "contributor" if each else "manager"
                await add(MemberRole, **at, member_id=member, role=role)
        return workspace


async def changes(squads: int, people: int, rounds: int) -> dict[str, float]:
    """Return the slowest join, the slowest leave, and what a night takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        migrations.move(f"sqlite:///{path}")
        database = Database(f"sqlite+aiosqlite:///{path}")
        clock = Clock(source=lambda: NOW)
        workspace = await fill(database, squads, people)
        setups, keeper = OneOnOneSetups(database, clock), OneOnOneKeeper(database, clock)
        begin = perf_counter()
        for n in range(squads):
            terms = Terms(
                every_weeks=2,
                days=frozenset({1, 2, 3}),
                hours=(time(10), time(15)),
                zone=ZONES[n % len(ZONES)],
                minutes=30,
            )
            await setups.store(Caller(TEAM, f"U{n:03}000"), n + 1, terms, [], None)
        found = {"set-ups, each": (perf_counter() - begin) / squads}
        before = await _stored(database)
        for n in range(rounds):
            member = await _member(database, f"U{n:03}001")
            for name, status in (("leave", "paused"), ("join", "active")):
                async with database.write() as tx:
                    await tx.execute(
                        update(Member).where(Member.id == member).values(status=status)
                    )
                begin = perf_counter()
                await keeper.look_at(workspace, n + 1)
                spent = perf_counter() - begin
                found[name] = max(found.get(name, 0.0), spent)
        after = await _stored(database)
        touched = {f"U{n:03}001" for n in range(rounds)}
        found["others moved"] = float(
            sum(after.get(key) != at for key, at in before.items() if key[0] not in touched)
        )
        begin = perf_counter()
        await keeper.keep(workspace)
        found["a night"] = perf_counter() - begin
        await database.close()
        return found


async def _member(database: Database, user: str) -> int:
    async with database.read() as connection:
        statement = (
            select(Member.id)
            .join(SlackIdentity, SlackIdentity.person_id == Member.person_id)
            .where(SlackIdentity.user_id == user)
        )
        return int(await connection.scalar(statement) or 0)


async def _stored(database: Database) -> dict[tuple[str, int], tuple[datetime, int]]:
    async with database.read() as connection:
        statement = (
            select(SlackIdentity.user_id, OneOnOne.id, OneOnOne.starts_at, OneOnOne.revision)
            .join(SlackIdentity, SlackIdentity.person_id == OneOnOne.person_id)
            .where(OneOnOne.state == "planned")
        )
        rows = await connection.execute(statement)
        return {(row.user_id, row.id): (row.starts_at, row.revision) for row in rows}


# A manager's morning.


def history(url: str, weeks: int) -> None:
    """Fill a database with a squad's work, and two years of a manager's meetings with twenty."""
    bench_digest.build(url, weeks, 10)
    engine = create_engine(url.replace("+aiosqlite", ""))
    at = {"workspace_id": 1, "squad_id": 1}
    of = {"workspace_id": 1}
    with engine.begin() as connection:

        def put(table: Any, *rows: dict[str, Any]) -> None:
            connection.execute(insert(table), list(rows))

        put(Person, {**of, "id": MANAGER, "name": "Mia", "created_at": LAST})
        put(
            SlackIdentity,
            *(
                {
                    **of,
                    "person_id": key,
                    "user_id": f"U{key}",
                    "kind": "member",
                    "active": True,
                    "refreshed_at": LAST,
                }
                for key in (*PEOPLE, bench_digest.AUDITOR, MANAGER)
            ),
        )
        member = {"status": "active", "joined_at": LAST}
        put(Member, {**at, **member, "id": MANAGER, "person_id": MANAGER})
        put(MemberRole, {**of, "member_id": MANAGER, "role": "manager"})
        for n, person in enumerate(PEOPLE[:PACKS]):
            for table, rows in _met(1000 + n, person, n, weeks).items():
                put(table, *({**of, **each} for each in rows))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _met(pair_id: int, person: int, n: int, weeks: int) -> dict[Any, list[dict[str, Any]]]:
    """Return a pair with a meeting every two weeks up to today, and what it left behind."""
    two = {"squad_id": 1, "manager_id": MANAGER, "person_id": person}
    found: dict[Any, list[dict[str, Any]]] = {
        OneOnOnePair: [
            {
                **two,
                "id": pair_id,
                "every_weeks": 2,
                "minutes": 20,
                "zone": "Europe/London",
                "created_at": LAST,
            }
        ]
    }
    for back in range(weeks // 2, -1, -1):
        key = pair_id * 1000 + back
        start = LAST + timedelta(hours=9, minutes=20 * n) - timedelta(weeks=2 * back)
        meeting = {
            **two,
            "id": key,
            "pair_id": pair_id,
            "slot": f"{start:%G-W%V}",
            "starts_at": start,
            "ends_at": start + timedelta(minutes=20),
            "revision": 0,
            "reminded": 0,
            "by_hand": False,
            "state": "happened" if back else "planned",
            "created_at": start,
        }
        note = {"one_on_one_id": key, "revision": 1, "edited_by": MANAGER, "edited_at": start}
        topic = {"pair_id": pair_id, "shared": True, "created_at": start}
        action = {
            "squad_id": 1,
            "owner_id": person,
            "text": "Do it " * 20,
            "source": "oneonone",
            "source_id": key,
            "private": True,
            "created_by": MANAGER,
            "created_at": start,
            "done_at": start if back > 2 else None,
        }
        found.setdefault(OneOnOne, []).append(meeting)
        if back:
            found.setdefault(OneOnOneNote, []).append(
                {**note, "shared": "We spoke. " * 50, "own": "Tired. " * 30}
            )
        closed = start if back > 4 else None
        for author in (person, MANAGER):
            found.setdefault(OneOnOneTopic, []).append(
                {**topic, "author_id": author, "text": "And so on " * 10, "closed_at": closed}
            )
        found.setdefault(ActionItem, []).append(action)
    return found


async def morning(weeks: int) -> tuple[list[float], list[float], int]:
    """Return milliseconds of the packs of a day, those of a processor, and its statements."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder)}/packs.db"
        history(url, weeks)
        database = Database(url)
        packs = bundle.build(database, Clock(source=lambda: HOUR)).packs
        words = catalogue.load().of(None)
        taken: list[float] = []
        busy: list[float] = []
        counted = 0

        def heard(*_args: Any) -> None:
            nonlocal counted
            counted += 1

        engine = database._reader.sync_engine
        for turn in range(ROUNDS + 3):
            if turn == 2:
                event.listen(engine, "before_cursor_execute", heard)
            begin, worked = perf_counter(), process_time()
            found = await packs.day(1, MANAGER, LAST.date(), "packs:1")
            assert found is not None
            assert len(found.packs) == PACKS
            oneonone_packs.day(words, found)
            if turn == 2:
                event.remove(engine, "before_cursor_execute", heard)
            if turn >= 3:
                busy.append((process_time() - worked) * 1000)
                taken.append((perf_counter() - begin) * 1000)
            else:  # packs with nothing in them would be fast and compare nothing
                assert all(each.projects[0].score for each in found.packs)
                assert all(each.notes and each.topics and each.actions for each in found.packs)
        await database.close()
    return taken, busy, counted


def main() -> None:
    """Print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--managers", type=int, default=100)
    options.add_argument("--people", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--weeks", type=int, default=104, help="of history behind the packs")
    options.add_argument("--packs-only", action="store_true")
    given = options.parse_args()
    taken, busy, counted = asyncio.run(morning(given.weeks))
    print(
        f"{PACKS} packs of a day: {statistics.median(taken):.0f} ms (≤ 500 ms), of which"
        f" {statistics.median(busy):.0f} ms of a processor, {min(taken):.0f} ms at best;"
        f" {counted} statements"
    )
    if given.packs_only:
        return
    held, lost, seconds = a_year(given.managers, given.people)
    print(f"a year: {held} meetings, {lost} rounds without time: {seconds:.2f} s CPU (≤ 10 s)")
    found = asyncio.run(changes(given.managers, given.people, given.rounds))
    for name in ("join", "leave"):
        print(f"{name}, slowest of {given.rounds}: {found[name] * 1000:.0f} ms (≤ 100 ms)")
    print(f"meetings of others moved: {found['others moved']:.0f} (0)")
    print(f"a set-up: {found['set-ups, each'] * 1000:.0f} ms")
    print(f"a night with nothing to do: {found['a night']:.2f} s")


if __name__ == "__main__":
    main()
