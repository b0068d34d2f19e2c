"""Plans one-on-ones inside a transaction: homes, and meetings six weeks ahead."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import oneonone_homes as homes
from bot.rules import oneonones as rules
from bot.rules.calendar import WorkCalendar
from bot.rules.oneonone_homes import Homes, Wanted, round_ends, week_of
from bot.rules.oneonone_hours import Hours, Regular
from bot.rules.oneonone_plan import Placed, Planner, Taken
from bot.rules.oneonone_terms import Terms
from bot.rules.oneonones import Home, MeetingState, OneOnOne, Pair, Why
from bot.services import oneonone_notices as notices
from bot.store import oneonone_pairs, oneonones, recipients, syncs

LOOK_BACK: Final = timedelta(weeks=12)
"""How far back a meeting of a round under way may lie, also one that was put before its round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the planning of one manager stands on: pairs in all squads, and everybody's time.

    `regulars` are the syncs that people are in, by person.
    """

    manager_id: int
    now: datetime
    pairs: list[Pair]
    terms: Mapping[int, Terms]
    calendars: Mapping[int, WorkCalendar]
    regulars: Mapping[int, frozenset[Regular]]


async def ground(
    tx: AsyncConnection,
    workspace_id: int,
    manager_id: int,
    now: datetime,
    besides: Collection[int] = (),
) -> Ground:
    """Read it; `besides` are people of whom there is no pair yet."""
    pairs = await oneonone_pairs.pairs(tx, workspace_id, oneonone_pairs.led_by(manager_id))
    terms = await oneonone_pairs.terms(tx, workspace_id, manager_id=manager_id)
    people = {manager_id, *(each.person_id for each in pairs), *besides}
    return Ground(
        manager_id=manager_id,
        now=now,
        pairs=pairs,
        terms={squad_id: each for (squad_id, _), each in terms.items()},
        calendars=await recipients.calendars(tx, workspace_id, people, now),
        regulars=await syncs.regulars(tx, workspace_id, people),
    )


def wanted(base: Ground, terms: Terms, people: Iterable[int]) -> list[Wanted]:
    """Return for each of some people where they could meet the manager in ordinary weeks."""
    this_week = week_of(base.now.date())
    return homes.wanted(terms, base.calendars, base.manager_id, people, this_week, base.regulars)


def new_pair(
    squad_id: int, manager_id: int, person_id: int, terms: Terms, home: Home | None
) -> Pair:
    """Return a pair on a manager's terms, as it is to be stored."""
    return Pair(
        pair_id=0,
        squad_id=squad_id,
        manager_id=manager_id,
        person_id=person_id,
        every_weeks=terms.every_weeks,
        minutes=terms.minutes,
        zone=terms.zone,
        link=terms.link,
        home=home,
    )


async def pair_up(
    tx: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    manager_id: int,
    people: Collection[int],
    now: datetime,
) -> list[Pair]:
    """Give people a home with a manager who has terms in the squad; return their pairs."""
    base = await ground(tx, workspace_id, manager_id, now, people)
    terms = base.terms[squad_id]
    held = [
        each for each in base.pairs if each.squad_id != squad_id or each.person_id not in people
    ]
    found = Homes(terms, held).assign(wanted(base, terms, people))
    new = [new_pair(squad_id, manager_id, each, terms, found.get(each)) for each in people]
    await oneonone_pairs.put_pairs(tx, workspace_id, new, now)
    stored = await oneonone_pairs.pairs(tx, workspace_id, oneonone_pairs.led_by(manager_id))
    return [each for each in stored if each.squad_id == squad_id and each.person_id in people]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done for a manager: new homes, places, meetings to drop, rounds given up."""

    settled: tuple[Pair, ...]
    placed: tuple[Placed, ...]
    dropped: tuple[OneOnOne, ...]
    given_up: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be written."""
        return not (self.settled or self.placed or self.dropped or self.given_up)


async def work(
    connection: AsyncConnection,
    workspace_id: int,
    manager_id: int,
    now: datetime,
    loose: frozenset[int] = frozenset(),
) -> Work:
    """Return what is to be done for a manager's meetings of the next six weeks; reads only."""
    base, settled = _at_home(await ground(connection, workspace_id, manager_id, now))
    keys = [each.pair_id for each in base.pairs]
    there = await oneonones.for_plan(connection, workspace_id, keys, now - LOOK_BACK)
    busy = await oneonones.planned_with(connection, workspace_id, list(base.calendars), now)
    hours = Hours(base.calendars, base.regulars)
    probe = Planner(base.pairs, base.terms, hours, Taken(), now)
    standing = [
        each
        for each in busy
        if each.pair_id not in keys or (each.one_on_one_id not in loose and probe.stands(each))
    ]
    regular = [each for each in there if each.instead_of is None]
    planner = Planner(base.pairs, base.terms, hours, Taken(standing), now)
    placed = planner.plan(regular, now + rules.AHEAD, loose)
    return Work(
        settled=settled,
        placed=tuple(each for each in placed if _differs(each)),
        dropped=tuple(
            each
            for each in there
            if each.instead_of is not None
            and each.state is MeetingState.PLANNED
            and each.starts_at > now
            and not probe.stands(each)
        ),
        given_up=tuple(_given_up(base, regular)),
    )


def _at_home(base: Ground) -> tuple[Ground, tuple[Pair, ...]]:
    """Return the ground with another home for whoever's hours have left theirs, and those pairs."""
    found = homes.resettled(
        base.pairs, base.terms, base.calendars, week_of(base.now.date()), base.regulars
    )
    moved = {each.pair_id: each for each in found}
    pairs = [moved.get(each.pair_id, each) for each in base.pairs]
    return replace(base, pairs=pairs), tuple(found)


