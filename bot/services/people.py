"""People: who is calling, and what Slack says of them."""

from bot.errors import NotFound
from bot.rules.people import Actor, Caller, IdentityKind, Profile
from bot.services.unit import Service
from bot.store import people, workspaces


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
