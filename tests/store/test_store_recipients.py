"""Who a delivery is for, read in one row on both kinds of database."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.rules.budget import CONTRIBUTOR_BUDGET, MANAGER_BUDGET
from bot.rules.gate import Recipient
from bot.store import recipients
from models import Admin, Member, Person, SlackIdentity, Squad, TimeOff
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


async def read(scene: Scene, person_id: int) -> Recipient | None:
    async with scene.house.database.read() as connection:
        return await recipients.recipient(
            connection, scene.house.workspace_id, person_id, scene.house.hands.time
        )


async def found(scene: Scene, user: Any) -> Recipient:
    there = await read(scene, scene.person(user))
    assert there is not None
    return there


async def change(scene: Scene, table: Any, which: Any, **values: Any) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(table).where(which).values(**values))


async def test_nobody_is_found_under_a_strange_key_or_in_another_workspace(scene: Scene) -> None:
    assert await read(scene, 999) is None
    async with scene.house.database.read() as connection:
        there = await recipients.recipient(
            connection, scene.house.workspace_id + 1, scene.person(scene.ana), MORNING
        )
    assert there is None


async def test_who_was_merged_is_read_as_whom_they_became(scene: Scene) -> None:
    old = await scene.insert(
        Person, name="ana@tool", merged_into=scene.person(scene.ana), created_at=MORNING
    )
    became = await read(scene, old)
    assert became == await found(scene, scene.ana)
    assert became is not None
    assert became.user_id == scene.ana.id


async def test_of_two_identities_the_active_one_is_written_to(scene: Scene) -> None:
    ana = scene.person(scene.ana)
    mine = SlackIdentity.user_id == scene.ana.id
    await change(scene, SlackIdentity, mine, active=False, refreshed_at=MORNING + timedelta(1))
    assert not (await found(scene, scene.ana)).active
    await scene.insert(
        SlackIdentity, person_id=ana, user_id="UNEW", kind="member", refreshed_at=MORNING
    )
    now = await found(scene, scene.ana)
    assert (now.user_id, now.active) == ("UNEW", True)


async def test_somebody_without_identity_has_none(scene: Scene) -> None:
    outside = await scene.insert(Person, name="Zed", created_at=MORNING)
    there = await read(scene, outside)
    assert there is not None
    assert (there.user_id, there.active, there.dm_channel) == (None, False, None)


async def test_hours_are_those_of_the_first_squad_that_still_is(scene: Scene) -> None:
    both = [(scene.ana, "contributor")]
    second = await scene.second_squad("Heron", both)
    early = {"work_start": time(6), "work_end": time(8), "language": "fr"}
    await change(scene, Squad, Squad.id == second, **early)
    assert (await found(scene, scene.ana)).locale != "fr"
    await change(scene, Squad, Squad.id == scene.squad_id, archived_at=MORNING)
    await change(scene, Person, Person.id == scene.person(scene.ana), locale=None)
    moved = await found(scene, scene.ana)
    assert moved.locale == "fr"
    assert moved.calendar != (await found(scene, scene.bo)).calendar


async def test_time_off_is_in_the_calendar_until_it_is_taken_back(scene: Scene) -> None:
    usual = (await found(scene, scene.ana)).calendar
    off = await scene.insert(
        TimeOff,
        person_id=scene.person(scene.ana),
        first_day=MORNING.date(),
        last_day=MORNING.date(),
        created_at=MORNING,
    )
    assert (await found(scene, scene.ana)).calendar != usual
    await change(scene, TimeOff, TimeOff.id == off, cancelled_at=MORNING)
    assert (await found(scene, scene.ana)).calendar == usual


async def test_managers_and_admins_decide_and_may_be_told_more(scene: Scene) -> None:
    assert (await found(scene, scene.mia)).budget == MANAGER_BUDGET
    assert (await found(scene, scene.ana)).budget == CONTRIBUTOR_BUDGET
    gone = Member.person_id == scene.person(scene.mia)
    await change(scene, Member, gone, status="offboarded")
    assert (await found(scene, scene.mia)).budget == CONTRIBUTOR_BUDGET
    await scene.insert(Admin, person_id=scene.person(scene.mia), created_at=MORNING)
    assert (await found(scene, scene.mia)).budget == MANAGER_BUDGET
