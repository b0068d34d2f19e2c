"""Squads and their members in SQL."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import half_days
from bot.rules.people import (
    IdentityKind,
    IndividualFigures,
    PersonRef,
    Role,
    SquadRef,
    SquadState,
    Status,
)
from bot.rules.squads import (
    Squad,
    SquadDraft,
    SquadMember,
)
from bot.store.database import insert_or_ignore
from bot.store.keys import unindexed
from models import (
    Member,
    MemberRole,
    MemberTag,
    Person,
    SlackIdentity,
)
from models import Squad as SquadRow

_COLUMNS = [getattr(SquadRow, name) for name in Squad.__dataclass_fields__]


def days_to_text(days: Iterable[int]) -> str:
    """Write weekdays as the column keeps them: digits in order, 0 is Monday."""
    return "".join(str(day) for day in sorted(days))


def days_from_text(text: str) -> frozenset[int]:
    """Read weekdays as the column keeps them."""
    return frozenset(int(digit) for digit in text)


def _squad(row: Row[Any]) -> Squad:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values.pop("archived_at", None)
    values["state"] = SquadState(values["state"])
    values["individual_figures"] = IndividualFigures(values["individual_figures"])
    values["working_days"] = days_from_text(values["working_days"])
    values["half_days"] = half_days.stored(values["half_days"])
    return Squad(**values)


async def create(tx: AsyncConnection, workspace_id: int, draft: SquadDraft, now: datetime) -> int:
    """Add a squad in rehearsal and return its key."""
    statement = (
        insert(SquadRow)
        .values(
            workspace_id=workspace_id,
            name=draft.name,
            state=SquadState.REHEARSAL.value,
            individual_figures=IndividualFigures.SELF_AND_MANAGERS.value,
            language="en",
            zone=draft.zone,
            working_days=days_to_text(draft.working_days),
            work_start=draft.hours[0],
            work_end=draft.hours[1],
            created_at=now,
            **{f"{use.value}_channel": channel for use, channel in draft.channels.items()},
        )
        .returning(SquadRow.id)
    )
    return (await tx.execute(statement)).scalar_one()


async def get(connection: AsyncConnection, workspace_id: int, squad_id: int) -> Squad | None:
    """Return one squad of a workspace."""
    statement = select(*_COLUMNS).where(
        SquadRow.workspace_id == workspace_id,
        SquadRow.id == squad_id,
        SquadRow.archived_at.is_(None),
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _squad(row)


async def several(connection: AsyncConnection, squad_ids: Iterable[int]) -> dict[int, Squad]:
    """Return squads of whatever workspace by key, archived ones left out."""
    statement = select(*_COLUMNS).where(
        SquadRow.id.in_(list(squad_ids)), SquadRow.archived_at.is_(None)
    )
    return {row.id: _squad(row) for row in await connection.execute(statement)}


async def digest_channels(
    connection: AsyncConnection, workspace_id: int, squad_ids: Iterable[int]
) -> dict[int, str]:
    """Return where the digests of squads go; those without a channel, or archived, are left out."""
    statement = select(SquadRow.id, SquadRow.digest_channel).where(
        unindexed(SquadRow.workspace_id) == workspace_id,
        SquadRow.id.in_(list(squad_ids)),
        SquadRow.archived_at.is_(None),
        SquadRow.digest_channel.is_not(None),
    )
    rows = await connection.execute(statement)
    return {row.id: row.digest_channel for row in rows}


async def all_squads(connection: AsyncConnection, workspace_id: int) -> Mapping[int, Squad]:
    """Return the squads of a workspace by key, in the order of their names."""
    statement = (
        select(*_COLUMNS)
        .where(SquadRow.workspace_id == workspace_id, SquadRow.archived_at.is_(None))
        .order_by(SquadRow.name)
    )
    return {row.id: _squad(row) for row in await connection.execute(statement)}


async def with_archived(connection: AsyncConnection, workspace_id: int) -> list[tuple[Squad, bool]]:
    """Return all squads by name, archived ones as well, each with whether it is one."""
    columns: list[Any] = [*_COLUMNS, SquadRow.archived_at]
    statement = (
        select(*columns).where(SquadRow.workspace_id == workspace_id).order_by(SquadRow.name)
    )
    rows = (await connection.execute(statement)).all()
    return [(_squad(row), row.archived_at is not None) for row in rows]


async def refs(connection: AsyncConnection, workspace_id: int) -> Mapping[int, SquadRef]:
    """Return how the squads of a workspace are named, as `choose_squad` wants them."""
    return {
        key: SquadRef(key, squad.name, squad.channels)
        for key, squad in (await all_squads(connection, workspace_id)).items()
    }


async def by_name(connection: AsyncConnection, workspace_id: int, name: str) -> Squad | None:
    """Return the squad of that name, whatever its capitals.

    Compared here, for SQLite's own lower() knows ASCII alone.
    """
    wanted = name.casefold()
    for squad in (await all_squads(connection, workspace_id)).values():
        if squad.name.casefold() == wanted:
            return squad
    return None


async def change(
    tx: AsyncConnection, workspace_id: int, squad_id: int, fields: Mapping[str, object]
) -> None:
    """Set columns of a squad; `working_days` is a set of weekdays, `half_days` a tuple of them."""
    values = dict(fields)
    days = values.get("working_days")
    if isinstance(days, frozenset):
        values["working_days"] = days_to_text(days)
    halves = values.get("half_days")
    if isinstance(halves, tuple):
        values["half_days"] = [half_days.written(half) for half in halves]
    await tx.execute(
        update(SquadRow)
        .where(SquadRow.workspace_id == workspace_id, SquadRow.id == squad_id)
        .values(**values)
    )


async def go_live(tx: AsyncConnection, workspace_id: int, squad_id: int, now: datetime) -> bool:
    """Turn a rehearsed squad live; False if it was live already."""
    statement = (
        update(SquadRow)
        .where(
            SquadRow.workspace_id == workspace_id,
            SquadRow.id == squad_id,
            SquadRow.state == SquadState.REHEARSAL.value,
        )
        .values(state=SquadState.LIVE.value, live_at=now)
    )
    return bool((await tx.execute(statement)).rowcount)


async def members(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    person_ids: Iterable[int] | None = None,
) -> Mapping[int, SquadMember]:
    """Return a squad's members (or those among some people) by person, in the order of names."""
    mine = (Member.workspace_id == workspace_id) & (Member.squad_id == squad_id)
    if person_ids is not None:
        mine &= Member.person_id.in_(list(person_ids))
    statement = (
        select(
            Member.id,
            Member.person_id,
            Member.status,
            Member.welcomed_at,
            Member.joined_at,
            Person.name,
            SlackIdentity.user_id,
            SlackIdentity.kind,
            SlackIdentity.active,
        )
        .join(Person, Person.id == Member.person_id)
        .join(SlackIdentity, SlackIdentity.person_id == Member.person_id, isouter=True)
        .where(mine)
        # Of several identities of one person the last one wins: let it be an active one.
        .order_by(Person.name, Person.id, SlackIdentity.active)
    )
    rows = {row.person_id: row for row in await connection.execute(statement)}
    keys = select(Member.id).where(mine)
    roles: dict[int, set[Role]] = {}
    held = select(MemberRole.member_id, MemberRole.role).where(
        MemberRole.workspace_id == workspace_id, MemberRole.member_id.in_(keys)
    )
    for member_id, role in await connection.execute(held):
        roles.setdefault(member_id, set()).add(Role(role))
    tags: dict[int, list[str]] = {}
    worn = select(MemberTag.member_id, MemberTag.tag).where(
        MemberTag.workspace_id == workspace_id, MemberTag.member_id.in_(keys)
    )
    for member_id, tag in await connection.execute(worn.order_by(MemberTag.tag)):
        tags.setdefault(member_id, []).append(tag)
    return {
        person_id: SquadMember(
            person=PersonRef(person_id=person_id, name=row.name, user_id=row.user_id),
            status=Status(row.status),
            roles=frozenset(roles.get(row.id, ())),
            tags=tuple(tags.get(row.id, ())),
            kind=None if row.kind is None else IdentityKind(row.kind),
            active=bool(row.active),
            welcomed_at=row.welcomed_at,
            joined_at=row.joined_at,
        )
        for person_id, row in rows.items()
    }


