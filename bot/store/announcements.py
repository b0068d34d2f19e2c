"""Announcements in SQL: what was said to which squads, who has got it, and what is due."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.announcements import LINE, LINES, Announcement, Receipt, Said
from bot.rules.outbox import DeliveryState
from bot.rules.people import SquadState
from bot.store.database import insert_or_ignore
from models import Announcement as AnnouncementRow
from models import (
    AnnouncementReceipt,
    AnnouncementSquad,
    GuidelineVersion,
    OutboxRow,
    Squad,
)

AT_ONCE = 400
"""Keys in one list: SQLite takes no more than some thousand values in a statement."""

_COLUMNS = [
    getattr(AnnouncementRow, name) for name in Announcement.__dataclass_fields__ if name != "posts"
]


def line_key(announcement_id: int, person_id: int, number: int) -> str:
    """Return the dedupe key of a person's first or second line."""
    return f"{LINE}:{announcement_id}:{person_id}:{number}"


async def add(
    tx: AsyncConnection, announcement: Mapping[str, Any], squad_ids: Iterable[int]
) -> int:
    """Store an announcement and return its key; where it is posted is told by `posted`."""
    statement = insert(AnnouncementRow).values(**announcement).returning(AnnouncementRow.id)
    key = int((await tx.execute(statement)).scalar_one())
    await tx.execute(
        insert(AnnouncementSquad),
        [
            {
                "workspace_id": announcement["workspace_id"],
                "announcement_id": key,
                "squad_id": squad_id,
            }
            for squad_id in squad_ids
        ],
    )
    return key


async def posted(
    tx: AsyncConnection, announcement_id: int, squad_ids: Collection[int], delivery_id: int
) -> None:
    """Remember which post shows an announcement to some of its squads."""
    await tx.execute(
        update(AnnouncementSquad)
        .where(
            AnnouncementSquad.announcement_id == announcement_id,
            AnnouncementSquad.squad_id.in_(squad_ids),
        )
        .values(delivery_id=delivery_id)
    )


