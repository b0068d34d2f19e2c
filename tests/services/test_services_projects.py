"""Projects and time off on both kinds of database."""

from datetime import date, timedelta

import pytest

from bot.errors import Conflict, NotAllowed
from bot.rules.audits import Severity
from bot.rules.home import home_intents
from bot.rules.projects import Change, NewBatch, NewCategory, ProjectForm
from bot.rules.squads import Where
from bot.rules.timeoff import Plan
from bot.store import home as home_store
from bot.store import projects as store
from bot.store.recipients import recipient
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

TODAY = MORNING.date()


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


async def test_a_project_is_found_by_any_spelling_and_never_in_another_workspace(
    scene: Scene,
) -> None:
    async with scene.house.database.write() as tx:
        here = scene.house.workspace_id
        key = await store.create(tx, here, "Étiquettes", MORNING)
        found = await store.by_name(tx, here, " éTIQUETTES ")
        assert found is not None
        assert found.project_id == key
        assert await store.by_name(tx, here + 1, "Étiquettes") is None
        assert await store.get(tx, here + 1, key) is None
        assert await store.link_squad(tx, here, scene.squad_id, key)
        assert not await store.link_squad(tx, here, scene.squad_id, key)
        assert [one.name for one in await store.of_squad(tx, here, scene.squad_id)] == [
            "Boxes",
            "Étiquettes",
        ]


async def test_categories_say_what_storing_them_did(scene: Scene) -> None:
    here, project = scene.house.workspace_id, scene.project_id
    async with scene.house.database.write() as tx:
        given = [
            NewCategory(name="Wrong class", section="4.2 Classes"),
            NewCategory(name="slow", severity=Severity.WARNING),
            NewCategory(name="New"),
        ]
        stored = await store.set_categories(tx, here, project, given)
        assert [stored[one.name].change for one in given] == [
            Change.UNCHANGED,
            Change.REVISED,
            Change.NEW,
        ]
        again = await store.set_categories(tx, here, project, given)
        assert {one.change for one in again.values()} == {Change.UNCHANGED}
        keys = [one.key for one in again.values()]
        assert await store.retire_categories(tx, here, keys, MORNING) == 3
        assert await store.retire_categories(tx, here, keys, MORNING) == 0
        assert [one.name for one in await store.categories(tx, here, project)] == ["Loose box"]
        back = await store.set_categories(tx, here, project, given[:1])
        assert back["Wrong class"].change is Change.REVISED
        assert len(await store.categories(tx, here, project, retired=True)) == 4


async def test_batches_are_added_changed_and_revived_only_when_planned(scene: Scene) -> None:
    here, project = scene.house.workspace_id, scene.project_id
    many = [NewBatch(name=f"B-{n}", size=n + 1) for n in range(1_200)]
    async with scene.house.database.write() as tx:
        stored = await store.ensure_batches(tx, here, project, many, MORNING)
        assert len({one.key for one in stored.values()}) == 1_200
        some = [NewBatch(name="B-0"), NewBatch(name="B-1", size=9), NewBatch(name="B-2", size=3)]
        stored = await store.ensure_batches(tx, here, project, some, MORNING)
        assert [stored[one.name].change for one in some] == [
            Change.UNCHANGED,
            Change.REVISED,
            Change.UNCHANGED,
        ]
        await store.retire_batches(tx, here, [stored["B-0"].key], MORNING)
        named = [NewBatch(name="B-0")]
        work = await store.ensure_batches(tx, here, project, named, MORNING, revive=False)
        assert work["B-0"].change is Change.UNCHANGED
        assert len(await store.batches(tx, here, project)) == 1_199
        planned = await store.ensure_batches(tx, here, project, named, MORNING)
        assert planned["B-0"].change is Change.REVISED
        assert len(await store.batches(tx, here, project)) == 1_200


async def test_batches_come_by_priority_then_by_due_day(scene: Scene) -> None:
    here, project = scene.house.workspace_id, scene.project_id
    given = [
        NewBatch(name="neither"),
        NewBatch(name="due later", due=TODAY + timedelta(days=9)),
        NewBatch(name="due", due=TODAY),
        NewBatch(name="second", priority=2),
        NewBatch(name="first, undated", priority=1),
        NewBatch(name="first", priority=1, due=TODAY),
    ]
    async with scene.house.database.write() as tx:
        await store.ensure_batches(tx, here, project, given, MORNING)
        assert [one.name for one in await store.batches(tx, here, project)] == [
            "first",
            "first, undated",
            "second",
            "due",
            "due later",
            "neither",
        ]


