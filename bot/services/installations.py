"""Installations: which Slack team is served, and as which workspace."""

from bot.errors import Conflict
from bot.rules.slack import Connection
from bot.services.unit import Service
from bot.store import schedules, workspaces


class Installations(Service):
    """Connects teams; the program calls it with what Slack said of its own token."""

    async def connect(self, connection: Connection, app_id: str | None = None) -> int:
        """Return the workspace of a team, made or taken over from the shell if it is new.

        Raises Conflict("org_wide_install"): the tenant is a team, an organisation is not one.
        """
        if connection.org_wide:
            raise Conflict("org_wide_install")
        async with self._database.write() as tx:
            now = self._clock.now()
            workspace_id = await workspaces.connect(
                tx,
                connection.team_id,
                connection.team or connection.team_id,
                now,
                app_id=app_id,
                bot_id=connection.bot_id,
                bot_user_id=connection.bot_user_id,
            )
            await schedules.ensure_workspace_defaults(tx, workspace_id, now)
            return workspace_id

    async def local(self) -> int:
        """Return the workspace the shell works on."""
        async with self._database.write() as tx:
            return await workspaces.local(tx, self._clock.now())

    async def workspaces(self) -> list[int]:
        """Return every workspace."""
        async with self._database.read() as connection:
            return await workspaces.every(connection)

    async def ping(self) -> None:
        """Raise StoreError if the database does not answer."""
        await self._database.ping()

    async def channels(self, team_id: str) -> list[tuple[str, str, str]]:
        """Return (squad, purpose, channel id) of every channel that a team's squads post to."""
        async with self._database.read() as connection:
            workspace_id = await workspaces.of_team(connection, team_id)
            return (
                [] if workspace_id is None else await workspaces.channels(connection, workspace_id)
            )
