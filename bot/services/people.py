"""People: who is calling, and what Slack says of them."""

from datetime import time

from bot.errors import BadInput, NotFound
from bot.rules.calendar import WorkCalendar, make_hours, quiet_covers_work
from bot.rules.people import Actor, Caller, IdentityKind, Profile
from bot.services.unit import Service
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

    async def set_quiet(self, caller: Caller, hours: tuple[time, time] | None) -> WorkCalendar:
        """Keep the caller's own quiet hours, None for none; return when they can be reached now.

        Nothing unprompted is sent within them. Raises BadInput("quiet_hours_empty") or
        ("quiet_hours_cover_work"): then nothing unprompted could ever be sent.
        """
        async with self.writing(caller) as unit:
            make_hours(quiet=hours)
            await people.set_quiet(unit.tx, unit.actor.person_id, hours)
            found = await recipients.recipient(
                unit.tx, unit.workspace_id, unit.actor.person_id, unit.now
            )
            if found is None:
                raise NotFound("unknown_person", name=unit.actor.name)
            calendar = found.calendar
            if quiet_covers_work(calendar):
                start, end = calendar.start, calendar.end
                raise BadInput("quiet_hours_cover_work", start=start, end=end)
            await unit.log("person.quiet", person_id=unit.actor.person_id)
            return calendar
