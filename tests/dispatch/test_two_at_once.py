"""Two processes, killed processes, lost leases: still exactly once, and in order."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random

import pytest

from bot.dispatch.dispatcher import Dispatcher
from bot.rules.outbox import DeliveryState
from bot.store import leases
from bot.store.database import Database
from tests.fakes.slack import Fault
from tests.fakes.slack.rates import Rates
from tests.office import MORNING, ROOT, Office, open_office

ROOMS, EACH = 8, 3


@asynccontextmanager
async def _running(*dispatchers: Dispatcher) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each.run()) for each in dispatchers]
    try:
        yield
    finally:
        for each in dispatchers:
            await each.stop(5)
        await asyncio.gather(*tasks)


async def test_two_dispatchers_send_each_message_once(any_office: Office) -> None:
    office = any_office
    rooms = [office.slack.add_channel(f"room-{n}") for n in range(ROOMS)]
    other = Database(office.database.url.render_as_string(hide_password=False))
    second = Office(
        slack=office.slack,
        hands=office.hands,
        database=other,
        session=office.session,
        workspace_id=office.workspace_id,
    )
    async with _running(office.dispatcher(), second.dispatcher()):
        for n in range(EACH):
            for room in rooms:
                await office.send(channel=room.id, n=n)
        await office.until(office.all_ended, seconds=30)
    await other.close()
    for room in rooms:
        assert office.posts(room) == [f"note {n}" for n in range(EACH)]


async def test_what_an_earlier_holder_left_is_looked_up_not_sent_blindly(
    fast_office: Office,
) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    arrived = await office.send(channel=team.id)
    await office.dispatcher().drain()
    lost = await office.send(channel=team.id, n=2)
    # As a process leaves them that was killed after the post, and before it.
    for key in (arrived, lost):
        await office.change(
            key, state="sending", claimed_at=office.clock.now(), fence=1, attempts=1, sent_ts=None
        )
    dispatcher = office.dispatcher()
    await dispatcher.drain()
    assert {state for state, _ in await office.states()} == {"unknown"}
    office.hands.move(seconds=46)  # the longest request, and the settle time
    await dispatcher.drain()
    assert office.posts(team) == ["note 1", "note 2"]
    assert {state for state, _ in await office.states()} == {"sent"}


async def test_a_lease_lost_midway_stops_the_loser(fast_office: Office) -> None:
    office = fast_office
    rooms = [office.slack.add_channel(f"room-{n}") for n in range(3)]
    office.slack.faults.add(method="chat.postMessage", kind=Fault.LATENCY, seconds=0.4, times=3)
    for room in rooms:
        await office.send(channel=room.id, n=0)
        await office.send(channel=room.id, n=1)
    slow, fresh = office.dispatcher(), office.dispatcher()
    draining = asyncio.create_task(slow.drain())
    await office.until(lambda: _posted(office, 3))
    office.hands.move(seconds=120)  # as if the process had been asleep
    await fresh.drain()
    await draining
    await fresh.drain()
    for room in rooms:
        assert office.posts(room) == ["note 0", "note 1"]
    assert await office.all_ended()


async def _posted(office: Office, n: int) -> bool:
    return sum(call.method == "chat.postMessage" for call in office.slack.calls) >= n or (
        sum(len(each.messages) for each in office.slack.channels.values()) >= n
    )


async def test_nothing_is_claimed_without_the_lease(fast_office: Office) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    key = await office.send(channel=team.id)
    now = office.clock.now()
    async with office.database.write() as tx:
        fence = await leases.acquire(tx, office.workspace_id, "me", now, now)
    assert fence == 1
    delivery = await office.row(key)
    assert not await office.outbox.claim(delivery, fence)  # it has run out
    assert not await office.outbox.claim(delivery, fence + 1)  # it was never ours
    assert (await office.row(key)).state is DeliveryState.WAITING


async def test_a_late_answer_does_not_undo_what_the_successor_wrote(fast_office: Office) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    key = await office.send(channel=team.id)
    read = await office.row(key)
    now = office.clock.now()
    async with office.database.write() as tx:
        await leases.acquire(tx, office.workspace_id, "me", now, now.replace(hour=11))
    assert await office.outbox.claim(read, 1)
    await office.change(key, state="sending", fence=2, attempts=2)
    await office.outbox.finish(read, 1, DeliveryState.REFUSED, reason="too_late")
    assert (await office.row(key)).state is DeliveryState.SENDING


async def test_stopping_ends_what_is_in_hand_and_gives_the_lease_back(
    fast_office: Office,
) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    office.slack.faults.add(method="chat.postMessage", kind=Fault.LATENCY, seconds=0.5)
    await office.send(channel=team.id)
    dispatcher = office.dispatcher()
    running = asyncio.create_task(dispatcher.run())
    await office.until(lambda: _posted(office, 1))
    await dispatcher.stop(5)
    await running
    assert await office.all_ended()
    next_one = await office.outbox.acquire(
        office.workspace_id, "next", office.clock.now() - MORNING, office.clock.now() - MORNING
    )
    assert next_one == 2


@pytest.mark.slow
async def test_killed_twice_between_post_and_bookkeeping(sqlite_store: Database) -> None:
    moments = ("chat.postMessage", "conversations.history")
    async with open_office(
        sqlite_store, datetime.now(UTC), rates=Rates(posts_per_minute=None)
    ) as office:
        team = office.slack.add_channel("team")
        for method in moments:  # the effect at once, the answer too late for who asked
            office.slack.faults.add(method=method, kind=Fault.LATENCY, seconds=0.4)
        await office.send(channel=team.id)
        await office.send(channel=team.id, n=2)
        for method in moments:
            sender = await _sender(office)
            await office.until(lambda called=method: _called(office, called), seconds=30)
            sender.kill()
            await sender.wait()
        last = await _sender(office)
        try:
            await office.until(office.all_ended, seconds=30)
        finally:
            last.kill()
            await last.wait()
        assert office.posts(team) == ["note 1", "note 2"]


@pytest.mark.slow
async def test_killed_at_random_moments_nothing_is_lost_or_doubled(
    sqlite_store: Database,
) -> None:
    random = Random(7)
    async with open_office(
        sqlite_store, datetime.now(UTC), rates=Rates(posts_per_minute=None)
    ) as office:
        rooms = [office.slack.add_channel(f"room-{n}") for n in range(40)]
        office.slack.faults.add(method="*", kind=Fault.LATENCY, seconds=0.1, times=None)
        for n in range(8):
            for room in rooms:
                await office.send(channel=room.id, n=n)
        kills = 0
        while not await office.all_ended():
            sender = await _sender(office)
            try:
                async with asyncio.timeout(random.uniform(2.5, 5.0)):
                    await office.until(office.all_ended, seconds=60)
            except TimeoutError:
                kills += 1
            sender.kill()
            await sender.wait()
        assert kills >= 3
        for room in rooms:
            assert office.posts(room) == [f"note {n}" for n in range(8)]


async def _sender(office: Office) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.sender",
        office.database.url.render_as_string(hide_password=False),
        office.slack.base_url,
        office.slack.bot_token,
        str(office.workspace_id),
        cwd=ROOT,
    )


async def _called(office: Office, method: str) -> bool:
    if method == "chat.postMessage":
        return any(each.messages for each in office.slack.channels.values())
    return any(rule.method == method and rule.hits for rule in office.slack.faults.rules)
