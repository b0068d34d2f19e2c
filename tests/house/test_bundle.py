"""The bundle makes each service when it is asked for; this asks for all of them."""

import pytest

from bot.clock import Clock
from bot.services.bundle import PARTS, Services, build
from bot.store.database import Database


async def test_every_service_is_what_it_is_said_to_be(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    services = build(database, Clock(), pulse_key=b"k" * 32)
    assert set(Services.__annotations__) == set(PARTS)
    for name, kind in Services.__annotations__.items():
        assert type(getattr(services, name)).__name__ == kind, name
        assert getattr(services, name) is getattr(services, name), "made once"
    await services.close()
    await database.close()


async def test_what_there_is_not_is_no_attribute(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with pytest.raises(AttributeError, match="misspelt"):
        build(database, Clock()).misspelt  # type: ignore[attr-defined]  # noqa: B018
    await database.close()
