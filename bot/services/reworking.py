"""The course of reworks: opened by a rejection, stopped by a dispute, fixed, judged, cancelled.

Functions within the transaction of whatever causes it; `bot.services.reworks` is what people ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import reworks as rules
from bot.rules.audits import Step, Verdict
from bot.rules.calendar import WorkCalendar
from bot.rules.findings import Work
from bot.rules.people import SquadState
from bot.rules.reworks import NewRework, ReworkState, Stored
from bot.services import rework_messages
from bot.services.arrival import Foreseen, foresee
from bot.services.unit import Unit
from bot.store import chain_steps, draws, ledger, outbox, recipients, reworks

# From an audit.


async def open_for(
    unit: Unit,
    work: Work,
    audit_id: int,
    chain_id: int,
    foreseen: Foreseen | None = None,
    *,
    first: bool = False,
) -> Stored | None:
    """Send a rejected task back to its contributor, if that is still to be done.

    In a squad in rehearsal nothing is; a correction of the audit that sent it back takes its place,
    and what another audit finds while it is under way is mended with it. `foreseen` is read here
    if it was not before; `first` says that the work was never audited before.
    """
    states = {one.squad_id: one.state for one in unit.actor.memberships}
    if states.get(work.squad_id) is not SquadState.LIVE:
        return None
    known = []
    if not first:
        known = await reworks.under_way(unit.tx, unit.workspace_id, [work.submission_id])
    if known:
        return await _take_place(unit, known[0], audit_id, chain_id)
    arrival, recipient = foreseen or await foresee(unit, work.contributor_id, work.squad_id)
    calendar = None if recipient is None else recipient.calendar
    new = NewRework(
        project_id=work.project_id,
        squad_id=work.squad_id,
        contributor_id=work.contributor_id,
        submission_id=work.submission_id,
        chain_id=chain_id,
        audit_id=audit_id,
        round=1 if first else 1 + await reworks.rounds(unit.tx, unit.workspace_id, chain_id),
        due_at=rules.due(calendar, arrival.when or unit.now),
    )
    return await _open(unit, new, calendar)


async def _take_place(unit: Unit, known: Stored, audit_id: int, chain_id: int) -> Stored:
    """Let a rework follow from the audit that corrects the one it followed from."""
    if known.chain_id != chain_id or known.audit_id == audit_id:
        return known
    moved = replace(known, audit_id=audit_id)
    await reworks.change(unit.tx, moved)
    # The findings that were disputed are withdrawn with the audit that was corrected.
    return await _go_on(unit, moved)


async def _open(unit: Unit, new: NewRework, calendar: WorkCalendar | None) -> Stored:
    rework = await reworks.add(unit.tx, unit.workspace_id, new, unit.now)
    await _log(unit, "rework.opened", rework)
    await unit.send(*await rework_messages.opened(unit, rework, calendar))
    return rework


async def cancel(unit: Unit, audit_id: int) -> None:
    """End what followed from an audit: all of it was overturned, or its auditor took it back."""
    for rework in await _after(unit, audit_id):
        if rework.under_way:
            await end(unit, rework)


async def end(unit: Unit, rework: Stored) -> Stored:
    """Cancel a rework that is under way, and take its fix from what is to be audited."""
    ended = replace(rework, state=ReworkState.CANCELLED, stopped_at=None, settled_at=unit.now)
    await reworks.change(unit.tx, ended)
    await reworks.withdraw(unit.tx, ended, unit.now)
    await _log(unit, "rework.cancelled", ended)
    await unit.send(*await rework_messages.told_anew(unit.tx, ended))
    return ended


# From a dispute.


async def stop(unit: Unit, audit_id: int) -> None:
    """Stop the clock of what followed from an audit, for a finding of it is disputed.

    A fix is kept back from the auditors meanwhile; stopped twice it stands still once.
    """
    for rework in await _after(unit, audit_id):
        stopped = rules.stop(rework, unit.now)
        if stopped == rework:
            continue
        await reworks.change(unit.tx, stopped)
        await reworks.withdraw(unit.tx, stopped, unit.now)
        await _log(unit, "rework.stopped", stopped)
        await unit.send(*await rework_messages.told_anew(unit.tx, stopped))


async def go_on(unit: Unit, audit_id: int) -> None:
    """Let the clock run again, unless another finding of the audit is still disputed."""
    if await reworks.is_disputed(unit.tx, unit.workspace_id, audit_id):
        return
    for rework in await _after(unit, audit_id):
        await _go_on(unit, rework)


async def _go_on(unit: Unit, rework: Stored) -> Stored:
    if not rework.under_way or rework.stopped_at is None:
        return rework
    calendar = await _calendar(unit.tx, rework, rework.stopped_at)
    going = rules.go_on(rework, calendar, unit.now)
    await reworks.change(unit.tx, going)
    if going.state is ReworkState.FIXED:
        await _queue(unit.tx, going, unit.now)
    else:
        await unit.send(*await rework_messages.reminders(unit, going, calendar))
    await _log(unit, "rework.went_on", going)
    await unit.send(*await rework_messages.told_anew(unit.tx, going))
    return going


# From the contributor, or a file with their work.


async def fixed(unit: Unit, rework: Stored, note: str | None) -> Stored:
    """Keep that a contributor mended a task, and let an auditor look at it."""
    calendar = await _calendar(unit.tx, rework, rework.opened_at)
    done = rules.fix(rework, calendar, unit.now, note)
    await _store_fix(unit.tx, done, unit.now)
    await _log(unit, "rework.fixed", done)
    await unit.send(*await rework_messages.told_anew(unit.tx, done))
    return done


async def fixed_by_import(
    tx: AsyncConnection, workspace_id: int, handed_in: Mapping[int, datetime], now: datetime
) -> int:
    """Keep that work with an open rework was handed in anew, changed; return how many.

    `handed_in` says when, by submission. Nobody is messaged of it: what was sent before and Home
    are only changed.
    """
    found = await reworks.under_way(tx, workspace_id, handed_in.keys())
    waiting = [each for each in found if each.state is ReworkState.OPEN]
    if not waiting:
        return 0
    since = min(each.opened_at for each in waiting)
    those = {each.contributor_id for each in waiting}
    calendars = await recipients.calendars(tx, workspace_id, those, since)
    for rework in waiting:
        at = rules.handed_in(rework, handed_in[rework.submission_id], now)
        done = rules.fix(rework, calendars.get(rework.contributor_id), at)
        await _store_fix(tx, done, now)
        await ledger.write(
            tx,
            workspace_id,
            now,
            "rework.handed_in",
            actor_id=None,
            squad_id=done.squad_id,
            person_id=done.contributor_id,
            ids={"rework_id": done.rework_id},
        )
        await outbox.add(tx, workspace_id, await rework_messages.told_anew(tx, done), now)
    return len(waiting)


async def _store_fix(tx: AsyncConnection, done: Stored, now: datetime) -> None:
    await reworks.change(tx, done)
    if done.stopped_at is None:
        await _queue(tx, done, now)


async def _queue(tx: AsyncConnection, rework: Stored, now: datetime) -> None:
    """Put a fix among what is to be audited, in front of the rest.

    Whoever sent the task back knows it, so it is kept for them as long as any draw that somebody
    holds; then it is anybody's.
    """
    draw_id = await reworks.draw_of(tx, rework)
    if draw_id is None:
        draw_id = await reworks.add_returned(
            tx,
            rework.workspace_id,
            project_id=rework.project_id,
            squad_id=rework.squad_id,
            submission_id=rework.submission_id,
            origin=await reworks.origin_of(tx, rework),
            rework_id=rework.rework_id,
            now=now,
        )
    known = await reworks.auditor_of(tx, rework)
    await draws.reopen(tx, rework.workspace_id, draw_id, known, now)


# From the audit of a fix.


async def judged(unit: Unit, rework_id: int, audit_id: int, verdict: Verdict) -> Stored | None:
    """Keep what the audit of a fix said; a rejected one goes back for another round.

    Return the next round, None if there is none. What other audits of the same work said before
    holds no longer either, so their chains advance too.
    """
    rework = await reworks.lock(unit.tx, unit.workspace_id, rework_id)
    if rework is None or rework.state is not ReworkState.FIXED:
        return None
    accepted = verdict is Verdict.ACCEPTED
    state = ReworkState.ACCEPTED if accepted else ReworkState.RETURNED
    settled = replace(rework, state=state, stopped_at=None, settled_at=unit.now, result_id=audit_id)
    await reworks.change(unit.tx, settled)
    await _log(unit, f"rework.{state.value}", settled)
    await _advance_others(unit, settled, audit_id, verdict)
    await unit.send(*await rework_messages.told_anew(unit.tx, settled))
    return None if accepted else await _another_round(unit, settled, audit_id)


async def _advance_others(unit: Unit, settled: Stored, audit_id: int, verdict: Verdict) -> None:
    chains = await reworks.rejected_chains(unit.tx, settled)
    errors = await reworks.errors_of(unit.tx, unit.workspace_id, audit_id) if chains else 0
    for chain_id in chains:
        await chain_steps.advance(
            unit.tx,
            unit.workspace_id,
            chain_id,
            Step.REWORK,
            auditor_id=unit.actor.person_id,
            verdict=verdict,
            errors=errors,
            at=unit.now,
        )


async def _another_round(unit: Unit, before: Stored, audit_id: int) -> Stored:
    arrival, recipient = await foresee(unit, before.contributor_id, before.squad_id)
    calendar = None if recipient is None else recipient.calendar
    new = NewRework(
        project_id=before.project_id,
        squad_id=before.squad_id,
        contributor_id=before.contributor_id,
        submission_id=before.submission_id,
        chain_id=before.chain_id,
        audit_id=audit_id,
        round=before.round + 1,
        due_at=rules.due(calendar, arrival.when or unit.now),
    )
    return await _open(unit, new, calendar)


async def undo(unit: Unit, audit_id: int) -> None:
    """Take back what an audit did, for its auditor undid it before anybody was told.

    What it sent back is cancelled, and a fix that it judged waits again.
    """
    await cancel(unit, audit_id)
    judged_before = await reworks.judged_by(unit.tx, unit.workspace_id, audit_id)
    if judged_before is None:
        return
    others = await reworks.take_back(unit.tx, judged_before, unit.actor.person_id)
    if others:
        await chain_steps.rescore(unit.tx, unit.workspace_id, others)
    waiting = replace(judged_before, state=ReworkState.FIXED, settled_at=None, result_id=None)
    await reworks.change(unit.tx, waiting)
    await _log(unit, "rework.reopened", waiting)
    await unit.send(*await rework_messages.told_anew(unit.tx, waiting))


# What everything above needs.


async def _after(unit: Unit, audit_id: int) -> Sequence[Stored]:
    """Return, for a change, the rework that followed from an audit; none or one."""
    found = await reworks.after_audits(unit.tx, unit.workspace_id, [audit_id])
    locked = [
        await reworks.lock(unit.tx, unit.workspace_id, each.rework_id) for each in found.values()
    ]
    return [each for each in locked if each is not None]


async def _calendar(tx: AsyncConnection, rework: Stored, since: datetime) -> WorkCalendar | None:
    found = await recipients.calendars(tx, rework.workspace_id, [rework.contributor_id], since)
    return found.get(rework.contributor_id)


async def _log(unit: Unit, action: str, rework: Stored) -> None:
    await unit.log(
        action,
        squad_id=rework.squad_id,
        person_id=rework.contributor_id,
        rework_id=rework.rework_id,
    )