async def _with_posts(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Announcement]:
    posts: dict[int, dict[int, int | None]] = {row.id: {} for row in rows}
    statement = select(
        AnnouncementSquad.announcement_id, AnnouncementSquad.squad_id, AnnouncementSquad.delivery_id
    ).where(AnnouncementSquad.announcement_id.in_(list(posts)))
    for row in await connection.execute(statement.order_by(AnnouncementSquad.id)):
        posts[row.announcement_id][row.squad_id] = row.delivery_id
    return [Announcement(**row._mapping, posts=posts[row.id]) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


async def get(
    connection: AsyncConnection, workspace_id: int, announcement_id: int
) -> Announcement | None:
    """Return one announcement."""
    statement = select(*_COLUMNS).where(
        AnnouncementRow.workspace_id == workspace_id, AnnouncementRow.id == announcement_id
    )
    found = await _with_posts(connection, (await connection.execute(statement)).all())
    return found[0] if found else None


async def without_receipt(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    person_id: int,
    since: datetime,
) -> list[Announcement]:
    """Return what was announced to any of these squads and somebody has not got, oldest first.

    Only what was announced since then; what was withdrawn, or is past its time, is left out, and
    so is what was said in a squad's rehearsal.
    """
    was_live = and_(
        Squad.state == SquadState.LIVE.value,
        or_(Squad.live_at.is_(None), Squad.live_at <= AnnouncementRow.created_at),
    )
    here = exists().where(
        AnnouncementSquad.announcement_id == AnnouncementRow.id,
        AnnouncementSquad.squad_id.in_(list(squad_ids)),
        Squad.id == AnnouncementSquad.squad_id,
        was_live,
    )
    statement = (
        select(*_COLUMNS)
        .where(
            AnnouncementRow.workspace_id == workspace_id,
            AnnouncementRow.created_at >= since,
            AnnouncementRow.withdrawn_at.is_(None),
            AnnouncementRow.text != "",
            here,
            ~exists().where(
                AnnouncementReceipt.announcement_id == AnnouncementRow.id,
                AnnouncementReceipt.person_id == person_id,
            ),
        )
        .order_by(AnnouncementRow.created_at, AnnouncementRow.id)
    )
    return await _with_posts(connection, (await connection.execute(statement)).all())


async def rehearsed(
    connection: AsyncConnection, workspace_id: int, squad_id: int, since: datetime
) -> list[Announcement]:
    """Return what a squad that is live was not told of since then, for it rehearsed; oldest first.

    What was seen in a channel that it shares with a live squad is left out.
    """
    statement = (
        select(*_COLUMNS)
        .join(AnnouncementSquad, AnnouncementSquad.announcement_id == AnnouncementRow.id)
        .join(Squad, Squad.id == AnnouncementSquad.squad_id)
        .where(
            AnnouncementRow.workspace_id == workspace_id,
            AnnouncementRow.created_at >= since,
            AnnouncementRow.withdrawn_at.is_(None),
            AnnouncementRow.text != "",
            AnnouncementSquad.squad_id == squad_id,
            Squad.live_at > AnnouncementRow.created_at,
            ~exists().where(
                OutboxRow.id == AnnouncementSquad.delivery_id,
                OutboxRow.state == DeliveryState.SENT.value,
            ),
        )
        .order_by(AnnouncementRow.created_at, AnnouncementRow.id)
    )
    return await _with_posts(connection, (await connection.execute(statement)).all())


async def leave(tx: AsyncConnection, announcement_id: int, squad_ids: Collection[int]) -> bool:
    """Let an announcement be for these squads no longer; False if it was for none of them."""
    statement = delete(AnnouncementSquad).where(
        AnnouncementSquad.announcement_id == announcement_id,
        AnnouncementSquad.squad_id.in_(list(squad_ids)),
    )
    return bool((await tx.execute(statement)).rowcount)


async def change(tx: AsyncConnection, announcement_id: int, **values: object) -> None:
    """Change an announcement."""
    await tx.execute(
        update(AnnouncementRow).where(AnnouncementRow.id == announcement_id).values(**values)
    )


async def withdraw(tx: AsyncConnection, announcement_id: int, now: datetime) -> bool:
    """Take an announcement back; False if it was before."""
    statement = (
        update(AnnouncementRow)
        .where(AnnouncementRow.id == announcement_id, AnnouncementRow.withdrawn_at.is_(None))
        .values(withdrawn_at=now, next_at=None)
    )
    return bool((await tx.execute(statement)).rowcount)


# Who has got it.


async def receipts(connection: AsyncConnection, announcement_id: int) -> list[Receipt]:
    """Return who has got an announcement, in order."""
    statement = (
        select(
            AnnouncementReceipt.person_id,
            AnnouncementReceipt.confirmed_at,
            AnnouncementReceipt.reply,
        )
        .where(AnnouncementReceipt.announcement_id == announcement_id)
        .order_by(AnnouncementReceipt.id)
    )
    return [Receipt(**row._mapping) for row in await connection.execute(statement)]  # noqa: SLF001 - as above


async def confirm(
    tx: AsyncConnection,
    workspace_id: int,
    announcement_id: int,
    person_id: int,
    now: datetime,
    reply: str | None = None,
) -> bool:
    """Keep that somebody has got it; a later reply takes the place of an earlier one.

    False if it is as it was.
    """
    replied = {"reply": reply, "replied_at": now} if reply is not None else {}
    statement = insert_or_ignore(tx, AnnouncementReceipt).values(
        workspace_id=workspace_id,
        announcement_id=announcement_id,
        person_id=person_id,
        confirmed_at=now,
        **replied,
    )
    key = ["workspace_id", "announcement_id", "person_id"]
    if replied:
        changed = statement.on_conflict_do_update(index_elements=key, set_=replied)
    else:
        changed = statement.on_conflict_do_nothing(index_elements=key)
    return bool((await tx.execute(changed)).rowcount)


# For the clock.


async def anything_due(connection: AsyncConnection, now: datetime) -> bool:
    """Tell, in one look into an index, whether an announcement waits for the clock."""
    return bool(await connection.scalar(select(exists().where(AnnouncementRow.next_at <= now))))


async def due(connection: AsyncConnection, now: datetime, limit: int) -> list[Announcement]:
    """Return announcements that wait for the clock, longest first."""
    statement = (
        select(*_COLUMNS)
        .where(AnnouncementRow.next_at <= now)
        .order_by(AnnouncementRow.next_at, AnnouncementRow.id)
        .limit(limit)
    )
    return await _with_posts(connection, (await connection.execute(statement)).all())


async def advance(
    tx: AsyncConnection, announcement: Announcement, next_at: datetime | None
) -> bool:
    """Let the clock look again at `next_at`; False if somebody else did, or it was withdrawn."""
    statement = (
        update(AnnouncementRow)
        .where(
            AnnouncementRow.id == announcement.id,
            AnnouncementRow.next_at == announcement.next_at,
            AnnouncementRow.withdrawn_at.is_(None),
        )
        .values(next_at=next_at)
    )
    return bool((await tx.execute(statement)).rowcount)


async def said(
    connection: AsyncConnection,
    workspace_id: int,
    announcement_id: int,
    person_ids: Collection[int],
) -> dict[int, Said]:
    """Return what became of the last line of each of these people; of who had none nothing."""
    numbers = {
        line_key(announcement_id, person_id, number): (person_id, number)
        for person_id in person_ids
        for number in range(1, LINES + 1)
    }
    keys = list(numbers)
    found: dict[int, Said] = {}
    for first in range(0, len(keys), AT_ONCE):
        statement = select(OutboxRow.dedupe_key, OutboxRow.state, OutboxRow.settled_at).where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.dedupe_key.in_(keys[first : first + AT_ONCE]),
        )
        for row in await connection.execute(statement):
            person_id, number = numbers[row.dedupe_key]
            if person_id not in found or found[person_id].number < number:
                found[person_id] = Said(number, DeliveryState(row.state), row.settled_at)
    return found


# Versions of guidelines.


async def of_version_since(
    connection: AsyncConnection, workspace_id: int, project_id: int, since: datetime
) -> bool:
    """Tell whether a version of a project's guidelines was announced since then."""
    statement = select(
        exists().where(
            AnnouncementRow.workspace_id == workspace_id,
            AnnouncementRow.created_at >= since,
            AnnouncementRow.withdrawn_at.is_(None),
            AnnouncementRow.version_id == GuidelineVersion.id,
            GuidelineVersion.project_id == project_id,
        )
    )
    return bool(await connection.scalar(statement))


async def versions_told(connection: AsyncConnection, workspace_id: int) -> frozenset[int]:
    """Return the versions of guidelines that were announced."""
    statement = select(AnnouncementRow.version_id).where(
        AnnouncementRow.workspace_id == workspace_id,
        AnnouncementRow.version_id.is_not(None),
        AnnouncementRow.withdrawn_at.is_(None),
    )
    return frozenset(each for each in await connection.scalars(statement) if each is not None)
