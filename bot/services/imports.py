"""Imports of files, asked for at the shell or in Slack: looked at first, then written in pieces.

A file is opened and read through before anything is written, so an unreadable one changes nothing.
Its rows then go in by short transactions in the order of the file; whatever was interrupted is
simply imported again, and what is there already stays as it is. History never speaks: nothing here
queues a message, and the ledger gets one entry with the counts.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput, NotFound
from bot.intake.detect import detect, open_kind
from bot.intake.files import MAX_BYTES
from bot.intake.source import Chunk, Source, audit_chunks
from bot.rules import roles
from bot.rules.imports import Choice, Destination, Door, Imported, ImportRequest, Operator
from bot.rules.intake import FileKind, ImportReport, Tally
from bot.rules.people import Actor, Caller
from bot.rules.projects import NAME_LIMIT, Project
from bot.rules.roles import Act
from bot.rules.squad_input import plain_text, squad_name
from bot.rules.squads import Squad, SquadDraft
from bot.services.import_audits import AuditImport
from bot.services.import_people import Names, finish_moves
from bot.services.import_plan import PlanImport, TaxonomyImport
from bot.services.import_roster import RosterImport
from bot.services.import_submissions import SubmissionImport, SubmissionPlan
from bot.services.import_writing import persistently
from bot.services.unit import Service, StrangerError
from bot.store import effects, ledger, people, projects, squads, workspaces

CHUNK: Final = 1_000
"""Rows read at once: a few milliseconds, after which others have their turn."""

SAME_BUTTON: Final = timedelta(minutes=10)
"""One click's import; after that the button may be pressed again, and changes nothing."""

DEFAULT_ZONE: Final = "UTC"

Progress = Callable[[int, int], None]
"""Told (rows read so far, rows of the file) after each piece."""


class _Step(Protocol):
    """What takes the records of one kind of file."""

    async def take(self, records: Sequence[Any], /) -> None: ...


