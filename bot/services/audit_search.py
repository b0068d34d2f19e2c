"""Finding the work that somebody wants to audit, within the squads where they may."""

from collections.abc import Sequence
from typing import Final

from bot.errors import NotAllowed, NotFound
from bot.rules import roles
from bot.rules.audits import corrected
from bot.rules.findings import AuditSearch, Choices, Sheet, Work, closest, waited
from bot.rules.people import PersonRef
from bot.rules.roles import Act
from bot.services.unit import Unit
from bot.store import audits, escalations, findings, guidelines, people, reworks, submissions

LISTED: Final = 20
"""Submissions offered to choose from; a longer list is one that nobody reads."""


async def find(unit: Unit, search: AuditSearch) -> Sheet | Choices:
    """Return the form's content, or what there is to choose from.

    Raises NotAllowed("not_allowed_record_audit", "own_work") or NotFound("unknown_task",
    "unknown_task_near", "unknown_task_of", "no_work_of", "all_audited", "never_met").
    """
    where = squads_to_audit(unit)
    person = await _person(unit, search.user_id) if search.user_id else None
    if person is not None and search.task is None:
        return await _recent(unit, where, person)
    works = await _of_task(unit, where, search, person)
    if len(works) == 1:
        return await sheet(unit, works[0])
    return Choices(
        works=tuple(works[:LISTED]),
        task=search.task,
        person=person,
        zone=unit.actor.zone or works[0].zone,
        more=len(works) > LISTED,
    )


def squads_to_audit(unit: Unit) -> list[int]:
    """Return the squads whose work the caller may audit. Raises NotAllowed if there is none."""
    where = [
        membership.squad_id
        for membership in unit.actor.memberships
        if roles.may(unit.actor, Act.RECORD_AUDIT, membership.squad_id)
    ]
    if not where:
        raise NotAllowed("not_allowed_record_audit")
    return where


async def auditable(unit: Unit, submission_id: int) -> Work:
    """Return a submission that the caller may audit.

    Raises NotFound("unknown_submission"), NotAllowed("not_allowed_record_audit", "own_work").
    """
    work = await submissions.get(unit.tx, unit.workspace_id, submission_id)
    if work is None:
        raise NotFound("unknown_submission")
    roles.require(unit.actor, Act.RECORD_AUDIT, work.squad_id)
    if work.contributor_id == unit.actor.person_id:
        raise NotAllowed("own_work")
    return work


async def sheet(unit: Unit, work: Work) -> Sheet:
    """Return the form's content for one submission."""
    steps = await audits.steps_of(unit.tx, unit.workspace_id, [work.submission_id])
    made = steps.get(work.submission_id, ())
    before = corrected(made, unit.actor.person_id)
    others = [step.audited_at for step in made if step.auditor_id != unit.actor.person_id]
    fix = await reworks.awaiting(unit.tx, unit.workspace_id, work.submission_id)
    edition = await guidelines.newest(unit.tx, unit.workspace_id, work.project_id)
    return Sheet(
        work=work,
        categories=tuple(await findings.categories(unit.tx, unit.workspace_id, work.project_id)),
        zone=unit.actor.zone or work.zone,
        corrects=None if before is None or fix is not None else before.audited_at,
        audited=max(others, default=None),
        fix=fix,
        asked=tuple(
            await escalations.asked_about(unit.tx, unit.workspace_id, work.project_id, work.task)
        ),
        edition_id=None if edition is None else edition.edition_id,
    )


async def was_open(unit: Unit, work: Work) -> bool:
    """Tell whether the contributor waited for an answer about the task when handing it in."""
    asked = await escalations.asked_about(unit.tx, unit.workspace_id, work.project_id, work.task)
    return waited(work, asked)


async def _person(unit: Unit, user_id: str) -> PersonRef:
    known = await people.by_user_ids(unit.tx, unit.workspace_id, [user_id])
    if user_id not in known:
        raise NotFound("never_met")
    if known[user_id].person_id == unit.actor.person_id:
        raise NotAllowed("own_work")
    return known[user_id]


async def _recent(unit: Unit, where: Sequence[int], person: PersonRef) -> Choices:
    works = await submissions.unaudited_of(
        unit.tx, unit.workspace_id, where, person.person_id, LISTED + 1
    )
    if not works:
        there = await submissions.any_of(unit.tx, unit.workspace_id, where, person.person_id)
        raise NotFound("all_audited" if there else "no_work_of", name=person.name)
    return Choices(
        works=tuple(works[:LISTED]),
        task=None,
        person=person,
        zone=unit.actor.zone or works[0].zone,
        more=len(works) > LISTED,
    )


async def _of_task(
    unit: Unit, where: Sequence[int], search: AuditSearch, person: PersonRef | None
) -> list[Work]:
    """Return the work on a task that the caller may audit, what belongs to the channel first."""
    task = search.task or ""
    works = await _look_up(unit, where, task, person)
    if not works and search.placed is not None:
        head, place = search.placed
        named = place.casefold()
        works = [
            work
            for work in await _look_up(unit, where, head, person)
            if named in {work.squad.casefold(), work.project.casefold()}
        ]
    if not works:
        raise await _unknown(unit, where, task, person)
    others = [work for work in works if work.contributor_id != unit.actor.person_id]
    if not others:
        raise NotAllowed("own_work")
    here = {
        membership.squad_id
        for membership in unit.actor.memberships
        if search.channel in membership.channels
    }
    return [work for work in others if work.squad_id in here] or others


async def _look_up(
    unit: Unit, where: Sequence[int], task: str, person: PersonRef | None
) -> list[Work]:
    return await submissions.of_task(
        unit.tx,
        unit.workspace_id,
        where,
        task,
        contributor_id=person.person_id if person else None,
        # One's own work is taken out later, and must not hide what is behind it.
        limit=2 * LISTED,
    )


async def _unknown(
    unit: Unit, where: Sequence[int], task: str, person: PersonRef | None
) -> NotFound:
    if person is not None and await _look_up(unit, where, task, None):
        return NotFound("unknown_task_of", task=task, name=person.name)
    near = closest(task, await submissions.tasks_near(unit.tx, unit.workspace_id, where, task))
    if near:
        return NotFound("unknown_task_near", task=task, near=", ".join(near))
    return NotFound("unknown_task", task=task)
