"""Scenarios through Bolt's dispatcher: on SQLite always, on PostgreSQL with the slow tests.

What differs between the two is in the store, and what stores and services do is tested on both
databases each time; whole scenarios on PostgreSQL would take a tenth of the time of all tests.
"""

from pathlib import Path

import pytest

from tests.conftest import address_of


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database, once of each kind."""
    return address_of(request, tmp_path)
