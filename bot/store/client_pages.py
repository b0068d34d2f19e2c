"""Pages for clients in SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.calendar import DateSpan
from bot.rules.client_pages import LISTED, Page, PageFigures, PageState
from models import ClientPage, Squad

_PAGES = select(
    ClientPage.id,
    ClientPage.squad_id,
    Squad.name.label("squad"),
    ClientPage.first_day,
    ClientPage.last_day,
    ClientPage.body,
    ClientPage.state,
    ClientPage.channel,
    ClientPage.released_at,
).join(Squad, Squad.id == ClientPage.squad_id)


def _page(row: Row[*tuple[Any, ...]]) -> Page:
    return Page(
        page_id=row.id,
        squad_id=row.squad_id,
        squad=row.squad,
        span=DateSpan(row.first_day, row.last_day),
        body=row.body,
        state=PageState(row.state),
        channel=row.channel,
        released_at=row.released_at,
    )


async def add(
    tx: AsyncConnection,
    workspace_id: int,
    figures: PageFigures,
    body: str,
    by: int,
    now: datetime,
) -> int:
    """Store a draft; return its key."""
    statement = (
        insert(ClientPage)
        .values(
            workspace_id=workspace_id,
            squad_id=figures.squad_id,
            first_day=figures.span.first,
            last_day=figures.span.last,
            body=body,
            state=PageState.DRAFT.value,
            drafted_by=by,
            drafted_at=now,
        )
        .returning(ClientPage.id)
    )
    return int((await tx.execute(statement)).scalar_one())


async def get(connection: AsyncConnection, workspace_id: int, page_id: int) -> Page | None:
    """Return a page of the workspace."""
    statement = _PAGES.where(ClientPage.workspace_id == workspace_id, ClientPage.id == page_id)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _page(row)


async def released(connection: AsyncConnection, workspace_id: int, squad_id: int) -> list[Page]:
    """Return a squad's latest released pages, newest first."""
    statement = (
        _PAGES.where(
            ClientPage.workspace_id == workspace_id,
            ClientPage.squad_id == squad_id,
            ClientPage.state == PageState.RELEASED.value,
        )
        .order_by(ClientPage.released_at.desc(), ClientPage.id.desc())
        .limit(LISTED)
    )
    return [_page(row) for row in await connection.execute(statement)]


async def edit(
    tx: AsyncConnection,
    workspace_id: int,
    page_id: int,
    body: str,
    by: int,
    now: datetime,
    *,
    channel: str | None,
) -> bool:
    """Change a draft, and release it to a channel if one is given; False if it is none any more."""
    values: dict[str, object] = {"body": body, "edited_by": by, "edited_at": now}
    if channel is not None:
        values |= {
            "state": PageState.RELEASED.value,
            "released_by": by,
            "released_at": now,
            "channel": channel,
        }
    done = await tx.execute(
        update(ClientPage)
        .where(
            ClientPage.workspace_id == workspace_id,
            ClientPage.id == page_id,
            ClientPage.state == PageState.DRAFT.value,
        )
        .values(**values)
    )
    return bool(done.rowcount)


async def discard(tx: AsyncConnection, workspace_id: int, page_id: int) -> bool:
    """Delete a draft; False if it is none any more."""
    done = await tx.execute(
        delete(ClientPage).where(
            ClientPage.workspace_id == workspace_id,
            ClientPage.id == page_id,
            ClientPage.state == PageState.DRAFT.value,
        )
    )
    return bool(done.rowcount)
