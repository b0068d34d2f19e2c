"""Versions of guidelines and their passages in SQL; unfinished imports are seen by nobody."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import FindingState
from bot.rules.citations import Heading
from bot.rules.guidelines import Block, BlockKind, Edition, Library, Passage
from models import Audit, Finding, GuidelinePassage, GuidelineVersion

UNSETTLED = (FindingState.OPEN, FindingState.DISPUTED)

_EDITION = (
    GuidelineVersion.id.label("edition_id"),
    GuidelineVersion.project_id,
    GuidelineVersion.number,
    GuidelineVersion.version,
    GuidelineVersion.digest,
    GuidelineVersion.base_url,
    GuidelineVersion.documents,
    GuidelineVersion.passages,
)
_PASSAGE = (
    GuidelinePassage.position,
    GuidelinePassage.document,
    GuidelinePassage.title,
    GuidelinePassage.headings,
    GuidelinePassage.anchor,
    GuidelinePassage.tags,
    GuidelinePassage.mentions,
    GuidelinePassage.blocks,
)


async def newest(connection: AsyncConnection, workspace_id: int, project_id: int) -> Edition | None:
    """Return the newest version of a project's guidelines."""
    statement = (
        select(*_EDITION)
        .where(
            GuidelineVersion.workspace_id == workspace_id,
            GuidelineVersion.project_id == project_id,
            GuidelineVersion.number.is_not(None),
        )
        .order_by(GuidelineVersion.number.desc())
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _edition(row)


async def by_name(
    connection: AsyncConnection, workspace_id: int, project_id: int, version: str
) -> Edition | None:
    """Return the version of this name."""
    statement = select(*_EDITION).where(
        GuidelineVersion.workspace_id == workspace_id,
        GuidelineVersion.project_id == project_id,
        GuidelineVersion.version == version,
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _edition(row)


async def get(connection: AsyncConnection, workspace_id: int, edition_id: int) -> Edition | None:
    """Return a version by its key."""
    statement = select(*_EDITION).where(
        GuidelineVersion.workspace_id == workspace_id,
        GuidelineVersion.id == edition_id,
        GuidelineVersion.number.is_not(None),
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _edition(row)


async def versions(
    connection: AsyncConnection, workspace_id: int, project_id: int
) -> list[Edition]:
    """Return all versions of a project's guidelines, newest first."""
    statement = (
        select(*_EDITION)
        .where(
            GuidelineVersion.workspace_id == workspace_id,
            GuidelineVersion.project_id == project_id,
            GuidelineVersion.number.is_not(None),
        )
        .order_by(GuidelineVersion.number.desc())
    )
    return [_edition(row) for row in await connection.execute(statement)]


async def imported_at(
    connection: AsyncConnection, workspace_id: int, edition_id: int
) -> datetime | None:
    """Return when a version was imported."""
    found: datetime | None = await connection.scalar(
        select(GuidelineVersion.created_at).where(
            GuidelineVersion.workspace_id == workspace_id, GuidelineVersion.id == edition_id
        )
    )
    return found


def _edition(row: Row[*tuple[Any, ...]]) -> Edition:
    return Edition(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def open_version(
    tx: AsyncConnection,
    workspace_id: int,
    project_id: int,
    library: Library,
    base_url: str | None,
    now: datetime,
) -> int:
    """Begin a version that nobody sees until `publish`; return its key."""
    statement = (
        insert(GuidelineVersion)
        .values(
            workspace_id=workspace_id,
            project_id=project_id,
            digest=library.digest,
            base_url=base_url,
            documents=library.documents,
            passages=len(library.passages),
            created_at=now,
        )
        .returning(GuidelineVersion.id)
    )
    return (await tx.execute(statement)).scalar_one()


async def add_passages(
    tx: AsyncConnection, workspace_id: int, edition_id: int, first: int, some: Sequence[Passage]
) -> None:
    """Add passages to an open version; `first` is the position of the first of them."""
    rows = [
        {
            "workspace_id": workspace_id,
            "version_id": edition_id,
            "position": first + offset,
            "document": passage.document,
            "title": passage.title,
            "headings": list(passage.headings),
            "anchor": passage.anchor,
            "tags": list(passage.tags),
            "mentions": list(passage.mentions),
            "blocks": [[kind.value, text] for kind, text in passage.blocks],
        }
        for offset, passage in enumerate(some)
    ]
    await tx.execute(insert(GuidelinePassage), rows)


async def publish(
    tx: AsyncConnection, workspace_id: int, project_id: int, edition_id: int, version: str
) -> int:
    """Give an open version its name and the next number, which is returned.

    Hold the workspace's lock: two imports at once must not take one number.
    """
    last = await tx.scalar(
        select(func.max(GuidelineVersion.number)).where(
            GuidelineVersion.workspace_id == workspace_id,
            GuidelineVersion.project_id == project_id,
        )
    )
    number = (last or 0) + 1
    await tx.execute(
        update(GuidelineVersion)
        .where(GuidelineVersion.workspace_id == workspace_id, GuidelineVersion.id == edition_id)
        .values(version=version, number=number)
    )
    return number


async def move(tx: AsyncConnection, workspace_id: int, edition_id: int, base_url: str) -> None:
    """Say anew where the documents of a version stand."""
    await tx.execute(
        update(GuidelineVersion)
        .where(GuidelineVersion.workspace_id == workspace_id, GuidelineVersion.id == edition_id)
        .values(base_url=base_url)
    )


async def discard(tx: AsyncConnection, workspace_id: int, edition_id: int) -> None:
    """Remove an open version and what was stored of it."""
    await tx.execute(
        delete(GuidelinePassage).where(
            GuidelinePassage.workspace_id == workspace_id,
            GuidelinePassage.version_id == edition_id,
        )
    )
    await tx.execute(
        delete(GuidelineVersion).where(
            GuidelineVersion.workspace_id == workspace_id,
            GuidelineVersion.id == edition_id,
            GuidelineVersion.number.is_(None),
        )
    )


async def abandoned(connection: AsyncConnection, workspace_id: int, before: datetime) -> list[int]:
    """Return open versions that were begun before an instant: their import died."""
    statement = select(GuidelineVersion.id).where(
        GuidelineVersion.workspace_id == workspace_id,
        GuidelineVersion.number.is_(None),
        GuidelineVersion.created_at < before,
    )
    return list((await connection.scalars(statement)).all())


async def passages(
    connection: AsyncConnection, workspace_id: int, edition_id: int, first: int, n: int
) -> list[Passage]:
    """Return at most `n` passages of a version in reading order, from position `first`."""
    statement = (
        select(*_PASSAGE)
        .where(
            GuidelinePassage.workspace_id == workspace_id,
            GuidelinePassage.version_id == edition_id,
            GuidelinePassage.position >= first,
            GuidelinePassage.position < first + n,
        )
        .order_by(GuidelinePassage.position)
    )
    return [_passage(row) for row in await connection.execute(statement)]


async def headings(
    connection: AsyncConnection, workspace_id: int, edition_id: int
) -> list[Heading]:
    """Return where each section of a version stands, in reading order."""
    statement = (
        select(GuidelinePassage.position, GuidelinePassage.title, GuidelinePassage.headings)
        .where(
            GuidelinePassage.workspace_id == workspace_id,
            GuidelinePassage.version_id == edition_id,
        )
        .order_by(GuidelinePassage.position)
    )
    return [
        Heading(row.position, (row.title, *row.headings))
        for row in await connection.execute(statement)
    ]


async def passages_at(
    connection: AsyncConnection, workspace_id: int, edition_id: int, positions: Sequence[int]
) -> dict[int, Passage]:
    """Return position -> passage."""
    statement = select(*_PASSAGE).where(
        GuidelinePassage.workspace_id == workspace_id,
        GuidelinePassage.version_id == edition_id,
        GuidelinePassage.position.in_(positions),
    )
    return {row.position: _passage(row) for row in await connection.execute(statement)}


def _passage(row: Row[*tuple[Any, ...]]) -> Passage:
    return Passage(
        document=row.document,
        title=row.title,
        headings=tuple(row.headings),
        anchor=row.anchor,
        tags=tuple(row.tags),
        mentions=tuple(row.mentions),
        blocks=tuple(Block(BlockKind(kind), text) for kind, text in row.blocks),
    )


async def sections_of_open_findings(
    connection: AsyncConnection, workspace_id: int, project_id: int
) -> list[str]:
    """Return the section of each finding that is not settled yet and cites one."""
    statement = (
        select(Finding.section)
        .join(Audit, and_(Audit.id == Finding.audit_id, Audit.workspace_id == workspace_id))
        .where(
            Finding.workspace_id == workspace_id,
            Audit.project_id == project_id,
            Finding.section.is_not(None),
            Finding.state.in_([state.value for state in UNSETTLED]),
        )
    )
    return [section for section in (await connection.scalars(statement)).all() if section]
