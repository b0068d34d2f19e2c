"""What is done while the database is busy never leaves a statement behind."""

import asyncio

import pytest

from bot.services.import_writing import alongside


class Statement:
    """Something that the database takes a while over."""

    def __init__(self, seconds: float, error: Exception | None = None) -> None:
        self.seconds = seconds
        self.error = error
        self.done = False

    async def run(self) -> None:
        await asyncio.sleep(self.seconds)
        self.done = True
        if self.error is not None:
            raise self.error


async def test_work_is_done_while_the_database_is_busy() -> None:
    statement = Statement(0.05)
    seen: list[bool] = []
    await alongside(statement.run(), lambda: seen.append(statement.done))
    assert seen == [False]
    assert statement.done


async def test_nothing_is_begun_once_the_database_is_through() -> None:
    seen: list[bool] = []
    await alongside(Statement(0).run(), lambda: seen.append(True))
    assert seen == []


async def test_a_failing_statement_says_so() -> None:
    with pytest.raises(LookupError):
        await alongside(Statement(0.05, LookupError()).run(), lambda: None)


async def test_failing_work_waits_for_the_statement() -> None:
    statement = Statement(0.05)

    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await alongside(statement.run(), fail)
    assert statement.done


async def test_whoever_is_cancelled_waits_for_the_statement() -> None:
    """A transaction must not be rolled back under a statement that still runs."""
    statement = Statement(0.05)
    running = asyncio.create_task(alongside(statement.run(), lambda: None))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert statement.done
