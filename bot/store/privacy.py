"""What is stored about a person, found by the columns that point to people.

A test compares these tables with the models: a new reference to a person stands here, or says why
it tells nobody anything about them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, Row, Text, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.privacy import LOOKS, Holding
from bot.rules.status_cases import CaseState
from models import (
    ActionItem,
    Admin,
    AgendaTopic,
    Alias,
    Announcement,
    AnnouncementReceipt,
    AnswerVote,
    Audit,
    Base,
    Blocker,
    ClientPage,
    Coached,
    Coaching,
    Dispute,
    Draw,
    EdgeCase,
    Escalation,
    Finding,
    FindingReview,
    LedgerEntry,
    Member,
    MemberRole,
    MemberTag,
    OneOnOne,
    OneOnOneNote,
    OneOnOnePair,
    OneOnOneSetup,
    OneOnOneTopic,
    OutboxRow,
    Person,
    Poll,
    PollSeries,
    PulseContact,
    Question,
    Rework,
    Session,
    SessionAnswer,
    SessionReply,
    Sitting,
    SlackIdentity,
    Snippet,
    Squad,
    StatusCase,
    Submission,
    SubmissionRevision,
    SyncMeeting,
    TimeOff,
    VerifiedAnswer,
)

Columns = tuple[Any, ...]

HELD: Final[Mapping[Holding, tuple[Columns, ...]]] = {
    Holding.IDENTITY: (
        (Person.id, Person.merged_into),
        (SlackIdentity.person_id,),
        (Alias.person_id,),
        (Admin.person_id,),
        (PulseContact.person_id,),
    ),
    Holding.SQUADS: ((Member.person_id,),),
    Holding.TIME_OFF: ((TimeOff.person_id,),),
    Holding.WORK: ((Submission.contributor_id,),),
    Holding.AUDITS: ((Audit.contributor_id,),),
    Holding.DISPUTES: ((Dispute.opened_by,),),
    Holding.REWORKS: ((Rework.contributor_id,),),
    Holding.COACHING: ((Coaching.person_id,),),
    Holding.QUESTIONS: ((Question.asker_id,), (AnswerVote.person_id,)),
    Holding.BLOCKERS: ((Blocker.person_id,),),
    Holding.STATUSES: ((StatusCase.person_id,),),
    Holding.SNIPPETS: ((Snippet.person_id,),),
    Holding.ANNOUNCEMENTS: ((AnnouncementReceipt.person_id,),),
    Holding.SESSIONS: ((SessionReply.person_id,), (SessionAnswer.person_id,)),
    Holding.MEETINGS: (
        (AgendaTopic.author_id,),
        (ActionItem.owner_id,),
        (OneOnOneSetup.manager_id,),
        (OneOnOnePair.manager_id, OneOnOnePair.person_id),
        (OneOnOne.manager_id, OneOnOne.person_id),
        (OneOnOneTopic.author_id,),
        (Coached.person_id,),
    ),
    Holding.ACTS: (
        (Audit.auditor_id,),
        (Sitting.auditor_id, Sitting.started_by),
        (Draw.held_by,),
        (Dispute.decided_by,),
        (FindingReview.reviewed_by,),
        (Coaching.by_id,),
        (Escalation.claimed_by, Escalation.passed_by, Escalation.answered_by),
        (VerifiedAnswer.verifier_id,),
        (EdgeCase.ruled_by,),
        (Blocker.taken_by, Blocker.closed_by),
        (
            StatusCase.proposed_by,
            StatusCase.confirmed_by,
            StatusCase.answered_to,
            StatusCase.closed_by,
        ),
        (AgendaTopic.closed_by,),
        (SyncMeeting.facilitator_id, SyncMeeting.edited_by),
        (ActionItem.created_by, ActionItem.done_by),
        (OneOnOne.settled_by,),
        (OneOnOneTopic.closed_by,),
        (OneOnOneNote.edited_by,),
        (Coached.by_id,),
        (PollSeries.created_by,),
        (Announcement.author_id,),
        (Session.created_by,),
        (Poll.created_by,),
        (ClientPage.drafted_by, ClientPage.edited_by, ClientPage.released_by),
    ),
    Holding.LEDGER: ((LedgerEntry.person_id, LedgerEntry.actor_id),),
    Holding.MESSAGES: ((OutboxRow.person_id,),),
}
"""By holding: the columns of one table that point to the person, table by table."""

BELOW: Final[Mapping[Holding, tuple[tuple[Any, Any], ...]]] = {
    Holding.SQUADS: ((MemberRole.member_id, Member.id), (MemberTag.member_id, Member.id)),
    Holding.WORK: ((SubmissionRevision.submission_id, Submission.id),),
    Holding.AUDITS: ((Finding.audit_id, Audit.id),),
}
"""What belongs to a row of a holding's first table: (its column, the row's key)."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "frames.contributor_id": "says which of their work will be looked at, which would spoil it",
    "pulse_notes.replied_by": "who answered an anonymous note is not told beside it",
    "erased_names.person_id": "holds no name, only what one can be compared with",
}
"""References to people that no export shows, and why."""

# Nothing that only we understand, or that points to somebody else's words.
_NEVER: Final = frozenset({"workspace_id", "content", "fence", "ticket", "dedupe_key"})


def _of(columns: Columns, person_ids: Sequence[int]) -> ColumnElement[bool]:
    mine = or_(*(column.in_(person_ids) for column in columns))
    if columns[0].class_ is StatusCase and columns[0].key == "person_id":
        # Nobody reads of what somebody else only thought of and has not decided.
        return and_(mine, StatusCase.state != CaseState.PROPOSED.value)
    return mine


