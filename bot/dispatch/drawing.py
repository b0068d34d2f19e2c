"""Charts drawn in a child process, so that the memory matplotlib takes is given back.

The parent never imports matplotlib. The child is started by the first chart and leaves after some
charts, after some time without one, with `close`, or when the parent dies (its input ends; a
process pool's worker would stay behind as an orphan).
"""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Final

from bot.dispatch.painter import DRAWN, HEADER_BYTES, frame
from bot.errors import DrawingError
from bot.views.charts import ChartSpec
from bot.views.pulse_charts import PanelsSpec

TIMEOUT_S: Final = 60.0
"""A chart takes 0.2 s, the first one of a machine some seconds more: fonts are indexed then."""

IDLE_S: Final = 60.0
"""Digests come in flocks on the hour; between them nobody needs the memory."""

CHARTS_PER_CHILD: Final = 200
"""Long enough to share the start, short enough that no leak of a plotting library adds up."""

LEAVE_S: Final = 5.0
"""What a child that was told to leave may still take."""

_HOME: Final = Path(__file__).resolve().parents[2]


class Drawer:
    """Draws one chart at a time in a child process; a child that died is replaced."""

    def __init__(
        self,
        *,
        timeout_s: float = TIMEOUT_S,
        idle_s: float = IDLE_S,
        charts_per_child: int = CHARTS_PER_CHILD,
    ) -> None:
        self._timeout_s = timeout_s
        self._idle_s = idle_s
        self._charts_per_child = charts_per_child
        self._turn = asyncio.Lock()
        self._child: Process | None = None
        self._drawn_by_child = 0
        self._leaving: list[Process] = []
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process id of the child, or None while there is none."""
        return self._child.pid if self._child else None

    async def draw(self, spec: ChartSpec | PanelsSpec) -> bytes:
        """Return the chart as a PNG.

        Raises DrawingError if it cannot be drawn, the child died or took longer than the timeout;
        the next chart gets a new child. Nothing is tried twice here: the caller may.
        """
        async with self._turn:
            self._stay()
            if self._closed:
                raise DrawingError("the drawer is closed")
            try:
                async with asyncio.timeout(self._timeout_s):
                    reply = await _ask(await self._running(), spec)
            except TimeoutError as error:
                await self._kill()
                raise DrawingError(f"no chart within {self._timeout_s} s") from error
            except (asyncio.IncompleteReadError, OSError) as error:
                await self._kill()
                raise DrawingError("the drawing process died") from error
            except BaseException:
                # Cancelled half-way: the reply would be taken for that of the next chart.
                await self._kill()
                raise
            self._drawn_by_child += 1
            if self._drawn_by_child >= self._charts_per_child:
                self._dismiss()
            else:
                self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._dismiss)
        if not reply.startswith(DRAWN):
            raise DrawingError(f"the chart cannot be drawn: {reply[1:].decode(errors='replace')}")
        return reply[len(DRAWN) :]

    async def close(self) -> None:
        """Finish the chart in hand and let the child go; no chart is drawn afterwards."""
        async with self._turn:
            self._closed = True
            self._stay()
            self._dismiss()
            await self._see_off()

    async def _running(self) -> Process:
        """Return the living child, started if need be."""
        await self._see_off()
        if self._child is not None and self._child.returncode is not None:
            await self._kill()  # it died between two charts: nothing was lost
        if self._child is None:
            self._drawn_by_child = 0
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.dispatch.painter",
                stdin=PIPE,
                stdout=PIPE,
                cwd=_HOME,  # -m looks for packages there first
                start_new_session=True,  # Ctrl-C is for the parent, which then closes us
            )
        return self._child

    def _stay(self) -> None:
        """Forget the idle timer."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _dismiss(self) -> None:
        """Tell the child to leave by ending its input; it is seen off later."""
        if self._child is not None:
            if self._child.stdin is not None:
                self._child.stdin.close()
            self._leaving.append(self._child)
            self._child = None

    async def _see_off(self) -> None:
        """Wait for the children that were told to leave, and end those that do not."""
        while self._leaving:
            child = self._leaving[-1]
            try:
                async with asyncio.timeout(LEAVE_S):
                    await child.wait()
            except TimeoutError:
                child.kill()
                await child.wait()
            self._leaving.pop()

    async def _kill(self) -> None:
        """End the child at once."""
        child, self._child = self._child, None
        if child is not None:
            if child.returncode is None:
                child.kill()
            await child.wait()


async def _ask(child: Process, spec: ChartSpec | PanelsSpec) -> bytes:
    """Send one request frame and return the payload of the reply frame."""
    if child.stdin is None or child.stdout is None:
        raise ConnectionError("the child has no pipes")
    child.stdin.write(frame(pickle.dumps(spec)))
    await child.stdin.drain()
    header = await child.stdout.readexactly(HEADER_BYTES)
    return await child.stdout.readexactly(int.from_bytes(header, "big"))