class Imports(Service):
    """Imports for the managers of a squad, for admins, and for the operator at the shell."""

    async def choices(self, caller: Caller, key: str | None) -> list[Choice] | None:
        """Return where somebody may import to, None if this file was answered already.

        Raises NotAllowed("not_allowed_import") if that is nowhere.
        """
        async with self.writing(caller) as unit:
            known = await squads.all_squads(unit.tx, unit.workspace_id)
            mine = [each for each in known.values() if roles.may(unit.actor, Act.IMPORT, each.id)]
            if not mine:
                roles.require(unit.actor, Act.IMPORT, None)
            if await unit.begin(key) is not None:
                return None
            found = []
            for squad in mine:
                work = await projects.of_squad(unit.tx, unit.workspace_id, squad.id)
                found += [
                    Choice(
                        squad_id=squad.id,
                        squad=squad.name,
                        project_id=project.project_id,
                        project=project.name,
                    )
                    for project in work
                ] or [Choice(squad_id=squad.id, squad=squad.name)]
            return found

    async def kind_of(self, content: bytes, name: str) -> FileKind:
        """Tell what a dropped file is about. Raises IntakeError."""
        return await asyncio.to_thread(detect, content, name=name)

    async def plan(
        self,
        door: Door,
        request: ImportRequest,
        content: Path | bytes,
        *,
        name: str | None = None,
        max_bytes: int = MAX_BYTES,
        progress: Progress | None = None,
    ) -> Imported:
        """Say what an import would do, without doing it.

        Raises IntakeError for a file that cannot be read, NotAllowed, NotFound("unknown_squad",
        "unknown_project", "no_project"), BadInput("which_project", "unknown_zone").
        """
        there = await self._destination(door, request)
        source = await self._open(there, request, content, name, max_bytes)
        return await self._import(request, there, source, dry=True, progress=progress)

    async def run(
        self,
        door: Door,
        request: ImportRequest,
        content: Path | bytes,
        *,
        key: str | None = None,
        name: str | None = None,
        max_bytes: int = MAX_BYTES,
        progress: Progress | None = None,
    ) -> Imported:
        """Import a file. Raises as `plan`; with a click's `key` the second one is `repeated`."""
        there = await self._destination(door, request)
        source = await self._open(there, request, content, name, max_bytes)
        prior = await self._begin(there, key)
        if prior is not None:
            return _repeated(request, there, source, prior)
        try:
            there = await persistently(partial(self._make, there))
            await finish_moves(self._database, there.workspace_id)
            done = await self._import(request, there, source, dry=False, progress=progress)
        except BaseException:
            await self._release(there, key)
            raise
        await persistently(partial(self._finish, there, done, key))
        return done

    async def _open(
        self,
        there: Destination,
        request: ImportRequest,
        content: Path | bytes,
        name: str | None,
        max_bytes: int,
    ) -> Source[Any]:
        zone = request.zone or there.zone
        now = self._clock.now()
        # In a thread: reading through a large file takes longer than anybody should wait.
        return await asyncio.to_thread(
            open_kind,
            request.kind,
            content,
            request.fmt,
            zone,
            now,
            name=name,
            max_bytes=max_bytes,
        )

    async def _import(
        self,
        request: ImportRequest,
        there: Destination,
        source: Source[Any],
        *,
        dry: bool,
        progress: Progress | None,
    ) -> Imported:
        tally = Tally()
        names = Names(self._database, there.workspace_id, self._clock.now(), dry=dry)
        step = self._step(request, there, names, tally, dry=dry)
        assumed = 0
        async for chunk in _chunks(source, request.kind):
            tally.read += chunk.read
            tally.reject(chunk.rejected)
            assumed += chunk.assumed
            await step.take(chunk.records)
            if progress is not None:
                progress(tally.read, source.total)
        added: tuple[str, ...] = ()
        strangers = names.strangers
        if isinstance(step, AuditImport):
            await step.weigh()
            added = step.added
        elif isinstance(step, PlanImport | TaxonomyImport):
            await step.finish()
        elif isinstance(step, RosterImport):
            strangers = step.strangers
        return Imported(
            kind=request.kind,
            destination=there,
            facts=source.facts,
            report=tally.report(),
            dry=dry,
            sampling=request.sampling,
            strangers=strangers,
            assumed=assumed,
            categories=added,
        )

    def _step(
        self, request: ImportRequest, there: Destination, names: Names, tally: Tally, *, dry: bool
    ) -> _Step:
        now = self._clock.now()
        if request.kind is FileKind.SUBMISSIONS:
            if dry:
                return SubmissionPlan(self._database, there, names, tally)
            return SubmissionImport(self._database, there, names, tally, now)
        if request.kind is FileKind.AUDITS:
            return AuditImport(
                self._database,
                there,
                names,
                tally,
                request.sampling,
                create=request.create,
                dry=dry,
            )
        if request.kind is FileKind.ROSTER:
            return RosterImport(self._database, there, tally, now, dry=dry)
        if request.kind is FileKind.PLAN:
            return PlanImport(self._database, there, tally, now, dry=dry)
        return TaxonomyImport(self._database, there, tally, dry=dry)

    async def _destination(self, door: Door, request: ImportRequest) -> Destination:
        """Find out where rows go, and whether this door may put them there."""
        async with self._database.read() as connection:
            actor: Actor | None = None
            if isinstance(door, Operator):
                workspace_id = door.workspace_id
            else:
                actor = await people.actor(connection, door)
                if actor is None:
                    raise StrangerError(door)
                workspace_id = actor.workspace_id
            known = await squads.all_squads(connection, workspace_id)
            squad = _squad(known.values(), request)
            if actor is not None:
                roles.require(actor, Act.IMPORT, None if squad is None else squad.id)
            work = await projects.of_squad(connection, workspace_id, squad.id) if squad else []
            project = _project(work, request)
            named = request.project if isinstance(request.project, str) else None
            return Destination(
                workspace_id=workspace_id,
                actor_id=None if actor is None else actor.person_id,
                squad_id=None if squad is None else squad.id,
                squad=squad_name(str(request.squad)) if squad is None else squad.name,
                zone=request.zone or DEFAULT_ZONE if squad is None else squad.zone,
                project_id=None if project is None else project.project_id,
                project=_new_name(named) if project is None else project.name,
                makes_managers=actor is None or actor.is_admin,
            )

    async def _make(self, there: Destination) -> Destination:
        """Make the squad and the project that are missing, and join them."""
        if there.squad_id is not None and (there.project_id is not None or there.project is None):
            return there
        now = self._clock.now()
        key = there.workspace_id
        async with self._database.write() as tx:
            await workspaces.lock(tx, key)
            squad_id = there.squad_id
            if squad_id is None:
                squad = await squads.by_name(tx, key, there.squad)
                draft = SquadDraft(name=there.squad, zone=there.zone)
                squad_id = squad.id if squad else await squads.create(tx, key, draft, now)
                await self._log(tx, there, "squad.created", squad_id, {})
            if there.project is None:
                return replace(there, squad_id=squad_id)
            found = await projects.by_name(tx, key, there.project)
            project_id = (
                await projects.create(tx, key, there.project, now)
                if found is None
                else found.project_id
            )
            if await projects.link_squad(tx, key, squad_id, project_id):
                ids = {"project_id": project_id}
                await self._log(tx, there, "project.linked", squad_id, ids)
            return replace(there, squad_id=squad_id, project_id=project_id)

    async def _begin(self, there: Destination, key: str | None) -> Mapping[str, Any] | None:
        if key is None:
            return None
        now = self._clock.now()
        async with self._database.write() as tx:
            return await effects.begin(tx, there.workspace_id, key, now, SAME_BUTTON)

    async def _release(self, there: Destination, key: str | None) -> None:
        """Let the button be pressed again after a failure."""
        if key is not None:
            async with self._database.write() as tx:
                await effects.release(tx, there.workspace_id, key)

    async def _finish(self, there: Destination, done: Imported, key: str | None) -> None:
        report = done.report
        counts = {
            "read": report.read,
            "new": report.new,
            "revised": report.revised,
            "unchanged": report.unchanged,
            "rejected": report.rejected_count,
        }
        ids: dict[str, object] = dict(counts)
        if there.project_id is not None:
            ids["project_id"] = there.project_id
        async with self._database.write() as tx:
            await self._log(tx, there, f"import.{done.kind}", there.squad_id, ids)
            if key is not None:
                await effects.finish(tx, there.workspace_id, key, counts)

    async def _log(
        self,
        tx: AsyncConnection,
        there: Destination,
        action: str,
        squad_id: int | None,
        ids: Mapping[str, object],
    ) -> None:
        await ledger.write(
            tx,
            there.workspace_id,
            self._clock.now(),
            action,
            actor_id=there.actor_id,
            squad_id=squad_id,
            ids=ids,
        )


