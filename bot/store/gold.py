"""Gold answers in SQL: found, added and revised by the thousand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.imports import AT_ONCE, StaleError
from models import GoldAnswer, GoldRevision


@dataclass(frozen=True, slots=True)
class KeptGold:
    """A stored gold answer, as far as an import compares it."""

    gold_id: int
    label: str
    revision: int


async def find(
    connection: AsyncConnection, workspace_id: int, project_id: int, tasks: Iterable[str]
) -> dict[str, KeptGold]:
    """Return task -> gold answer of those tasks of a project that have one."""
    found: dict[str, KeptGold] = {}
    wanted = list(tasks)
    for start in range(0, len(wanted), AT_ONCE):
        statement = select(
            GoldAnswer.task, GoldAnswer.id, GoldAnswer.label, GoldAnswer.revision
        ).where(
            GoldAnswer.workspace_id == workspace_id,
            GoldAnswer.project_id == project_id,
            GoldAnswer.task.in_(wanted[start : start + AT_ONCE]),
        )
        for row in await connection.execute(statement):
            found[row.task] = KeptGold(row.id, row.label, row.revision)
    return found


async def add(
    tx: AsyncConnection,
    workspace_id: int,
    project_id: int,
    labels: Mapping[str, str],
    now: datetime,
) -> None:
    """Add task -> label. Raises StaleError if one of the tasks has an answer meanwhile."""
    if not labels:
        return
    rows = [
        {
            "workspace_id": workspace_id,
            "project_id": project_id,
            "task": task,
            "label": label,
            "revision": 1,
            "imported_at": now,
        }
        for task, label in labels.items()
    ]
    try:
        await tx.execute(insert(GoldAnswer), rows)
    except IntegrityError as error:
        raise StaleError from error


async def revise(
    tx: AsyncConnection,
    workspace_id: int,
    changes: Sequence[tuple[KeptGold, str]],
    now: datetime,
) -> None:
    """Put other labels in place of what is kept as revisions.

    Raises StaleError if one of the answers was revised by somebody else meanwhile.
    """
    for kept, label in changes:
        result = await tx.execute(
            update(GoldAnswer)
            .where(
                GoldAnswer.workspace_id == workspace_id,
                GoldAnswer.id == kept.gold_id,
                GoldAnswer.revision == kept.revision,
            )
            .values(label=label, revision=kept.revision + 1, imported_at=now)
        )
        if not result.rowcount:
            raise StaleError
    if changes:
        replaced = [
            {
                "workspace_id": workspace_id,
                "gold_id": kept.gold_id,
                "revision": kept.revision,
                "label": kept.label,
                "replaced_at": now,
            }
            for kept, _ in changes
        ]
        await tx.execute(insert(GoldRevision), replaced)
