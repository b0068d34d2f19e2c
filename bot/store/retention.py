"""Removal of what is past its time, kind by kind, in pieces small enough to be in nobody's way.

Each function takes at most `limit` rows of a workspace from before an instant and returns how many
it took; what it took it does not find again.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import DisputeState
from bot.rules.retention import DataKind
from bot.rules.status_cases import CaseState
from bot.store.database import insert_or_ignore
from bot.store.housekeeping import forget_deliveries
from models import (
    ActionItem,
    AgendaTopic,
    Announcement,
    AnnouncementReceipt,
    AnswerVote,
    Audit,
    Blocker,
    Coaching,
    Dispute,
    Finding,
    LedgerEntry,
    OneOnOneNote,
    OneOnOneTopic,
    Question,
    Retention,
    Rework,
    Session,
    SessionAnswer,
    SessionReply,
    StatusCase,
    Submission,
    SubmissionRevision,
    SyncMeeting,
    TimeOff,
)

Forget = Callable[[AsyncConnection, int, datetime, int], Awaitable[int]]


async def chosen(connection: AsyncConnection, workspace_id: int) -> dict[DataKind, int]:
    """Return the days that were set for kinds of data; 0 means never."""
    statement = select(Retention.kind, Retention.days).where(Retention.workspace_id == workspace_id)
    return {DataKind(row.kind): row.days for row in await connection.execute(statement)}


async def put(
    tx: AsyncConnection, workspace_id: int, kind: DataKind, days: int, now: datetime
) -> None:
    """Set the days of a kind; 0 means never."""
    statement = insert_or_ignore(tx, Retention).values(
        workspace_id=workspace_id, kind=kind.value, days=days, changed_at=now
    )
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "kind"], set_={"days": days, "changed_at": now}
        )
    )


async def _clear(
    tx: AsyncConnection,
    table: Any,  # noqa: ANN401 - any of our tables
    where: ColumnElement[bool],
    limit: int,
    **values: object,
) -> int:
    """Set columns of at most `limit` rows."""
    keys = list((await tx.scalars(select(table.id).where(where).limit(limit))).all())
    if keys:
        await tx.execute(update(table).where(table.id.in_(keys)).values(**values))
    return len(keys)


async def questions(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Remove what was asked, where it was said, and what people said was missing."""
    old = and_(
        Question.workspace_id == workspace_id,
        Question.asked_at < before,
        Question.text != "",
    )
    gone = await _clear(
        tx,
        Question,
        old,
        limit,
        text="",
        composed=None,
        channel=None,
        message_ts=None,
        thread_ts=None,
    )
    votes = and_(
        AnswerVote.workspace_id == workspace_id,
        AnswerVote.voted_at < before,
        AnswerVote.missing.is_not(None),
    )
    return gone + await _clear(tx, AnswerVote, votes, limit, missing=None)