def _repeated(
    request: ImportRequest, there: Destination, source: Source[Any], prior: Mapping[str, Any]
) -> Imported:
    """Return what the first click's import did, as far as it is known yet."""
    report = ImportReport(
        read=prior.get("read", 0),
        new=prior.get("new", 0),
        revised=prior.get("revised", 0),
        unchanged=prior.get("unchanged", 0),
        unlisted=prior.get("rejected", 0),
    )
    return Imported(
        kind=request.kind,
        destination=there,
        facts=source.facts,
        report=report,
        dry=False,
        sampling=request.sampling,
        repeated=True,
    )


async def _chunks(source: Source[Any], kind: FileKind) -> AsyncIterator[Chunk[Any]]:
    """Read a file piece by piece, each in a thread: others have their turn in between."""
    pieces: Iterator[Chunk[Any]] = (
        audit_chunks(source, CHUNK) if kind is FileKind.AUDITS else source.chunks(CHUNK)
    )
    while (chunk := await asyncio.to_thread(next, pieces, None)) is not None:
        yield chunk


def _squad(known: Iterable[Squad], request: ImportRequest) -> Squad | None:
    """Return the squad that is meant, None if it is to be made. Raises NotFound."""
    wanted = request.squad
    for squad in known:
        if wanted == squad.id if isinstance(wanted, int) else _same(wanted, squad.name):
            return squad
    if isinstance(wanted, int):
        raise NotFound("squad_gone")
    if request.create:
        return None
    names = sorted(squad.name for squad in known)
    raise NotFound("unknown_squad", squad=wanted, known=names)


def _project(work: Sequence[Project], request: ImportRequest) -> Project | None:
    """Return the squad's project that is meant, None if it is to be made, or a roster's."""
    wanted = request.project
    if wanted is None and request.kind is FileKind.ROSTER:
        return None
    names = sorted(each.name for each in work)
    if wanted is None:
        if len(work) == 1:
            return work[0]
        if work:
            raise BadInput("which_project", projects=names, example=f"--project {names[0]}")
        raise NotFound("no_project")
    for project in work:
        if wanted == project.project_id if isinstance(wanted, int) else _same(wanted, project.name):
            return project
    if request.create and isinstance(wanted, str):
        return None
    raise NotFound("unknown_project", project=str(wanted), known=names)


def _same(typed: str, name: str) -> bool:
    return typed.strip().casefold() == name.casefold()


def _new_name(named: str | None) -> str | None:
    if named is None:
        return None
    return plain_text(named, limit=NAME_LIMIT, missing="empty_text")