async def _member_id(
    connection: AsyncConnection, workspace_id: int, squad_id: int, person_id: int
) -> int:
    statement = select(Member.id).where(
        Member.workspace_id == workspace_id,
        Member.squad_id == squad_id,
        Member.person_id == person_id,
    )
    return (await connection.execute(statement)).scalar_one()


async def add_member(
    tx: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    person_id: int,
    status: Status,
    now: datetime,
) -> bool:
    """Add a person to a squad, without roles yet; False if they were in it (nothing changes)."""
    statement = (
        insert_or_ignore(tx, Member)
        .values(
            workspace_id=workspace_id,
            squad_id=squad_id,
            person_id=person_id,
            status=status.value,
            joined_at=now,
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "squad_id", "person_id"])
    )
    return bool((await tx.execute(statement)).rowcount)


async def add_roles(
    tx: AsyncConnection, workspace_id: int, squad_id: int, person_id: int, roles: Iterable[Role]
) -> int:
    """Give a member roles; return how many of them were new."""
    member_id = await _member_id(tx, workspace_id, squad_id, person_id)
    values = [
        {"workspace_id": workspace_id, "member_id": member_id, "role": role.value} for role in roles
    ]
    added = 0
    for value in values:
        statement = (
            insert_or_ignore(tx, MemberRole)
            .values(**value)
            .on_conflict_do_nothing(index_elements=["workspace_id", "member_id", "role"])
        )
        added += (await tx.execute(statement)).rowcount
    return added


