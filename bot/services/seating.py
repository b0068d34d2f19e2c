"""What is put before an auditor in a sitting: read in one go, so that a click waits for one answer.

Functions on a unit of work; `bot.services.sittings` says who may call for what.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.rules import roles
from bot.rules import sittings as rules
from bot.rules.audits import Severity
from bot.rules.budget import DeliveryClass
from bot.rules.draws import DrawnTask, DrawState
from bot.rules.findings import AuditForm, FindingForm
from bot.rules.outbox import Intent
from bot.rules.people import Actor
from bot.rules.roles import Act
from bot.rules.sittings import Certificate, Place, SavedTask, Seat, Sitting, Snippet
from bot.services import audit_search
from bot.services.recording import Checked
from bot.services.unit import Unit
from bot.store import draws, findings, sittings, snippets, submissions

UTC: Final = "UTC"


async def mine(unit: Unit, sitting_id: int) -> Sitting:
    """Return a sitting of the caller, who may still audit there.

    Raises NotFound("sitting_gone"), NotAllowed("not_allowed_record_audit").
    """
    found = await sittings.get(unit.tx, unit.workspace_id, sitting_id)
    if found is None or found.auditor_id != unit.actor.person_id:
        raise NotFound("sitting_gone")
    roles.require(unit.actor, Act.RECORD_AUDIT, found.squad_id)
    return found


async def open_sittings(unit: Unit) -> list[Sitting]:
    """Return the caller's sittings that are not over, in squads where they may audit."""
    found = await sittings.open_of(unit.tx, unit.workspace_id, unit.actor.person_id)
    return [each for each in found if roles.may(unit.actor, Act.RECORD_AUDIT, each.squad_id)]


async def places(unit: Unit) -> list[Place]:
    """Return where the caller may audit. Raises NotAllowed("not_allowed_record_audit")."""
    where = audit_search.squads_to_audit(unit)
    return await sittings.places(unit.tx, unit.workspace_id, where)


def here(actor: Actor, channel: str | None) -> frozenset[int]:
    """Return the actor's squads whose channel this is."""
    return frozenset(
        membership.squad_id
        for membership in actor.memberships
        if channel is not None and channel in membership.channels
    )


def zone_of(unit: Unit) -> str:
    """Return the auditor's own zone, UTC for who has none."""
    return unit.actor.zone or UTC


async def seat(unit: Unit, sitting: Sitting, but: int = 0) -> Seat | None:
    """Return the next task of a sitting; None if nothing is left. `but` is about to be settled."""
    queued = await sittings.queue(unit.tx, unit.workspace_id, sitting, but)
    return None if queued is None else await seat_at(unit, sitting, queued.draw_id)


async def seat_at(
    unit: Unit, sitting: Sitting, draw_id: int, filled: AuditForm | None = None
) -> Seat:
    """Return one task of a sitting. Raises NotFound("sitting_gone")."""
    draw = await draws.get(unit.tx, unit.workspace_id, draw_id)
    work = None
    if draw is not None:
        work = await submissions.get(unit.tx, unit.workspace_id, draw.submission_id)
    if draw is None or work is None:
        raise NotFound("sitting_gone")
    progress = await sittings.progress(unit.tx, unit.workspace_id, sitting)
    return Seat(
        sitting=sitting,
        draw=draw,
        sheet=await audit_search.sheet(unit, work),
        progress=progress,
        zone=zone_of(unit),
        shown_at=unit.now,
        snippets=tuple(await kept(unit, sitting.project_id)),
        can_repeat=await sittings.last_finding(unit.tx, unit.workspace_id, sitting.id) is not None,
        can_undo=progress.done > 0,
        filled=filled,
    )


async def kept(unit: Unit, project_id: int) -> Sequence[Snippet]:
    """Return the notes that the caller keeps in a project."""
    return await snippets.of_person(unit.tx, unit.workspace_id, unit.actor.person_id, project_id)


def is_mine(draw: DrawnTask | None, sitting: Sitting) -> bool:
    """Tell whether a draw is open and held in this sitting still."""
    return (
        draw is not None
        and draw.state is DrawState.OPEN
        and draw.held_by == sitting.auditor_id
        and draw.sitting_id == sitting.id
    )


async def said(unit: Unit, audit_id: int, submission_id: int) -> AuditForm | None:
    """Return what an audit said, as it was filled in."""
    found = await findings.feedback(unit.tx, unit.workspace_id, audit_id)
    if found is None:
        return None
    names = {
        each.name: each.category_id
        for each in await findings.categories(unit.tx, unit.workspace_id, found.project_id)
    }
    return AuditForm(
        submission_id=submission_id,
        verdict=found.verdict,
        findings=tuple(
            FindingForm(
                category_id=names.get(each.category or ""),
                severity=each.severity,
                section=each.section,
                note=each.note,
            )
            for each in found.findings
        ),
    )


async def certificate(unit: Unit, sitting: Sitting) -> Certificate:
    """Return what a sitting came to, to its auditor."""
    return await certificate_of(unit.tx, unit.workspace_id, sitting, zone_of(unit))


async def certificate_of(
    connection: AsyncConnection, workspace_id: int, sitting: Sitting, zone: str
) -> Certificate:
    """Return what a sitting came to, its times on the wall clock of a zone."""
    population, drawn = await sittings.stands_for(connection, workspace_id, sitting.id)
    count, people = await sittings.found_in(connection, workspace_id, sitting.id)
    return Certificate(
        sitting=sitting,
        zone=zone,
        progress=await sittings.progress(connection, workspace_id, sitting),
        population=population or None,
        random=drawn,
        findings=count,
        contributors=people,
    )


def shown_for(shown_at: datetime, now: datetime) -> int:
    """Return how long a task was before its auditor, in whole seconds."""
    return max(0, round((now - shown_at).total_seconds()))


def saved(checked: Checked) -> SavedTask:
    """Return what an auditor learns of the task that was just stored."""
    return SavedTask(
        task=checked.work.task,
        link=checked.work.link,
        verdict=checked.form.verdict,
        contributor=checked.contributor,
        findings=len(checked.found),
        lenient=checked.spared,
        unmatched=checked.unmatched,
    )


def moved(following: Seat, checked: Checked, seconds: int) -> Seat:
    """Return the next task, which was read before the one in front of it was stored."""
    blames = any(each.severity is not Severity.PRAISE for each in checked.found)
    return replace(
        following,
        progress=following.progress.after(checked.form.verdict, seconds),
        can_repeat=following.can_repeat or blames,
        can_undo=True,
    )


def certified(sitting: Sitting) -> Intent:
    """Return what tells an auditor what a sitting came to."""
    return Intent(
        kind=rules.CERTIFICATE,
        delivery_class=DeliveryClass.ANSWER,
        person_id=sitting.auditor_id,
        squad_id=sitting.squad_id,
        ids={"sitting_id": sitting.id},
        dedupe_key=f"{rules.CERTIFICATE}:{sitting.id}",
    )
