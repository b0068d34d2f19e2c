"""Questions that a person answers, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.escalations import (
    WAITING,
    AskedBefore,
    EscalationState,
    OpenCase,
    Promise,
    Stored,
    state_at,
)
from bot.rules.people import PRESENT, Role
from bot.rules.questions import Asked
from bot.store.memberships import ROLE_OF_MEMBER
from models import Escalation, Member, MemberRole, Project, Question, Squad

_COLUMNS = (
    Escalation.id.label("escalation_id"),
    *(
        getattr(Escalation, name)
        for name in Stored.__dataclass_fields__  # the record's own names
        if name != "escalation_id"
    ),
)


def _stored(row: Row[Any], now: datetime) -> Stored:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    state = EscalationState(values["state"])
    role = values["passed_role"]
    return Stored(
        **values
        | {
            "state": state_at(state, values["claimed_until"], now),
            "passed_role": None if role is None else Role(role),
        }
    )


async def on_duty(
    connection: AsyncConnection, workspace_id: int, squad_id: int, roles: Sequence[Role]
) -> list[int]:
    """Return the present members of a squad who hold one of the roles."""
    found = await on_duty_in(connection, workspace_id, [squad_id], roles)
    return found.get(squad_id, [])


async def on_duty_in(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    roles: Sequence[Role],
) -> dict[int, list[int]]:
    """Return `on_duty` of several squads; one without anybody is left out."""
    statement = (
        select(Member.squad_id, Member.person_id)
        .distinct()
        .join(MemberRole, ROLE_OF_MEMBER)
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id.in_(list(squad_ids)),
            Member.status.in_([each.value for each in PRESENT]),
            MemberRole.role.in_([each.value for each in roles]),
        )
        .order_by(Member.squad_id, Member.person_id)
    )
    found: dict[int, list[int]] = {}
    for squad_id, person_id in await connection.execute(statement):
        found.setdefault(squad_id, []).append(person_id)
    return found


async def terms(
    connection: AsyncConnection, workspace_id: int, squad_id: int
) -> tuple[int | None, str | None]:
    """Return a squad's promise in working minutes and its interim rule."""
    statement = select(Squad.answer_minutes, Squad.interim_rule).where(
        Squad.workspace_id == workspace_id, Squad.id == squad_id
    )
    row = (await connection.execute(statement)).one()
    return row.answer_minutes, row.interim_rule


async def set_terms(
    tx: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    *,
    answer_minutes: int | None,
    interim_rule: str | None,
) -> None:
    """Store a squad's promise and its interim rule; None is the default, or no rule."""
    await tx.execute(
        update(Squad)
        .where(Squad.workspace_id == workspace_id, Squad.id == squad_id)
        .values(answer_minutes=answer_minutes, interim_rule=interim_rule)
    )


async def open_case(
    tx: AsyncConnection,
    asked: Asked,
    promise: Promise,
    *,
    squad_id: int,
    named: bool,
    task: str | None,
    section: str | None,
    now: datetime,
) -> int:
    """Store that a person has to answer a question; return the key."""
    statement = (
        insert(Escalation)
        .values(
            workspace_id=asked.workspace_id,
            squad_id=squad_id,
            project_id=asked.project_id,
            named=named,
            task=task,
            section=section,
            state=EscalationState.OPEN.value,
            opened_at=now,
            half_at=promise.half_at,
            due_at=promise.due_at,
        )
        .returning(Escalation.id)
    )
    escalation_id = (await tx.execute(statement)).scalar_one()
    await wait_for(tx, asked.workspace_id, asked.question_id, escalation_id)
    return escalation_id


async def wait_for(
    tx: AsyncConnection, workspace_id: int, question_id: int, escalation_id: int | None
) -> None:
    """Let the asker of a question wait for an answer; None: for none any more."""
    await tx.execute(
        update(Question)
        .where(Question.workspace_id == workspace_id, Question.id == question_id)
        .values(escalation_id=escalation_id)
    )


async def get(
    connection: AsyncConnection, workspace_id: int, escalation_id: int, now: datetime
) -> Stored | None:
    """Return one as it stands."""
    statement = select(*_COLUMNS).where(
        Escalation.workspace_id == workspace_id, Escalation.id == escalation_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _stored(row, now)


async def lock(
    tx: AsyncConnection, workspace_id: int, escalation_id: int, now: datetime
) -> Stored | None:
    """Return one for a change: nobody else changes it until this transaction ends."""
    statement = (
        select(*_COLUMNS)
        .where(Escalation.workspace_id == workspace_id, Escalation.id == escalation_id)
        .with_for_update()  # SQLite has one writer and knows no such words
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _stored(row, now)


async def change(
    tx: AsyncConnection, workspace_id: int, escalation_id: int, values: Mapping[str, object]
) -> None:
    """Change some columns of one."""
    await tx.execute(
        update(Escalation)
        .where(Escalation.workspace_id == workspace_id, Escalation.id == escalation_id)
        .values(**values)
    )


async def move(tx: AsyncConnection, workspace_id: int, source_id: int, target_id: int) -> None:
    """Let all who wait for one answer wait for another."""
    await tx.execute(
        update(Question)
        .where(Question.workspace_id == workspace_id, Question.escalation_id == source_id)
        .values(escalation_id=target_id)
    )


async def waiting(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Sequence[int],
    now: datetime,
    limit: int,
) -> list[OpenCase]:
    """Return the questions of squads that wait for a person, oldest first."""
    first = (
        select(Question.escalation_id, func.min(Question.id).label("question_id"))
        .where(Question.workspace_id == workspace_id, Question.escalation_id.is_not(None))
        .group_by(Question.escalation_id)
        .subquery()
    )
    statement = (
        select(
            Escalation.id.label("escalation_id"),
            Question.text,
            Project.name.label("project"),
            Escalation.task,
            Escalation.state,
            Escalation.claimed_until,
            Escalation.opened_at,
            Escalation.due_at,
        )
        .join(first, first.c.escalation_id == Escalation.id)
        .join(Question, Question.id == first.c.question_id)
        .join(Project, Project.id == Escalation.project_id, isouter=True)
        .where(
            Escalation.workspace_id == workspace_id,
            Escalation.squad_id.in_(list(squad_ids)),
            Escalation.state.in_([each.value for each in WAITING]),
        )
        .order_by(Escalation.opened_at, Escalation.id)
        .limit(limit)
    )
    return [
        OpenCase(
            escalation_id=row.escalation_id,
            text=row.text,
            project=row.project or "",
            task=row.task,
            state=state_at(EscalationState(row.state), row.claimed_until, now),
            opened_at=row.opened_at,
            due_at=row.due_at,
        )
        for row in await connection.execute(statement)
    ]


async def asked_about(
    connection: AsyncConnection, workspace_id: int, project_id: int, task: str
) -> list[AskedBefore]:
    """Return what was asked a person about a task, oldest first."""
    statement = (
        select(
            Question.text,
            Escalation.opened_at,
            Escalation.answered_at,
            Escalation.answer,
            Question.asker_id,
        )
        .join(Question, Question.escalation_id == Escalation.id)
        .where(
            Escalation.workspace_id == workspace_id,
            Escalation.project_id == project_id,
            Escalation.task == task,
            Escalation.state != EscalationState.WITHDRAWN.value,
        )
        .order_by(Escalation.id)
    )
    return [AskedBefore(*row) for row in await connection.execute(statement)]
