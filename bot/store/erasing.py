"""Erasing a person in SQL: names and words go, keys and counts stay under a pseudonym."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.agenda import ClosedWhy
from bot.rules.audits import DisputeState, FindingState
from bot.rules.draws import DrawState
from bot.rules.oneonones import MeetingState, Why
from bot.rules.outbox import ENDS, DeliveryState, EndReason
from bot.rules.people import PRESENT, Role, Status
from bot.rules.privacy import digest
from bot.rules.reworks import UNDER_WAY, ReworkState
from bot.rules.sittings import SittingState
from bot.rules.status_cases import CaseState
from bot.store.database import insert_or_ignore
from bot.store.memberships import ROLE_OF_MEMBER
from models import (
    ActionItem,
    Admin,
    AgendaTopic,
    Alias,
    AnnouncementReceipt,
    AnswerVote,
    Audit,
    Blocker,
    Coaching,
    Dispute,
    Draw,
    Effect,
    ErasedName,
    Escalation,
    Finding,
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
    PulseContact,
    Question,
    Rework,
    Sitting,
    SlackIdentity,
    Snippet,
    Squad,
    StatusCase,
    TimeOff,
)

_PRESENT: Final = [status.value for status in PRESENT]
_ENDED: Final = [state.value for state in ENDS]


async def count(connection: AsyncConnection, workspace_id: int) -> int:
    """Return how many people were erased before."""
    statement = select(func.count()).where(
        Person.workspace_id == workspace_id,
        Person.erased_at.is_not(None),
        Person.merged_into.is_(None),
    )
    return int(await connection.scalar(statement) or 0)


async def only_manager_of(
    connection: AsyncConnection, workspace_id: int, person_ids: Sequence[int]
) -> list[str]:
    """Return the squads that would be left without a manager, by name."""
    managers = (
        select(Member.squad_id)
        .join(MemberRole, ROLE_OF_MEMBER)
        .where(
            Member.workspace_id == workspace_id,
            Member.status.in_(_PRESENT),
            MemberRole.role == Role.MANAGER.value,
        )
    )
    statement = select(Squad.name).where(
        Squad.workspace_id == workspace_id,
        Squad.archived_at.is_(None),
        Squad.id.in_(managers.where(Member.person_id.in_(person_ids))),
        Squad.id.not_in(managers.where(Member.person_id.not_in(person_ids))),
    )
    return list((await connection.scalars(statement.order_by(Squad.name))).all())


async def names_of(connection: AsyncConnection, person_ids: Sequence[int]) -> set[str]:
    """Return everything that a file may call somebody."""
    found: set[str] = set()
    for statement in (
        select(Person.name).where(Person.id.in_(person_ids)),
        select(Person.email).where(Person.id.in_(person_ids), Person.email.is_not(None)),
        select(Alias.external_id).where(Alias.person_id.in_(person_ids)),
        select(SlackIdentity.user_id).where(SlackIdentity.person_id.in_(person_ids)),
    ):
        found.update(str(name) for name in (await connection.scalars(statement)).all())
    return found


async def remember(
    tx: AsyncConnection, workspace_id: int, person_id: int, names: set[str], salt: str
) -> None:
    """Keep the digests of names, with the workspace's salt if it has one already."""
    known = await tx.scalar(
        select(ErasedName.salt).where(ErasedName.workspace_id == workspace_id).limit(1)
    )
    used = known or salt
    for each in sorted({digest(used, name) for name in names}):
        statement = insert_or_ignore(tx, ErasedName).values(
            workspace_id=workspace_id, salt=used, digest=each, person_id=person_id
        )
        await tx.execute(
            statement.on_conflict_do_nothing(index_elements=["workspace_id", "digest"])
        )


async def known_as(
    connection: AsyncConnection, workspace_id: int, names: Sequence[str]
) -> dict[str, int]:
    """Return which of these names meant somebody who was erased."""
    salt = await connection.scalar(
        select(ErasedName.salt).where(ErasedName.workspace_id == workspace_id).limit(1)
    )
    if salt is None or not names:
        return {}
    spelt = {name: digest(salt, name) for name in names}
    statement = select(ErasedName.digest, ErasedName.person_id).where(
        ErasedName.workspace_id == workspace_id, ErasedName.digest.in_(set(spelt.values()))
    )
    found = {row.digest: row.person_id for row in await connection.execute(statement)}
    return {name: found[each] for name, each in spelt.items() if each in found}


