"""One-on-ones when somebody's hours change for good: one pair moves, once, and both hear of it."""

from collections import Counter
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from bot.rules.oneonones import MeetingState
from bot.store import syncs
from bot.store.database import Database
from models import OneOnOnePair, Person, Squad, Sync
from tests.services.one_on_one_world import MIA, TERMS, Rota
from tests.services.quality_world import open_world

Home = tuple[int, int, time]


@pytest.fixture
async def rota(database: Database) -> Rota:
    found = Rota(await open_world(database))
    await found.add("Mia", "manager")
    for name in ("Bo", "Cy", "Di", "Ed"):
        await found.add(name, "contributor")
    await found.set_up()
    return found


async def homes(rota: Rota) -> dict[int, Home]:
    statement = select(
        OneOnOnePair.person_id,
        OneOnOnePair.home_week,
        OneOnOnePair.home_day,
        OneOnOnePair.home_time,
    )
    async with rota.database.read() as connection:
        return {row[0]: tuple(row[1:]) for row in await connection.execute(statement)}


async def works(rota: Rota, name: str, start: int | None, end: int | None) -> None:
    values = {
        "work_start": None if start is None else time(start),
        "work_end": None if end is None else time(end),
    }
    await rota.change(Person, Person.id == rota.keys[name], **values)


async def test_a_pair_whose_hours_left_their_home_gets_another_and_nobody_else_moves(
    rota: Rota,
) -> None:
    bo, mia = rota.keys["Bo"], rota.keys["Mia"]
    at_first, before = await homes(rota), await rota.planned()
    early = at_first[bo][2] < time(11)
    await works(rota, "Bo", *((11, 17) if early else (8, 11)))
    assert await rota.keep() == len(before[bo])
    after, planned = await homes(rota), await rota.planned()
    assert after[bo] != at_first[bo]
    assert {key: home for key, home in after.items() if key != bo} == {
        key: home for key, home in at_first.items() if key != bo
    }
    assert {key: each for key, each in planned.items() if key != bo} == {
        key: each for key, each in before.items() if key != bo
    }
    # Each meeting that was announced moved once, and both were told so once.
    assert [revision for _, revision in planned[bo]] == [1] * len(before[bo])
    told = await rota.sent("oneonone.moved")
    assert Counter((each.person_id, each.ids["one_on_one_id"]) for each in told) == Counter(
        (who, row.id)
        for row in await rota.rows(person_id=bo, state=MeetingState.PLANNED.value)
        for who in (bo, mia)
    )
    # They are at home there: what comes later begins there, and no night moves it again.
    for _ in range(5):
        rota.now += timedelta(weeks=1)
        await rota.keep()
    rows = await rota.rows(person_id=bo)
    new = [row for row in rows if row.revision == 0]
    assert new
    assert {(row.starts_at.weekday(), row.starts_at.time()) for row in new} == {after[bo][1:]}
    assert {row.revision for row in rows} == {0, 1}
    assert len(await rota.sent("oneonone.moved")) == len(told)
    # As before again, the new home is one of both still.
    await works(rota, "Bo", None, None)
    assert await rota.keep() == 0
    assert await homes(rota) == after


async def test_a_home_that_no_hour_is_left_for_is_kept_until_there_is_one(rota: Rota) -> None:
    bo = rota.keys["Bo"]
    at_first = await homes(rota)
    await works(rota, "Bo", 18, 22)
    await rota.keep()
    assert await homes(rota) == at_first
    assert bo not in await rota.planned()
    await works(rota, "Bo", None, None)
    await rota.keep()
    assert await homes(rota) == at_first
    starts = {(at.weekday(), at.time()) for at, _ in (await rota.planned())[bo]}
    assert starts == {at_first[bo][1:]}


async def test_a_squad_that_works_at_other_hours_keeps_everybody_apart(rota: Rota) -> None:
    at_first = await homes(rota)
    early = {key for key, home in at_first.items() if home[2] < time(11)}
    assert early
    await rota.change(Squad, Squad.id == rota.world.squad_id, work_start=time(11))
    await rota.keep()
    after = await homes(rota)
    assert {key for key in after if after[key] != at_first[key]} == early
    assert all(home[2] >= time(11) for home in after.values())
    assert len(set(after.values())) == len(after)
    places = [row.starts_at for row in await rota.rows(state="planned")]
    assert len(places) == len(set(places))


async def put_sync(rota: Rota, name: str, at: str, **values: object) -> int:
    """Add a daily sync of half an hour to the squad, unless `values` say otherwise."""
    row = {
        "squad_id": rota.world.squad_id,
        "name": name,
        "local_time": time.fromisoformat(at),
        "kind": "sync",
        "minutes": 30,
        "lead_minutes": 30,
        "audience": "squad",
    }
    return await rota.world.add(Sync, **(row | values))


async def test_whoever_is_in_a_sync_meets_at_another_time(database: Database) -> None:
    found = Rota(await open_world(database))
    for name in ("Mia", "Una"):
        await found.add(name, "manager")
    for name in ("Bo", "Cy"):
        await found.add(name, "contributor")
    await put_sync(found, "Daily", "10:00")
    await put_sync(found, "Gone", "10:30", removed_at=found.now)
    await put_sync(found, "Managers", "11:00", audience="manager")
    await put_sync(found, "Friday", "11:30", weekday=4)
    async with database.read() as connection:
        regulars = await syncs.regulars(
            connection, found.world.workspace_id, [found.keys["Mia"], found.keys["Bo"]]
        )
    assert {key: {each.at for each in those} for key, those in regulars.items()} == {
        found.keys["Mia"]: {time(10), time(11), time(11, 30)},
        found.keys["Bo"]: {time(10), time(11, 30)},
    }
    assert {each.days for each in regulars[found.keys["Bo"]]} == {
        frozenset(range(5)),
        frozenset({4}),
    }
    await found.set_up()
    free = {time(10, 30), time(11, 30)}
    assert {at for _, _, at in (await homes(found)).values()} <= free
    first = (await found.rows(person_id=found.keys["Bo"]))[0]
    offered = (await found.meetings.choices(MIA, first.id)).places
    assert offered
    assert {each.time() for each in offered} <= free


async def test_the_first_minutes_of_a_day_are_offered_only_if_nothing_else_is(rota: Rota) -> None:
    await rota.set_up(MIA, replace(TERMS, hours=(time(9), time(11))))
    first = (await rota.rows(person_id=rota.keys["Bo"]))[0]
    offered = (await rota.meetings.choices(MIA, first.id)).places
    assert offered == tuple(sorted(offered))
    assert time(9) not in {each.time() for each in offered}
    await rota.set_up(MIA, replace(TERMS, hours=(time(9), time(9, 30)), days=frozenset(range(5))))
    first = next(
        row
        for row in await rota.rows(person_id=rota.keys["Bo"])
        if row.state == MeetingState.PLANNED.value
    )
    offered = (await rota.meetings.choices(MIA, first.id)).places
    assert {each.time() for each in offered} == {time(9)}
