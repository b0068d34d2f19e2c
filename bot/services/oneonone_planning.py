"""Plans one-on-ones inside a transaction: homes for newcomers, and meetings six weeks ahead."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import oneonones as rules
from bot.rules.calendar import WorkCalendar
from bot.rules.oneonone_homes import Homes, Hours, Wanted, places, round_ends, usual, week_of
from bot.rules.oneonone_plan import Placed, Planner, Taken
from bot.rules.oneonone_terms import Terms
from bot.rules.oneonones import Home, MeetingState, OneOnOne, Pair, Why
from bot.services import oneonone_notices as notices
from bot.store import oneonone_pairs, oneonones, recipients

LOOK_BACK: Final = timedelta(weeks=12)
"""How far back a meeting of a round under way may lie, also one that was put before its round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the planning of one manager stands on: pairs in all squads, and everybody's calendar."""

    manager_id: int
    now: datetime
    pairs: list[Pair]
    terms: Mapping[int, Terms]
    calendars: Mapping[int, WorkCalendar]


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
    )


def wanted(base: Ground, terms: Terms, people: Iterable[int]) -> list[Wanted]:
    """Return for each of some people where they could meet the manager in ordinary weeks."""
    hours = Hours({key: usual(each) for key, each in base.calendars.items()})
    week = week_of(base.now.date())
    return [
        Wanted(person_id=each, places=places(terms, hours, (base.manager_id, each), week))
        for each in people
    ]


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
    homes = Homes(terms, held).assign(wanted(base, terms, people))
    new = [new_pair(squad_id, manager_id, each, terms, homes.get(each)) for each in people]
    await oneonone_pairs.put_pairs(tx, workspace_id, new, now)
    stored = await oneonone_pairs.pairs(tx, workspace_id, oneonone_pairs.led_by(manager_id))
    return [each for each in stored if each.squad_id == squad_id and each.person_id in people]


async def arrange(
    tx: AsyncConnection,
    workspace_id: int,
    manager_id: int,
    now: datetime,
    *,
    loose: frozenset[int] = frozenset(),
    by: int | None = None,
    told: bool = True,
) -> list[Placed]:
    """Plan a manager's meetings six weeks ahead, move what cannot stand, and say so.

    `loose` are meetings that go to a new home. What stands is left alone. `by` made the change and
    is not told of it; without `told` both hear only of what changes within a day. Returns what
    changed.
    """
    base = await ground(tx, workspace_id, manager_id, now)
    keys = [each.pair_id for each in base.pairs]
    there = await oneonones.for_plan(tx, workspace_id, keys, now - LOOK_BACK)
    busy = await oneonones.planned_with(tx, workspace_id, list(base.calendars), now)
    hours = Hours(base.calendars)
    probe = Planner(base.pairs, base.terms, hours, Taken(), now)
    standing = [
        each
        for each in busy
        if each.pair_id not in keys or (each.one_on_one_id not in loose and probe.stands(each))
    ]
    regular = [each for each in there if each.instead_of is None]
    planner = Planner(base.pairs, base.terms, hours, Taken(standing), now)
    placed = planner.plan(regular, now + rules.AHEAD, loose)
    changed = await _store(tx, workspace_id, placed, now, by, told=told)
    for each in there:
        extra = each.instead_of is not None and each.state is MeetingState.PLANNED
        if extra and each.starts_at > now and not probe.stands(each):
            await cancel(tx, workspace_id, each, Why.NO_TIME, now, by)
    await _give_up(tx, workspace_id, base, regular)
    await notices.remind(tx, workspace_id, now)
    return changed


async def _store(
    tx: AsyncConnection,
    workspace_id: int,
    placed: Sequence[Placed],
    now: datetime,
    by: int | None,
    *,
    told: bool,
) -> list[Placed]:
    """Store what the planner found; return what is new or not as it was."""
    new = [_row(each) for each in placed if each.before is None]
    await oneonones.add(tx, workspace_id, new, now)
    changed = [each for each in placed if each.before is None]
    for each in placed:
        before = each.before
        if before is None:
            continue
        if each.start is None:
            if before.state is MeetingState.PLANNED:
                await cancel(tx, workspace_id, before, Why.NO_TIME, now, by)
                changed.append(each)
            continue
        place = (each.start, each.start + timedelta(minutes=each.pair.minutes))
        as_it_is = (before.starts_at, before.ends_at) == place
        if not as_it_is or before.state is not MeetingState.PLANNED:
            near = min(each.start, before.starts_at) <= now + rules.TOLD_AT_ONCE
            await move(tx, workspace_id, before, place, now, by=by, told=told or near)
            changed.append(each)
    return changed


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


async def _give_up(
    tx: AsyncConnection, workspace_id: int, base: Ground, meetings: Sequence[OneOnOne]
) -> None:
    """Count rounds that are over and had no time as missed: nobody met in them."""
    every = {each.pair_id: each.every_weeks for each in base.pairs}
    over = [
        each.one_on_one_id
        for each in meetings
        if each.why is Why.NO_TIME
        and each.state is MeetingState.CANCELLED
        and round_ends(each.slot, every[each.pair_id]) <= base.now.date()
    ]
    if over:
        values = {"state": MeetingState.MISSED.value, "settled_at": base.now}
        await oneonones.change(tx, workspace_id, over, values)


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