async def forget_identity(
    tx: AsyncConnection, workspace_id: int, person_ids: Sequence[int], pseudonym: str, now: datetime
) -> None:
    """Replace the name, and remove all by which somebody is found or reached."""
    users = list(
        (
            await tx.scalars(
                select(SlackIdentity.user_id).where(SlackIdentity.person_id.in_(person_ids))
            )
        ).all()
    )
    for user_id in users:
        await tx.execute(
            delete(Effect).where(
                Effect.workspace_id == workspace_id, Effect.key.contains(user_id, autoescape=True)
            )
        )
    for table in (SlackIdentity, Alias, Admin, PulseContact, Snippet):
        await tx.execute(delete(table).where(table.person_id.in_(person_ids)))
    members = select(Member.id).where(Member.person_id.in_(person_ids))
    await tx.execute(delete(MemberTag).where(MemberTag.member_id.in_(members)))
    await tx.execute(
        update(Member)
        .where(Member.person_id.in_(person_ids))
        .values(status=Status.OFFBOARDED.value)
    )
    nothing = dict.fromkeys(
        (
            *("email", "locale", "zone", "country", "subdivision", "working_days"),
            *("work_start", "work_end", "quiet_start", "quiet_end", "quiet_until"),
        )
    )
    await tx.execute(
        update(Person)
        .where(Person.id.in_(person_ids))
        .values(name=pseudonym, zone_set=False, erased_at=now, **nothing)
    )


async def forget_words(tx: AsyncConnection, person_ids: Sequence[int], now: datetime) -> None:
    """Remove what they wrote and what was written about them; that it was there stays."""
    for table, column, values in (
        (Question, Question.asker_id, {"text": "", "composed": None, "channel": None}),
        (Question, Question.asker_id, {"message_ts": None, "thread_ts": None}),
        (AnswerVote, AnswerVote.person_id, {"missing": None}),
        (AnnouncementReceipt, AnnouncementReceipt.person_id, {"reply": None}),
        (AgendaTopic, AgendaTopic.author_id, {"text": "", "source": None}),
        (ActionItem, ActionItem.owner_id, {"text": ""}),
        (OneOnOneTopic, OneOnOneTopic.author_id, {"text": ""}),
        (OneOnOneSetup, OneOnOneSetup.manager_id, {"link": None}),
        (OneOnOnePair, OneOnOnePair.manager_id, {"link": None}),
        (Coaching, Coaching.person_id, {"body": ""}),
        (Blocker, Blocker.person_id, {"note": None}),
        (Dispute, Dispute.opened_by, {"reason": ""}),
        (Rework, Rework.contributor_id, {"note": None}),
        (Draw, Draw.held_by, {"skip_note": None}),
        (TimeOff, TimeOff.person_id, {"reason": None}),
        (
            StatusCase,
            StatusCase.person_id,
            {"reason": "", "evidence": None, "answer": None, "remark": None},
        ),
    ):
        await tx.execute(update(table).where(column.in_(person_ids)).values(**values))
    meetings = select(OneOnOne.id).where(
        or_(OneOnOne.manager_id.in_(person_ids), OneOnOne.person_id.in_(person_ids))
    )
    await tx.execute(
        update(OneOnOneNote)
        .where(OneOnOneNote.one_on_one_id.in_(meetings))
        .values(shared="", own="")
    )
    await tx.execute(
        update(TimeOff)
        .where(
            TimeOff.person_id.in_(person_ids),
            TimeOff.last_day >= now.date(),
            TimeOff.cancelled_at.is_(None),
        )
        .values(cancelled_at=now)
    )


