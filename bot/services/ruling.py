"""What a ruling changes: findings, score, rework, whoever is concerned, and what cites the rule."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import Conflict
from bot.rules import disputes as rules
from bot.rules.audits import FindingState, Step, Verdict, held
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import working_seconds_between
from bot.rules.disputes import (
    NOTED,
    REVIEW,
    RULED,
    TAKEN_BACK,
    Case,
    Effect,
    Review,
    Ruling,
    Stored,
)
from bot.rules.home import home_intents
from bot.rules.outbox import Intent
from bot.rules.people import Role
from bot.rules.rulings import Decided, NewRuling
from bot.services import audit_feedback, contesting, reworking
from bot.services.unit import Unit
from bot.store import audits, disputes, finding_reviews, findings, people, recipients


async def decide(unit: Unit, case: Case, rulings: Sequence[NewRuling]) -> Decided:
    """Keep rulings on a case that is locked, and let everything follow.

    Raises Conflict("dispute_decided", "dispute_closed") if one of them is not open any more.
    """
    by_key = {each.dispute_id: each for each in case.disputes}
    those = [(by_key[each.dispute_id], each) for each in rulings]
    for dispute, _ in those:
        await _require_open(unit, dispute)
    for dispute, ruling in those:
        await _store(unit, case, dispute, ruling)
    first = case.first
    await audits.settle(
        unit.tx,
        unit.workspace_id,
        first.audit_id,
        Step.RULING,
        auditor_id=unit.actor.person_id,
    )
    await rework_follows(unit, first.audit_id, case.feedback.verdict)
    reviews = 0
    for dispute, ruling in those:
        if ruling.ruling is Ruling.OVERTURNED:
            reviews += await _put_up(unit, dispute)
    keys = [each.dispute_id for each in rulings]
    await _tell(unit, first, keys)
    await contesting.changed(unit, case)
    await unit.log(
        "dispute.decided",
        squad_id=first.squad_id,
        person_id=first.contributor_id,
        audit_id=first.audit_id,
        dispute_ids=keys,
    )
    return Decided(
        task=case.feedback.task,
        rulings=tuple(rulings),
        waiting=len(case.waiting) - len(rulings),
        reviews=reviews,
        late=any(each.is_over(unit.now) for each, _ in those),
    )


async def _require_open(unit: Unit, dispute: Stored) -> None:
    if dispute.is_open:
        return
    if dispute.decided_by is None:
        raise Conflict("dispute_closed")
    named = await people.refs(unit.tx, [dispute.decided_by])
    raise Conflict("dispute_decided", name=named[dispute.decided_by].name)


async def _store(unit: Unit, case: Case, dispute: Stored, ruling: NewRuling) -> None:
    severity = case.finding(dispute).severity
    effect = Effect(
        before=severity,
        after=rules.lowered(ruling.ruling, severity),
        state=rules.outcome(ruling.ruling, late=dispute.is_over(unit.now)),
        decided_by=unit.actor.person_id,
        ruled_s=await _working_seconds(unit, dispute.opened_at),
    )
    await disputes.decide(unit.tx, dispute, ruling, effect, unit.now)


async def _working_seconds(unit: Unit, since: datetime) -> int | None:
    me = unit.actor.person_id
    calendars = await recipients.calendars(unit.tx, unit.workspace_id, [me], since)
    calendar = calendars.get(me)
    return None if calendar is None else round(working_seconds_between(calendar, since, unit.now))


async def rework_follows(unit: Unit, audit_id: int, said: Verdict) -> None:
    """Cancel the rework of an audit that nothing holds any more, else let its clock run again.

    What was upheld too late is out of the score and still has to be mended.
    """
    found = await audits.booked(unit.tx, unit.workspace_id, audit_id)
    if any(each.state is FindingState.DISPUTED for each in found):
        return
    mend = [
        replace(each, state=FindingState.UPHELD) if each.state is FindingState.LATE else each
        for each in found
    ]
    if said is Verdict.REJECTED and held(said, mend) is Verdict.ACCEPTED:
        await reworking.cancel(unit, audit_id)
    else:
        await reworking.go_on(unit, audit_id)


async def _put_up(unit: Unit, dispute: Stored) -> int:
    """List what cites the same rule for the managers of each squad; return how many."""
    counts = await finding_reviews.put_up(
        unit.tx, unit.workspace_id, dispute.dispute_id, dispute.finding_id
    )
    for squad_id in counts:
        able = await managers_of(unit, squad_id)
        for person_id in able:
            await unit.send(
                Intent(
                    kind=REVIEW,
                    delivery_class=DeliveryClass.TODAY,
                    person_id=person_id,
                    squad_id=squad_id,
                    ids={"dispute_id": dispute.dispute_id, "squad_id": squad_id},
                    dedupe_key=f"{REVIEW}:{dispute.dispute_id}:{squad_id}:{person_id}",
                )
            )
        await unit.send(*home_intents(able))
    return sum(counts.values())


async def managers_of(unit: Unit, squad_id: int) -> list[int]:
    """Return the present managers of a squad who are in Slack."""
    members = await disputes.members(unit.tx, unit.workspace_id, squad_id)
    return sorted(key for key, roles in members.items() if Role.MANAGER in roles)


async def _tell(unit: Unit, first: Stored, keys: Sequence[int]) -> None:
    """Tell the contributor, and the auditor whose finding it was if they are still there."""
    ids = {"dispute_id": first.dispute_id, "decided": list(keys)}
    await unit.send(
        Intent(
            kind=RULED,
            delivery_class=DeliveryClass.NOW,
            person_id=first.contributor_id,
            squad_id=first.squad_id,
            ids=ids,
            dedupe_key=f"{RULED}:{keys[0]}",
        )
    )
    there = await disputes.members(unit.tx, unit.workspace_id, first.squad_id)
    if first.auditor_id in there:
        await unit.send(
            Intent(
                kind=NOTED,
                delivery_class=DeliveryClass.TODAY,
                person_id=first.auditor_id,
                squad_id=first.squad_id,
                ids=ids,
                dedupe_key=f"{NOTED}:{keys[0]}",
            )
        )


async def take_back(unit: Unit, review: Review) -> None:
    """Withdraw a finding that cites a rule as it was not meant, and tell its contributor."""
    await disputes.set_states(
        unit.tx, unit.workspace_id, [review.finding_id], FindingState.WITHDRAWN, unit.now
    )
    await audits.settle(
        unit.tx,
        unit.workspace_id,
        review.audit_id,
        Step.RULING,
        auditor_id=unit.actor.person_id,
    )
    mine = await findings.feedback(unit.tx, unit.workspace_id, review.audit_id)
    if mine is None:
        return
    await rework_follows(unit, review.audit_id, mine.verdict)
    await audit_feedback.refresh(unit, mine)
    await unit.send(
        Intent(
            kind=TAKEN_BACK,
            delivery_class=DeliveryClass.NOW,
            person_id=review.contributor_id,
            squad_id=review.squad_id,
            ids={"review_id": review.review_id},
            dedupe_key=f"{TAKEN_BACK}:{review.review_id}",
        )
    )
    await unit.send(*home_intents([review.contributor_id]))


def decided_of(case: Case, keys: Collection[int]) -> tuple[Stored, ...]:
    """Return those disputes of a case that were decided."""
    return tuple(each for each in case.decided if each.dispute_id in keys)
