"""Audits: finding the work, recording a judgement, and what its contributor answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.clock import Clock
from bot.rules import roles
from bot.rules.findings import (
    AuditForm,
    AuditSearch,
    Choices,
    Feedback,
    Recorded,
    Sheet,
    Unread,
    Work,
)
from bot.rules.outbox import DeliveryState
from bot.rules.people import Actor, Caller, PersonRef
from bot.rules.roles import About, Act
from bot.services import audit_feedback, audit_search, recording
from bot.services.arrival import foresee
from bot.services.citations import Citations
from bot.services.unit import Service, Unit
from bot.store import bundles, findings, people
from bot.store.database import Database

OPEN_LISTED: Final = 50
"""Audits in a contributor's own list; whoever has more reads the oldest first."""


class Audits(Service):
    """Records audits; nobody audits their own work, and findings reach their contributor once."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    async def find(self, caller: Caller, search: AuditSearch) -> Sheet | Choices:
        """Find what is to be audited: the form's content, or several to choose from.

        For auditors and managers, in their squads. Raises as `audit_search.find` says.
        """
        async with self.reading(caller) as unit:
            return await audit_search.find(unit, search)

    async def sheet(self, caller: Caller, submission_id: int) -> Sheet:
        """Return the form's content for one submission. Raises as `audit_search.auditable`."""
        async with self.reading(caller) as unit:
            work = await audit_search.auditable(unit, submission_id)
            return await audit_search.sheet(unit, work)

    async def record(self, caller: Caller, form: AuditForm, key: str | None) -> Recorded:
        """Store an audit that somebody chose, and plan what its contributor must learn.

        Once more by the same auditor it corrects their audit, else it is a chain of its own.
        Raises as `audit_search.auditable`, and BadInput as `read_findings`.
        """
        async with self.reading(caller) as unit:
            work = await audit_search.auditable(unit, form.submission_id)
            checked = await recording.check(unit, work, form)
        checked = await recording.cited(self._citations, unit.workspace_id, checked)
        async with self.writing_as(unit.actor) as unit:
            prior = await unit.begin(key)
            if prior is not None:
                return await _recorded_before(unit, prior, work, checked.contributor)
            written = await recording.write(unit, checked)
            told = written.arrival is not None
            await unit.finish(key, audit_id=written.audit_id, told=told)
        return Recorded(
            audit_id=written.audit_id,
            task=work.task,
            link=work.link,
            verdict=form.verdict,
            contributor=checked.contributor,
            findings=len(checked.found),
            corrects=written.corrects is not None,
            arrival=written.arrival,
            unmatched=checked.unmatched,
            lenient=checked.spared,
        )

    async def _quoted(self, mine: Feedback) -> Feedback:
        """Return findings with the sections that they cite, quoted from the guidelines."""
        quoted = await self._citations.quoted(mine.workspace_id, mine.project_id, mine.sections)
        return replace(mine, cited=quoted)

    async def own_feedback(self, caller: Caller, audit_id: int) -> Feedback:
        """Return findings to their contributor. Raises as `audit_feedback.own_feedback`."""
        async with self.reading(caller) as unit:
            mine = await audit_feedback.own_feedback(unit, audit_id)
        return await self._quoted(mine)

    async def acknowledge(self, caller: Caller, audit_id: int, *, in_place: bool) -> Feedback:
        """Mark a contributor's findings as read; once more changes nothing.

        With `in_place` the door changes the message that was clicked, else it is changed from
        here. Raises as `audit_feedback.own_feedback`.
        """
        async with self.writing(caller) as unit:
            mine = await audit_feedback.own_feedback(unit, audit_id)
            if await findings.acknowledge(unit.tx, unit.workspace_id, audit_id, unit.now):
                await unit.log("feedback.acknowledged", squad_id=mine.squad_id, audit_id=audit_id)
                await audit_feedback.refresh(unit, mine, lines_only=in_place)
                mine = await audit_feedback.own_feedback(unit, audit_id)
        return await self._quoted(mine)

    async def open_feedback(self, caller: Caller) -> list[Feedback]:
        """Return the caller's own findings that they have not acknowledged, oldest first."""
        async with self.reading(caller) as unit:
            me = unit.actor.person_id
            found = await findings.open_feedback(unit.tx, unit.workspace_id, me, OPEN_LISTED)
            unsaid = await bundles.unsaid(unit.tx, unit.workspace_id, me, unit.now)
            return [each for each in found if each.audit_id not in unsaid]

    async def unacknowledged(self, caller: Caller, squad_id: int) -> list[Unread]:
        """Return whose findings of a squad wait to be read, longest first: for its managers.

        Names stand there only if the squad shows individual figures to managers. Raises
        NotAllowed("not_allowed_read_dispute").
        """
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.READ_DISPUTE, squad_id)
            waiting = await findings.unacknowledged(unit.tx, unit.workspace_id, squad_id)
            seen = [
                person_id for person_id, _, _ in waiting if _sees(unit.actor, person_id, squad_id)
            ]
            named = await people.refs(unit.tx, seen)
            return [
                Unread(person=named.get(person_id), audits=count, oldest=oldest)
                for person_id, count, oldest in waiting
            ]

    # For messages: what holds when their turn comes.

    async def feedback(self, workspace_id: int, audit_id: int) -> Feedback | None:
        """Return an audit as its contributor reads it."""
        async with self._database.read() as connection:
            found = await findings.feedback(connection, workspace_id, audit_id)
        return None if found is None else await self._quoted(found)

    async def was_told(self, workspace_id: int, audit_id: int) -> bool:
        """Tell whether a message about the audit reached its contributor."""
        key = audit_feedback.feedback_key(audit_id)
        async with self._database.read() as connection:
            told = await findings.delivery(connection, workspace_id, key)
            return told is not None and told.state is DeliveryState.SENT


def _sees(actor: Actor, person_id: int, squad_id: int) -> bool:
    settings = {one.squad_id: one.individual_figures for one in actor.memberships}
    return roles.may_see_person(
        actor, person_id, squad_id=squad_id, setting=settings[squad_id], about=About.CASES
    )


async def _recorded_before(
    unit: Unit, prior: Mapping[str, Any], work: Work, contributor: PersonRef
) -> Recorded:
    """Return the result of the same form sent before."""
    audit_id = int(prior["audit_id"])
    about = await findings.feedback(unit.tx, unit.workspace_id, audit_id)
    if about is None:
        raise RuntimeError(f"audit {audit_id} is not where it was stored")
    arrival = None
    if prior["told"]:
        arrival, _ = await foresee(unit, work.contributor_id, work.squad_id)
    return Recorded(
        audit_id=audit_id,
        task=work.task,
        link=work.link,
        verdict=about.verdict,
        contributor=contributor,
        findings=len(about.findings),
        corrects=about.corrects,
        arrival=arrival,
    )
