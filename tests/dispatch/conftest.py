"""The post office in its variants: which database, and how strict Slack's rates are."""

from collections.abc import AsyncIterator

import pytest

from bot.store.database import Database
from tests.fakes.slack.rates import Rates
from tests.office import MORNING, Office, open_office


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Database]:
    store = Database(sqlite_url)
    yield store
    await store.close()


@pytest.fixture
async def office(sqlite_store: Database) -> AsyncIterator[Office]:
    """The post office on SQLite, with Slack's rates as strict as they are."""
    async with open_office(sqlite_store, MORNING) as opened:
        yield opened


@pytest.fixture
async def fast_office(sqlite_store: Database) -> AsyncIterator[Office]:
    """The same, with no cap on the workspace's posts."""
    async with open_office(sqlite_store, MORNING, rates=Rates(posts_per_minute=None)) as opened:
        yield opened


@pytest.fixture
async def any_office(database: Database) -> AsyncIterator[Office]:
    """The same on each kind of database."""
    async with open_office(database, MORNING, rates=Rates(posts_per_minute=None)) as opened:
        yield opened
