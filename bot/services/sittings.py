"""Sittings: an auditor draws tasks, goes through them one after the other, and ends."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import uuid4

from bot.clock import Clock
from bot.errors import Conflict, NotFound
from bot.rules import sitting_input
from bot.rules import sittings as rules
from bot.rules.draws import DrawnTask, SkipReason
from bot.rules.findings import AuditForm, checked_text
from bot.rules.people import Caller
from bot.rules.sittings import (
    LastFinding,
    Place,
    Progress,
    SaveForm,
    Seat,
    Sitting,
    Started,
    StartRequest,
    TakenTask,
    Turn,
)
from bot.services import (
    audit_search,
    drawing,
    recording,
    reworking,
    seating,
    sitting_ends,
    sitting_feedback,
    sitting_parties,
)
from bot.services.citations import Citations
from bot.services.recording import Checked
from bot.services.sampling import Sampling
from bot.services.unit import Service, Unit
from bot.store import draws, sittings, snippets, submissions
from bot.store.database import Database

SAME_COMMAND: Final = timedelta(seconds=30)
"""Enter pressed twice is one sitting."""


class _Ready(NamedTuple):
    """A task that may be saved, and the one after it."""

    sitting: Sitting
    checked: Checked
    following: Seat | None


class Sittings(Service):
    """For auditors and managers, in their squads; what is left of a sitting is in the database."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations
        self._sampling = Sampling(database, clock)

    # Beginning and going on.

    async def start(
        self, caller: Caller, request: StartRequest, channel: str | None, key: str | None
    ) -> Started:
        """Draw tasks for the caller, or split them between auditors, who are told.

        Raises as `sitting_parties.plan` and `choose_place`; BadInput("sitting_past"),
        Conflict("sitting_open"), NotFound("sitting_nothing").
        """
        async with self.reading(caller) as unit:
            wants = await sitting_parties.wants(unit, request, channel)
        await self._sampling.ensure(*wants)
        async with self.writing(caller) as unit:
            prior = await unit.begin(key, SAME_COMMAND)
            if prior is not None:
                return await self._started_before(unit, prior)
            place = sitting_input.choose_place(
                await seating.places(unit), request.place, seating.here(unit.actor, channel)
            )
            due_at = sitting_input.due(request.by, unit.actor.zone or place.zone, unit.now)
            parties = await sitting_parties.plan(unit, place, request)
            mine = next(
                (one for one in parties if one.person.person_id == unit.actor.person_id), None
            )
            if mine is not None:
                await self._clear_the_table(unit, place)
            opened = await sitting_parties.open_all(unit, place, parties, due_at, uuid4().hex)
            own = next((each for each in opened if each.mine), None)
            await unit.finish(key, sitting_id=None if own is None else own.sitting_id)
            turn = None
            if own is not None:
                sitting = await seating.mine(unit, own.sitting_id)
                turn = Turn(seat=await seating.seat(unit, sitting))
            return Started(place=place, turn=turn, invited=tuple(o for o in opened if not o.mine))

    async def _started_before(self, unit: Unit, prior: Mapping[str, Any]) -> Started:
        sitting_id = prior.get("sitting_id")
        if sitting_id is None:
            return Started(place=None, turn=None)
        sitting = await seating.mine(unit, int(sitting_id))
        return Started(place=None, turn=await self._go_on(unit, sitting))

    async def _clear_the_table(self, unit: Unit, place: Place) -> None:
        """End what was left behind; refuse a second sitting where one is under way."""
        for each in await sittings.open_of(unit.tx, unit.workspace_id, unit.actor.person_id):
            if (each.squad_id, each.project_id) != (place.squad_id, place.project_id):
                continue
            if unit.now - each.seen_at >= rules.LEFT_BEHIND or not each.is_gathered:
                await self._end(unit, each)
                continue
            done = await sittings.progress(unit.tx, unit.workspace_id, each)
            raise Conflict("sitting_open", done=done.done, total=done.total)

    async def next(
        self, caller: Caller, place: str | None, channel: str | None, key: str | None
    ) -> Turn:
        """Return the next task: of the sitting under way, else one that is drawn for it.

        Raises as `start` and `turn`.
        """
        async with self.reading(caller) as unit:
            under_way = [each for each in await seating.open_sittings(unit) if each.is_gathered]
        if under_way and place is None:
            return await self.turn(caller, under_way[0].id)
        started = await self.start(caller, StartRequest(count=1, place=place), channel, key)
        return started.turn or Turn()

    async def another(self, caller: Caller, sitting_id: int) -> Turn:
        """Draw one more task where an earlier one was. Raises as `start`."""
        async with self.reading(caller) as unit:
            before = await seating.mine(unit, sitting_id)
        if before.is_open:
            return await self.turn(caller, sitting_id)
        place = f"{before.project} ({before.squad})"
        request = StartRequest(count=1, place=place)
        started = await self.start(caller, request, None, f"sitting:another:{sitting_id}")
        return started.turn or Turn()

    async def resume(self, caller: Caller) -> Turn:
        """Return where the caller's latest sitting stands. Raises NotFound("sitting_none")."""
        return await self.turn(caller, (await self._latest(caller)).id)

    async def stop_latest(self, caller: Caller) -> Turn:
        """End the caller's latest sitting. Raises NotFound("sitting_none")."""
        return await self.stop(caller, (await self._latest(caller)).id)

    async def _latest(self, caller: Caller) -> Sitting:
        async with self.reading(caller) as unit:
            found = await seating.open_sittings(unit)
        if not found:
            raise NotFound("sitting_none")
        return found[0]

    async def turn(self, caller: Caller, sitting_id: int) -> Turn:
        """Return what is next in a sitting, reserved anew; one that is over gives what it came to.

        Raises as `seating.mine`.
        """
        async with self.writing(caller) as unit:
            sitting = await seating.mine(unit, sitting_id)
            return await self._go_on(unit, sitting)

    async def _go_on(self, unit: Unit, sitting: Sitting) -> Turn:
        if not sitting.is_open:
            return await self._certified(unit, sitting)
        await sittings.touch(unit.tx, unit.workspace_id, sitting.id, unit.now)
        held = await draws.touch(
            unit.tx, unit.workspace_id, sitting.auditor_id, sitting.id, unit.now
        )
        progress = await sittings.progress(unit.tx, unit.workspace_id, sitting)
        missing = sitting.wanted - progress.done - held
        if missing > 0:  # others took them while this one was idle
            await draws.take(
                unit.tx,
                unit.workspace_id,
                sitting.auditor_id,
                sitting.squad_id,
                sitting.project_id,
                missing,
                unit.now,
                sitting.id,
            )
        seat = await seating.seat(unit, sitting)
        if seat is not None:
            return Turn(seat=seat)
        return await self._end(unit, sitting)

    # One task.

    async def save(self, caller: Caller, form: SaveForm, key: str) -> Turn:
        """Store the audit of a task and return the next one, which was read before.

        Of a task that somebody else has by now nothing is stored, and of one that was handed in
        anew since neither: both are said. Raises as `seating.mine` and `read_findings`.
        """
        async with self.reading(caller) as unit:
            ready = await self._read(unit, form)
        if isinstance(ready, Turn):
            return ready
        checked = await recording.cited(self._citations, unit.workspace_id, ready.checked)
        ready = ready._replace(checked=checked)
        async with self.writing_as(unit.actor) as unit:
            return await self._write(unit, form, ready, key)

    async def _read(self, unit: Unit, form: SaveForm) -> Turn | _Ready:
        """Read all that a save needs, and the next task, without the write lock."""
        sitting = await seating.mine(unit, form.sitting_id)
        draw = await draws.get(unit.tx, unit.workspace_id, form.draw_id)
        if draw is None or not seating.is_mine(draw, sitting):
            return await self._not_mine(unit, sitting, draw, form)
        work = await audit_search.auditable(unit, draw.submission_id)
        if work.revision != form.revision:
            return Turn(seat=await seating.seat_at(unit, sitting, form.draw_id), changed=True)
        checked = await recording.check(unit, work, form.of(work.submission_id))
        following = await seating.seat(unit, sitting, but=form.draw_id)
        return _Ready(sitting, checked, following)

    async def _write(self, unit: Unit, form: SaveForm, ready: _Ready, key: str) -> Turn:
        sitting, checked, following = ready
        if await unit.begin(key) is not None:
            return await self._after(unit, sitting)
        await sittings.lock(unit.tx, unit.workspace_id, sitting.id)
        draw = await draws.get(unit.tx, unit.workspace_id, form.draw_id)
        if draw is None or not seating.is_mine(draw, sitting):
            return await self._not_mine(unit, sitting, draw, form)
        seconds = seating.shown_for(form.shown_at, unit.now)
        await recording.write(unit, checked, draw, seconds=seconds, sitting=sitting)
        await unit.finish(key, draw_id=form.draw_id)
        if following is None:
            return replace(await self._end(unit, sitting), saved=seating.saved(checked))
        await self._hold_on(unit, sitting, following)
        return Turn(seat=seating.moved(following, checked, seconds), saved=seating.saved(checked))

    async def _after(self, unit: Unit, sitting: Sitting) -> Turn:
        """Return where a sitting stands, for somebody who sent the same form twice."""
        current = await seating.mine(unit, sitting.id)
        seat = await seating.seat(unit, current) if current.is_open else None
        return await self._certified(unit, current) if seat is None else Turn(seat=seat)

    async def _not_mine(
        self, unit: Unit, sitting: Sitting, draw: DrawnTask | None, form: SaveForm
    ) -> Turn:
        """Return what to say of a task that is not open to this auditor (any more)."""
        work = None
        if draw is not None:
            work = await submissions.get(unit.tx, unit.workspace_id, draw.submission_id)
        if draw is None or work is None:
            raise NotFound("sitting_gone")
        if draw.sitting_id == sitting.id and draw.held_by == sitting.auditor_id:
            return await self._after(unit, sitting)  # it was saved, or skipped, a moment ago
        filled = form.of(work.submission_id)
        return Turn(
            taken=TakenTask(sitting_id=sitting.id, task=work.task, link=work.link, form=filled)
        )

    async def _hold_on(self, unit: Unit, sitting: Sitting, following: Seat | None) -> None:
        """Keep what is left reserved while its auditor is at it; four times an hour will do."""
        await sittings.touch(unit.tx, unit.workspace_id, sitting.id, unit.now)
        held_at = None if following is None else following.draw.held_at
        if held_at is not None and unit.now - held_at >= rules.HOLD_ANEW:
            await draws.touch(unit.tx, unit.workspace_id, sitting.auditor_id, sitting.id, unit.now)

    async def skip(
        self, caller: Caller, sitting_id: int, draw_id: int, reason: SkipReason, note: str | None
    ) -> Turn:
        """Leave a task out, with a reason, and return the next one.

        One that is settled already, or not held any more, is passed over. Raises as
        `seating.mine`, BadInput("text_too_long").
        """
        said = checked_text(note, rules.SKIP_NOTE_LIMIT, rules.SKIP_NOTE_FIELD)
        async with self.writing(caller) as unit:
            sitting = await seating.mine(unit, sitting_id)
            await sittings.lock(unit.tx, unit.workspace_id, sitting_id)
            draw = await draws.get(unit.tx, unit.workspace_id, draw_id)
            if draw is not None and seating.is_mine(draw, sitting):
                await drawing.settle_skipped(unit, draw, reason, said)
                await unit.log("draw.skipped", squad_id=sitting.squad_id, draw_id=draw_id)
            return await self._go_on(unit, sitting)

    async def undo(self, caller: Caller, sitting_id: int) -> Turn:
        """Take back what was settled last, and return it as it was filled in.

        Only while nobody was told. Raises as `seating.mine`; NotFound("sitting_nothing_to_undo"),
        Conflict("sitting_told", task).
        """
        async with self.writing(caller) as unit:
            await sittings.lock(unit.tx, unit.workspace_id, sitting_id)
            sitting = await seating.mine(unit, sitting_id)
            last = await sittings.last_settled(unit.tx, unit.workspace_id, sitting_id)
            if last is None or not sitting.is_open:
                raise NotFound("sitting_nothing_to_undo")
            filled = None
            if last.audit_id is not None:
                filled = await self._take_back(unit, last.audit_id, last.submission_id)
            await drawing.unsettle(unit, last.id, last.rework_id)
            if last.audit_id is not None and last.rework_id is not None:
                await sittings.undo_judgement(unit.tx, unit.workspace_id, last.audit_id)
            await sittings.touch(unit.tx, unit.workspace_id, sitting_id, unit.now)
            await unit.log("audit.undone", squad_id=sitting.squad_id, audit_id=last.audit_id)
            return Turn(seat=await seating.seat_at(unit, sitting, last.id, filled))

    async def _take_back(self, unit: Unit, audit_id: int, submission_id: int) -> AuditForm | None:
        if await sitting_feedback.is_told(unit.tx, unit.workspace_id, audit_id):
            work = await submissions.get(unit.tx, unit.workspace_id, submission_id)
            raise Conflict("sitting_told", task="" if work is None else work.task)
        filled = await seating.said(unit, audit_id, submission_id)
        await reworking.undo(unit, audit_id)
        await sittings.undo_audit(unit.tx, unit.workspace_id, audit_id, unit.now)
        return filled

    async def stop(self, caller: Caller, sitting_id: int) -> Turn:
        """End a sitting: what is left goes back to the queue, and what was found leaves.

        Raises as `seating.mine`.
        """
        async with self.writing(caller) as unit:
            sitting = await seating.mine(unit, sitting_id)
            return await self._end(unit, sitting)

    async def _end(self, unit: Unit, sitting: Sitting) -> Turn:
        await unit.store_intents()  # those of the last task leave with the others
        args = (unit.tx, unit.workspace_id, sitting, unit.now, unit.actor.person_id)
        await unit.send(*await sitting_ends.end(*args))
        ended = await sittings.get(unit.tx, unit.workspace_id, sitting.id)
        return await self._certified(unit, ended or sitting)

    async def _certified(self, unit: Unit, sitting: Sitting) -> Turn:
        return Turn(certificate=await seating.certificate(unit, sitting))

    # What helps to fill in the form.

    async def seat(self, caller: Caller, sitting_id: int, draw_id: int) -> Seat:
        """Return a task of a sitting as it stands. Raises as `seating.mine`."""
        async with self.reading(caller) as unit:
            sitting = await seating.mine(unit, sitting_id)
            return await seating.seat_at(unit, sitting, draw_id)

    async def last_finding(self, caller: Caller, sitting_id: int) -> LastFinding:
        """Return the newest finding of a sitting. Raises NotFound("sitting_no_finding")."""
        async with self.reading(caller) as unit:
            sitting = await seating.mine(unit, sitting_id)
            found = await sittings.last_finding(unit.tx, unit.workspace_id, sitting.id)
        if found is None:
            raise NotFound("sitting_no_finding")
        return found

    async def note(self, caller: Caller, sitting_id: int, snippet_id: int) -> str:
        """Return one of the caller's kept notes. Raises NotFound("sitting_gone")."""
        async with self.reading(caller) as unit:
            sitting = await seating.mine(unit, sitting_id)
            kept = await seating.kept(unit, sitting.project_id)
        for each in kept:
            if each.snippet_id == snippet_id:
                return each.note
        raise NotFound("sitting_gone")

    async def keep_note(self, caller: Caller, sitting_id: int, note: str) -> str:
        """Keep a note for later tasks of the project; return what it is called.

        Raises as `seating.mine`.
        """
        async with self.writing(caller) as unit:
            sitting = await seating.mine(unit, sitting_id)
            name = rules.snippet_name(note)
            await snippets.keep(
                unit.tx,
                unit.workspace_id,
                unit.actor.person_id,
                sitting.project_id,
                name=name,
                note=note,
                now=unit.now,
            )
            return name

    async def drop_note(self, caller: Caller, sitting_id: int, snippet_id: int) -> None:
        """Drop one of the caller's kept notes, if it is there still. Raises as `seating.mine`."""
        async with self.writing(caller) as unit:
            await seating.mine(unit, sitting_id)
            await snippets.forget(unit.tx, unit.workspace_id, unit.actor.person_id, snippet_id)

    # For Home.

    async def under_way(self, caller: Caller) -> Sequence[tuple[Sitting, Progress]]:
        """Return the caller's open sittings, and how far they are."""
        async with self.reading(caller) as unit:
            return [
                (each, await sittings.progress(unit.tx, unit.workspace_id, each))
                for each in await seating.open_sittings(unit)
                if each.is_gathered
            ]
