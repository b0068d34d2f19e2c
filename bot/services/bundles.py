"""What a sitting found, as its contributors read it: one message with all of their tasks."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NotFound
from bot.rules.people import Caller
from bot.rules.sittings import Bundle, Certificate, Invitation
from bot.services import audit_feedback, seating
from bot.services.citations import Citations
from bot.services.unit import Service, Unit
from bot.store import bundles, findings, people, recipients, sittings
from bot.store.bundles import BundlePlace
from bot.store.database import Database


class Bundles(Service):
    """For contributors, their own; and what the messages of sittings say when their turn comes."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    async def own(self, caller: Caller, sitting_id: int, window: int) -> Bundle:
        """Return the caller's findings of a half hour. Raises NotFound("no_feedback")."""
        async with self.reading(caller) as unit:
            bundle = await _own(unit, sitting_id, window)
            workspace_id = unit.workspace_id
        return await self._quoted(workspace_id, bundle)

    async def acknowledge(
        self, caller: Caller, sitting_id: int, window: int, *, in_place: bool
    ) -> Bundle:
        """Mark all of the caller's findings of a half hour as read; once more changes nothing.

        With `in_place` the door changes the message that was clicked. Raises as `own`.
        """
        async with self.writing(caller) as unit:
            bundle = await _own(unit, sitting_id, window)
            for each in bundle.current:
                if await findings.acknowledge(unit.tx, unit.workspace_id, each.audit_id, unit.now):
                    await unit.log(
                        "feedback.acknowledged", squad_id=each.squad_id, audit_id=each.audit_id
                    )
            if bundle.is_open:
                first = bundle.current[0]
                await audit_feedback.refresh(unit, first, lines_only=in_place)
                bundle = await _own(unit, sitting_id, window)
            workspace_id = unit.workspace_id
        return await self._quoted(workspace_id, bundle)

    async def _quoted(self, workspace_id: int, bundle: Bundle) -> Bundle:
        cited = {section for each in bundle.current for section in each.sections}
        if not cited:
            return bundle
        project_id = bundle.current[0].project_id
        quoted = await self._citations.quoted(workspace_id, project_id, cited)
        return replace(
            bundle, feedbacks=tuple(replace(each, cited=quoted) for each in bundle.feedbacks)
        )

    # For messages: what holds when their turn comes.

    async def bundle(
        self, workspace_id: int, sitting_id: int, window: int, person_id: int
    ) -> Bundle:
        """Return a contributor's findings of a half hour of a sitting."""
        place = BundlePlace(sitting_id, window, person_id)
        async with self._database.read() as connection:
            found = await bundles.get(connection, workspace_id, place)
        return await self._quoted(workspace_id, found)

    async def invitation(self, workspace_id: int, sitting_id: int) -> Invitation | None:
        """Return a part of a sitting as its auditor is told of it; None if it is over."""
        async with self._database.read() as connection:
            sitting = await sittings.get(connection, workspace_id, sitting_id)
            if sitting is None or not sitting.is_open:
                return None
            named = await people.refs(connection, [sitting.started_by])
            return Invitation(
                sitting=sitting,
                by=named[sitting.started_by],
                progress=await sittings.progress(connection, workspace_id, sitting),
                zone=await self._zone(connection, workspace_id, sitting.auditor_id),
            )

    async def certificate(self, workspace_id: int, sitting_id: int) -> Certificate | None:
        """Return what a sitting came to; None while it is under way."""
        async with self._database.read() as connection:
            sitting = await sittings.get(connection, workspace_id, sitting_id)
            if sitting is None or sitting.is_open:
                return None
            zone = await self._zone(connection, workspace_id, sitting.auditor_id)
            return await seating.certificate_of(connection, workspace_id, sitting, zone)

    async def _zone(self, connection: AsyncConnection, workspace_id: int, person_id: int) -> str:
        found = await recipients.recipient(connection, workspace_id, person_id, self._clock.now())
        return seating.UTC if found is None else found.calendar.zone


async def _own(unit: Unit, sitting_id: int, window: int) -> Bundle:
    place = BundlePlace(sitting_id, window, unit.actor.person_id)
    bundle = await bundles.get(unit.tx, unit.workspace_id, place)
    if not bundle.feedbacks:
        raise NotFound("no_feedback")
    return bundle
