"""What every statement of the store relies on, on both kinds of database."""

from datetime import UTC, datetime

from sqlalchemy import insert

from bot.store import effects, leases
from bot.store.database import Database, insert_or_ignore
from models import Effect, Workspace

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)


async def _workspace(database: Database) -> int:
    async with database.write() as tx:
        statement = insert(Workspace).values(name="w", created_at=NOW).returning(Workspace.id)
        return (await tx.execute(statement)).scalar_one()


async def test_an_ignored_insert_counts_as_none(database: Database) -> None:
    workspace_id = await _workspace(database)
    counts = []
    async with database.write() as tx:
        for _ in range(2):
            statement = (
                insert_or_ignore(tx, Effect)
                .values(workspace_id=workspace_id, key="k", created_at=NOW)
                .on_conflict_do_nothing(index_elements=["workspace_id", "key"])
            )
            counts.append((await tx.execute(statement)).rowcount)
    assert counts == [1, 0]


async def test_an_effect_is_claimed_once(database: Database) -> None:
    workspace_id = await _workspace(database)
    async with database.write() as tx:
        assert await effects.begin(tx, workspace_id, "k", NOW) is None
        await effects.finish(tx, workspace_id, "k", {"id": 7})
    async with database.write() as tx:
        assert await effects.begin(tx, workspace_id, "k", NOW) == {"id": 7}


async def test_a_lease_is_held_by_one_until_it_ends(database: Database) -> None:
    workspace_id = await _workspace(database)
    later = NOW.replace(hour=11)
    async with database.write() as tx:
        assert await leases.acquire(tx, workspace_id, "a", NOW, later) == 1
        assert await leases.acquire(tx, workspace_id, "b", NOW, later) is None
        assert await leases.acquire(tx, workspace_id, "b", later, later.replace(hour=12)) == 2
        assert not await leases.renew(tx, workspace_id, 1, later, later.replace(hour=13))
        assert await leases.renew(tx, workspace_id, 2, later, later.replace(hour=13))
        await leases.release(tx, workspace_id, 2, later)
        assert await leases.acquire(tx, workspace_id, "a", later, later.replace(hour=12)) == 3
