"""The close of polls: what is left and shown, and what becomes of it on a bad day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.errors import Conflict
from bot.rules.pulse import PollState
from bot.services.pulse_clock import PulseClock
from bot.store import outbox, pulse, pulse_ballots
from bot.store.database import Database
from jobs import pulse as job
from models import (
    Ballot,
    Poll,
    PollComment,
    PollCount,
    PollQuestion,
    PollSecret,
)
from tests.handlers.polling import KEY, Polled, open_polled
from tests.harness import open_house


@pytest.fixture
async def polled(database_url: str) -> AsyncIterator[Polled]:
    async with open_house(database_url, pulse_key=SecretStr(KEY)) as house:
        yield await open_polled(house)


def told(polled: Polled, user: Any, channel: Any) -> str:
    return str(polled.slack.ephemerals(channel, user)[-1].shown)


async def test_at_the_close_all_messages_change_alike_and_nothing_is_left(polled: Polled) -> None:
    await polled.launch()
    for user, value in zip(polled.people[:4], (1, 2, 4, 5), strict=True):
        await polled.vote(user, value)
    await polled.close()
    (poll,) = await polled.rows(Poll)
    assert (poll.state, poll.replied, poll.asked) == ("closed", 4, 6)
    assert await polled.rows(Ballot) == []
    assert await polled.rows(PollSecret) == []
    for user in polled.people:
        (message,) = [m for m in polled.slack.dm(user) if "closed" in m.shown]
        assert message.actions == []
    (posted,) = polled.slack.messages(polled.scene.team)
    assert "3.0 (95 %" in posted.shown
    assert "About 70 %" in posted.shown


@pytest.mark.parametrize("replies", [0, 2, 3, 4])
async def test_below_k_nothing_is_shown_or_kept(polled: Polled, replies: int) -> None:
    await polled.launch()
    for n, user in enumerate(polled.people[:replies]):
        await polled.vote(user, 1 + n)
        await polled.write(user, f"words {n}")
    await polled.close()
    (posted,) = polled.slack.messages(polled.scene.team)
    counts, comments = await polled.rows(PollCount), await polled.rows(PollComment)
    if replies < 3:
        assert "too few to show" in posted.shown
        assert (counts, comments) == ([], [])
        assert [row.n for row in await polled.rows(PollQuestion)] == [None, None]
        assert [row.replied for row in await polled.rows(Poll)] == [None]
    else:
        assert f"n = {replies}" in posted.shown
        assert sum(row.n for row in counts) == len(comments) == replies


async def test_all_the_same_answer_is_a_range(polled: Polled) -> None:
    await polled.launch()
    for user in polled.people:
        await polled.vote(user, 1)
    await polled.close()
    (posted,) = polled.slack.messages(polled.scene.team)
    assert "between 1 and 2" in posted.shown
    assert await polled.rows(PollCount) == []


async def test_a_vote_after_the_close_and_an_open_form_get_a_sentence(polled: Polled) -> None:
    await polled.launch()
    ana = polled.scene.ana
    message = polled.message(ana)
    await polled.house.click(message, "pulse.write", ana)
    view = polled.slack.views(ana)[-1]
    await polled.house.command(polled.scene.mia, "/pulse", "close", polled.scene.team)
    await polled.vote(ana, 3)  # the messages are not changed yet
    assert "closed" in told(polled, ana, message.channel)
    await polled.house.submit(view, ana, {"pulse_comment": "late"})
    assert "closed" in polled.slack.views(ana)[-1].shown
    assert await polled.rows(Ballot) == []


async def test_without_a_key_there_is_no_poll(database_url: str) -> None:
    async with open_house(database_url) as house:
        polled = await open_polled(house)
        with pytest.raises(Conflict, match="pulse_no_key"):
            await polled.make()


async def test_a_close_waits_for_a_changed_key_and_then_gives_up_unread(
    database_url: str,
) -> None:
    async with open_house(database_url, pulse_key=SecretStr(KEY)) as house:
        polled = await open_polled(house)
        await polled.launch()
        for user in polled.people:
            await polled.vote(user, 4 if user is polled.scene.abe else 2)
        start = house.hands.time
    async with open_house(database_url, start, pulse_key=SecretStr("x" * 40)) as house:
        with pytest.raises(Conflict, match="pulse_key_changed"):
            await house.services.ballots.cast(house.slack.team_id, 1, 1, "0" * 40, 3)
        house.move(days=5, hours=1)
        await job.tick(house.container)
        polled.house = house
        (poll,) = await polled.rows(Poll)
        assert poll.state == PollState.CLOSING
        assert await polled.rows(PollCount) == []
        assert await house.services.pulse.key_state() == (True, 1)
        house.move(days=8)
        await job.tick(house.container)
        (poll,) = await polled.rows(Poll)
        assert (poll.state, poll.replied) == ("closed", None)
        assert await polled.rows(Ballot) == []


STEPS = (
    (pulse_ballots, "bar"),
    (pulse_ballots, "ballots"),
    (pulse, "publish"),
    (pulse_ballots, "forget_secret"),
    (pulse_ballots, "destroy_some"),
    (Database, "wipe"),
    (pulse, "sent"),
    (outbox, "add"),
)


@pytest.mark.parametrize(("where", "step"), STEPS)
async def test_a_crash_at_any_step_of_the_close_is_made_up_for(
    polled: Polled, where: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await polled.launch()
    for user, value in zip(polled.people, (1, 2, 3, 4, 5, 5), strict=True):
        await polled.vote(user, value)
    polled.house.move(days=5, hours=1)

    async def crash(*_: object) -> None:
        raise RuntimeError(step)

    with monkeypatch.context() as patched:
        patched.setattr(where, step, crash)
        with pytest.raises(RuntimeError, match=step):
            await job.tick(polled.house.container)
    assert (
        await polled.house.services.pulse_results.published(polled.house.workspace_id, poll.id)
        is None
    )
    polled.house.move(minutes=1)
    await polled.tick()
    assert sum(row.n for row in await polled.rows(PollCount)) == 6
    assert [row.state for row in await polled.rows(Poll)] == ["closed"]
    assert await polled.rows(Ballot) == []


async def test_two_processes_closing_at_once_close_once(polled: Polled, database_url: str) -> None:
    await polled.launch()
    for user, value in zip(polled.people, (1, 2, 3, 4, 5, 5), strict=True):
        await polled.vote(user, value)
    polled.house.move(days=5, hours=1)
    others = [Database(database_url) for _ in range(2)]
    clock = polled.house.container.clock
    try:
        closing = [PulseClock(each, clock, KEY.encode()) for each in others]
        mine = polled.house.services.pulse_clock
        # Whoever finds the file locked for too long tries again at the next tick.
        await asyncio.gather(
            *(each.step() for each in (*closing, mine, mine)), return_exceptions=True
        )
    finally:
        for each in others:
            await each.close()
    for _ in range(2):
        polled.house.move(minutes=1)
        await polled.tick()
    assert [row.state for row in await polled.rows(Poll)] == ["closed"]
    assert sum(row.n for row in await polled.rows(PollCount)) == 6
    assert len(polled.slack.messages(polled.scene.team)) == 1


async def test_closing_by_hand_shows_results(polled: Polled) -> None:
    await polled.launch()
    for user, value in zip(polled.people, (1, 2, 3, 4, 5, 5), strict=True):
        await polled.vote(user, value)
    await polled.house.command(polled.scene.mia, "/pulse", "close", polled.scene.team)
    assert "is closed" in told(polled, polled.scene.mia, polled.scene.team)
    await polled.house.command(polled.scene.mia, "/pulse", "results", polled.scene.team)
    assert "3.3 (95 %" in told(polled, polled.scene.mia, polled.scene.team)


async def test_the_poll_that_is_meant_is_closed_and_a_planned_one_called_off(
    polled: Polled,
) -> None:
    scene, mia = polled.scene, polled.scene.mia
    people = [(mia, "manager"), *((user, "contributor") for user in polled.people)]
    other = await scene.second_squad("Osprey", people)
    later = polled.house.hands.time + timedelta(days=8)
    await polled.make(opens=later.strftime("%Y-%m-%d %H:%M"))
    await polled.launch()
    await polled.launch(squad_ids=(other,))

    async def close(text: str, channel: Any = None) -> str:
        await polled.house.command(mia, "/pulse", text, channel or scene.team)
        return told(polled, mia, channel or scene.team)

    async def states() -> list[str]:
        return [row.state for row in await polled.rows(Poll)]

    lounge = polled.slack.add_channel("lounge", members=[mia])
    assert "/pulse close in` Osprey; Kestrel" in await close("close", lounge)
    assert "No poll" in await close("close in Nowhere")
    assert "is closed" in await close("close in osprey")
    assert await states() == ["planned", "open", "closed"]
    assert "is closed" in await close("close")  # the open one, although another is planned
    assert await states() == ["planned", "closed", "closed"]
    await polled.house.drain()
    before = len(polled.slack.messages(scene.team))
    assert "is closed" in await close("close")
    await polled.house.drain()
    assert await states() == ["closed", "closed", "closed"]
    assert len(polled.slack.messages(scene.team)) == before  # nobody was asked: nothing to tell
    assert "No poll" in await close("close")
