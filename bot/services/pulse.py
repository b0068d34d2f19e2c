"""Polls as people make, close and read them, and as their messages are rendered."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.clock import Clock
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import pulse as rules
from bot.rules import pulse_seals as seals
from bot.rules import roles
from bot.rules.people import Caller
from bot.rules.pulse import Draft, Poll, PollState, Repeat, Sheet
from bot.rules.roles import Act
from bot.rules.squads import Squad, Where
from bot.services import pulse_asking
from bot.services.pulse_clock import PulseClock
from bot.services.unit import Service, Unit
from bot.store import pulse, recipients, squads
from bot.store.database import Database

_PERIOD = {**{repeat: 7 * weeks for repeat, weeks in rules.WEEKS.items()}, Repeat.MONTHLY: 28}
_SHOWN = 12


class Pulse(Service):
    """Managers of all squads that a poll asks make it; who sees it was declared at launch."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        key: bytes,
        has_model: bool = False,  # noqa: FBT001, FBT002 - the bundle gives them in their order
    ) -> None:
        super().__init__(database, clock)
        self._key = key
        self._has_model = has_model

    async def squads_to_ask(self, caller: Caller) -> list[Squad]:
        """Return the squads that the caller may poll. Raises NotAllowed."""
        async with self.reading(caller) as unit:
            known = await squads.all_squads(unit.tx, unit.workspace_id)
            found = [
                each for each in known.values() if roles.may(unit.actor, Act.RUN_PULSE, each.id)
            ]
            if not found:
                raise NotAllowed("not_allowed_run_pulse")
            return found

    async def create(self, caller: Caller, draft: Draft, key: str | None) -> Poll:
        """Keep a poll, or a series and its first round; the clock opens it.

        Raises NotAllowed("not_allowed_run_pulse"), Conflict("pulse_no_key", "pulse_too_often",
        "pulse_overlaps"), BadInput("pulse_few_people", "pulse_past", "pulse_no_model",
        "bad_instant").
        """
        if not self._key:
            raise Conflict("pulse_no_key")
        if draft.to_model and not self._has_model:
            raise BadInput("pulse_no_model", field=rules.MODEL_FIELD)
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            if prior is not None:
                return await _poll(unit, int(prior["poll_id"]))
            first = await _checked_squads(unit, draft)
            opens_at = _opening(draft, first.zone, unit.now)
            await _check(unit, draft, opens_at)
            series_id = await _series(unit, draft, opens_at, first.zone)
            poll_id = await pulse.add(
                unit.tx,
                {
                    "workspace_id": unit.workspace_id,
                    "series_id": series_id,
                    "squad_ids": list(draft.squad_ids),
                    "viewers": sorted(draft.viewers),
                    "to_model": draft.to_model,
                    "k": draft.k,
                    "created_by": unit.actor.person_id,
                    "created_at": unit.now,
                    "opens_at": opens_at,
                    "closes_at": rules.closing(opens_at, draft.days_open, first.zone),
                    "next_at": opens_at,
                },
                draft.questions,
                seals.new_secret(self._key),
            )
            await unit.log("pulse.created", squad_id=first.id, poll_id=poll_id)
            await unit.finish(key, poll_id=poll_id)
            return await _poll(unit, poll_id)

    async def close(self, caller: Caller, where: Where, closing: PulseClock) -> Poll:
        """Close an open poll of the caller's now; without one, call a planned one off.

        Raises NotFound("pulse_none_open"), Conflict("pulse_which").
        """
        async with self.reading(caller) as unit:
            running = await _run_by(unit, (PollState.PLANNED, PollState.OPEN, PollState.CLOSING))
            known = await squads.all_squads(unit.tx, unit.workspace_id)
        poll = _meant(running, known, where)
        await closing.close(poll)
        async with self.writing(caller) as unit:
            await unit.log("pulse.closed", squad_id=poll.squad_ids[0], poll_id=poll.id)
            return await _poll(unit, poll.id)

    async def pause(self, caller: Caller, *, paused: bool) -> int:
        """Pause the caller's series, or let them go on; return how many it changed."""
        async with self.writing(caller) as unit:
            found = [
                each
                for each in await pulse.series(unit.tx, unit.workspace_id)
                if each.paused is not paused and _runs(unit, each.squad_ids)
            ]
            if not found:
                raise NotFound("pulse_no_series")
            for each in found:
                following = None if paused else rules.next_opening(each, unit.now)
                await pulse.pause(unit.tx, each.id, unit.now if paused else None, following)
                await unit.log("pulse.paused" if paused else "pulse.resumed", series_id=each.id)
            return len(found)

    async def overview(self, caller: Caller) -> tuple[list[Sheet], list[Poll], list[Poll]]:
        """Return what the caller may answer, the polls they run, and closed ones they may see."""
        async with self.reading(caller) as unit:
            polls = await pulse.listing(unit.tx, unit.workspace_id)
            asks = [
                await self._sheet(unit.tx, poll, unit.actor.person_id)
                for poll in polls
                if poll.state is PollState.OPEN and rules.is_asked(unit.actor, poll.squad_ids)
            ]
            running = [
                p for p in polls if p.state is not PollState.CLOSED and _runs(unit, p.squad_ids)
            ]
            seen = [p for p in polls if rules.has_results(p) and rules.may_see(unit.actor, p)]
            return [each for each in asks if each is not None], running, seen[:_SHOWN]

    async def own_sheet(self, caller: Caller, poll_id: int) -> Sheet:
        """Return an open poll as the caller answers it. Raises NotFound("no_poll"), Conflict."""
        async with self.reading(caller) as unit:
            poll = await _poll(unit, poll_id)
            if not rules.is_asked(unit.actor, poll.squad_ids):
                raise NotFound("no_poll")
            found = await self._sheet(unit.tx, poll, unit.actor.person_id)
        if found is None:
            raise Conflict("poll_closed")
        return found

    async def sheet(self, workspace_id: int, poll_id: int, person_id: int) -> Sheet | None:
        """Return an open poll as one person's message shows it. For dispatch."""
        async with self._database.read() as connection:
            poll = await pulse.get(connection, workspace_id, poll_id)
            return None if poll is None else await self._sheet(connection, poll, person_id)

    async def _sheet(self, connection: AsyncConnection, poll: Poll, person_id: int) -> Sheet | None:
        """Return the sheet; None if the poll is not open or its key is not ours."""
        secret = await pulse.secret(connection, poll.id)
        if poll.state is not PollState.OPEN or secret is None:
            return None
        if not seals.fits(self._key, secret):
            return None
        questions = await pulse.questions(connection, poll.id)
        names, zone = await pulse_asking.named(connection, poll)
        return Sheet(
            poll=poll,
            squads=names,
            questions=tuple(
                (each, seals.token(self._key, secret.salt, person_id, each.id))
                for each in questions
            ),
            zone=zone,
        )

    async def week_free(self, workspace_id: int, person_id: int, kind: str) -> datetime | None:
        """Return until when a person must not be sent another of this kind; None if they may."""
        now = self._clock.now()
        async with self._database.read() as connection:
            known = await recipients.calendars(connection, workspace_id, [person_id], now)
            zone = known[person_id].zone if person_id in known else "UTC"
            day = clock.local_day(now, zone)
            monday = day - timedelta(days=day.weekday())
            since, until = clock.day_range(monday, monday + timedelta(days=6), zone)
            sent = await pulse.last_sent(connection, workspace_id, person_id, kind, since)
        return until if sent else None

    async def first_message(
        self, workspace_id: int, poll_id: int, person_id: int
    ) -> tuple[Poll, str, str] | None:
        """Return an open poll and where its message to a person stands. For the reminder."""
        async with self._database.read() as connection:
            poll = await pulse.get(connection, workspace_id, poll_id)
            if poll is None or poll.state is not PollState.OPEN:
                return None
            place = await pulse.where_sent(connection, poll, person_id)
            return None if place is None else (poll, *place)

    async def key_state(self) -> tuple[bool, int]:
        """Return whether there is a key, and how many open polls have another. For the doctor."""
        async with self._database.read() as connection:
            known = await pulse.secrets(connection)
        return bool(self._key), sum(not seals.fits(self._key, each) for each in known)


