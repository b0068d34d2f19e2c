"""Bad days: whatever happens between us and Slack, each message arrives exactly once."""

import asyncio
from collections import Counter
from random import Random
from typing import Any

import pytest
import structlog

from bot.errors import Conflict
from bot.rules.outbox import Delivery, DeliveryState, Operation
from bot.services.outbox import Outbox
from tests.fakes.slack import Fault
from tests.office import Office

SENT, UNKNOWN, WAITING = DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.WAITING
UPLOAD, UPDATE = Operation.UPLOAD, Operation.UPDATE


@pytest.mark.parametrize("kind", [Fault.RATE_LIMITED, Fault.RATE_LIMITED_IN_BODY])
async def test_a_limit_is_waited_out_while_other_methods_go_on(
    fast_office: Office, kind: Fault
) -> None:
    office = fast_office
    lan, person = await office.person("Lan")
    team = office.slack.add_channel("team")
    office.slack.faults.add(method="chat.postMessage", kind=kind, retry_after=40)
    key = await office.send(channel=team.id)
    dispatcher = office.dispatcher()
    await dispatcher.drain()
    await office.send(person_id=person, kind="home", operation=Operation.PUBLISH)
    second = await office.send(person_id=person, n=2)
    await dispatcher.drain()
    assert office.slack.home(lan) is not None
    assert (await office.row(key)).state is WAITING
    assert (await office.row(second)).attempts == 0  # not even tried
    office.hands.move(seconds=41)
    await dispatcher.drain()
    assert office.posts(team) == ["note 1"]
    assert [each.text for each in office.slack.dm(lan)] == ["note 2"]


@pytest.mark.parametrize(
    "kind",
    [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.ERROR_BEFORE, Fault.ERROR_AFTER, Fault.NAMED],
)
async def test_a_doubt_is_settled_by_history(any_office: Office, kind: Fault) -> None:
    office = any_office
    team = office.slack.add_channel("team")
    office.slack.faults.add(method="chat.postMessage", kind=kind, status=503)
    key = await office.send(channel=team.id)
    later = await office.send(channel=team.id, n=2)
    dispatcher = office.dispatcher()
    await dispatcher.drain()
    assert (await office.row(key)).state is UNKNOWN
    assert (await office.row(later)).state is WAITING  # order in the channel is kept
    office.hands.move(seconds=31)
    await dispatcher.drain()
    assert office.posts(team) == ["note 1", "note 2"]
    row = await office.row(key)
    assert (row.state, row.sent_ts) == (SENT, office.slack.messages(team)[0].ts)


async def test_the_settle_time_outlasts_a_slow_history(fast_office: Office) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    office.slack.history_delay = 20
    office.slack.faults.add(method="chat.postMessage", kind=Fault.DROP_AFTER)
    await office.send(channel=team.id)
    dispatcher = office.dispatcher()
    await dispatcher.drain()
    office.hands.move(seconds=31)
    await dispatcher.drain()
    assert office.posts(team) == ["note 1"]


async def test_history_is_read_to_its_last_page(fast_office: Office) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    office.slack.faults.add(method="chat.postMessage", kind=Fault.DROP_AFTER)
    key = await office.send(channel=team.id)
    dispatcher = office.dispatcher()
    await dispatcher.drain()
    for n in range(450):
        office.slack.add_message(team, user="U0", text=f"chatter {n}")
    office.hands.move(seconds=31)
    await dispatcher.drain()
    row = await office.row(key)
    assert (row.state, row.sent_ts) == (SENT, office.slack.messages(team)[0].ts)
    assert office.posts(team).count("note 1") == 1
    assert office.slack.call_names().count("conversations.history") == 3


async def test_a_timeout_is_a_doubt_too(fast_office: Office) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    office.slack.faults.add(method="chat.postMessage", kind=Fault.LATENCY, seconds=1.5)
    key = await office.send(channel=team.id)
    async with office.slack.make_session(lambda: None, timeout=0.3) as hasty:
        office.session = hasty
        dispatcher = office.dispatcher()
        await dispatcher.drain()
        assert (await office.row(key)).state is UNKNOWN
        office.hands.move(seconds=31)
        await dispatcher.drain()
    assert office.posts(team) == ["note 1"]


