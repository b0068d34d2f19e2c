"""What app.py offers to the shell: the openers and paths that a sub-command may ask for."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

from bot.clock import Clock
from bot.container import Container
from bot.slack.gateway import Gateway


class SlackDoor(NamedTuple):
    """The way to Slack that the settings describe; what is not set is empty."""

    gateway: Gateway
    app_token: str
    signing_secret: str


class Program(Protocol):
    """The assembled program, seen from the shell; app.py has the only real one."""

    @property
    def root(self) -> Path:
        """The folder of the program's files."""

    @property
    def version(self) -> str:
        """The program's version."""

    @property
    def manifest_path(self) -> Path:
        """The Slack app's manifest, a YAML file."""

    def with_settings(self, *, clock: Clock | None = None, **given: object) -> "Program":
        """Return the program with these settings over the environment's (the demo's own).

        It goes by `clock`, if given.
        """

    def open_house(self) -> AbstractAsyncContextManager[Container]:
        """Open the store and services without Slack, for a command of the shell.

        Raises SettingsError or StoreError (a database that is not migrated).
        """

    async def run(self) -> None:
        """Run everything in one process, in Socket Mode, until told to stop."""

    async def web(self, host: str, port: int) -> None:
        """Serve signed HTTP until told to stop."""

    async def clock(self) -> None:
        """Run the ticker and dispatch until told to stop."""

    def migrate(self, target: str) -> tuple[str, str]:
        """Move the schema to `target` ("head", "base" or a revision); return (before, after)."""

    def check_settings(self) -> None:
        """Raise SettingsError if the environment cannot be used at all."""

    def open_slack(self) -> AbstractAsyncContextManager[SlackDoor]:
        """Open a gateway with the bot token, which may be missing or wrong."""
