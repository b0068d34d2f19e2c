"""The child that draws: the parent stays small, and no death or delay of the child lasts."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from bot.dispatch import painter
from bot.dispatch.drawing import Drawer
from bot.errors import DrawingError
from bot.rules.numbers import rate
from bot.views import charts
from bot.views.catalogue.en.charts import SENTENCES
from bot.views.charts import ChartSpec, TrendPoint
from bot.views.words import Words

PNG = b"\x89PNG\r\n\x1a\n"


def spec() -> ChartSpec:
    days = [
        TrendPoint(date(2026, 3, 2) + timedelta(days=n), rate(8 + n, 10 + n), 10 + n)
        for n in range(4)
    ]
    made = charts.quality_trend(Words("en", SENTENCES), days, 0.9)
    assert made is not None
    return made


def broken() -> ChartSpec:
    """A chart that matplotlib refuses: fewer values than days."""
    return replace(spec(), values=(0.5,))


@asynccontextmanager
async def drawer(**options: float) -> AsyncIterator[Drawer]:
    made = Drawer(**options)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        await made.close()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  the kernel sets no asyncio.Event
            await asyncio.sleep(0.002)


async def until_gone(pid: int) -> None:
    await until(lambda: not alive(pid))


async def test_a_chart_is_drawn_as_it_would_be_here() -> None:
    async with drawer() as ours:
        assert await ours.draw(spec()) == charts.draw(spec())


async def test_charts_asked_for_at_once_come_from_one_child() -> None:
    async with drawer() as ours:
        wide = replace(spec(), title="Another")
        first, second, third = await asyncio.gather(*map(ours.draw, (spec(), wide, spec())))
        assert first == third != second
        assert second.startswith(PNG)


def test_the_parent_never_imports_matplotlib() -> None:
    # In a process of its own, because the tests beside this one do import it.
    script = """
        import asyncio, sys
        sys.path.insert(0, "tests/dispatch")
        from bot.dispatch.drawing import Drawer
        from test_dispatch_drawing import spec

        async def main():
            drawer = Drawer()
            png = await drawer.draw(spec())
            await drawer.close()
            heavy = {"matplotlib", "numpy", "scipy"} & set(sys.modules)
            print(len(png) > 10_000, sorted(heavy))

        asyncio.run(main())
    """
    done = subprocess.run(  # noqa: S603  our own script
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (done.stdout, done.stderr) == ("True []\n", "")


async def test_a_child_killed_at_work_fails_one_chart_and_is_replaced() -> None:
    async with drawer() as ours:
        drawing = asyncio.create_task(ours.draw(spec()))
        await until(lambda: ours.pid is not None)
        killed = ours.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        with pytest.raises(DrawingError, match="died"):
            await drawing
        assert (await ours.draw(spec())).startswith(PNG)
        assert ours.pid not in (None, killed)


async def test_a_child_killed_between_charts_loses_none() -> None:
    async with drawer() as ours:
        await ours.draw(spec())
        killed = ours.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await until_gone(killed)
        # The loop hears of the death a moment after the kernel.
        await asyncio.sleep(0.2)
        assert (await ours.draw(spec())).startswith(PNG)
        assert ours.pid != killed


async def test_a_chart_that_cannot_be_drawn_costs_no_child() -> None:
    async with drawer() as ours:
        await ours.draw(spec())
        before = ours.pid
        with pytest.raises(DrawingError, match="cannot be drawn: ValueError"):
            await ours.draw(broken())
        assert (await ours.draw(spec())).startswith(PNG)
        assert ours.pid == before


async def test_a_child_that_takes_too_long_is_ended() -> None:
    async with drawer(timeout_s=20) as ours:
        await ours.draw(spec())
        slow = ours.pid
        assert slow is not None
        os.kill(slow, signal.SIGSTOP)
        ours._timeout_s = 0.2
        with pytest.raises(DrawingError, match=r"within 0\.2 s"):
            await ours.draw(spec())
        assert ours.pid is None
        assert not alive(slow)
        ours._timeout_s = 20
        assert (await ours.draw(spec())).startswith(PNG)


async def test_a_cancelled_chart_is_not_given_to_the_next() -> None:
    async with drawer() as ours:
        await ours.draw(spec())
        drawing = asyncio.create_task(ours.draw(replace(spec(), title="Cancelled")))
        await asyncio.sleep(0.01)
        drawing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await drawing
        assert await ours.draw(spec()) == charts.draw(spec())


async def test_an_idle_child_gives_its_memory_back() -> None:
    async with drawer(idle_s=0.05) as ours:
        await ours.draw(spec())
        idle = ours.pid
        assert idle is not None
        await until_gone(idle)
        assert ours.pid is None
        assert (await ours.draw(spec())).startswith(PNG)


async def test_a_child_leaves_after_some_charts() -> None:
    async with drawer(charts_per_child=2) as ours:
        await ours.draw(spec())
        first = ours.pid
        assert first is not None
        await ours.draw(spec())
        assert ours.pid is None
        await ours.draw(spec())
        assert ours.pid not in (None, first)
        assert not alive(first)


async def test_closing_ends_the_child_and_no_more_is_drawn() -> None:
    ours = Drawer()
    await ours.draw(spec())
    pid = ours.pid
    assert pid is not None
    await ours.close()
    assert not alive(pid)
    with pytest.raises(DrawingError, match="closed"):
        await ours.draw(spec())
    await ours.close()


async def test_closing_waits_for_the_chart_in_hand() -> None:
    ours = Drawer()
    drawing = asyncio.create_task(ours.draw(spec()))
    await asyncio.sleep(0)
    await ours.close()
    assert (await drawing).startswith(PNG)


async def test_a_child_does_not_outlive_a_killed_parent() -> None:
    script = """
        import asyncio, sys
        sys.path.insert(0, "tests/dispatch")
        from bot.dispatch.drawing import Drawer
        from test_dispatch_drawing import spec

        async def main():
            drawer = Drawer()
            await drawer.draw(spec())
            print(drawer.pid, flush=True)
            await asyncio.sleep(60)

        asyncio.run(main())
    """
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        textwrap.dedent(script),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert alive(child)
    parent.kill()
    await parent.wait()
    await until_gone(child)


def test_the_painter_answers_frame_by_frame_until_its_input_ends() -> None:
    requests = b"".join(painter.frame(pickle.dumps(one)) for one in (spec(), broken(), spec()))
    replies = BytesIO()
    painter.serve(BytesIO(requests), replies)
    replies.seek(0)
    read = []
    while header := replies.read(painter.HEADER_BYTES):
        read.append(replies.read(int.from_bytes(header, "big")))
    assert [one[:1] for one in read] == [painter.DRAWN, painter.FAILED, painter.DRAWN]
    assert read[0] == painter.DRAWN + charts.draw(spec()) == read[2]