def _runs(unit: Unit, squad_ids: Sequence[int]) -> bool:
    return all(roles.may(unit.actor, Act.RUN_PULSE, each) for each in squad_ids)


def _meant(running: Sequence[Poll], known: Mapping[int, Squad], where: Where) -> Poll:
    """Return the poll that is meant: of the squad named, or else of the channel's, or the one."""

    def of(poll: Poll) -> list[Squad]:
        return [known[each] for each in poll.squad_ids if each in known]

    found = list(running)
    if where.named:
        name = where.named.casefold()
        found = [each for each in found if any(one.name.casefold() == name for one in of(each))]
    elif len(found) > 1 and where.channel:
        here = [each for each in found if any(where.channel in one.channels for one in of(each))]
        found = here or found
    found = [each for each in found if each.state is not PollState.PLANNED] or found
    if not found:
        raise NotFound("pulse_none_open")
    if len(found) > 1:
        raise Conflict("pulse_which", squads="; ".join(of(each)[0].name for each in found))
    return found[0]


async def _run_by(unit: Unit, states: Sequence[PollState]) -> list[Poll]:
    found = await pulse.listing(unit.tx, unit.workspace_id, states)
    return [each for each in found if _runs(unit, each.squad_ids)]


async def _poll(unit: Unit, poll_id: int) -> Poll:
    found = await pulse.get(unit.tx, unit.workspace_id, poll_id)
    if found is None:
        raise NotFound("no_poll")
    return found


