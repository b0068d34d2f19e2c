"""Disputes within a transaction: who may decide, what is opened and withdrawn, who is told."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import disputes as rules
from bot.rules.arrival import expect
from bot.rules.audits import FindingState, Step
from bot.rules.blockers import in_turn
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import WorkCalendar
from bot.rules.disputes import (
    ASKED,
    LATE,
    MINE,
    Appeal,
    Attached,
    By,
    Case,
    NewDispute,
    Panel,
    Stored,
)
from bot.rules.findings import FINDINGS_FIELD, REASON_FIELD, REASON_LIMIT, Feedback, checked_text
from bot.rules.home import home_intents
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.people import SquadState
from bot.services import audit_feedback, reworking
from bot.services.unit import Unit
from bot.store import (
    audits,
    disputes,
    findings,
    people,
    questions,
    recipients,
    squads,
    today,
    workspaces,
)

_OUT: Final = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


# Who decides.


async def panel_of(
    connection: AsyncConnection, case: Sequence[Stored], earlier: Sequence[Stored]
) -> Panel:
    """Return who may decide disputes of one audit. Raises Conflict("nobody_to_decide")."""
    first = case[0]
    barred = {first.auditor_id, first.contributor_id, *(each.decided_by for each in earlier)}
    return await panel_for(
        connection, first.workspace_id, first.squad_id, [key for key in barred if key is not None]
    )


async def panel_for(
    connection: AsyncConnection, workspace_id: int, squad_id: int, barred: Collection[int]
) -> Panel:
    """Return who may decide in a squad but those. Raises Conflict("nobody_to_decide")."""
    members = await disputes.members(connection, workspace_id, squad_id)
    admins = await workspaces.admins(connection, workspace_id)
    there = await disputes.reachable(connection, workspace_id, admins)
    return rules.panel(members, there, barred)


async def _in_turn(unit: Unit, squad_id: int, who: Panel) -> list[tuple[int, WorkCalendar]]:
    """Return those who may decide with their calendars, whoever reads it first before others."""
    squad = await squads.get(unit.tx, unit.workspace_id, squad_id)
    state = SquadState.LIVE if squad is None else squad.state
    found = {}
    for key in who.deciders:
        known = await recipients.recipient(unit.tx, unit.workspace_id, key, unit.now)
        if known is not None:
            found[key] = (expect(known, state, unit.now), known.calendar)
    turns = in_turn({key: arrival for key, (arrival, _) in found.items()})
    return [(key, found[key][1]) for key in turns]


# Reading.


async def case_of(
    connection: AsyncConnection, workspace_id: int, dispute_id: int, zone: str | None = None
) -> tuple[Case, Panel | None] | None:
    """Return a case and who may decide it; None if it is gone."""
    stored = await disputes.case(connection, workspace_id, dispute_id)
    about = None
    if stored:
        about = await findings.feedback(connection, workspace_id, stored[0].audit_id)
    if about is None:
        return None
    every = await disputes.of_findings(
        connection, workspace_id, [each.finding_id for each in stored]
    )
    before = {each.second_of for each in stored}
    earlier = [each for each in every if each.dispute_id in before]
    try:
        who = await panel_of(connection, stored, earlier)
    except Conflict:
        who = None
    first = stored[0]
    deciders = [each.decided_by for each in (*stored, *earlier) if each.decided_by is not None]
    named = await people.refs(connection, [first.contributor_id, first.auditor_id, *deciders])
    later = {each.second_of for each in every}
    case = Case(
        feedback=about,
        disputes=tuple(stored),
        contributor=named[first.contributor_id],
        auditor=named[first.auditor_id],
        by=By.PEERS if who is None else who.by,
        zone=zone or about.zone,
        earlier=tuple(earlier),
        question=await _attached(connection, first),
        deciders={key: named[key] for key in deciders},
        can_appeal=tuple(each.dispute_id for each in stored if rules.may_ask_again(each, later)),
    )
    return case, who


async def _attached(connection: AsyncConnection, first: Stored) -> Attached | None:
    if first.question_id is None:
        return None
    asked = await questions.get(connection, first.workspace_id, first.question_id)
    if asked is None:
        return None
    answer, at = await disputes.answer_of(connection, first.workspace_id, first.question_id)
    return Attached(text=asked.text, asked_at=asked.asked_at, answer=answer, answered_at=at)


async def own_case(unit: Unit, dispute_id: int) -> Case:
    """Return a case to whoever opened it. Raises NotFound("dispute_closed"), NotAllowed."""
    found = await case_of(unit.tx, unit.workspace_id, dispute_id, unit.actor.zone)
    if found is None:
        raise NotFound("dispute_closed")
    if found[0].first.opened_by != unit.actor.person_id:
        raise NotAllowed("not_your_feedback")
    return found[0]


# The window.


async def check_window(unit: Unit, mine: Feedback) -> None:
    """Raise Conflict("dispute_too_late") once an audit's contributor has known it for too long."""
    told = await audit_feedback.told_at(unit, mine.audit_id)
    day = await _over(unit, mine, told)
    if day is not None:
        raise Conflict("dispute_too_late", day=day)


