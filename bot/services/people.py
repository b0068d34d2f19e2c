"""People: who is calling, and what Slack says of them."""

from datetime import time

from bot.errors import BadInput, NotFound
from bot.rules.calendar import make_hours, quiet_covers_work
from bot.rules.gate import Recipient
from bot.rules.people import Actor, Caller, IdentityKind, Profile
from bot.rules.quiet import Quiet, Wish, next_time
from bot.services.unit import Service, Unit
from bot.store import matching, people, recipients, workspaces


class People(Service):
    """Meets people and keeps what Slack says of them; anybody may be met, bots are not kept."""

    async def actor(self, caller: Caller) -> Actor:
        """Return the acting person. Raises StrangerError for one we have not met."""
        async with self.reading(caller) as unit:
            return unit.actor

    async def meet(self, team_id: str, profile: Profile) -> int | None:
        """Store a Slack user's profile; return the person's key, None for a bot.

        Raises NotFound("not_connected") if the team is not one of ours.
        """
        if profile.kind is IdentityKind.BOT:
            return None
        async with self._database.write() as tx:
            workspace_id = await workspaces.of_team(tx, team_id)
            if workspace_id is None:
                raise NotFound("not_connected")
            return await people.learn(tx, workspace_id, profile, self._clock.now())

    async def unmet(self, team_id: str) -> list[str]:
        """Return the Slack ids that rosters state of people whom we have not met.

        Raises NotFound("not_connected") if the team is not one of ours.
        """
        async with self._database.read() as connection:
            workspace_id = await workspaces.of_team(connection, team_id)
            if workspace_id is None:
                raise NotFound("not_connected")
            return await matching.unmet(connection, workspace_id)

    async def quiet(self, caller: Caller) -> Quiet:
        """Return when the caller is written nothing unprompted. Raises NotFound."""
        async with self.reading(caller) as unit:
            return _quiet(await _recipient(unit))

    async def set_quiet(self, caller: Caller, wish: Wish) -> Quiet:
        """Keep the caller's own quiet hours; return when they are written nothing now.

        Raises BadInput("quiet_hours_empty") or ("quiet_hours_cover_work"): then nothing
        unprompted could ever be sent.
        """
        async with self.writing(caller) as unit:
            me = unit.actor.person_id
            if wish.hours is not None:
                make_hours(quiet=wish.hours or None)
                await people.set_quiet(unit.tx, me, wish.hours or None)
            if wish.until is not None:
                zone = (await _recipient(unit)).calendar.zone
                until = None
                if isinstance(wish.until, time):
                    until = next_time(wish.until, unit.now, zone)
                await people.set_quiet_until(unit.tx, me, until)
            found = await _recipient(unit)
            if wish.hours is not None and quiet_covers_work(found.calendar):
                start, end = found.calendar.start, found.calendar.end
                raise BadInput("quiet_hours_cover_work", start=start, end=end)
            await unit.log("person.quiet", person_id=me)
            return _quiet(found)


async def _recipient(unit: Unit) -> Recipient:
    found = await recipients.recipient(unit.tx, unit.workspace_id, unit.actor.person_id, unit.now)
    if found is None:
        raise NotFound("unknown_person", name=unit.actor.name)
    return found


def _quiet(found: Recipient) -> Quiet:
    return Quiet(hours=found.calendar.quiet, until=found.quiet_until, zone=found.calendar.zone)
