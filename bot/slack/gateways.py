"""Which token serves which workspace; a single one now."""

from bot.slack.gateway import Gateway


class Gateways:
    """The connected workspaces; those without a token wait until they have one."""

    def __init__(self) -> None:
        self._by_workspace: dict[int, Gateway] = {}

    def connect(self, workspace_id: int, gateway: Gateway) -> None:
        """Serve a workspace by this gateway from now on."""
        self._by_workspace[workspace_id] = gateway

    def for_workspace(self, workspace_id: int) -> Gateway | None:
        """Return the workspace's gateway, None if it is not connected."""
        return self._by_workspace.get(workspace_id)