async def check_second_window(unit: Unit, case: Case) -> None:
    """Raise Conflict("second_too_late") once a ruling is too long ago to look at it again."""
    at = [each.decided_at for each in case.decided if each.decided_at is not None]
    day = await _over(unit, case.feedback, max(at, default=None))
    if day is not None:
        raise Conflict("second_too_late", day=day)


async def _over(unit: Unit, mine: Feedback, since: datetime | None) -> str | None:
    """Return the last day on which something could be appealed, None while it still can."""
    if since is None:
        return None
    me = mine.contributor_id
    calendars = await recipients.calendars(unit.tx, unit.workspace_id, [me], since)
    until = rules.closes(calendars.get(me), since)
    if until is None or unit.now <= until:
        return None
    return clock.local_day(until, mine.zone).isoformat()


# Opening.


async def open_case(
    unit: Unit, mine: Feedback, appeal: Appeal, again: Mapping[int, Stored]
) -> list[int]:
    """Store an appeal, take its findings out of the score, and tell who decides; return its keys.

    `again` are the rulings, by finding, that a second opinion is asked of. Raises
    BadInput("empty_text", "text_too_long", "dispute_which"), Conflict("cannot_dispute",
    "nobody_to_decide"), NotAllowed("question_of_another").
    """
    reason = checked_text(appeal.reason, REASON_LIMIT, REASON_FIELD)
    if reason is None:
        raise BadInput("empty_text", field=REASON_FIELD)
    wanted = list(dict.fromkeys(appeal.finding_ids))
    if not wanted:
        raise BadInput("dispute_which", field=FINDINGS_FIELD)
    allowed = set(again) or {each.finding_id for each in mine.disputable}
    if not set(wanted) <= allowed:
        raise Conflict("cannot_dispute")
    await _check_question(unit, appeal.question_id)
    auditor_id = await audits.auditor_of(unit.tx, unit.workspace_id, mine.audit_id)
    decided = (again[key].decided_by for key in wanted if key in again)
    barred = [key for key in (auditor_id, mine.contributor_id, *decided) if key is not None]
    who = await panel_for(unit.tx, unit.workspace_id, mine.squad_id, barred)
    turns = await _in_turn(unit, mine.squad_id, who)
    due_at = rules.due(turns[0][1] if turns else None, unit.now)
    new = NewDispute(
        opened_by=unit.actor.person_id,
        reason=reason,
        case_key=secrets.token_hex(8),
        due_at=due_at,
        question_id=appeal.question_id,
        second_of={key: each.dispute_id for key, each in again.items()},
    )
    keys = await disputes.add(unit.tx, unit.workspace_id, wanted, new, unit.now)
    await audits.settle(
        unit.tx, unit.workspace_id, mine.audit_id, Step.PROVISIONAL, auditor_id=auditor_id
    )
    await reworking.stop(unit, mine.audit_id)
    await _tell(unit, mine, keys, who, [key for key, _ in turns], due_at)
    await unit.log(
        "finding.disputed", squad_id=mine.squad_id, audit_id=mine.audit_id, dispute_ids=keys
    )
    return keys


async def _check_question(unit: Unit, question_id: int | None) -> None:
    if question_id is None:
        return
    asked = await questions.get(unit.tx, unit.workspace_id, question_id)
    if asked is None or asked.asker_id != unit.actor.person_id:
        raise NotAllowed("question_of_another")