async def ledger(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Delete lines of the ledger."""
    old = (
        select(LedgerEntry.id)
        .where(LedgerEntry.workspace_id == workspace_id, LedgerEntry.at < before)
        .limit(limit)
    )
    return (await tx.execute(delete(LedgerEntry).where(LedgerEntry.id.in_(old)))).rowcount


async def time_off(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Remove why people were away; that they were stays."""
    old = and_(
        TimeOff.workspace_id == workspace_id,
        TimeOff.last_day < before.date(),
        TimeOff.reason.is_not(None),
    )
    return await _clear(tx, TimeOff, old, limit, reason=None)


async def coaching(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Remove the words of feedback, praise and coaching."""
    old = and_(
        Coaching.workspace_id == workspace_id, Coaching.created_at < before, Coaching.body != ""
    )
    return await _clear(tx, Coaching, old, limit, body="")


async def statuses(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Remove reasons, figures and answers of changes that do not hold (any more)."""
    ended = (CaseState.DECLINED.value, CaseState.WITHDRAWN.value, CaseState.LIFTED.value)
    old = and_(
        StatusCase.workspace_id == workspace_id,
        StatusCase.state.in_(ended),
        StatusCase.closed_at < before,
        StatusCase.reason != "",
    )
    return await _clear(
        tx, StatusCase, old, limit, reason="", evidence=None, answer=None, remark=None
    )


async def blockers(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Remove what people wrote to their blockers."""
    old = and_(
        Blocker.workspace_id == workspace_id, Blocker.opened_at < before, Blocker.note.is_not(None)
    )
    return await _clear(tx, Blocker, old, limit, note=None)


async def announcements(
    tx: AsyncConnection, workspace_id: int, before: datetime, limit: int
) -> int:
    """Remove what was announced and replied; who has got it stays."""
    old = and_(
        Announcement.workspace_id == workspace_id,
        Announcement.created_at < before,
        Announcement.next_at.is_(None),
        Announcement.text != "",
    )
    gone = await _clear(tx, Announcement, old, limit, text="")
    replies = and_(
        AnnouncementReceipt.workspace_id == workspace_id,
        AnnouncementReceipt.confirmed_at < before,
        AnnouncementReceipt.reply.is_not(None),
    )
    return gone + await _clear(tx, AnnouncementReceipt, replies, limit, reply=None)


async def sessions(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Delete who said that they come to old sessions, and their answers in a quiz."""
    over = select(Session.id).where(
        Session.workspace_id == workspace_id, Session.ends_at < before, Session.next_at.is_(None)
    )
    gone = 0
    for table in (SessionAnswer, SessionReply):
        old = select(table.id).where(table.session_id.in_(over)).limit(limit)
        gone += (await tx.execute(delete(table).where(table.id.in_(old)))).rowcount
    return gone


async def meetings(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Remove closed topics, what was decided and noted, and what is done."""
    gone = 0
    for table, at, words in (
        (AgendaTopic, AgendaTopic.closed_at, {"text": "", "source": None}),
        (ActionItem, ActionItem.done_at, {"text": ""}),
        (OneOnOneTopic, OneOnOneTopic.closed_at, {"text": ""}),
    ):
        old = and_(table.workspace_id == workspace_id, at < before, table.text != "")
        gone += await _clear(tx, table, old, limit, **words)
    over = and_(
        SyncMeeting.workspace_id == workspace_id,
        SyncMeeting.starts_at < before,
        or_(SyncMeeting.notes.is_not(None), SyncMeeting.decisions.is_not(None)),
    )
    gone += await _clear(tx, SyncMeeting, over, limit, notes=None, decisions=None)
    noted = and_(
        OneOnOneNote.workspace_id == workspace_id,
        OneOnOneNote.edited_at < before,
        or_(OneOnOneNote.shared != "", OneOnOneNote.own != ""),
    )
    return gone + await _clear(tx, OneOnOneNote, noted, limit, shared="", own="")


async def disputes(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Remove why people appealed, once it is decided; the rulings stay."""
    old = and_(
        Dispute.workspace_id == workspace_id,
        Dispute.opened_at < before,
        Dispute.state != DisputeState.OPEN.value,
        Dispute.reason != "",
    )
    return await _clear(tx, Dispute, old, limit, reason="")


async def work(tx: AsyncConnection, workspace_id: int, before: datetime, limit: int) -> int:
    """Remove labels, links and the notes on them; what is counted stays."""
    gone = 0
    for table, at in (
        (Submission, Submission.submitted_at),
        (SubmissionRevision, SubmissionRevision.submitted_at),
    ):
        old = and_(
            table.workspace_id == workspace_id,
            at < before,
            or_(table.label.is_not(None), table.url.is_not(None)),
        )
        gone += await _clear(tx, table, old, limit, label=None, url=None)
    audited = select(Audit.id).where(Audit.workspace_id == workspace_id, Audit.audited_at < before)
    notes = and_(
        Finding.workspace_id == workspace_id,
        Finding.audit_id.in_(audited),
        Finding.note.is_not(None),
    )
    gone += await _clear(tx, Finding, notes, limit, note=None)
    mended = and_(
        Rework.workspace_id == workspace_id,
        Rework.opened_at < before,
        Rework.note.is_not(None),
    )
    return gone + await _clear(tx, Rework, mended, limit, note=None)


FORGET: Final[Mapping[DataKind, Forget]] = {
    DataKind.QUESTIONS: questions,
    DataKind.MESSAGES: forget_deliveries,
    DataKind.LEDGER: ledger,
    DataKind.TIME_OFF: time_off,
    DataKind.COACHING: coaching,
    DataKind.STATUSES: statuses,
    DataKind.BLOCKERS: blockers,
    DataKind.ANNOUNCEMENTS: announcements,
    DataKind.SESSIONS: sessions,
    DataKind.MEETINGS: meetings,
    DataKind.DISPUTES: disputes,
    DataKind.WORK: work,
}