@pytest.mark.parametrize(("kind", "copies"), [("careful", 1), ("note", 2)])
async def test_what_nobody_can_tell_follows_the_kinds_policy(
    fast_office: Office, kind: str, copies: int
) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    office.slack.faults.add(method="chat.postMessage", kind=Fault.DROP_AFTER)
    office.slack.faults.add(method="conversations.history", error="missing_scope", times=100)
    key = await office.send(channel=team.id, kind=kind)
    dispatcher = office.dispatcher()
    for _ in range(12):  # on a busy machine a lookup may end in a timeout, which does not count
        await dispatcher.drain()
        office.hands.move(minutes=5)
    row = await office.row(key)
    assert len(office.posts(team)) == copies
    wanted = (DeliveryState.PARKED, "unreadable") if kind == "careful" else (SENT, None)
    assert (row.state, row.reason) == wanted


async def test_slack_down_for_ten_minutes(fast_office: Office) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    people = [await office.person(f"Person {n}") for n in range(5)]
    for n, (_, person) in enumerate(people):
        await office.send(person_id=person, n=n)
    await office.send(channel=team.id, kind="careful", n=9)
    dispatcher = office.dispatcher()
    office.slack.faults.down(seconds=600)
    for _ in range(60):
        await dispatcher.drain()
        office.hands.move(seconds=15)
    tried = len(office.slack.calls)
    await office.until(lambda: _drained(office, dispatcher))
    assert [len(office.slack.dm(user)) for user, _ in people] == [1] * 5
    assert office.posts(team) == ["note 9"]
    assert tried < 60  # it rests longer and longer instead of hammering


async def _drained(office: Office, dispatcher: object) -> bool:
    await dispatcher.drain()  # type: ignore[attr-defined]
    office.hands.move(seconds=31)
    return await office.all_ended()


async def test_no_connection_at_all_is_no_doubt(fast_office: Office) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    key = await office.send(channel=team.id)
    nowhere = office.gateway()
    nowhere.client.base_url = "http://127.0.0.1:1/api/"
    await office.dispatcher(gateway=nowhere).drain()
    row = await office.row(key)
    assert (row.state, row.reason) == (WAITING, "not_sent")
    office.hands.move(seconds=2)
    await office.dispatcher().drain()
    assert office.posts(team) == ["note 1"]


async def test_a_bad_token_refuses_nothing(fast_office: Office) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    office.slack.faults.add(method="chat.postMessage", error="token_revoked")
    key = await office.send(channel=team.id)
    dispatcher = office.dispatcher()
    await dispatcher.drain()
    assert (await office.row(key)).state is WAITING
    office.hands.move(seconds=5)
    await dispatcher.drain()
    assert office.posts(team) == ["note 1"]


@pytest.mark.parametrize("kind", [Fault.DROP_BEFORE, Fault.DROP_AFTER])
@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "files.upload", "files.completeUploadExternal"]
)
async def test_a_file_is_shown_once_whatever_step_fails(
    fast_office: Office, method: str, kind: Fault
) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    office.slack.faults.add(method=method, kind=kind)
    key = await office.send(channel=team.id, kind="chart", operation=UPLOAD)
    dispatcher = office.dispatcher()
    for _ in range(4):
        await dispatcher.drain()
        office.hands.move(seconds=31)
    assert (await office.row(key)).state is SENT
    assert len([each for each in office.slack.messages(team) if each.files]) == 1


@pytest.mark.parametrize("kind", [Fault.DROP_BEFORE, Fault.DROP_AFTER])
async def test_an_update_in_doubt_is_simply_done_again(fast_office: Office, kind: Fault) -> None:
    office = fast_office
    team = office.slack.add_channel("team")
    first = await office.send(channel=team.id)
    office.slack.faults.add(method="chat.update", kind=kind)
    await office.send(channel=team.id, n=2, operation=UPDATE, target_id=first)
    dispatcher = office.dispatcher()
    await dispatcher.drain()
    office.hands.move(seconds=5)
    await dispatcher.drain()
    assert office.posts(team) == ["note 2"]
    assert "conversations.history" not in office.slack.call_names()