async def _tell(
    unit: Unit,
    mine: Feedback,
    keys: Sequence[int],
    who: Panel,
    turns: Sequence[int],
    due_at: datetime | None,
) -> None:
    told = rules.asked(who, turns)
    await unit.send(
        Intent(
            kind=MINE,
            delivery_class=DeliveryClass.ANSWER,
            person_id=mine.contributor_id,
            squad_id=mine.squad_id,
            ids={"dispute_id": keys[0]},
            dedupe_key=f"{MINE}:{keys[0]}",
        )
    )
    for person_id in told:
        await unit.send(
            Intent(
                kind=ASKED,
                delivery_class=DeliveryClass.TODAY,
                person_id=person_id,
                squad_id=mine.squad_id,
                ids={"dispute_ids": list(keys)},
                dedupe_key=f"{ASKED}:{keys[0]}:{person_id}",
            )
        )
    for person_id in (who.managers or told) if due_at is not None else ():
        await unit.send(
            Intent(
                kind=LATE,
                delivery_class=DeliveryClass.TODAY,
                person_id=person_id,
                squad_id=mine.squad_id,
                ids={"dispute_ids": list(keys)},
                dedupe_key=f"{LATE}:{keys[0]}:{person_id}",
                not_before=due_at,
            )
        )
    await audit_feedback.refresh(unit, mine)
    await unit.send(*home_intents([mine.contributor_id, *who.deciders]))


# Withdrawing.


async def withdraw(unit: Unit, case: Case) -> None:
    """Take back what is not decided of a case; its findings are what they were before."""
    waiting = case.waiting
    await disputes.withdraw(unit.tx, unit.workspace_id, [each.dispute_id for each in waiting])
    earlier = {each.dispute_id: each for each in case.earlier}
    states: dict[FindingState, list[int]] = {}
    for each in waiting:
        state = rules.before_appeal(earlier.get(each.second_of or 0))
        states.setdefault(state, []).append(each.finding_id)
    for state, keys in states.items():
        await disputes.set_states(unit.tx, unit.workspace_id, keys, state, unit.now)
    first = case.first
    await audits.settle(
        unit.tx,
        unit.workspace_id,
        first.audit_id,
        Step.PROVISIONAL,
        auditor_id=first.auditor_id,
    )
    await reworking.go_on(unit, first.audit_id)
    await changed(unit, case)
    await unit.log(
        "dispute.withdrawn",
        squad_id=first.squad_id,
        audit_id=first.audit_id,
        dispute_ids=[each.dispute_id for each in waiting],
    )


async def superseded(unit: Unit, audit_id: int) -> None:
    """Change what was sent about disputes that ended because their audit was corrected."""
    ended = await disputes.superseded(unit.tx, unit.workspace_id, audit_id)
    for key in {each.case_key or each.dispute_id: each.dispute_id for each in ended}.values():
        found = await case_of(unit.tx, unit.workspace_id, key)
        if found is not None:
            await changed(unit, found[0])


async def changed(unit: Unit, case: Case) -> None:
    """Change what was sent about a case to what holds now, and the Home tabs that show it."""
    first = case.first
    key = case.disputes[0].dispute_id
    receipt = await findings.delivery(unit.tx, unit.workspace_id, f"{MINE}:{key}")
    if receipt is not None and receipt.state in _OUT:
        await unit.send(
            Intent(
                kind=MINE,
                delivery_class=DeliveryClass.ANSWER,
                operation=Operation.UPDATE,
                person_id=first.opened_by,
                squad_id=first.squad_id,
                ids={"dispute_id": key},
                target_id=receipt.id,
            )
        )
    stored = await disputes.case(unit.tx, unit.workspace_id, key)
    able = await disputes.members(unit.tx, unit.workspace_id, first.squad_id)
    admins = await workspaces.admins(unit.tx, unit.workspace_id)
    those = sorted({*able, *admins})
    if not any(each.is_open for each in stored):
        await tick_off(unit.tx, unit.workspace_id, key, those, unit.now)
    await audit_feedback.refresh(unit, case.feedback)
    who = await _deciders(unit, stored, case.earlier)
    await unit.send(*home_intents([first.opened_by, *who]))


async def tick_off(
    tx: AsyncConnection, workspace_id: int, key: int, those: Collection[int], now: datetime
) -> None:
    """Tick off the lines of Today about a case, of whoever may have got one."""
    for kind in (ASKED, LATE):
        for person_id in those:
            await today.tick(tx, workspace_id, f"{kind}:{key}:{person_id}", now)


async def _deciders(
    unit: Unit, stored: Sequence[Stored], earlier: Sequence[Stored]
) -> tuple[int, ...]:
    try:
        return (await panel_of(unit.tx, stored, earlier)).deciders
    except Conflict:
        return ()