async def test_two_squads_share_a_project_and_each_may_change_it(scene: Scene) -> None:
    other = await scene.second_squad("Osprey", [(scene.oz, "manager")])
    service, caller = scene.house.services.projects, scene.house.caller
    mine, theirs = Where(squad_id=scene.squad_id), Where(squad_id=other)
    with pytest.raises(NotAllowed):
        await service.sheet(caller(scene.oz), mine, "Boxes")
    sheet = await service.sheet(caller(scene.oz), theirs, "boxes")
    form = ProjectForm(planned_volume=40)
    await service.setup(caller(scene.oz), other, sheet.project.project_id, form, None)
    assert (await service.of_squad(caller(scene.mia), mine))[0].planned_volume == 40
    with pytest.raises(NotAllowed):
        await service.setup(caller(scene.ana), scene.squad_id, scene.project_id, form, None)
    with pytest.raises(Conflict, match="project_exists"):
        await service.setup(caller(scene.oz), other, None, ProjectForm(name="BOXES"), None)


async def test_time_off_joins_and_its_days_reach_the_calendar_of_dispatch(scene: Scene) -> None:
    service, caller = scene.house.services.timeoff, scene.house.caller(scene.ana)
    first = TODAY + timedelta(days=1)
    await service.note(caller, Plan(first=first, last=first, reason="why"), "k1")
    noted = await service.note(
        caller, Plan(first=first + timedelta(days=1), last=first + timedelta(days=3)), "k2"
    )
    assert noted.joined
    again = await service.note(caller, Plan(first=first, last=first), "k2")
    assert again == noted
    (own,) = (await service.coming(caller)).own
    assert (own.first, own.last, own.reason) == (first, first + timedelta(days=3), "why")

    async with scene.house.database.read() as connection:
        person = await recipient(
            connection, scene.house.workspace_id, scene.person(scene.ana), MORNING
        )
    assert person is not None
    assert [(span.first, span.last) for span in person.calendar.time_off] == [(own.first, own.last)]
    assert await service.cancel(caller, own.absence_id) == own
    assert (await service.coming(caller)).own == ()


async def test_managers_get_days_of_present_members_within_four_weeks(scene: Scene) -> None:
    service = scene.house.services.timeoff
    for user, days in ((scene.ana, 5), (scene.bo, 40), (scene.mia, 5), (scene.oz, 5)):
        day = TODAY + timedelta(days=days)
        await service.note(scene.house.caller(user), Plan(first=day, last=day, reason="no"), None)
    (squad,) = (await service.coming(scene.house.caller(scene.mia))).squads
    assert [(person.name, away.reason) for person, away in squad.away] == [("Ana", None)]
    assert (await service.coming(scene.house.caller(scene.abe))).squads == ()


async def test_home_is_queued_once_for_each_event_and_its_lines_are_read(scene: Scene) -> None:
    service, caller = scene.house.services.home, scene.house.caller(scene.ana)
    await service.opened(caller, "event:1")
    await service.opened(caller, "event:1")
    await service.opened(caller, "event:2")
    assert len(await scene.planned("home.tab")) == 2
    assert await service.caller(scene.house.workspace_id, scene.person(scene.ana)) == caller
    assert await service.caller(scene.house.workspace_id + 1, scene.person(scene.ana)) is None
    ana = scene.person(scene.ana)
    assert await service.lines(scene.house.workspace_id, ana, "Europe/London") == []
    assert (await service.own(caller)).recent == ()
    async with scene.house.database.read() as connection:
        keys, count = await home_store.recent_audits(
            connection, scene.house.workspace_id, scene.person(scene.ana), MORNING, 5
        )
    assert (keys, count) == ([], 0)
    assert [one.person_id for one in home_intents([1, 2, 1])] == [1, 2]


async def test_a_day_is_ones_own_where_one_is(scene: Scene) -> None:
    """In Auckland it is tomorrow already."""
    kiri = scene.house.slack.add_user("Kiri", tz="Pacific/Auckland")
    await scene.house.meet(kiri)
    scene.house.move(hours=4)
    coming = await scene.house.services.timeoff.coming(scene.house.caller(kiri))
    assert coming.today == date(2026, 3, 11)
