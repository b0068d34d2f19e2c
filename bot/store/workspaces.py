"""Workspaces and their admins in SQL."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.outbox import DeliveryState, Operation
from bot.store.database import insert_or_ignore
from models import Admin, OutboxRow, SlackIdentity, Squad, Workspace

LOCAL_NAME = "local"


async def of_team(connection: AsyncConnection, team_id: str) -> int | None:
    """Return the workspace of a Slack team."""
    key: int | None = await connection.scalar(
        select(Workspace.id).where(Workspace.team_id == team_id)
    )
    return key


async def every(connection: AsyncConnection) -> list[int]:
    """Return the keys of all workspaces."""
    return list((await connection.scalars(select(Workspace.id).order_by(Workspace.id))).all())


async def local(tx: AsyncConnection, now: datetime) -> int:
    """Return the workspace the shell works on: the only one, else the unconnected one (made)."""
    keys = list((await tx.scalars(select(Workspace.id).order_by(Workspace.id).limit(2))).all())
    if len(keys) == 1:
        return keys[0]
    found: int | None = await tx.scalar(select(Workspace.id).where(Workspace.team_id.is_(None)))
    if found is not None:
        return found
    statement = insert(Workspace).values(name=LOCAL_NAME, created_at=now).returning(Workspace.id)
    return (await tx.execute(statement)).scalar_one()


async def connect(
    tx: AsyncConnection,
    team_id: str,
    name: str,
    now: datetime,
    *,
    app_id: str | None,
    bot_id: str | None,
    bot_user_id: str | None,
) -> int:
    """Return the workspace of a team, new, known, or the shell's own that it takes over."""
    values = {"name": name, "app_id": app_id, "bot_id": bot_id, "bot_user_id": bot_user_id}
    key = await of_team(tx, team_id)
    if key is None:
        # The first connected team takes over what was imported before Slack was there.
        key = await tx.scalar(select(Workspace.id).where(Workspace.team_id.is_(None)).limit(1))
    if key is None:
        statement = (
            insert(Workspace)
            .values(team_id=team_id, created_at=now, **values)
            .returning(Workspace.id)
        )
        return (await tx.execute(statement)).scalar_one()
    await tx.execute(update(Workspace).where(Workspace.id == key).values(team_id=team_id, **values))
    return key


async def add_admin(tx: AsyncConnection, workspace_id: int, person_id: int, now: datetime) -> bool:
    """Make a person admin; False if they were."""
    statement = (
        insert_or_ignore(tx, Admin)
        .values(workspace_id=workspace_id, person_id=person_id, created_at=now)
        .on_conflict_do_nothing(index_elements=["workspace_id", "person_id"])
    )
    return bool((await tx.execute(statement)).rowcount)


async def remove_admin(tx: AsyncConnection, workspace_id: int, person_id: int) -> bool:
    """Take the admin's right away; False if there was none."""
    statement = delete(Admin).where(
        Admin.workspace_id == workspace_id, Admin.person_id == person_id
    )
    return bool((await tx.execute(statement)).rowcount)


async def admins(connection: AsyncConnection, workspace_id: int) -> list[int]:
    """Return the people who are admins and still active in Slack."""
    statement = (
        select(Admin.person_id)
        .join(SlackIdentity, SlackIdentity.person_id == Admin.person_id)
        .where(Admin.workspace_id == workspace_id, SlackIdentity.active.is_(True))
        .order_by(Admin.id)
    )
    return list(dict.fromkeys((await connection.scalars(statement)).all()))


async def every_admin(connection: AsyncConnection, workspace_id: int) -> list[int]:
    """Return the people who are admins, those included who cannot act in Slack (yet)."""
    statement = select(Admin.person_id).where(Admin.workspace_id == workspace_id)
    return list((await connection.scalars(statement.order_by(Admin.id))).all())


async def lock(tx: AsyncConnection, workspace_id: int) -> None:
    """Let nobody else set up, administer or make squads here until this transaction ends.

    On PostgreSQL two such transactions would not see each other; on SQLite there is but one.
    """
    await tx.execute(select(Workspace.id).where(Workspace.id == workspace_id).with_for_update())


async def waiting(connection: AsyncConnection, workspace_id: int, person_id: int) -> int:
    """Return how many messages wait for a person."""
    statement = select(func.count()).where(
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.person_id == person_id,
        OutboxRow.state == DeliveryState.WAITING.value,
        OutboxRow.operation == Operation.POST.value,
    )
    return int(await connection.scalar(statement) or 0)


async def channels(connection: AsyncConnection, workspace_id: int) -> list[tuple[str, str, str]]:
    """Return (squad, purpose, channel id) of every channel that squads post to."""
    statement = (
        select(Squad.name, Squad.team_channel, Squad.questions_channel, Squad.digest_channel)
        .where(Squad.workspace_id == workspace_id, Squad.archived_at.is_(None))
        .order_by(Squad.name)
    )
    return [
        (row.name, purpose, channel)
        for row in await connection.execute(statement)
        for purpose, channel in (
            ("team", row.team_channel),
            ("questions", row.questions_channel),
            ("digest", row.digest_channel),
        )
        if channel
    ]
