"""The sections of guidelines as forms offer them: a list, or what fits while somebody types."""

import asyncio

from bot.clock import Clock
from bot.errors import NotFound
from bot.rules.citations import Choice, Offer
from bot.rules.findings import Feedback
from bot.rules.people import Caller
from bot.services import audit_search, seating
from bot.services.citations import Citations
from bot.services.unit import Service
from bot.store import disputes
from bot.store.database import Database


class SectionSearch(Service):
    """For auditors, about work that they may audit, and for those who rule on disputes."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    async def offer(self, caller: Caller, edition_id: int | None, *, asks: bool) -> Offer:
        """Return how a form asks for a section of a version; None is a project without any.

        The version is one that the caller was given with the work. `asks` is whether the peer asks
        us while somebody types.
        """
        if edition_id is None:
            return Offer()
        sections = self._citations.at_hand(edition_id)
        if sections is None:
            async with self.reading(caller) as unit:
                workspace_id = unit.workspace_id
            sections = await self._citations.sections(workspace_id, edition_id)
        return sections.offer(asks=asks)

    async def of_work(self, caller: Caller, submission_id: int, typed: str) -> list[Choice]:
        """Return the sections that fit what was typed. Raises as `audit_search.auditable`."""
        async with self.reading(caller) as unit:
            work = await audit_search.auditable(unit, submission_id)
            workspace_id = unit.workspace_id
        return await self._search(workspace_id, work.project_id, typed)

    async def of_sitting(self, caller: Caller, sitting_id: int, typed: str) -> list[Choice]:
        """Return the sections that fit what was typed. Raises as `seating.mine`."""
        async with self.reading(caller) as unit:
            sitting = await seating.mine(unit, sitting_id)
            workspace_id = unit.workspace_id
        return await self._search(workspace_id, sitting.project_id, typed)

    async def of_case(self, about: Feedback, *, asks: bool) -> Offer:
        """Return how a ruling on an audit cites a section; the caller was given the audit."""
        sections = await self._citations.newest(about.workspace_id, about.project_id)
        return Offer() if sections is None else sections.offer(asks=asks)

    async def of_dispute(self, caller: Caller, dispute_id: int, typed: str) -> list[Choice]:
        """Return the sections that fit what was typed, to members of the squad and to admins.

        Raises NotFound("dispute_closed").
        """
        async with self.reading(caller) as unit:
            found = await disputes.case(unit.tx, unit.workspace_id, dispute_id)
            workspace_id, actor = unit.workspace_id, unit.actor
        if not found or not (actor.is_admin or actor.roles_in(found[0].squad_id)):
            raise NotFound("dispute_closed")
        return await self._search(workspace_id, found[0].project_id, typed)

    async def _search(self, workspace_id: int, project_id: int, typed: str) -> list[Choice]:
        sections = await self._citations.newest(workspace_id, project_id)
        if sections is None:
            return []
        # Of ten thousand sections it takes some tens of milliseconds, and the first time more.
        return await asyncio.to_thread(sections.search, typed)