def _differs(placed: Placed) -> bool:
    """Tell whether a place that was found is not what is stored."""
    before = placed.before
    if before is None:
        return True
    if placed.start is None:
        return before.state is MeetingState.PLANNED
    end = placed.start + timedelta(minutes=placed.pair.minutes)
    as_it_is = (before.starts_at, before.ends_at) == (placed.start, end)
    return not as_it_is or before.state is not MeetingState.PLANNED


def _given_up(base: Ground, meetings: Sequence[OneOnOne]) -> Iterator[int]:
    """Yield the meetings of rounds that are over and had no time: nobody met in them."""
    every = {each.pair_id: each.every_weeks for each in base.pairs}
    for each in meetings:
        lost = each.why is Why.NO_TIME and each.state is MeetingState.CANCELLED
        if lost and round_ends(each.slot, every[each.pair_id]) <= base.now.date():
            yield each.one_on_one_id


async def arrange(
    tx: AsyncConnection,
    workspace_id: int,
    manager_id: int,
    now: datetime,
    *,
    loose: frozenset[int] = frozenset(),
    by: int | None = None,
    told: bool = True,
) -> int:
    """Plan a manager's meetings six weeks ahead, move what cannot stand, and say so.

    Whoever's hours have left their home gets another one first.

    `loose` are meetings that go to a new home. What stands is left alone. `by` made the change and
    is not told of it; without `told` both hear only of what changes within a day. Returns how many
    meetings are new or changed.
    """
    found = await work(tx, workspace_id, manager_id, now, loose)
    await oneonone_pairs.put_pairs(tx, workspace_id, found.settled, now)
    await _store(tx, workspace_id, found.placed, now, by, told=told)
    for each in found.dropped:
        await cancel(tx, workspace_id, each, Why.NO_TIME, now, by)
    if found.given_up:
        values = {"state": MeetingState.MISSED.value, "settled_at": now}
        await oneonones.change(tx, workspace_id, found.given_up, values)
    if not found.is_empty:
        await notices.remind(tx, workspace_id, now)
    return len(found.placed) + len(found.dropped)


async def _store(
    tx: AsyncConnection,
    workspace_id: int,
    placed: Sequence[Placed],
    now: datetime,
    by: int | None,
    *,
    told: bool,
) -> None:
    """Store what the planner found."""
    new = [_row(each) for each in placed if each.before is None]
    await oneonones.add(tx, workspace_id, new, now)
    for each in placed:
        before = each.before
        if before is None:
            continue
        if each.start is None:
            await cancel(tx, workspace_id, before, Why.NO_TIME, now, by)
            continue
        place = (each.start, each.start + timedelta(minutes=each.pair.minutes))
        near = min(each.start, before.starts_at) <= now + rules.TOLD_AT_ONCE
        await move(tx, workspace_id, before, place, now, by=by, told=told or near)


def _row(placed: Placed) -> dict[str, object]:
    start = placed.start or placed.home
    return {
        "pair_id": placed.pair.pair_id,
        "squad_id": placed.pair.squad_id,
        "manager_id": placed.pair.manager_id,
        "person_id": placed.pair.person_id,
        "slot": placed.slot,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=placed.pair.minutes),
        "state": (MeetingState.PLANNED if placed.start else MeetingState.CANCELLED).value,
        "why": None if placed.start else Why.NO_TIME.value,
    }


async def move(
    tx: AsyncConnection,
    workspace_id: int,
    before: OneOnOne,
    place: tuple[datetime, datetime],
    now: datetime,
    *,
    by: int | None,
    by_hand: bool = False,
    told: bool = True,
) -> OneOnOne:
    """Put a meeting elsewhere, tell the two, plan its reminders anew; return it as it is now."""
    start, end = place
    after = replace(
        before,
        starts_at=start,
        ends_at=end,
        revision=before.revision + 1,
        state=MeetingState.PLANNED,
        why=None,
        by_hand=by_hand,
    )
    values = {
        "starts_at": start,
        "ends_at": end,
        "revision": after.revision,
        "state": after.state.value,
        "why": None,
        "by_hand": by_hand,
    }
    await oneonones.change(tx, workspace_id, [before.one_on_one_id], values)
    if told:
        await notices.say_changed(tx, workspace_id, before, after, now, by)
    else:
        await notices.strike(tx, workspace_id, before, now)
    await notices.plan_reminders(tx, workspace_id, [after], now)
    return after


async def cancel(
    tx: AsyncConnection,
    workspace_id: int,
    before: OneOnOne,
    why: Why,
    now: datetime,
    by: int | None = None,
    *,
    told: bool = True,
) -> OneOnOne:
    """Call a meeting off, and tell the two unless they hear of it otherwise."""
    after = replace(
        before, revision=before.revision + 1, state=MeetingState.CANCELLED, why=why, by_hand=False
    )
    values = {
        "revision": after.revision,
        "state": after.state.value,
        "why": why.value,
        "by_hand": False,
    }
    await oneonones.change(tx, workspace_id, [before.one_on_one_id], values)
    if told:
        await notices.say_changed(tx, workspace_id, before, after, now, by)
    else:
        await notices.strike(tx, workspace_id, before, now)
    return after


async def say_new(
    tx: AsyncConnection,
    workspace_id: int,
    missed: OneOnOne,
    made: OneOnOne,
    now: datetime,
    by: int,
) -> None:
    """Tell of a meeting that makes up for a missed one, and plan its reminders."""
    await notices.say_changed(
        tx, workspace_id, replace(missed, starts_at=made.starts_at), made, now, by
    )
    await notices.plan_reminders(tx, workspace_id, [made], now)