async def set_roles(
    tx: AsyncConnection, workspace_id: int, squad_id: int, person_id: int, roles: frozenset[Role]
) -> None:
    """Give a member exactly these roles."""
    member_id = await _member_id(tx, workspace_id, squad_id, person_id)
    await tx.execute(
        delete(MemberRole).where(
            MemberRole.workspace_id == workspace_id,
            MemberRole.member_id == member_id,
            MemberRole.role.not_in([role.value for role in roles]),
        )
    )
    await add_roles(tx, workspace_id, squad_id, person_id, roles)


async def set_status(
    tx: AsyncConnection, workspace_id: int, squad_id: int, person_id: int, status: Status
) -> None:
    """Set where a member stands."""
    await tx.execute(
        update(Member)
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id == squad_id,
            Member.person_id == person_id,
        )
        .values(status=status.value)
    )


async def add_tags(
    tx: AsyncConnection, workspace_id: int, squad_id: int, person_id: int, tags: Iterable[str]
) -> int:
    """Give a member tags; return how many of them were new."""
    member_id = await _member_id(tx, workspace_id, squad_id, person_id)
    added = 0
    for tag in tags:
        statement = (
            insert_or_ignore(tx, MemberTag)
            .values(workspace_id=workspace_id, member_id=member_id, tag=tag)
            .on_conflict_do_nothing(index_elements=["workspace_id", "member_id", "tag"])
        )
        added += (await tx.execute(statement)).rowcount
    return added


async def remove_tags(
    tx: AsyncConnection, workspace_id: int, squad_id: int, person_id: int, tags: Iterable[str]
) -> int:
    """Take tags from a member; return how many they had."""
    member_id = await _member_id(tx, workspace_id, squad_id, person_id)
    statement = delete(MemberTag).where(
        MemberTag.workspace_id == workspace_id,
        MemberTag.member_id == member_id,
        MemberTag.tag.in_(list(tags)),
    )
    return (await tx.execute(statement)).rowcount


async def remove_member(
    tx: AsyncConnection, workspace_id: int, squad_id: int, person_id: int
) -> None:
    """Delete a membership with its roles and tags; the caller has asked `has_work`."""
    member_id = await _member_id(tx, workspace_id, squad_id, person_id)
    for table in (MemberRole, MemberTag):
        await tx.execute(delete(table).where(table.member_id == member_id))
    await tx.execute(delete(Member).where(Member.id == member_id))


async def possible_managers(connection: AsyncConnection, workspace_id: int) -> list[PersonRef]:
    """Return the workspace's own active people whom Muster has met, in the order of names."""
    statement = (
        select(Person.id, Person.name, SlackIdentity.user_id)
        .join(SlackIdentity, SlackIdentity.person_id == Person.id)
        .where(
            SlackIdentity.workspace_id == workspace_id,
            SlackIdentity.kind == IdentityKind.MEMBER.value,
            SlackIdentity.active.is_(True),
        )
        .order_by(Person.name, Person.id)
    )
    return [
        PersonRef(person_id=row.id, name=row.name, user_id=row.user_id)
        for row in await connection.execute(statement)
    ]
