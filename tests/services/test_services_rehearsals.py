"""Announcements of a rehearsal on each kind of database: once more, once, and by whom."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.clock import Clock
from bot.errors import Conflict, NotAllowed, NotFound, UserError
from bot.rules import announcements as rules
from bot.rules.announcements import Draft, Own
from bot.rules.outbox import DeliveryState
from bot.rules.people import Caller
from bot.rules.squads import Where
from bot.services.announcements import Announcements
from bot.services.squads import Squads
from bot.store.database import Database
from models import Announcement, AnnouncementSquad, GuidelineVersion, OutboxRow, Squad
from tests.services.quality_world import TEAM, World, open_world
from tests.services.test_services_gatherings import BO, MIA, TUESDAY, Hands, planned

OZ = Caller(TEAM, "U0OZ")
Live = Callable[[], Awaitable[tuple[int, ...]]]


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def world(database: Database) -> World:
    """Kestrel rehearses, Heron is live; Mia manages both, Oz Heron alone."""
    found = await open_world(database, state="rehearsal", team_channel="C0TEAM")
    mia = await found.person("Mia", "U0MIA", roles=("manager",))
    await found.person("Bo", "U0BO", roles=("contributor",))
    heron = await found.squad("Heron", team_channel="C0HERON")
    await found.person("Oz", "U0OZ", roles=("manager",), squad_id=heron)
    await found.join(mia, "manager", squad_id=heron)
    return found


@pytest.fixture
def service(database: Database, hands: Hands) -> Announcements:
    return Announcements(database, Clock(source=hands))


@pytest.fixture
def live(database: Database, hands: Hands, world: World) -> Live:
    """Takes Kestrel live; returns what it was not told of."""

    async def goes_live() -> tuple[int, ...]:
        hands.now += timedelta(hours=1)
        where = Where(squad_id=world.squad_id)
        went = await Squads(database, Clock(source=hands)).go_live(MIA, where)
        return tuple(each.id for each in went.held)

    return goes_live


async def heron_of(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(Squad.id).where(Squad.name == "Heron")) or 0)


async def made(service: Announcements, *squad_ids: int, text: str = "Hello") -> int:
    own = await service.create(MIA, Draft(text=text, squad_ids=squad_ids), None)
    return own.sheet.announcement.id


async def test_it_takes_the_place_of_the_one_that_nobody_heard_of_once(
    world: World, service: Announcements, live: Live
) -> None:
    key = await made(service, world.squad_id)
    assert await live() == (key,)
    assert await live() == (), "said once"
    assert (await service.own(MIA, key)).sheet.asked == 0
    assert await service.open(BO) == []
    draft = Draft(text=" ", squad_ids=(world.squad_id,), instead_of=key)
    for caller in (BO, OZ):
        with pytest.raises((NotAllowed, NotFound)):
            await service.held(caller, key)
    found = await asyncio.gather(
        *(service.create(MIA, draft, f"view:{number}") for number in range(3)),
        return_exceptions=True,
    )
    (again,) = (each for each in found if isinstance(each, Own))
    assert again.sheet.announcement.text == "Hello", "left empty, it is said as it was"
    refused = [each.code for each in found if isinstance(each, UserError)]
    assert refused == ["announcement_posted"] * 2
    assert [each.sheet.announcement.id for each in await service.open(BO)] == [
        again.sheet.announcement.id
    ]
    with pytest.raises(Conflict, match="announcement_posted"):
        await service.held(MIA, key)


async def test_who_was_told_already_keeps_it(
    world: World, service: Announcements, database: Database, live: Live
) -> None:
    heron = await heron_of(database)
    key = await made(service, world.squad_id, heron)
    assert await live() == (key,)
    held = await service.held(MIA, key)
    assert (held.squads, held.whole) == ({world.squad_id: "Kestrel"}, False)
    # To others only, it is one more, and Kestrel still waits.
    elsewhere = Draft(text="Hello", squad_ids=(heron,), instead_of=key)
    await service.create(MIA, elsewhere, None)
    assert (await service.held(MIA, key)).squads == {world.squad_id: "Kestrel"}
    draft = replace(elsewhere, squad_ids=(world.squad_id,))
    found = await asyncio.gather(
        *(service.create(MIA, draft, f"view:{number}") for number in range(2)),
        return_exceptions=True,
    )
    assert [each.code for each in found if isinstance(each, UserError)] == ["announcement_posted"]
    first = (await service.own(OZ, key)).sheet
    assert (first.squads, first.announcement.withdrawn_at) == (("Heron",), None)
    async with database.read() as connection:
        rows = await connection.execute(
            select(AnnouncementSquad.squad_id).order_by(AnnouncementSquad.id)
        )
        assert [row.squad_id for row in rows] == [heron, heron, world.squad_id]


async def test_what_a_shared_channel_showed_is_not_said_again(
    world: World, service: Announcements, database: Database, live: Live
) -> None:
    heron = await heron_of(database)
    async with database.write() as tx:
        await tx.execute(update(Squad).values(team_channel="C0TEAM"))
    await made(service, world.squad_id, heron)
    async with database.write() as tx:
        await tx.execute(update(OutboxRow).values(state=DeliveryState.SENT.value))
    assert await live() == ()


async def test_a_version_may_be_announced_on_the_day_it_was_rehearsed(
    world: World, service: Announcements, live: Live
) -> None:
    project = await world.project("Guided", world.squad_id)
    version = await world.add(
        GuidelineVersion,
        project_id=project,
        number=1,
        version="2",
        digest="0" * 32,
        documents=0,
        passages=0,
        created_at=TUESDAY,
    )
    draft = Draft(text="Version 2", squad_ids=(world.squad_id,), version_id=version)
    key = (await service.create(MIA, draft, None)).sheet.announcement.id
    await live()
    assert (await service.held(MIA, key)).whole
    await service.create(MIA, replace(draft, instead_of=key), None)
    with pytest.raises(Conflict, match="guidelines_announced"):
        await service.create(MIA, draft, None)


async def test_authors_are_told_in_today_of_what_was_not_shown(
    world: World, service: Announcements, database: Database, live: Live, hands: Hands
) -> None:
    keys = [await made(service, world.squad_id, text=f"Number {number}") for number in range(7)]
    await service.withdraw(MIA, keys[0])
    assert await live() == tuple(keys[1:6])
    (line,) = await planned(database, rules.HELD)
    assert line.ids == {"announcement_id": keys[6], "squad_id": world.squad_id}
    async with database.write() as tx:
        old = hands.now - timedelta(days=29)
        await tx.execute(update(Announcement).values(created_at=old))
        await tx.execute(update(Squad).values(state="rehearsal"))
    assert await live() == (), "nobody is told of what is past its time"