async def same(connection: AsyncConnection, workspace_id: int, person_id: int) -> list[int]:
    """Return a person's key and those of whom they absorbed."""
    statement = select(Person.id).where(
        Person.workspace_id == workspace_id,
        or_(Person.id == person_id, Person.merged_into == person_id),
    )
    return list((await connection.scalars(statement.order_by(Person.id))).all())


async def counts(connection: AsyncConnection, person_ids: Sequence[int]) -> dict[Holding, int]:
    """Return how many rows there are of each holding, what belongs to them not counted."""
    found = {}
    for holding, tables in HELD.items():
        total = 0
        for columns in tables:
            statement = select(func.count()).select_from(columns[0].class_)
            total += int(await connection.scalar(statement.where(_of(columns, person_ids))) or 0)
        found[holding] = total
    return found


async def everything(
    connection: AsyncConnection, person_ids: Sequence[int]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return all rows about a person: holding -> table -> rows, ready for JSON.

    Other people appear as "somebody else". What the person did for others has none of their words.
    """
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for holding, tables in HELD.items():
        part = found.setdefault(holding.value, {})
        for columns in tables:
            table = columns[0].class_
            where = _of(columns, person_ids)
            part[table.__tablename__] = await _rows(
                connection, table, where, person_ids, texts=holding is not Holding.ACTS
            )
        for child, parent in BELOW.get(holding, ()):
            mine = select(parent).where(_of(tables[0], person_ids))
            part[child.class_.__tablename__] = await _rows(
                connection, child.class_, child.in_(mine), person_ids, texts=True
            )
    await _notes(connection, person_ids, found[Holding.MEETINGS.value])
    return found


async def _notes(
    connection: AsyncConnection, person_ids: Sequence[int], part: dict[str, Any]
) -> None:
    """Add the notes of one-on-ones: those shared, a manager's own, and how many managers have.

    What a manager noted for themselves is theirs to show; its person reads that there is some.
    """
    statement = select(
        OneOnOneNote.one_on_one_id,
        OneOnOneNote.shared,
        OneOnOneNote.own,
        OneOnOne.manager_id.in_(person_ids).label("mine"),
    ).join(OneOnOne, OneOnOne.id == OneOnOneNote.one_on_one_id)
    theirs = or_(OneOnOne.manager_id.in_(person_ids), OneOnOne.person_id.in_(person_ids))
    rows = (await connection.execute(statement.where(theirs).order_by(OneOnOneNote.id))).all()
    part["one_on_one_notes"] = [
        {"one_on_one_id": row.one_on_one_id, "shared": row.shared}
        | ({"own": row.own} if row.mine else {})
        for row in rows
    ]
    part["kept_by_managers"] = [
        {"notes": sum(bool(row.own) and not row.mine for row in rows)},
    ]


async def _rows(
    connection: AsyncConnection,
    table: type[Base],
    where: ColumnElement[bool],
    person_ids: Sequence[int],
    *,
    texts: bool,
) -> list[dict[str, Any]]:
    columns = [
        column
        for column in table.__table__.columns
        if column.name not in _NEVER and (texts or not isinstance(column.type, Text | JSON))
    ]
    people = {
        column.name
        for column in columns
        if any(key.column.table.name == "people" for key in column.foreign_keys)
    }
    rows = await connection.execute(
        select(*columns).where(where).order_by(*table.__table__.primary_key)
    )
    return [_plain(row, people, person_ids) for row in rows]


def _plain(row: Row[Any], people: set[str], person_ids: Sequence[int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in row._mapping.items():  # noqa: SLF001 - SQLAlchemy's public name for it
        if name in people and value is not None:
            values[name] = "me" if value in person_ids else "somebody else"
        elif isinstance(value, datetime | date | time):
            values[name] = value.isoformat()
        else:
            values[name] = value
    return values


async def looks(
    connection: AsyncConnection, workspace_id: int, person_ids: Sequence[int], limit: int
) -> list[Row[*tuple[Any, ...]]]:
    """Return who looked at what is somebody's, newest first: at, actor_id, action, squad."""
    statement = (
        select(LedgerEntry.at, LedgerEntry.actor_id, LedgerEntry.action, Squad.name.label("squad"))
        .join(Squad, Squad.id == LedgerEntry.squad_id, isouter=True)
        .where(
            LedgerEntry.workspace_id == workspace_id,
            LedgerEntry.person_id.in_(person_ids),
            LedgerEntry.action.in_(LOOKS),
            or_(LedgerEntry.actor_id.is_(None), LedgerEntry.actor_id.not_in(person_ids)),
        )
        .order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc())
        .limit(limit)
    )
    return list((await connection.execute(statement)).all())


async def named(connection: AsyncConnection, workspace_id: int, who: str) -> list[int]:
    """Return everybody whom a Slack id, an address, a name or a tool's name means.

    Whoever is erased has none of these any more; whom somebody absorbed counts as them.
    """
    key = func.coalesce(Person.merged_into, Person.id)
    aliases = select(Alias.person_id).where(
        Alias.workspace_id == workspace_id, Alias.external_id == who
    )
    users = select(SlackIdentity.person_id).where(
        SlackIdentity.workspace_id == workspace_id, SlackIdentity.user_id == who
    )
    statement = select(key).where(
        Person.workspace_id == workspace_id,
        Person.erased_at.is_(None),
        or_(
            Person.name == who,
            Person.email == who.casefold(),
            Person.id.in_(aliases),
            Person.id.in_(users),
        ),
    )
    return sorted(set((await connection.scalars(statement)).all()))
