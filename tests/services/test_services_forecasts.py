from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from bot.clock import Clock
from bot.errors import NotAllowed, NotFound
from bot.rules.digests import Cadence, Edition
from bot.rules.forecast import Outlook, Unknown
from bot.rules.forecasts import BatchForecast
from bot.rules.people import Caller
from bot.services.digests import Digests
from bot.services.forecasts import Forecasts
from bot.store.database import Database
from models import Batch, Member, SquadProject, TimeOff
from tests.services.quality_world import BEGINNING, TEAM, World, open_world

# A Tuesday; work is known up to Monday 9 March.
TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
TODAY = TUESDAY.date()
MONDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database, digest_channel="C0DIGEST")


@pytest.fixture
def service(database: Database) -> Forecasts:
    return Forecasts(database, Clock(source=lambda: TUESDAY))


async def batch(
    world: World, name: str, size: int | None, due: date | None, **given: object
) -> int:
    return await world.add(
        Batch,
        project_id=world.project_id,
        name=name,
        size=size,
        due=due,
        created_at=BEGINNING,
        **given,
    )


async def work(world: World, batch_id: int, person: int, days: list[tuple[date, int]]) -> None:
    for day, n in days:
        at = datetime.combine(day, time(10), UTC)
        for second in range(n):
            await world.submission(person, at + timedelta(seconds=second), batch_id=batch_id)


def workdays(last: date, n: int) -> list[date]:
    days = (last - timedelta(days=back) for back in range(3 * n))
    return sorted([day for day in days if day.weekday() < 5][:n])


async def only(service: Forecasts) -> BatchForecast:
    (found,) = (await service.at_shell("Kestrel", "Reviews")).batches
    return found


async def test_a_steady_pace_gives_a_day_and_whether_it_holds(
    world: World, service: Forecasts
) -> None:
    ada = await world.person("Ada", roles=("contributor",))
    key = await batch(world, "Batch 7", 50, date(2026, 3, 13))
    await work(world, key, ada, [(day, 4) for day in workdays(MONDAY, 10)])
    await work(world, key, ada, [(TODAY, 3)])  # today is not over
    found = await only(service)
    assert (found.done, found.forecast.left, found.forecast.pace) == (40, 10, 4.0)
    assert found.forecast.finish == date(2026, 3, 12)  # 4 today, 4 tomorrow, 2 the day after
    assert (found.forecast.early, found.forecast.late) == (date(2026, 3, 12), date(2026, 3, 12))
    assert found.forecast.outlook is Outlook.HOLDS
    assert found.forecast.needed == pytest.approx(10 / 4)


async def test_time_off_ahead_moves_the_finish(world: World, service: Forecasts) -> None:
    ada = await world.person("Ada", roles=("contributor",))
    bo = await world.person("Bo", roles=("contributor",))
    key = await batch(world, "Batch 7", 56, date(2026, 3, 12))
    await work(world, key, ada, [(day, 4) for day in workdays(MONDAY, 10)])
    assert (await only(service)).forecast.finish == date(2026, 3, 13)
    for person in (ada, bo):
        await world.add(
            TimeOff,
            person_id=person,
            first_day=date(2026, 3, 11),
            last_day=date(2026, 3, 13),
            created_at=BEGINNING,
        )
    away = (await only(service)).forecast
    assert away.finish == date(2026, 3, 18)
    assert away.outlook is Outlook.AT_RISK


async def test_half_away_is_half_the_pace(
    world: World, service: Forecasts, database: Database
) -> None:
    ada = await world.person("Ada", roles=("contributor",))
    bo = await world.person("Bo", roles=("contributor",))
    key = await batch(world, "Batch 7", 48, None)
    days = workdays(MONDAY, 10)
    await work(world, key, ada, [(day, 4) for day in days])
    last = date(2026, 3, 31)
    await world.add(TimeOff, person_id=bo, first_day=TODAY, last_day=last, created_at=BEGINNING)
    found = (await only(service)).forecast
    assert found.finish == date(2026, 3, 13)  # 2 a day instead of 4
    assert (found.outlook, found.unknown) == (Outlook.CANNOT_TELL, Unknown.NO_DUE)
    async with database.write() as tx:  # whoever is gone is not missed
        await tx.execute(update(Member).where(Member.person_id == bo).values(status="offboarded"))
    assert (await only(service)).forecast.finish == date(2026, 3, 11)


