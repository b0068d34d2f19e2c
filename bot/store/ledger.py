"""The ledger: who did and saw what, by ids alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from models import LedgerEntry

_ENTRY = insert(LedgerEntry)


async def write(
    tx: AsyncConnection,
    workspace_id: int,
    now: datetime,
    action: str,
    *,
    actor_id: int | None,
    squad_id: int | None = None,
    person_id: int | None = None,
    ids: Mapping[str, object] | None = None,
) -> None:
    """Add one entry; `actor_id` None is the operator at the shell, `person_id` whom it is about."""
    await tx.execute(
        _ENTRY,
        {
            "workspace_id": workspace_id,
            "at": now,
            "action": action,
            "actor_id": actor_id,
            "squad_id": squad_id,
            "person_id": person_id,
            "ids": dict(ids) if ids else None,
        },
    )


async def write_all(
    tx: AsyncConnection,
    workspace_id: int,
    now: datetime,
    action: str,
    *,
    actor_id: int | None,
    squad_id: int,
    about: Sequence[tuple[int, Mapping[str, object]]],
) -> None:
    """Add an entry for each (person it is about, ids), in one statement."""
    rows = [
        {
            "workspace_id": workspace_id,
            "at": now,
            "action": action,
            "actor_id": actor_id,
            "squad_id": squad_id,
            "person_id": person_id,
            "ids": dict(ids),
        }
        for person_id, ids in about
    ]
    if rows:
        await tx.execute(_ENTRY, rows)
