"""Time off: everybody says their own, managers see the days, nobody else sees the reason."""

from collections.abc import Collection
from datetime import date, timedelta

from bot import clock
from bot.errors import Conflict, NotFound
from bot.rules import timeoff as rules
from bot.rules.home import home_intents
from bot.rules.people import Caller, Role
from bot.rules.timeoff import Absence, AwayOfSquad, Coming, Noted, Plan
from bot.services import oneonone_roster
from bot.services.unit import Service, Unit
from bot.store import squads, timeoff

# People press Enter again when Slack is slow; what they typed then is one command.
SAME_COMMAND = timedelta(seconds=30)


class TimeOff(Service):
    """Notes when people are away: calendars read it, and one-on-ones are moved at once."""

    async def coming(self, caller: Caller) -> Coming:
        """Return the caller's coming time off, and the days (no reasons) of squads they manage."""
        async with self.reading(caller) as unit:
            today = await own_today(unit)
            own = await timeoff.coming(unit.tx, unit.workspace_id, unit.actor.person_id, today)
            managed = [
                membership
                for membership in unit.actor.memberships
                if Role.MANAGER in unit.actor.roles_in(membership.squad_id)
            ]
            away = [
                AwayOfSquad(
                    membership.squad,
                    tuple(
                        each
                        for each in await timeoff.of_squad(
                            unit.tx,
                            unit.workspace_id,
                            membership.squad_id,
                            today,
                            today + rules.SQUAD_AHEAD,
                        )
                        if each[0].person_id != unit.actor.person_id
                    ),
                )
                for membership in managed
            ]
            return Coming(today=today, own=tuple(own), squads=tuple(away))

    async def note(self, caller: Caller, plan: Plan, key: str | None) -> Noted:
        """Store the caller's time off; what it overlaps or adjoins becomes one with it.

        Raises BadInput as `bot.rules.timeoff.check` does, Conflict("timeoff_too_many").
        """
        return await self.change(caller, plan, (), key)

    async def change(
        self,
        caller: Caller,
        plan: Plan | None,
        cancelled: Collection[int],
        key: str | None,
    ) -> Noted:
        """Take some of the caller's time off back, then store more. Raises as `note` does."""
        async with self.writing(caller) as unit:
            prior = await unit.begin(key, SAME_COMMAND)
            if prior is not None:
                return await _before(unit, prior)
            today = await own_today(unit)
            if plan is not None:
                rules.check(plan, today)
            taken_back = await _cancel(unit, today, cancelled)
            noted = Noted(absence=None) if plan is None else await _note(unit, plan, today)
            result = Noted(
                absence=noted.absence,
                joined=noted.joined,
                unchanged=noted.unchanged,
                cancelled=tuple(taken_back),
            )
            await _follow(unit)
            await unit.finish(
                key,
                absence_id=result.absence.absence_id if result.absence else None,
                joined=result.joined,
                unchanged=result.unchanged,
                cancelled=[each.absence_id for each in taken_back],
            )
            return result

    async def cancel(self, caller: Caller, absence_id: int) -> Absence:
        """Take one absence of the caller back; once more changes nothing.

        Raises NotFound("no_timeoff") for what is not theirs, Conflict("timeoff_over").
        """
        async with self.writing(caller) as unit:
            mine = await timeoff.get(unit.tx, unit.workspace_id, unit.actor.person_id, absence_id)
            if mine is None:
                raise NotFound("no_timeoff")
            today = await own_today(unit)
            if mine.last < today:
                raise Conflict("timeoff_over", last=mine.last)
            if await _cancel(unit, today, [absence_id]):
                await _follow(unit)
            return mine

    async def cancel_day(self, caller: Caller, day: date, key: str | None) -> Absence:
        """Take back the caller's absence that `day` belongs to. Raises NotFound("no_timeoff")."""
        async with self.writing(caller) as unit:
            prior = await unit.begin(key, SAME_COMMAND)
            if prior is not None:
                [absence] = (await _before(unit, prior)).cancelled
                return absence
            today = await own_today(unit)
            own = await timeoff.coming(unit.tx, unit.workspace_id, unit.actor.person_id, today)
            found = next((each for each in own if each.first <= day <= each.last), None)
            if found is None:
                raise NotFound("no_timeoff")
            await _cancel(unit, today, [found.absence_id])
            await _follow(unit)
            await unit.finish(key, absence_id=None, cancelled=[found.absence_id])
            return found


async def own_today(unit: Unit) -> date:
    """Return the date on the actor's wall clock, else on their first squad's, else in UTC."""
    zone = unit.actor.zone
    if zone is None and unit.actor.memberships:
        squad = await squads.get(unit.tx, unit.workspace_id, unit.actor.memberships[0].squad_id)
        zone = squad.zone if squad else None
    return clock.local_day(unit.now, zone or "UTC")


async def _note(unit: Unit, plan: Plan, today: date) -> Noted:
    own = await timeoff.coming(unit.tx, unit.workspace_id, unit.actor.person_id, today)
    for each in own:
        if rules.covers(each, plan):
            return Noted(absence=each, unchanged=True)
    meeting = [each for each in own if rules.meets(each, plan)]
    if len(own) - len(meeting) >= rules.COMING_LIMIT:
        raise Conflict("timeoff_too_many", limit=rules.COMING_LIMIT)
    whole = rules.joined(plan, meeting)
    rules.check(whole, today)
    keys = [each.absence_id for each in meeting]
    await timeoff.cancel(unit.tx, unit.workspace_id, unit.actor.person_id, keys, unit.now)
    absence = await timeoff.add(unit.tx, unit.workspace_id, unit.actor.person_id, whole, unit.now)
    await unit.log(
        "timeoff.noted",
        person_id=unit.actor.person_id,
        absence_id=absence.absence_id,
        joined=keys,
    )
    return Noted(absence=absence, joined=bool(meeting))


async def _cancel(unit: Unit, today: date, absence_ids: Collection[int]) -> list[Absence]:
    """Cancel those of the actor's own coming absences; the others are left alone."""
    own = await timeoff.coming(unit.tx, unit.workspace_id, unit.actor.person_id, today)
    wanted = [each for each in own if each.absence_id in absence_ids]
    keys = [each.absence_id for each in wanted]
    if keys:
        await timeoff.cancel(unit.tx, unit.workspace_id, unit.actor.person_id, keys, unit.now)
        await unit.log("timeoff.cancelled", person_id=unit.actor.person_id, absences=keys)
    return wanted


async def _follow(unit: Unit) -> None:
    """Let what rests on the actor's days follow: their one-on-ones, and Home."""
    me = unit.actor.person_id
    await oneonone_roster.hours_changed(unit.tx, unit.workspace_id, me, unit.now)
    await unit.send(*home_intents([unit.actor.person_id]))


async def _before(unit: Unit, prior: object) -> Noted:
    """Return what the first of two equal requests did."""
    known = prior if isinstance(prior, dict) else {}
    absence_id = known.get("absence_id")
    return Noted(
        absence=await _own(unit, absence_id) if isinstance(absence_id, int) else None,
        joined=bool(known.get("joined")),
        unchanged=bool(known.get("unchanged")),
        cancelled=tuple([await _own(unit, key) for key in known.get("cancelled", ())]),
    )


async def _own(unit: Unit, absence_id: int) -> Absence:
    found = await timeoff.get(unit.tx, unit.workspace_id, unit.actor.person_id, absence_id)
    if found is None:
        raise NotFound("no_timeoff")
    return found
