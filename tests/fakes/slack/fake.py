"""The whole fake, as a context manager; see the package's docstring for how it is used."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

import aiohttp

from tests.fakes.slack.forms import Forms
from tests.fakes.slack.happenings import Happenings
from tests.fakes.slack.server import Door

Guard = Callable[[], None]


def make_session(
    guard: Guard, *, timeout: float = 10.0, failed: Guard | None = None
) -> aiohttp.ClientSession:
    """An aiohttp session that calls ``guard`` in the caller's task before every request.

    What the guard raises stops the request; ``failed`` is told first, because a caller might
    take the exception for a network error. ``timeout`` is in seconds for the whole request.
    """

    async def before(*_: object) -> None:
        try:
            guard()
        except BaseException:
            if failed is not None:
                failed()
            raise

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(before)
    return aiohttp.ClientSession(
        trace_configs=[trace], timeout=aiohttp.ClientTimeout(total=timeout)
    )


class FakeSlack(Forms, Happenings):
    """A strict Slack on a loopback port for as long as the context lasts."""

    _door: Door

    @property
    def base_url(self) -> str:
        """What ``AsyncWebClient(base_url=...)`` is to be given."""
        return f"{self.root}/api/"

    async def __aenter__(self) -> Self:
        self._door = Door(self)
        await self._door.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._door.stop()
        against = self.verdict()
        if not against:
            return
        report = "the fake Slack objects:\n  " + "\n  ".join(against)
        if error is not None:
            error.add_note(report)
            return
        raise AssertionError(report)

    def make_session(self, guard: Guard, *, timeout: float = 10.0) -> aiohttp.ClientSession:
        """``make_session`` that also writes a failure down when the guard raises."""

        def failed() -> None:
            self.fail("a network call was made where the guard forbids it")

        return make_session(guard, timeout=timeout, failed=failed)