async def _checked_squads(unit: Unit, draft: Draft) -> Squad:
    """Return the first squad, whose clock the poll goes by, if the actor may poll all of them."""
    known = await squads.all_squads(unit.tx, unit.workspace_id)
    for squad_id in draft.squad_ids:
        if squad_id not in known:
            raise NotFound("squad_gone")
        roles.require(unit.actor, Act.RUN_PULSE, squad_id)
    return known[draft.squad_ids[0]]


def _opening(draft: Draft, zone: str, now: datetime) -> datetime:
    if not draft.opens.strip():
        return now
    opens_at = clock.parse_instant(draft.opens, zone)
    if opens_at < now:
        raise BadInput("pulse_past", field=rules.OPENS_FIELD)
    return opens_at


async def _check(unit: Unit, draft: Draft, opens_at: datetime) -> None:
    people = await pulse_asking.audience(unit.tx, unit.workspace_id, draft.squad_ids)
    if len(people) < draft.k:
        raise BadInput("pulse_few_people", n=len(people), k=draft.k, field=rules.SQUADS_FIELD)
    period = _PERIOD.get(draft.repeat)
    if period is not None and draft.days_open >= period:
        raise BadInput("pulse_overlaps", field=rules.DAYS_FIELD)
    for other in await pulse.listing(unit.tx, unit.workspace_id):
        near = abs(other.opens_at - opens_at) < rules.MOST_OFTEN
        if rules.overlaps(other.squad_ids, draft.squad_ids) and (
            near or other.state is PollState.OPEN
        ):
            raise Conflict("pulse_too_often")


async def _series(unit: Unit, draft: Draft, opens_at: datetime, zone: str) -> int | None:
    if draft.repeat is Repeat.ONCE:
        return None
    local = clock.to_local(opens_at, zone)
    at = local.time().replace(second=0, microsecond=0)
    following = rules.next_day(draft.repeat, local.date(), local.date())
    return await pulse.add_series(
        unit.tx,
        {
            "workspace_id": unit.workspace_id,
            "questions": [[each.kind.value, each.key, each.text] for each in draft.questions],
            "squad_ids": list(draft.squad_ids),
            "viewers": sorted(draft.viewers),
            "to_model": draft.to_model,
            "k": draft.k,
            "repeat": draft.repeat.value,
            "first_day": local.date(),
            "local_time": at,
            "zone": zone,
            "days_open": draft.days_open,
            "created_by": unit.actor.person_id,
            "created_at": unit.now,
            "next_at": None if following is None else clock.to_utc(following, at, zone),
        },
    )
