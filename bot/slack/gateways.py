"""Which token serves which workspace; a single one now."""

from bot.errors import NotFound
from bot.slack.gateway import Gateway


class Gateways:
    """The connected workspaces, by our own key and by Slack's team."""

    def __init__(self) -> None:
        self._by_workspace: dict[int, Gateway] = {}
        self._by_team: dict[str, Gateway] = {}

    def connect(self, workspace_id: int, team_id: str, gateway: Gateway) -> None:
        """Serve a workspace by this gateway from now on."""
        self._by_workspace[workspace_id] = gateway
        self._by_team[team_id] = gateway

    def for_workspace(self, workspace_id: int) -> Gateway | None:
        """Return the workspace's gateway, None while it is not connected: its mail waits."""
        return self._by_workspace.get(workspace_id)

    def for_team(self, team_id: str) -> Gateway:
        """Return the gateway to a team. Raises NotFound("not_connected")."""
        found = self._by_team.get(team_id)
        if found is None:
            raise NotFound("not_connected")
        return found
