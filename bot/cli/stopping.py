"""The wish to stop a process: from a signal, or from within with its reason."""

import asyncio
import signal

from bot.errors import MusterError


class Stop:
    """The wish to stop, from a signal or from within, with its reason."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.failure: MusterError | None = None

    def listen(self) -> None:
        """Stop at SIGTERM and SIGINT."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._event.set)

    def fail(self, failure: MusterError) -> None:
        """Stop because something cannot be mended from inside."""
        self.failure = failure
        self._event.set()

    async def wait(self) -> None:
        """Wait for the wish. Raises the failure if that is the reason."""
        await self._event.wait()
        if self.failure is not None:
            raise self.failure