async def test_the_weekends_work_is_not_lost_and_all_squads_count(
    world: World, service: Forecasts
) -> None:
    ada = await world.person("Ada", roles=("contributor",))
    heron = await world.squad("Heron")
    await world.add(SquadProject, squad_id=heron, project_id=world.project_id)
    key = await batch(world, "Batch 7", 100, None)
    await work(world, key, ada, [(day, 4) for day in workdays(MONDAY, 10)])
    await work(world, key, ada, [(date(2026, 3, 7), 10)])  # a Saturday
    at = datetime.combine(MONDAY, time(12), UTC)
    await world.submission(ada, at, batch_id=key, squad_id=heron)
    found = await only(service)
    assert (found.done, found.forecast.pace) == (51, 5.1)


@pytest.mark.parametrize(
    ("size", "due", "n", "outlook", "unknown", "overdue"),
    [
        (None, date(2026, 4, 1), 10, Outlook.CANNOT_TELL, Unknown.NO_SIZE, False),
        (0, date(2026, 4, 1), 10, Outlook.CANNOT_TELL, Unknown.NO_SIZE, False),
        (10, date(2026, 4, 1), 10, Outlook.FINISHED, None, False),
        (60, None, 10, Outlook.CANNOT_TELL, Unknown.NO_DUE, False),
        (60, date(2026, 3, 2), 10, Outlook.AT_RISK, None, True),
        (60, date(2026, 4, 1), 3, Outlook.CANNOT_TELL, Unknown.FEW_DAYS, False),
        (60, date(2026, 4, 1), 0, Outlook.CANNOT_TELL, Unknown.FEW_DAYS, False),
    ],
)
async def test_plans_with_something_missing(
    world: World,
    service: Forecasts,
    size: int | None,
    due: date | None,
    n: int,
    outlook: Outlook,
    unknown: Unknown | None,
    overdue: bool,
) -> None:
    ada = await world.person("Ada", roles=("contributor",))
    key = await batch(world, "Batch 7", size, due)
    await work(world, key, ada, [(day, 1) for day in workdays(MONDAY, n)] if n else [])
    found = await only(service)
    assert (found.forecast.outlook, found.forecast.unknown) == (outlook, unknown)
    assert found.forecast.overdue is overdue


async def test_nobody_on_the_roster_still_has_a_pace(world: World, service: Forecasts) -> None:
    somebody = await world.person("From a file")
    key = await batch(world, "Batch 7", 50, None)
    await work(world, key, somebody, [(day, 4) for day in workdays(MONDAY, 10)])
    assert (await only(service)).forecast.pace == 4.0


async def test_the_digest_leaves_out_what_is_long_past_and_the_list_does_not(
    world: World, service: Forecasts, database: Database
) -> None:
    ada = await world.person("Ada", roles=("contributor",))
    old = await batch(world, "Old", 50, date(2026, 1, 30))
    await work(world, old, ada, [(date(2026, 1, 20), 2)])
    late = await batch(world, "Late", 50, date(2026, 2, 27))
    busy = await batch(world, "Busy", 50, date(2026, 1, 30))
    await work(world, late, ada, [(date(2026, 2, 3), 2)])
    await work(world, busy, ada, [(MONDAY, 2)])
    await batch(world, "Retired", 50, date(2026, 4, 1), retired_at=BEGINNING)
    everything = (await service.at_shell("kestrel", "reviews")).batches
    assert [one.batch.name for one in everything] == ["Busy", "Old", "Late"]
    found = await Digests(database, Clock(source=lambda: TUESDAY)).content(
        Edition(
            workspace_id=world.workspace_id,
            squad_id=world.squad_id,
            cadence=Cadence.DAILY,
            day=TODAY,
        )
    )
    assert found is not None
    assert [one.batch.name for one in found.projects[0].dates] == ["Busy", "Late"]
    assert found.projects[0].dates[0] == everything[0]


async def test_who_may_see_dates(world: World, service: Forecasts) -> None:
    for role in ("manager", "auditor", "delivery", "contributor", "client"):
        await world.person(role, f"U0{role.upper()}", roles=(role,))
    for role in ("manager", "auditor", "delivery"):
        found = await service.dates(
            Caller(TEAM, f"U0{role.upper()}"), world.squad_id, world.project_id
        )
        assert found.batches == ()
    for role in ("contributor", "client"):
        with pytest.raises(NotAllowed, match="not_allowed_see_squad_figures"):
            await service.dates(Caller(TEAM, f"U0{role.upper()}"), world.squad_id, world.project_id)
    with pytest.raises(NotFound, match="unknown_squad"):
        await service.at_shell("Osprey", "Reviews")
