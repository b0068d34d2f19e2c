"""Who may look at which report, and what is answered about what is not there."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.errors import BadInput, NotAllowed, NotFound
from bot.rules.people import Caller
from bot.rules.reports import Breakdown
from bot.services.reports import SEEN, Reports
from bot.store.database import Database
from models import LedgerEntry
from tests.services.quality_world import TEAM, World, open_world

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)
MANAGER, ADA = Caller(TEAM, "U0MANAGER"), Caller(TEAM, "U0ADA")


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database, Clock(source=lambda: MONDAY + timedelta(days=8)))


async def shell(reports: Reports, **more: Any) -> dict[str, Any]:
    report = await reports.at_shell("Kestrel", "Reviews", FIRST, LAST, **more)
    return report.to_json()


async def seen(database: Database) -> set[tuple[int | None, int | None]]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(LedgerEntry.actor_id, LedgerEntry.person_id).where(LedgerEntry.action == SEEN)
        )
        return {(row.actor_id, row.person_id) for row in rows}


async def test_a_look_at_somebodys_figures_is_in_the_ledger(
    world: World, reports: Reports, database: Database
) -> None:
    ada = await world.person("Ada", "U0ADA", roles=("contributor",))
    boss = await world.person("Bo", "U0MANAGER", roles=("manager",))
    await world.submission(ada, MONDAY)
    await world.submission(boss, MONDAY)
    asked = (world.squad_id, world.project_id, FIRST, LAST)

    mine = await reports.quality(ADA, *asked, by=Breakdown.CONTRIBUTOR)
    assert [group.key for group in mine.groups] == ["U0ADA"]
    assert await seen(database) == set()

    both = await reports.quality(MANAGER, *asked, by=Breakdown.CONTRIBUTOR)
    assert [group.key for group in both.groups] == ["U0ADA", "U0MANAGER"]
    assert await seen(database) == {(boss, ada)}

    await shell(reports, by=Breakdown.CONTRIBUTOR)
    assert await seen(database) == {(boss, ada), (None, ada), (None, boss)}


async def test_the_squads_setting_hides_people(world: World, reports: Reports) -> None:
    silent = await world.squad("Heron", individual_figures="off")
    ada = await world.person("Ada", "U0ADA", roles=("contributor",), squad_id=silent)
    await world.person("Bo", "U0MANAGER", roles=("manager",), squad_id=silent)
    await world.submission(ada, MONDAY, squad_id=silent)
    for caller in (ADA, MANAGER):
        with pytest.raises(NotAllowed) as refused:
            await reports.quality(
                caller, silent, world.project_id, FIRST, LAST, by=Breakdown.CONTRIBUTOR
            )
        assert refused.value.code == "not_allowed_see_person"
    with pytest.raises(NotAllowed) as refused:
        await reports.at_shell("heron", "reviews", FIRST, LAST, by=Breakdown.CONTRIBUTOR)
    assert refused.value.code == "individual_figures_off"
    found = await reports.at_shell("heron", "reviews", FIRST, LAST)
    assert found.report.groups[0].submissions == 1


@pytest.mark.parametrize("by", [None, Breakdown.CATEGORY])
async def test_a_squads_figures_are_not_for_contributors(
    world: World, reports: Reports, by: Breakdown | None
) -> None:
    await world.person("Ada", "U0ADA", roles=("contributor",))
    await world.person("Bo", "U0MANAGER", roles=("manager",))
    asked = (world.squad_id, world.project_id, FIRST, LAST, by)
    assert (await reports.quality(MANAGER, *asked)).project == "Reviews"
    with pytest.raises(NotAllowed) as refused:
        await reports.quality(ADA, *asked)
    assert refused.value.code == "not_allowed_see_squad_figures"


@pytest.mark.usefixtures("world")
async def test_what_is_not_there_is_named_with_what_is(reports: Reports) -> None:
    with pytest.raises(NotFound) as missing:
        await reports.at_shell("Osprey", "Reviews", FIRST, LAST)
    assert (missing.value.code, missing.value.fields["known"]) == ("unknown_squad", "Kestrel")
    with pytest.raises(NotFound) as missing:
        await reports.at_shell("Kestrel", "Maps", FIRST, LAST)
    assert (missing.value.code, missing.value.fields["known"]) == ("unknown_project", "Reviews")
    with pytest.raises(BadInput) as bad:
        await reports.at_shell("Kestrel", "Reviews", LAST, FIRST)
    assert bad.value.code == "range_ends_before_start"


async def test_another_workspaces_squad_is_not_found(world: World, reports: Reports) -> None:
    await world.person("Bo", "U0MANAGER", roles=("manager",))
    with pytest.raises(NotFound):
        await reports.quality(MANAGER, world.squad_id, 10_000, FIRST, LAST)
