"""Cases of a member's status in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.people import PRESENT, IdentityKind, Role, Status
from bot.rules.status_cases import Able, CaseKind, CaseState, Evidence, Stored
from bot.store.memberships import ROLE_OF_MEMBER
from models import Admin, Member, MemberRole, SlackIdentity, StatusCase

_COLUMNS = [
    StatusCase.id.label("case_id"),
    *(getattr(StatusCase, name) for name in Stored.__dataclass_fields__ if name != "case_id"),
]


def _stored(row: Row[Any]) -> Stored:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    evidence = values["evidence"]
    return Stored(
        **{
            **values,
            "status": Status(values["status"]),
            "before": Status(values["before"]),
            "kind": CaseKind(values["kind"]),
            "state": CaseState(values["state"]),
            "evidence": None if evidence is None else Evidence.from_json(evidence),
        }
    )


async def add(tx: AsyncConnection, case: Stored) -> int:
    """Store a new case (its key is not looked at) and return the key."""
    statement = (
        insert(StatusCase)
        .values(
            workspace_id=case.workspace_id,
            squad_id=case.squad_id,
            person_id=case.person_id,
            status=case.status.value,
            before=case.before.value,
            kind=case.kind.value,
            reason=case.reason,
            evidence=None if case.evidence is None else case.evidence.to_json(),
            state=case.state.value,
            proposed_by=case.proposed_by,
            proposed_at=case.proposed_at,
        )
        .returning(StatusCase.id)
    )
    return (await tx.execute(statement)).scalar_one()


async def get(
    connection: AsyncConnection, workspace_id: int, case_id: int, *, lock: bool = False
) -> Stored | None:
    """Return one case; with `lock` nobody else decides it until the transaction ends."""
    statement = select(*_COLUMNS).where(
        StatusCase.workspace_id == workspace_id, StatusCase.id == case_id
    )
    if lock:
        statement = statement.with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _stored(row)


async def of_person(
    connection: AsyncConnection,
    workspace_id: int,
    person_id: int,
    states: Sequence[CaseState],
    squad_id: int | None = None,
) -> list[Stored]:
    """Return a person's cases in these states (of one squad if given), oldest first."""
    statement = select(*_COLUMNS).where(
        StatusCase.workspace_id == workspace_id,
        StatusCase.person_id == person_id,
        StatusCase.state.in_([state.value for state in states]),
    )
    if squad_id is not None:
        statement = statement.where(StatusCase.squad_id == squad_id)
    return [_stored(row) for row in await connection.execute(statement.order_by(StatusCase.id))]


async def proposed(connection: AsyncConnection, workspace_id: int) -> list[Stored]:
    """Return every proposal that nobody decided, oldest first; there are never many."""
    statement = select(*_COLUMNS).where(
        StatusCase.workspace_id == workspace_id, StatusCase.state == CaseState.PROPOSED.value
    )
    return [_stored(row) for row in await connection.execute(statement.order_by(StatusCase.id))]


async def change(
    tx: AsyncConnection, workspace_id: int, case_id: int, values: Mapping[str, object]
) -> None:
    """Change some columns of a case."""
    await tx.execute(
        update(StatusCase)
        .where(StatusCase.workspace_id == workspace_id, StatusCase.id == case_id)
        .values(**values)
    )


async def able(
    connection: AsyncConnection, workspace_id: int, squad_id: int, person_id: int
) -> Able:
    """Return who could decide in a squad now, and where the person themselves stands in it."""
    there = (
        SlackIdentity.workspace_id == workspace_id,
        SlackIdentity.active.is_(True),
        SlackIdentity.kind == IdentityKind.MEMBER.value,
    )
    managers = (
        select(Member.person_id)
        .join(MemberRole, ROLE_OF_MEMBER)
        .join(SlackIdentity, SlackIdentity.person_id == Member.person_id)
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id == squad_id,
            Member.status.in_([status.value for status in PRESENT]),
            MemberRole.role == Role.MANAGER.value,
            *there,
        )
    )
    admins = (
        select(Admin.person_id)
        .join(SlackIdentity, SlackIdentity.person_id == Admin.person_id)
        .where(Admin.workspace_id == workspace_id, *there)
    )
    standing = await connection.scalar(
        select(Member.status).where(
            Member.workspace_id == workspace_id,
            Member.squad_id == squad_id,
            Member.person_id == person_id,
        )
    )
    return Able(
        managers=frozenset((await connection.scalars(managers)).all()),
        admins=frozenset((await connection.scalars(admins)).all()),
        standing=None if standing is None else Status(standing),
    )
