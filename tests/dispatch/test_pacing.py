"""The pace: as fast as allowed, never faster, and still while Slack asks for patience."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Clock
from bot.dispatch.pacing import CHANNEL_S, PER_MINUTE, POST, UPDATE, Pacing, Pause, Slots

START = datetime(2026, 3, 10, 10, tzinfo=UTC)


class Hand:
    """One time for the monotonic clock, for Muster's clock and for sleeping."""

    def __init__(self, seed: int = 1, late: float = 0.0) -> None:
        self.at = 1000.0
        self._random = Random(seed)
        self._late = late

    def seconds(self) -> float:
        return self.at

    def now(self) -> datetime:
        return START + timedelta(seconds=self.at)

    async def sleep(self, seconds: float) -> None:
        self.at += seconds + self._random.uniform(0, self._late)

    def pacing(self, rate: float) -> Pacing:
        sleep: Callable[[float], Awaitable[None]] = self.sleep
        return Pacing(rate, Clock(source=self.now), seconds=self.seconds, sleep=sleep)


@pytest.mark.parametrize("rate", [1.0, 20.0, 50.0])
async def test_a_late_loop_still_reaches_the_rate(rate: float) -> None:
    hand = Hand(late=0.02)
    pacing = hand.pacing(rate)
    begin = hand.at
    for _ in range(int(rate) * 30):
        assert await pacing.turn(POST)
    assert rate * 30 / (hand.at - begin) >= 0.97 * rate


@given(
    rate=st.floats(0.2, 60),
    waits=st.lists(st.floats(0, 0.5), min_size=1, max_size=300),
)
def test_no_minute_holds_more_than_allowed(rate: float, waits: list[float]) -> None:
    slots = Slots(rate * 0.99, 0.1)
    now, taken = 0.0, []
    for wait in waits * 4:
        now = max(now + wait, slots.reserve(now))
        taken.append(now)
    for index, begin in enumerate(taken):
        within = sum(at < begin + 60 for at in taken[index:])
        assert within <= rate * 60 + 1


@pytest.mark.parametrize("method", sorted(PER_MINUTE))
async def test_each_method_keeps_within_its_tier(method: str) -> None:
    hand = Hand()
    pacing = hand.pacing(50.0)
    begin = hand.at
    calls = 0
    while hand.at - begin < 60:
        assert await pacing.turn(method)
        calls += 1
    assert 0.8 * PER_MINUTE[method] <= calls <= PER_MINUTE[method]


async def test_a_limit_pauses_its_method_alone() -> None:
    hand = Hand()
    pacing = hand.pacing(50.0)
    pacing.limited(POST, 7)
    assert pacing.pause_left(POST) == pytest.approx(7)
    assert not await pacing.turn(POST)
    assert await pacing.turn(UPDATE)
    hand.at += 7.01
    assert await pacing.turn(POST)


def test_a_shorter_limit_does_not_shorten_a_longer_one() -> None:
    pause = Pause()
    pause.extend(START, 30)
    pause.extend(START, 5)
    assert pause.left(START) == 30


def test_a_clock_set_back_ends_a_pause() -> None:
    pause = Pause()
    pause.extend(START, 30)
    assert pause.left(START - timedelta(hours=1)) == 0


def test_trouble_rests_longer_each_time_and_counts_together() -> None:
    hand = Hand()
    pacing = hand.pacing(50.0)
    rests = []
    for _ in range(9):
        rests.append(round(pacing.trouble()))
        assert pacing.trouble() == pytest.approx(rests[-1])  # at the same time: the same trouble
        hand.at += rests[-1] + 0.01
    assert rests == [1, 2, 4, 8, 15, 30, 60, 60, 60]
    assert pacing.troubled
    pacing.well()
    assert not pacing.troubled
    assert round(pacing.trouble()) == 1


def test_a_channel_gets_one_message_a_second() -> None:
    hand = Hand()
    pacing = hand.pacing(50.0)
    assert pacing.channel_wait("c1") == 0
    pacing.posted("c1")
    assert pacing.channel_wait("c1") == pytest.approx(CHANNEL_S)
    assert pacing.channel_wait("c2") == 0
    hand.at += CHANNEL_S
    assert pacing.channel_wait("c1") == 0
