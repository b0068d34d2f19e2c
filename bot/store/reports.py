"""What a report of quality is made of, counted in SQL: one statement for a squad's days.

A period is half-open UTC. Audits belong to it by the instant they were made, submissions by the
instant they were handed in. Only the audit that scores is taken of each chain.

*Turnaround* is the time from handing in to the first audit of a submission, in whole seconds, and
is counted with the audit that scores. When work was assigned is not known and so no part of it.
*Time per item* is counted in microseconds, the resolution of a clock.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Float,
    Row,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import OUT_OF_SCORE, Origin, Severity, Verdict
from bot.rules.numbers import spread
from bot.rules.people import IndividualFigures
from bot.rules.quality import AuditTally, CategoryTally, Weights, WorkTally
from bot.rules.reports import Scope
from bot.store.chain_steps import FINDINGS_OF
from bot.store.joined import IN_A_SECOND, Joined, Microseconds, numbers
from models import (
    Alias,
    Audit,
    Category,
    Finding,
    Person,
    Project,
    SlackIdentity,
    Squad,
    SquadProject,
    Submission,
)

_WORKSPACE: Final = bindparam("workspace", type_=BigInteger)
_PROJECT: Final = bindparam("project", type_=BigInteger)
_SQUAD: Final = bindparam("squad", type_=BigInteger)
_BEGIN: Final = bindparam("begin", type_=Audit.audited_at.type)
_END: Final = bindparam("end", type_=Audit.audited_at.type)


@dataclass(frozen=True, slots=True)
class Tallies:
    """The counts of one period; `people` are the persons behind the keys of a breakdown by them."""

    audits: tuple[AuditTally, ...]
    work: tuple[WorkTally, ...]
    people: Mapping[str, int]


_AUDITED: Final = and_(
    Audit.workspace_id == _WORKSPACE,
    Audit.project_id == _PROJECT,
    Audit.squad_id == _SQUAD,
    Audit.audited_at >= _BEGIN,
    Audit.audited_at < _END,
    Audit.scoring,
)
_HANDED_IN: Final = and_(
    Submission.workspace_id == _WORKSPACE,
    Submission.project_id == _PROJECT,
    Submission.squad_id == _SQUAD,
    Submission.submitted_at >= _BEGIN,
    Submission.submitted_at < _END,
)


def _audits(person: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Return the scoring audits by origin and verdict; all of it stands in one index."""
    return select(
        person.label("person"),
        Audit.origin.label("origin"),
        Audit.verdict.label("verdict"),
        func.count().label("counted"),
        func.sum(Audit.errors).label("errors"),
        func.count(Audit.weight).label("weighted"),
        func.sum(Audit.weight).label("weight"),
        func.sum(Audit.weight * Audit.weight).label("squared"),
        func.sum(Audit.weight * Audit.errors).label("weighted_errors"),
        Joined(Audit.waited_s).label("times"),
    ).where(_AUDITED)


