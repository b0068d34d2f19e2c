"""Guidelines: imported by version, and asked; every process finds the newest one by itself."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.errors import Conflict, NotAllowed, NotFound
from bot.knowledge import loading
from bot.rules.guidelines import (
    VERSION_LIMIT,
    Answer,
    Changes,
    Edition,
    GuidelinesImported,
    GuidelinesRequest,
    Library,
    Passage,
    Ranked,
    compare,
    link,
    names_changed,
    touched,
)
from bot.rules.people import PRESENT, Caller
from bot.rules.projects import NAME_LIMIT
from bot.rules.squad_input import plain_text
from bot.rules.verified import VerifiedState
from bot.services import announcement_offers, escalating, indexing
from bot.services.shelf import Shelf
from bot.services.unit import Service
from bot.store import guidelines, ledger, outbox, projects, verified, workspaces
from bot.store.database import Database

WRITTEN_AT_ONCE: Final = 200
"""Passages in one transaction, so that nobody waits long for the write lock."""

AT_ONCE: Final = 2
"""Questions ranked at the same time; more would only take the processor from the acks."""


class Guidelines(Service):
    """Versions of a project's guidelines, and the search over the newest one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self._shelf = Shelf(database, clock)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def import_at_shell(self, request: GuidelinesRequest, source: Path) -> GuidelinesImported:
        """Store what `source` holds as a version, for the operator.

        The same content under the same name changes nothing but `base_url`, if one is given.
        Raises IntakeError for what cannot be read, NotFound("guidelines_project"),
        Conflict("guidelines_version_taken") for other content under the same name,
        BadInput("guidelines_unnamed", "text_too_long").
        """
        version = plain_text(request.version, limit=VERSION_LIMIT, missing="guidelines_unnamed")
        library = await asyncio.to_thread(loading.read, source)
        workspace_id, project_id, project = await self._project(request)
        prior = await self._loaded(workspace_id, project_id, version, library, request.base_url)
        if prior is not None:
            return GuidelinesImported(
                project=project,
                version=version,
                fresh=False,
                documents=prior.documents,
                passages=prior.passages,
                unread=library.unread,
            )
        before, changes, findings = await self._compared(workspace_id, project_id, library)
        await self._store(workspace_id, project_id, version, library, request.base_url)
        touched_answers = await self._review(workspace_id, project_id, changes)
        return GuidelinesImported(
            project=project,
            version=version,
            fresh=True,
            documents=library.documents,
            passages=len(library.passages),
            unread=library.unread,
            before=before,
            changes=changes,
            findings=findings,
            verified=touched_answers,
        )

    async def _review(self, workspace_id: int, project_id: int, changes: Changes | None) -> int:
        """Have their verifiers look at the kept answers whose section changed; return how many."""
        if changes is None:
            return 0
        names = names_changed(changes)
        async with self._database.write() as tx:
            touched_answers = [
                each
                for each in await verified.kept(tx, workspace_id, project_id)
                if each.section is not None and each.section.strip().casefold() in names
            ]
            await verified.set_state(
                tx,
                workspace_id,
                [each.verified_id for each in touched_answers],
                VerifiedState.REVIEW,
            )
            lines = [escalating.look_again(each) for each in touched_answers]
            await outbox.add(tx, workspace_id, lines, self._clock.now())
        return len(touched_answers)

    async def ask_at_shell(self, project: str, questions: Sequence[str], top: int) -> list[Answer]:
        """Return an answer for each question, for the operator.

        Raises NotFound("guidelines_project", "guidelines_none").
        """
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
            known = await projects.by_name(tx, workspace_id, project)
            if known is None:
                raise NotFound("guidelines_project", project=project)
        return [
            await self.answer(workspace_id, known.project_id, known.name, question, top)
            for question in questions
        ]

    async def ask(self, caller: Caller, project_id: int, question: str, top: int) -> Answer:
        """Return an answer for somebody who works on the project, or an admin.

        Raises NotAllowed("not_on_project"), NotFound("project_gone", "guidelines_none").
        """
        async with self.reading(caller) as unit:
            project = await projects.get(unit.tx, unit.workspace_id, project_id)
            if project is None:
                raise NotFound("project_gone")
            squads = await projects.squads_of(unit.tx, unit.workspace_id, project_id)
            mine = {each.squad_id for each in unit.actor.memberships if each.status in PRESENT}
            if not unit.actor.is_admin and not squads & mine:
                raise NotAllowed("not_on_project", project=project.name)
        return await self.answer(unit.workspace_id, project_id, project.name, question, top)

    async def answer(
        self, workspace_id: int, project_id: int, project: str, question: str, top: int
    ) -> Answer:
        """Return an answer for whom another service has let in already.

        Raises NotFound("guidelines_none").
        """
        volume = await self._shelf.newest(workspace_id, project_id)
        if volume is None:
            raise NotFound("guidelines_none", project=project)
        async with self._turns:
            found = await asyncio.to_thread(volume.search.ask, question, top)
        edition = volume.edition
        async with self._database.read() as connection:
            passages = await guidelines.passages_at(
                connection, workspace_id, edition.edition_id, [hit.position for hit in found.hits]
            )
        return Answer(
            version=edition.version,
            answerable=found.answerable,
            confidence=found.confidence,
            sure=found.sure,
            passages=tuple(
                Ranked(
                    passages[hit.position],
                    hit.score,
                    link(edition.base_url, passages[hit.position]),
                    hit.position,
                )
                for hit in found.hits
            ),
            edition_id=edition.edition_id,
        )

    async def watch(self) -> None:
        """Open what is published for the projects that are asked here, until cancelled."""
        await self._shelf.watch()

    async def close(self) -> None:
        """End what goes on behind answers."""
        await self._shelf.close()

    async def _project(self, request: GuidelinesRequest) -> tuple[int, int, str]:
        """Return workspace, key and name of the project, made if that was asked for."""
        now = self._clock.now()
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, now)
            await workspaces.lock(tx, workspace_id)
            known = await projects.by_name(tx, workspace_id, request.project)
            if known is not None:
                return workspace_id, known.project_id, known.name
            if not request.create:
                raise NotFound("guidelines_project", project=request.project)
            name = plain_text(request.project, limit=NAME_LIMIT, missing="guidelines_unnamed")
            project_id = await projects.create(tx, workspace_id, name, now)
            await ledger.write(
                tx, workspace_id, now, "project.created", actor_id=None,
                ids={"project_id": project_id},
            )  # fmt: skip
            return workspace_id, project_id, name

    async def _loaded(
        self,
        workspace_id: int,
        project_id: int,
        version: str,
        library: Library,
        base_url: str | None,
    ) -> Edition | None:
        """Return the version if it is there with this very content."""
        before = self._clock.now() - indexing.ABANDONED
        async with self._database.read() as connection:
            left = await guidelines.abandoned(connection, workspace_id, before)
        for edition_id in left:
            await self._discard(workspace_id, edition_id)
        async with self._database.write() as tx:
            prior = await guidelines.by_name(tx, workspace_id, project_id, version)
            if prior is None:
                return None
            if prior.digest != library.digest:
                raise Conflict("guidelines_version_taken", version=version)
            if base_url and base_url != prior.base_url:
                await guidelines.move(tx, workspace_id, prior.edition_id, base_url)
            return prior

    async def _compared(
        self, workspace_id: int, project_id: int, library: Library
    ) -> tuple[str | None, Changes | None, int]:
        """Return the version before, what changed, and how many open findings cite it."""
        async with self._database.read() as connection:
            before = await guidelines.newest(connection, workspace_id, project_id)
            cited = await guidelines.sections_of_open_findings(connection, workspace_id, project_id)
        if before is None:
            return None, None, 0
        old = await indexing.passages(self._database, workspace_id, before)
        changes = await asyncio.to_thread(compare, old, library.passages)
        return before.version, changes, touched(changes, cited)

    async def _store(
        self,
        workspace_id: int,
        project_id: int,
        version: str,
        library: Library,
        base_url: str | None,
    ) -> None:
        """Write a version piece by piece; it is seen when all of it is there."""
        now = self._clock.now()
        async with self._database.write() as tx:
            edition_id = await guidelines.open_version(
                tx, workspace_id, project_id, library, base_url, now
            )
        try:
            for first in range(0, len(library.passages), WRITTEN_AT_ONCE):
                some = library.passages[first : first + WRITTEN_AT_ONCE]
                async with self._database.write() as tx:
                    await guidelines.add_passages(tx, workspace_id, edition_id, first, some)
            index = await asyncio.to_thread(_index, library.passages)
            await indexing.write(self._database, self._clock, workspace_id, edition_id, index)
            await self._publish(workspace_id, project_id, edition_id, version)
        except BaseException:
            await self._discard(workspace_id, edition_id)
            raise
        await indexing.tidy(self._database, self._clock, workspace_id, project_id)

    async def _discard(self, workspace_id: int, edition_id: int) -> None:
        await indexing.discard(self._database, workspace_id, edition_id)
        async with self._database.write() as tx:
            await guidelines.discard(tx, workspace_id, edition_id)

    async def _publish(
        self, workspace_id: int, project_id: int, edition_id: int, version: str
    ) -> None:
        async with self._database.write() as tx:
            await workspaces.lock(tx, workspace_id)
            if await guidelines.by_name(tx, workspace_id, project_id, version):
                raise Conflict("guidelines_version_taken", version=version)
            number = await guidelines.publish(tx, workspace_id, project_id, edition_id, version)
            ids = {"project_id": project_id, "version_id": edition_id, "number": number}
            now = self._clock.now()
            await ledger.write(tx, workspace_id, now, "guidelines.imported", actor_id=None, ids=ids)
            if number > 1:
                await announcement_offers.plan(tx, workspace_id, project_id, edition_id, now)


def _index(passages: Sequence[Passage]) -> bytes:
    return loading.pack(loading.prepare(passages))
