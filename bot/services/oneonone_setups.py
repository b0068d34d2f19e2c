"""A manager's terms of one-on-ones: drawn up, looked at, and stored with the plan they make."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.errors import BadInput
from bot.rules import oneonone_terms as terms_rules
from bot.rules import oneonones as rules
from bot.rules import roles
from bot.rules.home import home_intents
from bot.rules.oneonone_homes import Homes, grid, instant, round_of, usual, week_of
from bot.rules.oneonone_hours import Hours
from bot.rules.oneonone_plan import NOTICE
from bot.rules.oneonone_terms import Draft, Fits, Place, Setup, Takes, Terms
from bot.rules.oneonones import Pair, Why
from bot.rules.people import Caller, PersonRef
from bot.rules.roles import Act
from bot.rules.squads import Squad, SquadMember, Where
from bot.services import lookup, oneonone_notices, oneonone_roster
from bot.services import oneonone_planning as planning
from bot.services.unit import Service, Unit
from bot.store import oneonone_pairs, oneonones, outbox, people, recipients, squads

DEFAULT_HOURS: Final = (time(10), time(16))
DEFAULT_DAYS: Final = frozenset({1, 2, 3})
"""Neither the day on which the week is planned nor the one on which it ends."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A draft, and what storing it does."""

    draft: Draft
    pairs: list[Pair]
    ended: list[Pair]
    anew: frozenset[int]


class OneOnOneSetups(Service):
    """For the managers of a squad, each on their own terms."""

    async def start(self, caller: Caller, where: Where) -> Setup:
        """Return what the form starts with. Raises NotAllowed("not_allowed_hold_one_on_ones")."""
        async with self.reading(caller) as unit:
            squad = await _squad(unit, where)
            me = unit.actor.person_id
            found = await oneonone_pairs.terms(
                unit.tx, unit.workspace_id, squad_id=squad.id, manager_id=me
            )
            calendars = await recipients.calendars(unit.tx, unit.workspace_id, [me], unit.now)
            stored = found.get((squad.id, me))
            named: tuple[str, ...] = ()
            if stored is not None and stored.takes is Takes.CHOSEN:
                mine = await _mine(unit, squad.id)
                refs = await people.refs(unit.tx, [each.person_id for each in mine])
                named = tuple(each.user_id for each in refs.values() if each.user_id)
            terms = stored or Terms(
                every_weeks=terms_rules.DEFAULT_WEEKS,
                days=DEFAULT_DAYS,
                hours=DEFAULT_HOURS,
                zone=calendars[me].zone,
                minutes=terms_rules.DEFAULT_MINUTES,
            )
            return Setup(
                squad_id=squad.id,
                squad=squad.name,
                terms=replace(terms, zone=calendars[me].zone),
                named=named,
                stored=stored is not None,
            )

    async def draft(
        self, caller: Caller, squad_id: int, terms: Terms, user_ids: Sequence[str]
    ) -> Draft:
        """Return the plan that terms would make; nothing is stored.

        Raises NotAllowed("not_allowed_hold_one_on_ones"), NotFound("unknown_person"),
        BadInput("oneonone_not_member", name).
        """
        async with self.reading(caller) as unit:
            squad = await _squad(unit, Where(squad_id=squad_id))
            found = await lookup.find_people(unit, user_ids)
            return (await _plan(unit, squad, terms, [each.person_id for each in found])).draft

    async def store(
        self,
        caller: Caller,
        squad_id: int,
        terms: Terms,
        person_ids: Sequence[int],
        key: str | None,
    ) -> Draft:
        """Store terms and the plan they make, and tell those whom it concerns. Raises as `draft`.

        It is planned anew in the transaction, so somebody who joined meanwhile is in it.
        """
        async with self.writing(caller) as unit:
            squad = await _squad(unit, Where(squad_id=squad_id))
            prior = await unit.begin(key)
            plan = await _plan(unit, squad, terms, person_ids)
            if prior is None:
                await _store(unit, squad, plan)
                await unit.log("oneonone.setup", squad_id=squad.id, pairs=len(plan.pairs))
                await unit.finish(key, squad_id=squad.id)
            return plan.draft


