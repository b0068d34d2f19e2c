"""Everything Muster asks of one Slack workspace; deliveries get outcomes, readers get records."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.directory import Directory
from bot.slack.files import Files
from bot.slack.history import History
from bot.slack.posting import Posting


class Gateway(Posting, Files, History, Directory):
    """One token's view of Slack; given our `team_id` it tells our people from Slack Connect's."""

    @property
    def client(self) -> AsyncWebClient:
        """The client, for Bolt, which makes its own calls with it."""
        return self._client