async def close(tx: AsyncConnection, person_ids: Sequence[int], now: datetime) -> None:
    """End what waits for somebody who is gone.

    A disputed finding is withdrawn and so stays out of the score: nobody can argue it any more.
    """
    disputed = select(Dispute.finding_id).where(_disputes_of(person_ids))
    steps = (
        (
            Finding,
            and_(Finding.id.in_(disputed), Finding.state == FindingState.DISPUTED.value),
            {"state": FindingState.WITHDRAWN.value, "settled_at": now},
        ),
        (
            Draw,
            and_(Draw.held_by.in_(person_ids), Draw.state == DrawState.OPEN.value),
            {"held_by": None, "held_at": None, "sitting_id": None},
        ),
        (
            Sitting,
            and_(Sitting.auditor_id.in_(person_ids), Sitting.state == SittingState.OPEN.value),
            {"state": SittingState.ENDED.value, "ended_at": now},
        ),
        (
            Dispute,
            _disputes_of(person_ids),
            {"state": DisputeState.WITHDRAWN.value},
        ),
        (
            Rework,
            and_(
                Rework.contributor_id.in_(person_ids),
                Rework.state.in_([state.value for state in UNDER_WAY]),
            ),
            {"state": ReworkState.CANCELLED.value, "settled_at": now},
        ),
        (
            Escalation,
            and_(Escalation.claimed_by.in_(person_ids), Escalation.answered_at.is_(None)),
            {"claimed_by": None, "claimed_at": None, "claimed_until": None},
        ),
        (
            AgendaTopic,
            and_(AgendaTopic.author_id.in_(person_ids), AgendaTopic.closed_at.is_(None)),
            {"closed_at": now, "closed_why": ClosedWhy.ERASED.value},
        ),
        (
            ActionItem,
            and_(ActionItem.owner_id.in_(person_ids), ActionItem.done_at.is_(None)),
            {"done_at": now, "next_at": None},
        ),
        (
            OneOnOneTopic,
            and_(OneOnOneTopic.author_id.in_(person_ids), OneOnOneTopic.closed_at.is_(None)),
            {"closed_at": now},
        ),
        (
            OneOnOne,
            and_(
                or_(OneOnOne.manager_id.in_(person_ids), OneOnOne.person_id.in_(person_ids)),
                OneOnOne.state == MeetingState.PLANNED.value,
                OneOnOne.starts_at > now,
            ),
            {"state": MeetingState.CANCELLED.value, "why": Why.LEFT.value},
        ),
        (
            OneOnOnePair,
            and_(
                or_(
                    OneOnOnePair.manager_id.in_(person_ids),
                    OneOnOnePair.person_id.in_(person_ids),
                ),
                OneOnOnePair.ended_at.is_(None),
            ),
            {"ended_at": now},
        ),
        (
            StatusCase,
            and_(
                or_(StatusCase.person_id.in_(person_ids), StatusCase.proposed_by.in_(person_ids)),
                StatusCase.state == CaseState.PROPOSED.value,
            ),
            {"state": CaseState.WITHDRAWN.value, "closed_at": now},
        ),
    )
    for table, where, values in steps:
        await tx.execute(update(table).where(where).values(**values))
    await _close_blockers(tx, person_ids, now)


def _disputes_of(person_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(Dispute.opened_by.in_(person_ids), Dispute.state == DisputeState.OPEN.value)


async def open_disputes(
    connection: AsyncConnection, person_ids: Sequence[int]
) -> list[tuple[int, int]]:
    """Return (dispute, squad) of what people dispute and nobody decided."""
    statement = (
        select(Dispute.id, Audit.squad_id)
        .join(Finding, Finding.id == Dispute.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(_disputes_of(person_ids))
        .order_by(Dispute.id)
    )
    return [(row.id, row.squad_id) for row in await connection.execute(statement)]


async def _close_blockers(tx: AsyncConnection, person_ids: Sequence[int], now: datetime) -> None:
    """End their blockers by themselves, no later than these would have ended."""
    mine = and_(Blocker.person_id.in_(person_ids), Blocker.closed_by.is_(None))
    await tx.execute(update(Blocker).where(mine, Blocker.closed_at > now).values(closed_at=now))
    await tx.execute(update(Blocker).where(mine).values(closed_by=Blocker.person_id))


async def forget_messages(tx: AsyncConnection, person_ids: Sequence[int], now: datetime) -> None:
    """Drop what waits to be sent, and forget where the rest stands in Slack."""
    theirs = OutboxRow.person_id.in_(person_ids)
    await tx.execute(
        update(OutboxRow)
        .where(theirs, OutboxRow.state.not_in(_ENDED))
        .values(state=DeliveryState.DROPPED.value, reason=EndReason.ERASED.value, settled_at=now)
    )
    await tx.execute(
        update(OutboxRow).where(theirs).values(sent_channel=None, sent_ts=None, ticket=None)
    )