async def _squad(unit: Unit, where: Where) -> Squad:
    squad = await lookup.find_squad(unit, where)
    roles.require(unit.actor, Act.HOLD_ONE_ON_ONES, squad.id)
    return squad


async def _mine(unit: Unit, squad_id: int) -> list[Pair]:
    led = oneonone_pairs.led_by(unit.actor.person_id)
    pairs = await oneonone_pairs.pairs(unit.tx, unit.workspace_id, led)
    return [each for each in pairs if each.squad_id == squad_id]


async def _plan(unit: Unit, squad: Squad, terms: Terms, named: Sequence[int]) -> _Plan:
    """Draw a plan up: who keeps their home, who gets one, whom the manager does not meet."""
    me, at = unit.actor.person_id, (unit.tx, unit.workspace_id)
    terms = replace(terms, takes=Takes.CHOSEN if named else Takes.REST)
    members = await squads.members(*at, squad.id)
    here = await oneonone_pairs.pairs(*at, oneonone_pairs.of_squad(squad.id))
    theirs = {each.person_id: each for each in here if each.manager_id != me}
    those = _whom(me, members, theirs, named)
    base = await planning.ground(*at, me, unit.now, those)
    mine = {each.person_id: each for each in base.pairs if each.squad_id == squad.id}
    elsewhere = [each for each in base.pairs if each.squad_id != squad.id]
    wanted = {each.person_id: each for each in planning.wanted(base, terms, those)}
    kept = {
        key: pair
        for key, pair in mine.items()
        if key in wanted and _stays(pair, terms, wanted[key].places)
    }
    homes = Homes(terms, [*elsewhere, *kept.values()]).assign(
        [each for key, each in wanted.items() if key not in kept]
    )
    pairs = [
        planning.new_pair(
            squad.id, me, key, terms, kept[key].home if key in kept else homes.get(key)
        )
        for key in those
    ]
    ended = [each for key, each in mine.items() if key not in those]
    ended += [theirs[key] for key in those if key in theirs]
    names = await people.refs(
        unit.tx, {*those, *mine, *theirs, *(each.manager_id for each in theirs.values())}
    )
    places = [_place(each, names, mine, unit.now) for each in pairs]
    without = [key for key in those if not wanted[key].places]
    both = await _twice(unit, squad.id, those)
    fits = Fits(
        people=len(those),
        needed=round(len(those) * terms.minutes / terms.every_weeks),
        held=_held(base, terms, elsewhere),
        without=_named(names, without),
        crowded=_named(names, [e.person_id for e in pairs if e.home is None], but=without),
        twice=_named(names, both),
    )
    taken = [
        (names[key], names[pair.manager_id])
        for key, pair in theirs.items()
        if key != me and key not in those
    ]
    draft = Draft(
        squad_id=squad.id,
        squad=squad.name,
        terms=terms,
        named=tuple(named),
        fits=fits,
        places=tuple(sorted(places, key=_in_the_week)),
        taken=tuple(sorted(taken, key=lambda each: each[0].name)),
        left=_named(names, [each.person_id for each in ended if each.manager_id == me]),
    )
    anew = frozenset(key for key in those if key not in kept)
    return _Plan(draft, pairs, ended, anew)


def _whom(
    me: int,
    members: Mapping[int, SquadMember],
    theirs: Mapping[int, Pair],
    named: Sequence[int],
) -> list[int]:
    """Return whom the manager meets: whom they named, else whoever has nobody else."""
    for key in named:
        if key == me or not rules.entitled(members.get(key), named=True):
            member = members.get(key)
            raise BadInput("oneonone_not_member", name=member.person.name if member else "?")
    if named:
        return sorted(set(named))
    return sorted(
        key
        for key, member in members.items()
        if key != me and key not in theirs and rules.entitled(member)
    )


def _stays(pair: Pair, terms: Terms, places: Collection[tuple[int, time]]) -> bool:
    """Tell whether a pair's home is as good under other terms; else it is given a new one."""
    same = (pair.every_weeks, pair.minutes, pair.zone) == (
        terms.every_weeks,
        terms.minutes,
        terms.zone,
    )
    return same and pair.home is not None and (pair.home.day, pair.home.at) in places


