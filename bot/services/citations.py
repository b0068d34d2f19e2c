"""The sections that findings cite, matched to passages of the newest guidelines and quoted."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Final

from bot.clock import Clock
from bot.knowledge.excerpt import excerpt
from bot.rules.citations import Sections
from bot.rules.guidelines import BlockKind, Cited, Edition, Loaded, link
from bot.rules.people import Caller
from bot.rules.questions import choose_scopes
from bot.services.unit import Service
from bot.store import edge_cases, guidelines, questions, verified
from bot.store.database import Database

SHELF: Final = 8
"""Versions whose headings a process keeps at hand; a version never changes."""

LOOKED_AT: Final = 20
"""Passages of a section that are looked through for an example."""

QUOTED: Final = 400
"""Characters quoted under a finding; its link leads to the rest."""


class Citations(Service):
    """For messages and forms that name a section of a project's guidelines."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self._shelf: OrderedDict[int, Sections] = OrderedDict()

    async def quoted(
        self, workspace_id: int, project_id: int, cited: Collection[str]
    ) -> Mapping[str, Cited]:
        """Return cited text -> the section that is meant, quoted; what matches none is left out."""
        edition = await self._edition(workspace_id, project_id) if cited else None
        if edition is None:
            return {}
        sections = await self._sections(workspace_id, edition)
        meant = {text: sections.find(text) for text in cited}
        positions = sorted({heading.position for heading in meant.values() if heading})
        async with self._database.read() as connection:
            found = await guidelines.passages_at(
                connection, workspace_id, edition.edition_id, positions
            )
        return {
            text: Cited(
                section=heading.section,
                excerpt=excerpt(found[heading.position], text, QUOTED),
                url=link(edition.base_url, found[heading.position]),
            )
            for text, heading in meant.items()
            if heading is not None and heading.position in found
        }

    async def example(self, workspace_id: int, project_id: int, cited: str) -> Cited | None:
        """Return an example out of a section or what stands below it, else how it begins.

        None where the section is not in the guidelines.
        """
        edition = await self._edition(workspace_id, project_id)
        if edition is None:
            return None
        sections = await self._sections(workspace_id, edition)
        meant = sections.find(cited)
        if meant is None:
            return None
        places = sections.within(meant)[:LOOKED_AT]
        async with self._database.read() as connection:
            found = await guidelines.passages_at(
                connection, workspace_id, edition.edition_id, places
            )
        told = [found[place] for place in places if place in found]
        for passage in told:
            for kind, text in passage.blocks:
                if kind is BlockKind.EXAMPLE and text.strip():
                    said = " ".join(text.split())[:QUOTED]
                    return Cited(
                        section=meant.section, excerpt=said, url=link(edition.base_url, passage)
                    )
        if not told:
            return None
        said = excerpt(told[0], cited, QUOTED)
        return Cited(section=meant.section, excerpt=said, url=link(edition.base_url, told[0]))

    async def named(
        self, workspace_id: int, project_id: int, cited: Collection[str]
    ) -> tuple[Mapping[str, str], bool]:
        """Return cited text -> the path of the section meant, and whether there are guidelines."""
        edition = await self._edition(workspace_id, project_id)
        if edition is None:
            return {}, False
        sections = await self._sections(workspace_id, edition)
        found = {text: sections.find(text) for text in cited}
        return {text: each.section for text, each in found.items() if each is not None}, True

    def at_hand(self, edition_id: int) -> Sections | None:
        """Return the sections of a version if this process has read them before."""
        return self._shelf.get(edition_id)

    async def sections(self, workspace_id: int, edition_id: int) -> Sections:
        """Return the sections of a version, mostly from what the process has at hand."""
        held = self._shelf.get(edition_id)
        if held is None:
            async with self._database.read() as connection:
                headings = await guidelines.headings(connection, workspace_id, edition_id)
            held = self._shelf[edition_id] = Sections(headings)
            while len(self._shelf) > SHELF:
                self._shelf.popitem(last=False)
        self._shelf.move_to_end(edition_id)
        return held

    async def newest(self, workspace_id: int, project_id: int) -> Sections | None:
        """Return the sections of a project's newest guidelines, None if it has none."""
        edition = await self._edition(workspace_id, project_id)
        return None if edition is None else await self._sections(workspace_id, edition)

    async def loaded(self, caller: Caller) -> list[Loaded]:
        """Return what is loaded for the projects of one's squads; an admin sees all of them.

        Raises as `choose_scopes`.
        """
        async with self.reading(caller) as unit:
            known = await questions.scopes(unit.tx, unit.workspace_id)
            mine = choose_scopes(unit.actor, known, None)
            chosen = {each.project_id: each.project for each in mine}
            key = (unit.tx, unit.workspace_id)
            found = []
            for project_id, project in chosen.items():
                versions = await guidelines.versions(*key, project_id)
                newest = versions[0] if versions else None
                at = await guidelines.imported_at(*key, newest.edition_id) if newest else None
                found.append(
                    Loaded(
                        project=project,
                        edition=newest,
                        versions=len(versions),
                        created_at=at,
                        verified=len(await verified.kept(*key, project_id)),
                        edge_cases=await edge_cases.count(*key, project_id),
                    )
                )
            return found

    async def _edition(self, workspace_id: int, project_id: int) -> Edition | None:
        async with self._database.read() as connection:
            return await guidelines.newest(connection, workspace_id, project_id)

    async def _sections(self, workspace_id: int, edition: Edition) -> Sections:
        return await self.sections(workspace_id, edition.edition_id)
