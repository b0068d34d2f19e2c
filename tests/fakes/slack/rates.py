"""Counts calls as Slack does and says how long a caller must wait (SLACK 2.1, 2.2, 2.4)."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.slack import limits

MINUTE = 60.0


@dataclass(kw_only=True)
class Rates:
    """What is allowed; a benchmark raises the workspace's cap, no test of behaviour should.

    ``posts_per_minute`` is the workspace's cap on chat.postMessage; None means no cap.
    """

    channel_per_second: float = limits.CHANNEL_PER_SECOND
    channel_burst: int = limits.CHANNEL_BURST
    posts_per_minute: int | None = limits.WORKSPACE_POSTS_PER_MINUTE
    special_per_minute: int = limits.SPECIAL_PER_MINUTE
    tiers: dict[int, int] = field(default_factory=lambda: dict(limits.TIER_PER_MINUTE))
    enabled: bool = True


class Pacer:
    """One-minute windows per method, and a bucket per channel for posts."""

    def __init__(self, rates: Rates, now: Callable[[], float]) -> None:
        self.rates = rates
        self._now = now
        self._windows: dict[str, deque[float]] = defaultdict(deque)
        self._buckets: dict[str, tuple[float, float]] = {}  # channel -> (tokens, since)

    def wait(self, method: str, tier: int | str | None, channel: str) -> int:
        """Seconds to wait, at least 1, or 0 when the call is taken (and counted)."""
        if not self.rates.enabled or tier is None:
            return 0
        if tier == "post":
            return self._post(method, channel)
        most = self.rates.tiers[tier] if isinstance(tier, int) else self.rates.special_per_minute
        waiting = self._window(method, most)
        if not waiting:
            self._windows[method].append(self._now())
        return waiting

    def _post(self, method: str, channel: str) -> int:
        now = self._now()
        cap = self.rates.posts_per_minute
        waiting = self._window(method, cap) if cap is not None else 0
        tokens, since = self._buckets.get(channel, (float(self.rates.channel_burst), now))
        tokens += (now - since) * self.rates.channel_per_second
        tokens = min(tokens, float(self.rates.channel_burst))
        # Clocks that add 0.1 ten times must not be refused for the last bit of a float.
        if tokens < 1.0 - 1e-9:
            waiting = max(waiting, math.ceil((1.0 - tokens) / self.rates.channel_per_second))
        if waiting:
            return waiting
        self._buckets[channel] = (tokens - 1.0, now)
        self._windows[method].append(now)
        return 0

    def _window(self, method: str, most: int) -> int:
        now, window = self._now(), self._windows[method]
        while window and window[0] <= now - MINUTE:
            window.popleft()
        return max(1, math.ceil(window[0] + MINUTE - now)) if len(window) >= most else 0