def _place(
    pair: Pair, names: Mapping[int, PersonRef], mine: Mapping[int, Pair], now: datetime
) -> Place:
    first, home = None, pair.home
    if home is not None:
        week = week_of(now.date())
        week += (home.week - week) % pair.every_weeks
        first = instant(pair.zone, week, home.day, home.at)
        if first < now + NOTICE:
            first = instant(pair.zone, week + pair.every_weeks, home.day, home.at)
    before = mine.get(pair.person_id)
    new = before is None or before.home != home
    return Place(person=names[pair.person_id], home=home, first=first, new=new)


def _in_the_week(place: Place) -> tuple[bool, int, int, time, str]:
    home = place.home
    if home is None:
        return True, 0, 0, time(), place.person.name
    return False, home.week, home.day, home.at, place.person.name


def _held(base: planning.Ground, terms: Terms, elsewhere: Sequence[Pair]) -> int:
    """Return the minutes a week in which the manager can meet, what other squads take left out."""
    hours = Hours({base.manager_id: usual(base.calendars[base.manager_id])})
    length = timedelta(minutes=terms.minutes)
    week = week_of(base.now.date()) + 1
    starts = [instant(terms.zone, week, day, at) for day, at in grid(terms)]
    places = sum(hours.at_work(base.manager_id, each, each + length) for each in starts)
    taken = sum(each.minutes / each.every_weeks for each in elsewhere if each.home is not None)
    return max(places * terms.minutes - round(taken), 0)


async def _twice(unit: Unit, squad_id: int, those: Collection[int]) -> list[int]:
    """Return who has one-on-ones in another squad as well."""
    found = await oneonone_pairs.pairs(unit.tx, unit.workspace_id, oneonone_pairs.with_any(those))
    return [each.person_id for each in found if each.squad_id != squad_id]


def _named(
    names: Mapping[int, PersonRef], keys: Collection[int], but: Collection[int] = ()
) -> tuple[PersonRef, ...]:
    found = {key: names[key] for key in keys if key not in but}
    return tuple(sorted(found.values(), key=lambda each: each.name))


async def _store(unit: Unit, squad: Squad, plan: _Plan) -> None:
    me, at = unit.actor.person_id, (unit.tx, unit.workspace_id)
    terms = plan.draft.terms
    await oneonone_pairs.put_terms(*at, squad.id, me, terms, unit.now)
    await oneonone_roster.end(*at, plan.ended, unit.now)
    await oneonone_pairs.put_pairs(*at, plan.pairs, unit.now)
    stored = await _mine(unit, squad.id)
    await oneonone_roster.hand_over(*at, plan.ended, stored)
    anew = [each for each in stored if each.person_id in plan.anew]
    loose = await _loosen(unit, anew)
    await planning.arrange(*at, me, unit.now, loose=loose, by=me, told=False)
    others = [each for each in plan.ended if each.manager_id != me]
    concerned = {each.person_id for each in (*stored, *plan.ended)}
    concerned |= {me, *(each.manager_id for each in others)}
    await outbox.add(
        *at,
        [
            *oneonone_notices.began(
                [each for each in anew if each.home is not None], unit.now, manager=False
            ),
            *oneonone_notices.ended(others, unit.now),
            *home_intents(sorted(concerned)),
        ],
        unit.now,
    )


async def _loosen(unit: Unit, anew: Sequence[Pair]) -> frozenset[int]:
    """Return the meetings of pairs that go to a new home; what fits no round any more is off."""
    at = (unit.tx, unit.workspace_id)
    every = {each.pair_id: each.every_weeks for each in anew}
    loose = set()
    for meeting in await oneonones.planned_of(*at, list(every), unit.now):
        if meeting.instead_of is not None:
            continue
        if round_of(meeting.slot) % every[meeting.pair_id]:
            await planning.cancel(*at, meeting, Why.TERMS, unit.now, told=False)
        else:
            loose.add(meeting.one_on_one_id)
    return frozenset(loose)
