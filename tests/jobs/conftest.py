"""Fixtures of the clock's side."""

from collections.abc import AsyncIterator

import pytest

from tests.jobs.clockwork import Clockwork, open_clockwork


@pytest.fixture
async def works(database_url: str) -> AsyncIterator[Clockwork]:
    """A workspace and a clock, on each kind of database."""
    async with open_clockwork(database_url) as opened:
        yield opened


@pytest.fixture
async def sqlite_works(sqlite_url: str) -> AsyncIterator[Clockwork]:
    """The same on SQLite, where one kind of database suffices."""
    async with open_clockwork(sqlite_url) as opened:
        yield opened
