"""A new version of guidelines, offered to the managers of its squads to be announced."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules.announcements import OFFER, Offer
from bot.rules.budget import DeliveryClass
from bot.rules.guidelines import SEPARATOR, Changes, Edition, compare
from bot.rules.outbox import Intent
from bot.rules.people import Caller, Role
from bot.services import announcing, indexing
from bot.services.unit import Service, Unit
from bot.store import announcements, guidelines, outbox, projects, squads

A_DAY: Final = timedelta(days=1)
"""PRODUCT D8: a version is announced when asked, at most once a day per project."""


class AnnouncementOffers(Service):
    """What is offered is announced by nobody but a manager who says so."""

    async def offer(self, caller: Caller, version_id: int) -> Offer:
        """Return what a new version changed, for a manager to announce it.

        Raises NotFound("version_gone"), NotAllowed("not_allowed_announce").
        """
        async with self.reading(caller) as unit:
            edition = await guidelines.get(unit.tx, unit.workspace_id, version_id)
            if edition is None:
                raise NotFound("version_gone")
            project = await projects.get(unit.tx, unit.workspace_id, edition.project_id)
            here = await projects.squads_of(unit.tx, unit.workspace_id, edition.project_id)
            mine = [each.id for each in await announcing.managed(unit) if each.id in here]
            if not mine:
                raise NotAllowed("not_allowed_announce")
            before = await _told_before(unit, edition)
            workspace_id = unit.workspace_id
        changes = await self._changes(workspace_id, before, edition)
        return Offer(
            project=project.name if project else "",
            version=edition.version,
            version_id=version_id,
            sections=tuple(
                SEPARATOR.join(each.headings) for each in (*changes.changed, *changes.added)
            ),
            squad_ids=tuple(mine),
        )

    async def _changes(
        self, workspace_id: int, before: Edition | None, edition: Edition
    ) -> Changes:
        if before is None:
            return Changes()
        old = await indexing.passages(self._database, workspace_id, before)
        new = await indexing.passages(self._database, workspace_id, edition)
        return await asyncio.to_thread(compare, old, new)

    async def offered(
        self, workspace_id: int, project_id: int, person_id: int, planned_at: datetime
    ) -> tuple[Edition, str] | None:
        """Return the newest version that somebody may still announce, and its project's name.

        None if it was announced, was offered on a later day than this (`planned_at`), or they
        manage no squad on it any more. For dispatch.
        """
        async with self._database.read() as connection:
            edition = await guidelines.newest(connection, workspace_id, project_id)
            project = await projects.get(connection, workspace_id, project_id)
            if edition is None or project is None:
                return None
            since = self._clock.now() - A_DAY
            if await announcements.of_version_since(connection, workspace_id, project_id, since):
                return None
            at = await guidelines.imported_at(connection, workspace_id, edition.edition_id)
            if at is not None and f"{at:%Y%m%d}" > f"{planned_at:%Y%m%d}":
                return None
            managers = await _managers(connection, workspace_id, project_id)
            return (edition, project.name) if person_id in managers else None


async def plan(
    tx: AsyncConnection, workspace_id: int, project_id: int, edition_id: int, now: datetime
) -> None:
    """Offer a version that was just published to the managers, at most once a day and project."""
    managers = await _managers(tx, workspace_id, project_id)
    intents = [
        Intent(
            kind=OFFER,
            delivery_class=DeliveryClass.TODAY,
            person_id=person_id,
            squad_id=squad_id,
            ids={"project_id": project_id, "version_id": edition_id},
            dedupe_key=f"{OFFER}:{project_id}:{now:%Y%m%d}:{person_id}",
        )
        for person_id, squad_id in managers.items()
    ]
    await outbox.add(tx, workspace_id, intents, now)


async def check_version(unit: Unit, version_id: int) -> None:
    """Raise Conflict("guidelines_announced") if its project's were announced within a day.

    Raises NotFound("version_gone").
    """
    edition = await guidelines.get(unit.tx, unit.workspace_id, version_id)
    if edition is None:
        raise NotFound("version_gone")
    since = unit.now - A_DAY
    if await announcements.of_version_since(unit.tx, unit.workspace_id, edition.project_id, since):
        raise Conflict("guidelines_announced")


async def _told_before(unit: Unit, edition: Edition) -> Edition | None:
    """Return the version that people were told of last, else the one before."""
    versions = await guidelines.versions(unit.tx, unit.workspace_id, edition.project_id)
    older = [each for each in versions if each.number < edition.number]
    told = await announcements.versions_told(unit.tx, unit.workspace_id)
    announced = (each for each in older if each.edition_id in told)
    return next(announced, older[0] if older else None)


async def _managers(
    connection: AsyncConnection, workspace_id: int, project_id: int
) -> dict[int, int]:
    """Return who manages a squad on the project: person -> the first such squad."""
    found: dict[int, int] = {}
    for squad_id in sorted(await projects.squads_of(connection, workspace_id, project_id)):
        for person_id, member in (await squads.members(connection, workspace_id, squad_id)).items():
            if member.present and member.active and Role.MANAGER in member.roles:
                found.setdefault(person_id, squad_id)
    return found
