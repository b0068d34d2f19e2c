"""Two people turn out to be one, in SQL: names and memberships at once, work little by little."""

from sqlalchemy import ColumnElement, exists, insert, or_, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from models import (
    ActionItem,
    Alias,
    Audit,
    Coached,
    Frame,
    Member,
    MemberRole,
    MemberTag,
    Person,
    Rework,
    Submission,
)


async def absorb(tx: AsyncConnection, workspace_id: int, external_id: int, person_id: int) -> None:
    """Make an external the same as `person_id`: names and memberships now, work by `move_work`."""
    mine = (Alias.workspace_id == workspace_id) & (Alias.person_id == external_id)
    await tx.execute(update(Alias).where(mine).values(person_id=person_id))
    owned = (ActionItem.workspace_id == workspace_id) & (ActionItem.owner_id == external_id)
    await tx.execute(update(ActionItem).where(owned).values(owner_id=person_id))
    taught = (Coached.workspace_id == workspace_id) & (Coached.person_id == external_id)
    await tx.execute(update(Coached).where(taught).values(person_id=person_id))
    await _move_memberships(tx, workspace_id, external_id, person_id)
    await tx.execute(
        update(Person)
        .where(
            Person.workspace_id == workspace_id,
            or_(Person.id == external_id, Person.merged_into == external_id),
        )
        .values(merged_into=person_id)
    )


async def _move_memberships(
    tx: AsyncConnection, workspace_id: int, external_id: int, person_id: int
) -> None:
    statement = select(Member.id, Member.squad_id, Member.person_id).where(
        Member.workspace_id == workspace_id, Member.person_id.in_([external_id, person_id])
    )
    rows = (await tx.execute(statement)).all()
    kept = {row.squad_id: row.id for row in rows if row.person_id == person_id}
    for row in rows:
        if row.person_id == person_id:
            continue
        if row.squad_id not in kept:
            await tx.execute(update(Member).where(Member.id == row.id).values(person_id=person_id))
            continue
        await _join_into(tx, workspace_id, row.id, kept[row.squad_id])


async def _join_into(tx: AsyncConnection, workspace_id: int, old: int, kept: int) -> None:
    """Give one membership what another has beyond it, and delete the other."""
    for table, column in ((MemberRole, MemberRole.role), (MemberTag, MemberTag.tag)):
        has = select(column).where(table.member_id == kept)
        for value in (
            await tx.scalars(select(column).where(table.member_id == old, column.not_in(has)))
        ).all():
            await tx.execute(
                insert(table).values(
                    {"workspace_id": workspace_id, "member_id": kept, column.key: value}
                )
            )
        await tx.execute(sql_delete(table).where(table.member_id == old))
    await tx.execute(sql_delete(Member).where(Member.id == old))


async def unfinished(connection: AsyncConnection, workspace_id: int) -> dict[int, int]:
    """Return merged person -> whom they became, where work still stands under the old key."""
    work = or_(
        exists().where(Submission.contributor_id == Person.id),
        exists().where(Audit.workspace_id == workspace_id, Audit.contributor_id == Person.id),
        exists().where(Audit.workspace_id == workspace_id, Audit.auditor_id == Person.id),
        exists().where(Rework.workspace_id == workspace_id, Rework.contributor_id == Person.id),
    )
    statement = select(Person.id, Person.merged_into).where(
        Person.workspace_id == workspace_id, Person.merged_into.is_not(None), work
    )
    return {row.id: row.merged_into for row in await connection.execute(statement)}


async def move_work(tx: AsyncConnection, workspace_id: int, old: int, new: int, limit: int) -> int:
    """Move up to `limit` rows of each kind of work to whom a person became; return how many.

    What both did (the same task in the same second, the same audit) stays where it is, for it can
    stand under one key only once.
    """
    moved = 0
    for column, twice in (
        (Submission.contributor_id, _same_submission(new)),
        (Audit.contributor_id, None),
        (Audit.auditor_id, _same_audit(new)),
        (Rework.contributor_id, None),
    ):
        table = column.class_
        theirs = select(table.id).where(table.workspace_id == workspace_id, column == old)
        if twice is not None:
            theirs = theirs.where(~twice)
        keys = list((await tx.scalars(theirs.limit(limit))).all())
        if keys:
            await tx.execute(update(table).where(table.id.in_(keys)).values({column.key: new}))
        moved += len(keys)
    await _move_frames(tx, workspace_id, old, new)
    return moved


async def _move_frames(tx: AsyncConnection, workspace_id: int, old: int, new: int) -> None:
    """Let frames follow their work, so that they can be drawn further.

    Where both were cut at once the old one stays: it and the other hold each other's work by now,
    and what was drawn of them is all.
    """
    other = aliased(Frame)
    taken = exists().where(
        other.workspace_id == Frame.workspace_id,
        other.project_id == Frame.project_id,
        other.squad_id == Frame.squad_id,
        other.iso_year == Frame.iso_year,
        other.iso_week == Frame.iso_week,
        other.through_id == Frame.through_id,
        other.contributor_id == new,
    )
    mine = (Frame.workspace_id == workspace_id, Frame.contributor_id == old)
    await tx.execute(update(Frame).where(*mine, ~taken).values(contributor_id=new))


def _same_submission(person_id: int) -> ColumnElement[bool]:
    other = aliased(Submission)
    return exists().where(
        other.workspace_id == Submission.workspace_id,
        other.project_id == Submission.project_id,
        other.task == Submission.task,
        other.contributor_id == person_id,
        other.submitted_at == Submission.submitted_at,
        other.source_id.is_(None),
        Submission.source_id.is_(None),
    )


def _same_audit(person_id: int) -> ColumnElement[bool]:
    other = aliased(Audit)
    return exists().where(
        other.workspace_id == Audit.workspace_id,
        other.submission_id == Audit.submission_id,
        other.auditor_id == person_id,
        other.audited_at == Audit.audited_at,
    )
