"""The switches for bad days: what goes wrong, in which method, how often and from when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class Fault(StrEnum):
    """What can go wrong between the bot and Slack."""

    RATE_LIMITED = "rate_limited"  # HTTP 429 with Retry-After, no effect
    RATE_LIMITED_IN_BODY = "rate_limited_in_body"  # HTTP 200, error "ratelimited" (2.4)
    LATENCY = "latency"  # the effect at once, the answer ``seconds`` later
    LATE_EFFECT = "late_effect"  # the effect and the answer ``seconds`` later
    DROP_BEFORE = "drop_before"  # connection dropped, no effect
    DROP_AFTER = "drop_after"  # connection dropped after the effect
    ERROR_BEFORE = "error_before"  # HTTP ``status``, no effect
    ERROR_AFTER = "error_after"  # HTTP ``status`` after the effect (6.2: partial success)
    NAMED = "named"  # HTTP 200 with ``error``, no effect


SLOW = (Fault.LATENCY, Fault.LATE_EFFECT)


@dataclass(kw_only=True)
class Rule:
    """One switch; ``hits`` counts how often it fired."""

    method: str
    kind: Fault
    times: int | None
    after: int
    error: str
    retry_after: int
    seconds: float
    status: int
    when: Callable[[dict[str, Any]], bool] | None
    may_idle: bool
    seen: int = 0
    hits: int = 0

    def fires(self, method: str, args: dict[str, Any]) -> bool:
        if not fnmatchcase(method, self.method) or (self.when and not self.when(args)):
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        self.seen += 1
        if self.seen <= self.after:
            return False
        self.hits += 1
        return True


class Faults:
    """The rules in force. Also reached: ``response_url``, ``files.upload``, ``files.download``."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.rules: list[Rule] = []
        self._down_until: float | None = None

    def add(
        self,
        *,
        method: str = "*",
        kind: Fault | None = None,
        times: int | None = 1,
        after: int = 0,
        error: str = "internal_error",
        retry_after: int = 1,
        seconds: float = 0.0,
        status: int = 500,
        when: Callable[[dict[str, Any]], bool] | None = None,
        may_idle: bool = False,
    ) -> Rule:
        """Switches a fault on.

        ``method`` may hold wildcards. The fault fires ``times`` times (None: always) after letting
        ``after`` matching calls through, and only for arguments that satisfy ``when``. Without a
        ``kind`` it is the named ``error``. A fault with a count that never fires fails the test,
        for it proves nothing, unless it ``may_idle``. A dropped GET uses two of the ``times``
        on a kept connection: aiohttp itself repeats it once.
        """
        rule = Rule(
            method=method,
            kind=kind or Fault.NAMED,
            times=times,
            after=after,
            error=error,
            retry_after=retry_after,
            seconds=seconds,
            status=status,
            when=when,
            may_idle=may_idle,
        )
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Everything works again."""
        self.rules.clear()
        self._down_until = None

    def down(self, seconds: float = float("inf")) -> None:
        """Every connection drops, without effect, for so long (by the fake's clock)."""
        self._down_until = self._now() + seconds

    def up(self) -> None:
        self._down_until = None

    @property
    def is_down(self) -> bool:
        return self._down_until is not None and self._now() < self._down_until

    def take(self, method: str, args: dict[str, Any]) -> tuple[list[Rule], Rule | None]:
        """(what makes this call slow, what else goes wrong with it) ; each has now fired."""
        slow = [r for r in self.rules if r.kind in SLOW and r.fires(method, args)]
        other = (r for r in self.rules if r.kind not in SLOW and r.fires(method, args))
        return slow, next(other, None)

    def idle(self) -> list[str]:
        """The counted faults that never fired."""
        return [
            f"fault {r.kind} on {r.method} never fired"
            for r in self.rules
            if r.times is not None and not r.hits and not r.may_idle
        ]
