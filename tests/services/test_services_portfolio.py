"""One line per project over all its squads, with the squads' weights on one scale."""

from datetime import UTC, date, datetime, timedelta

import pytest
from statsmodels.stats.proportion import proportion_confint

from bot.clock import Clock
from bot.errors import BadInput
from bot.services.reports import Reports
from bot.store.database import Database
from bot.views import catalogue
from bot.views.reports import portfolio
from models import SquadProject
from tests.services.quality_world import World, open_world

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database, Clock(source=lambda: MONDAY + timedelta(days=8)))


async def test_squads_of_a_project_are_one_line(world: World, reports: Reports) -> None:
    heron = await world.squad("Heron")
    gone = await world.squad("Gone", archived_at=MONDAY)
    await world.add(SquadProject, squad_id=heron, project_id=world.project_id)
    await world.add(SquadProject, squad_id=gone, project_id=world.project_id)
    maps = await world.project("Maps", heron, planned_volume=40)
    ada = await world.person("Ada")
    for squad, weight, good, bad in ((world.squad_id, 2.0, 9, 1), (heron, 6.0, 3, 2)):
        for verdict in ["accepted"] * good + ["rejected"] * bad:
            made = await world.submission(ada, MONDAY, squad_id=squad)
            await world.audit(
                made, ada, ada, MONDAY, verdict=verdict, weight=weight, squad_id=squad
            )
    found = [line.to_json() for line in await reports.portfolio(FIRST, LAST)]
    assert [(one["project"], one["squads"], one["submissions"]) for one in found] == [
        ("Maps", 1, 0),
        ("Reviews", 2, 15),
    ]
    assert (found[0]["rate"], found[0]["planned_per_working_day"]) == (None, 40)
    assert maps != world.project_id
    share = (2 * 9 + 6 * 3) / (2 * 10 + 6 * 5)
    kish = (2 * 10 + 6 * 5) ** 2 / (4 * 10 + 36 * 5)
    low, high = proportion_confint(share * kish, kish, method="wilson")
    reviews = found[1]
    assert (reviews["n"], reviews["rate"]) == (15, pytest.approx(share))
    assert (reviews["low"], reviews["high"]) == (pytest.approx(low), pytest.approx(high))
    assert "turnaround_s" not in reviews


async def test_as_a_table(world: World, reports: Reports) -> None:
    ada = await world.person("Ada")
    made = await world.submission(ada, MONDAY)
    await world.audit(made, ada, ada, MONDAY)
    words = catalogue.load().of(None)
    sheet = portfolio(words, await reports.portfolio(FIRST, LAST), FIRST, LAST)
    (row,) = sheet.rows
    assert row == ("Reviews", "1", "100%", "20.7% to 100%", "1", "0.00", "1", "–")
    assert len(sheet.columns) == len(row)
    assert "Cost per item is not kept" in sheet.notes[0]


async def test_a_range_that_ends_before_it_begins(reports: Reports) -> None:
    with pytest.raises(BadInput):
        await reports.portfolio(LAST, FIRST)
