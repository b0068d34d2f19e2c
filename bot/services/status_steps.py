"""The steps of a change of status, inside of somebody's transaction: stored, in force, ended."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.errors import NotFound
from bot.rules import status_cases as rules
from bot.rules.calendar import next_reachable_instant
from bot.rules.people import Status
from bot.rules.status_cases import CaseState, Proposal, Stored
from bot.services import oneonone_roster, status_notices
from bot.services.unit import Unit
from bot.store import leaving, recipients, squads, status_cases

HELD: Final = (CaseState.IN_FORCE,)


async def get(unit: Unit, case_id: int, *, lock: bool = False) -> Stored:
    """Return a case of the actor's workspace. Raises NotFound("case_gone")."""
    case = await status_cases.get(unit.tx, unit.workspace_id, case_id, lock=lock)
    if case is None:
        raise NotFound("case_gone")
    return case


async def add(
    unit: Unit,
    wanted: Proposal,
    before: Status,
    reason: str,
    evidence: rules.Evidence | None,
) -> Stored:
    """Store what somebody proposes and return it with its key."""
    case = Stored(
        case_id=0,
        workspace_id=unit.workspace_id,
        squad_id=wanted.squad_id,
        person_id=wanted.person_id,
        status=wanted.status,
        before=before,
        kind=wanted.kind,
        reason=reason,
        evidence=evidence,
        state=CaseState.PROPOSED,
        proposed_by=unit.actor.person_id,
        proposed_at=unit.now,
    )
    case_id = await status_cases.add(unit.tx, case)
    await unit.log(
        "status.proposed",
        squad_id=wanted.squad_id,
        person_id=wanted.person_id,
        case_id=case_id,
        status=wanted.status,
        kind=wanted.kind,
    )
    return replace(case, case_id=case_id)


async def answer_due(unit: Unit, person_id: int) -> datetime:
    """Return until when the person may answer: from when they can read of it."""
    known = await recipients.recipient(unit.tx, unit.workspace_id, person_id, unit.now)
    reads = next_reachable_instant(known.calendar, unit.now) if known is not None else None
    return (reads or unit.now) + rules.ANSWER_WITHIN


async def put_in_force(unit: Unit, case: Stored) -> None:
    """Change the status, close what held before, and tell the person and the proposer."""
    key = (unit.tx, unit.workspace_id)
    for other in await status_cases.of_person(*key, case.person_id, HELD, case.squad_id):
        await status_cases.change(
            *key,
            other.case_id,
            {
                "state": CaseState.LIFTED.value,
                "closed_by": unit.actor.person_id,
                "closed_at": unit.now,
            },
        )
    await status_cases.change(
        *key,
        case.case_id,
        {
            "state": case.state.value,
            "confirmed_by": case.confirmed_by,
            "confirmed_at": case.confirmed_at,
            "answer_due": case.answer_due,
        },
    )
    await squads.set_status(*key, case.squad_id, case.person_id, case.status)
    await oneonone_roster.reconcile(*key, case.squad_id, unit.now)
    if case.status is Status.OFFBOARDED:
        await leaving.let_go(*key, case.squad_id, case.person_id, unit.now)
    await unit.log(
        "status.confirmed",
        squad_id=case.squad_id,
        person_id=case.person_id,
        case_id=case.case_id,
        status=case.status,
    )
    await status_notices.tell(unit, case)
    await status_notices.say_decided(unit, case)
    await status_notices.refresh(unit, case)


async def close(unit: Unit, case: Stored, state: CaseState, remark: str | None) -> Stored:
    """End a proposal that is not put in force; the member stays as they are."""
    values = {"closed_by": unit.actor.person_id, "closed_at": unit.now, "remark": remark}
    await status_cases.change(
        unit.tx, unit.workspace_id, case.case_id, {"state": state.value, **values}
    )
    await unit.log(
        f"status.{state.value}",
        squad_id=case.squad_id,
        person_id=case.person_id,
        case_id=case.case_id,
    )
    closed = case.with_state(state, **values)
    await status_notices.refresh(unit, closed)
    return closed


async def held(unit: Unit, squad_id: int, person_id: int) -> list[Stored]:
    """Return what two people decided of a member, and still holds."""
    return await status_cases.of_person(unit.tx, unit.workspace_id, person_id, HELD, squad_id)


async def close_held(unit: Unit, squad_id: int, person_id: int) -> None:
    """Close what held for a member who is set active again."""
    for case in await status_cases.of_person(unit.tx, unit.workspace_id, person_id, HELD, squad_id):
        lifted = case.with_state(
            CaseState.LIFTED, closed_by=unit.actor.person_id, closed_at=unit.now
        )
        await status_cases.change(
            unit.tx,
            unit.workspace_id,
            case.case_id,
            {
                "state": CaseState.LIFTED.value,
                "closed_by": unit.actor.person_id,
                "closed_at": unit.now,
            },
        )
        await status_notices.refresh(unit, lifted)