async def test_everything_at_once_still_arrives_once_and_in_order(fast_office: Office) -> None:
    office = fast_office
    rooms = [office.slack.add_channel(f"room-{n}") for n in range(12)]
    faults = office.slack.faults
    post = "chat.postMessage"
    faults.add(method=post, kind=Fault.DROP_AFTER, times=3, after=2)
    faults.add(method=post, kind=Fault.DROP_BEFORE, times=3, after=6)
    faults.add(method=post, kind=Fault.ERROR_AFTER, times=2, after=11, status=500)
    faults.add(method=post, kind=Fault.RATE_LIMITED, times=2, after=14, retry_after=3)
    for n in range(3):
        for room in rooms:
            await office.send(channel=room.id, n=n)
    dispatcher = office.dispatcher()
    running = asyncio.create_task(dispatcher.run())
    try:
        await office.until(lambda: _moved(office), seconds=40)
    finally:
        await dispatcher.stop(5)
        await running
    for room in rooms:
        assert office.posts(room) == ["note 0", "note 1", "note 2"]
    assert Counter(state for state, _ in await office.states()) == {"sent": 36}


async def _moved(office: Office) -> bool:
    office.hands.move(seconds=3)  # the lease outlives such steps, the settle time does not
    await asyncio.sleep(0.2)
    return await office.all_ended()


class Busy(Outbox):
    """A store that is busy now and then, as when something longer holds SQLite's lock."""

    def __init__(self, office: Office, seed: int) -> None:
        super().__init__(office.database, office.clock)
        self._random = Random(seed)

    def _stumble(self) -> None:
        if self._random.random() < 0.3:
            raise Conflict("database_busy")

    async def heads(self, *args: Any, **more: Any) -> Any:
        self._stumble()
        return await super().heads(*args, **more)

    async def facts(self, *args: Any) -> Any:
        self._stumble()
        return await super().facts(*args)

    async def claim(self, *args: Any) -> bool:
        self._stumble()
        return await super().claim(*args)

    async def finish(self, *args: Any, **more: Any) -> None:
        self._stumble()
        await super().finish(*args, **more)

    async def renew(self, *args: Any) -> bool:
        self._stumble()
        return await super().renew(*args)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_busy_store_loses_and_doubles_nothing(fast_office: Office, seed: int) -> None:
    office = fast_office
    rooms = [office.slack.add_channel(f"room-{n}") for n in range(4)]
    for n in range(2):
        for room in rooms:
            await office.send(channel=room.id, n=n)
    dispatcher = office.dispatcher(outbox=Busy(office, seed))
    running = asyncio.create_task(dispatcher.run())
    try:
        await office.until(office.all_ended, seconds=40)
    finally:
        await dispatcher.stop(5)
        await running
    for room in rooms:
        assert office.posts(room) == ["note 0", "note 1"]
    assert "conversations.history" not in office.slack.call_names()


class Overtaken(Outbox):
    """A store whose second look is read before a claim and comes back after that delivery's end."""

    def __init__(self, office: Office, lane: str) -> None:
        super().__init__(office.database, office.clock)
        self._lane = lane
        self._looks = 0
        self._read, self._ended = asyncio.Event(), asyncio.Event()

    async def heads(self, *args: Any, **more: Any) -> Any:
        self._looks += 1
        found = await super().heads(*args, **more)
        if self._looks == 2:
            assert self._lane in {each.lane for each in found}
            self._read.set()
            await self._ended.wait()
            await asyncio.sleep(0.02)
        return found

    async def claim(self, delivery: Delivery, fence: int) -> bool:
        if delivery.lane == self._lane:
            await self._read.wait()
        return await super().claim(delivery, fence)

    async def finish(self, delivery: Delivery, *args: Any, **more: Any) -> None:
        await super().finish(delivery, *args, **more)
        if delivery.lane == self._lane:
            self._ended.set()


async def test_what_ended_while_the_outbox_was_read_does_not_cost_the_lease(
    fast_office: Office,
) -> None:
    office = fast_office
    slow, person = await office.person("Slow")
    home = {"kind": "home", "operation": Operation.PUBLISH}  # no pace keeps a second one waiting
    key = await office.send(person_id=person, **home)
    await office.send(person_id=(await office.person("Quick"))[1], **home)
    await office.send(person_id=person, n=2)
    store = Overtaken(office, (await office.row(key)).lane)
    with structlog.testing.capture_logs() as logs:
        await office.dispatcher(outbox=store).drain()
    assert [each.text for each in office.slack.dm(slow)] == ["note 2"]
    assert [entry["event"] for entry in logs if entry["log_level"] != "info"] == []
