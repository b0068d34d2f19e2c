"""When the next call to one workspace may go out, so that Slack need not refuse it.

Slots come from the monotonic clock. Pauses that Slack asked for, and the rest after trouble, go by
Muster's clock, by which the deliveries that wait for them become due again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock

POST: Final = "chat.postMessage"
UPDATE: Final = "chat.update"
PUBLISH: Final = "views.publish"
OPEN_DM: Final = "conversations.open"
HISTORY: Final = "conversations.history"
TICKET: Final = "files.getUploadURLExternal"
COMPLETE: Final = "files.completeUploadExternal"
FILE: Final = "files.info"

PER_MINUTE: Final[Mapping[str, int]] = {
    UPDATE: 50,
    PUBLISH: 100,
    OPEN_DM: 50,
    HISTORY: 50,
    TICKET: 100,
    COMPLETE: 100,
    FILE: 100,
}
"""Calls a minute that each method's tier grants (docs.slack.dev/apis/web-api/rate-limits)."""

SHARE: Final = 0.85
"""Of a method's tier; the rest is left to what the handlers call."""

CATCH_UP_S: Final = 0.1
"""How late a slot may be taken without being lost: more than a busy loop's usual delay."""

POST_SHARE: Final = 0.99
"""Of the workspace's rate; what catching up adds must not exceed it within any minute."""

CHANNEL_S: Final = 1.0
"""Slack allows about one message a second in a channel."""

_GLANCE_S: Final = 0.25  # how soon a pause is noticed by who waits for a slot
_TROUBLE_S: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)


class Slots:
    """A schedule of one slot each 1/`rate` seconds; `catch_up_s` may be made good afterwards."""

    def __init__(self, rate: float, catch_up_s: float) -> None:
        self._interval = 1 / rate
        self._catch_up = catch_up_s
        self._next = float("-inf")

    def reserve(self, now: float) -> float:
        """Take the next slot; return when it is, not before `now`."""
        at = max(now, self._next - self._catch_up)
        self._next = max(at, self._next) + self._interval
        return at


class Pause:
    """A stretch of time by Muster's clock; a clock that was set back ends it."""

    def __init__(self) -> None:
        self._start: datetime | None = None
        self._end: datetime | None = None

    def extend(self, now: datetime, seconds: float) -> None:
        """Pause for so long from now, if that is later than before."""
        end = now + timedelta(seconds=seconds)
        if self._end is None or self.left(now) == 0 or end > self._end:
            self._start, self._end = now, end

    def left(self, now: datetime) -> float:
        """Return the seconds that are left of it."""
        if self._start is None or self._end is None or not self._start <= now < self._end:
            return 0.0
        return (self._end - now).total_seconds()


class Pacing:
    """The pace of one workspace: posts at `rate` a second, methods by tier, channels by second."""

    def __init__(
        self,
        rate: float,
        clock: Clock,
        *,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._sleep = sleep
        self._posts = Slots(rate * POST_SHARE, CATCH_UP_S)
        self._methods = {
            method: Slots(each * SHARE / 60, 4 * 60 / (each * SHARE))
            for method, each in PER_MINUTE.items()
        }
        self._channels: dict[str, float] = {}
        self._pauses: dict[str, Pause] = {}
        self._rest = Pause()
        self._troubles = 0

    def channel_wait(self, lane: str) -> float:
        """Return the seconds until a lane may be posted to again."""
        return max(0.0, self._channels.get(lane, 0.0) - self._seconds())

    def posted(self, lane: str) -> None:
        """Note that a message goes out to a lane now."""
        now = self._seconds()
        if len(self._channels) > 1000:
            self._channels = {key: at for key, at in self._channels.items() if at > now}
        self._channels[lane] = now + CHANNEL_S

    def pause_left(self, method: str) -> float:
        """Return the seconds for which a method must not be called."""
        now = self._clock.now()
        pause = self._pauses.get(method)
        return max(self._rest.left(now), pause.left(now) if pause else 0.0)

    def limited(self, method: str, retry_after_s: float) -> None:
        """Pause one method, as Slack asked; other methods go on."""
        pause = self._pauses.setdefault(method, Pause())
        pause.extend(self._clock.now(), retry_after_s)

    def trouble(self) -> float:
        """Rest after Slack could not be reached, longer each time; return for how many seconds.

        Calls that were under way together count as one time.
        """
        now = self._clock.now()
        if self._rest.left(now) == 0:
            wait = _TROUBLE_S[min(self._troubles, len(_TROUBLE_S) - 1)]
            self._troubles += 1
            self._rest.extend(now, wait)
        return self._rest.left(now)

    @property
    def troubled(self) -> bool:
        """Tell whether Slack was not reached the last time: one call at a time will do."""
        return self._troubles > 0

    def well(self) -> None:
        """Note that Slack answered."""
        self._troubles = 0

    async def turn(self, method: str) -> bool:
        """Wait for a slot; False if the method is paused: what was prepared is let go."""
        slots = [self._methods[method]] if method in self._methods else []
        if method in {POST, COMPLETE}:
            slots.append(self._posts)
        now = self._seconds()
        at = max(slot.reserve(now) for slot in slots)
        while not self.pause_left(method):
            left = at - self._seconds()
            if left <= 0:
                return True
            await self._sleep(min(left, _GLANCE_S))
        return False