def _work(person: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Return the submissions in the columns of `_audits`, with null for what they have not."""
    text, number, amount = (cast(null(), kind) for kind in (String, BigInteger, Float))
    return select(
        person.label("person"),
        text.label("origin"),
        text.label("verdict"),
        func.count().label("counted"),
        number.label("errors"),
        number.label("weighted"),
        amount.label("weight"),
        amount.label("squared"),
        amount.label("weighted_errors"),
        Joined(Microseconds(Submission.duration_s)).label("times"),
    ).where(_HANDED_IN)


def _of_squad() -> CompoundSelect[*tuple[Any, ...]]:
    nobody = cast(null(), BigInteger)
    audits = _audits(nobody).group_by(Audit.origin, Audit.verdict)
    return union_all(audits, _work(nobody))


def _of_people() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the same, split by contributor; whoever was merged counts as whom they became."""
    audited = func.coalesce(Person.merged_into, Audit.contributor_id)
    worked = func.coalesce(Person.merged_into, Submission.contributor_id)
    audits = (
        _audits(audited)
        .join(Person, Person.id == Audit.contributor_id)
        .group_by(audited, Audit.origin, Audit.verdict)
    )
    work = _work(worked).join(Person, Person.id == Submission.contributor_id).group_by(worked)
    return union_all(audits, work)


# Built once: making a statement of this size anew takes longer than running it.
_SQUAD_STATEMENT: Final = _of_squad()
_PEOPLE_STATEMENT: Final = _of_people()


async def scope(
    connection: AsyncConnection, workspace_id: int, squad_id: int, project_id: int
) -> Scope | None:
    """Return a squad's work on a project of the same workspace, None if one of them is missing."""
    statement = _scope().where(
        Squad.workspace_id == workspace_id, Squad.id == squad_id, Project.id == project_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _read_scope(row)


async def scopes(connection: AsyncConnection, workspace_id: int, squad_id: int) -> list[Scope]:
    """Return a squad's projects, in the order of their names."""
    works_on = exists().where(
        SquadProject.workspace_id == workspace_id,
        SquadProject.squad_id == squad_id,
        SquadProject.project_id == Project.id,
    )
    statement = (
        _scope()
        .where(Squad.workspace_id == workspace_id, Squad.id == squad_id, works_on)
        .order_by(Project.name)
    )
    return [_read_scope(row) for row in await connection.execute(statement)]


async def all_scopes(connection: AsyncConnection, workspace_id: int) -> list[Scope]:
    """Return every squad's work on every project that it works on, by the projects' names."""
    statement = (
        _scope()
        .join(
            SquadProject,
            and_(SquadProject.squad_id == Squad.id, SquadProject.project_id == Project.id),
        )
        .where(Squad.workspace_id == workspace_id, Squad.archived_at.is_(None))
        .order_by(Project.name, Project.id, Squad.name)
    )
    return [_read_scope(row) for row in await connection.execute(statement)]


def _scope() -> Select[*tuple[Any, ...]]:
    return select(
        Squad.workspace_id,
        Squad.id.label("squad_id"),
        Squad.name.label("squad"),
        Squad.zone,
        Squad.individual_figures,
        Squad.quality_target.label("target"),
        Project.id.label("project_id"),
        Project.name.label("project"),
        Project.planned_volume,
        Project.audits_per_week,
    ).join(Project, Project.workspace_id == Squad.workspace_id)


def _read_scope(row: Row[*tuple[Any, ...]]) -> Scope:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["individual_figures"] = IndividualFigures(values["individual_figures"])
    return Scope(**values)


def _parameters(scope: Scope, begin: datetime, end: datetime) -> dict[str, object]:
    return {
        "workspace": scope.workspace_id,
        "project": scope.project_id,
        "squad": scope.squad_id,
        "begin": begin,
        "end": end,
    }


def _weights(
    counted: int, weighted: int, weight: float, squared: float, errors: float
) -> Weights | None:
    """Return the weights of a count, None unless every audit of it has one."""
    if weighted < counted:
        return None
    return Weights(weight=weight, squared=squared, errors=errors)


async def tally(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> Tallies:
    """Count the audits and the work of `[begin, end)`, as a whole."""
    rows = await connection.execute(_SQUAD_STATEMENT, _parameters(scope, begin, end))
    return _tallies(rows.all(), {None: None})


async def tally_people(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> Tallies:
    """Count the same by contributor, whoever did or got anything in `[begin, end)`."""
    found = await connection.execute(_PEOPLE_STATEMENT, _parameters(scope, begin, end))
    rows = found.all()
    return _tallies(rows, await labels(connection, scope, {row.person for row in rows}))


def _tallies(
    rows: Sequence[Row[*tuple[Any, ...]]], keys: Mapping[int | None, str | None]
) -> Tallies:
    audits = []
    submissions: dict[int | None, int] = dict.fromkeys(keys, 0)
    times: dict[int | None, str | None] = {}
    waits: defaultdict[int | None, list[str | None]] = defaultdict(list)
    # Unpacked, as looking up a row's columns by name takes longer than all the rest.
    for person, origin, verdict, counted, errors, *sums, joined in rows:
        if origin is None:
            submissions[person], times[person] = counted, joined
            continue
        waits[person].append(joined)
        audits.append(
            AuditTally(
                key=keys[person],
                origin=Origin(origin),
                verdict=Verdict(verdict),
                count=counted,
                errors=errors,
                weights=_weights(counted, *sums),
            )
        )
    work = (
        WorkTally(
            key=key,
            submissions=submissions[person],
            time_per_item=spread(numbers([times.get(person)]), IN_A_SECOND),
            turnaround=spread(numbers(waits[person])),
        )
        for person, key in keys.items()
    )
    people = {key: person for person, key in keys.items() if person is not None and key is not None}
    return Tallies(audits=tuple(audits), work=tuple(work), people=people)


async def labels(
    connection: AsyncConnection, scope: Scope, person_ids: Collection[int]
) -> Mapping[int | None, str | None]:
    """Return the key of each person in a report: Slack's id, else the source's name of them.

    Names that two people share are told apart by their source, or by our own key.
    """
    statement = (
        select(Person.id, Person.name, SlackIdentity.user_id, Alias.source, Alias.external_id)
        .join(SlackIdentity, SlackIdentity.person_id == Person.id, isouter=True)
        .join(Alias, Alias.person_id == Person.id, isouter=True)
        .where(Person.workspace_id == scope.workspace_id, Person.id.in_(person_ids))
        .order_by(Person.id, SlackIdentity.id, Alias.id)
    )
    first: dict[int, Row[*tuple[Any, ...]]] = {}
    for row in await connection.execute(statement):
        first.setdefault(row.id, row)
    short = {key: row.user_id or row.external_id or row.name for key, row in first.items()}
    used = Counter(short.values())
    return {
        key: short[key] if used[short[key]] == 1 else f"{row.source or key}:{short[key]}"
        for key, row in first.items()
    }


def _hits() -> Select[*tuple[Any, ...]]:
    """Return each scoring audit's errors by category."""
    return (
        select(
            Audit.id.label("audit_id"),
            Audit.origin.label("origin"),
            Audit.weight.label("weight"),
            Finding.category_id.label("category_id"),
            func.count().label("errors"),
        )
        .join(Finding, Finding.audit_id == FINDINGS_OF)
        .where(
            _AUDITED,
            Finding.severity == Severity.ERROR.value,
            Finding.state.not_in([state.value for state in OUT_OF_SCORE]),
        )
        .group_by(Audit.id, Audit.origin, Audit.weight, Finding.category_id)
    )


def _categories() -> Select[*tuple[Any, ...]]:
    hit = _hits().subquery()
    return (
        select(
            Category.name.label("category"),
            hit.c.origin,
            func.count().label("counted"),
            func.sum(hit.c.errors).label("errors"),
            func.count(hit.c.weight).label("weighted"),
            func.sum(hit.c.weight).label("weight"),
            func.sum(hit.c.weight * hit.c.weight).label("squared"),
            func.sum(hit.c.weight * hit.c.errors).label("weighted_errors"),
        )
        .select_from(hit)
        .join(Category, Category.id == hit.c.category_id, isouter=True)
        .group_by(Category.name, hit.c.origin)
    )


_CATEGORY_STATEMENT: Final = _categories()


async def tally_categories(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> tuple[CategoryTally, ...]:
    """Count the audits with an error of each category, in `[begin, end)`."""
    rows = await connection.execute(_CATEGORY_STATEMENT, _parameters(scope, begin, end))
    return tuple(
        CategoryTally(
            category=row.category,
            origin=Origin(row.origin),
            count=row.counted,
            errors=row.errors,
            weights=_weights(
                row.counted, row.weighted, row.weight, row.squared, row.weighted_errors
            ),
        )
        for row in rows
    )
