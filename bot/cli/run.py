"""`muster run`, `web`, `clock` and `migrate`: the processes, and the step before them."""

import asyncio
from typing import Annotated

import typer

from bot.cli.program import Program

COMMANDS = frozenset({"run", "web", "clock", "migrate"})


def register(cli: typer.Typer, program: Program) -> None:
    """Add the commands that start processes."""

    @cli.command()
    def run() -> None:
        """Run everything in one process: Socket Mode, clock and dispatch."""
        asyncio.run(program.run())

    @cli.command()
    def web(
        port: Annotated[int, typer.Option(help="The port to listen on.")] = 8080,
        host: Annotated[str, typer.Option(help="The address to listen on.")] = "0.0.0.0",  # noqa: S104 - a web process behind a proxy
    ) -> None:
        """Serve Slack's signed HTTP requests; needs a clock process beside it."""
        asyncio.run(program.web(host, port))

    @cli.command()
    def clock() -> None:
        """Run the ticker and dispatch; several may run, each message is still sent once."""
        asyncio.run(program.clock())

    @cli.command()
    def migrate(
        to: Annotated[str, typer.Option(help="A revision, head, or base (empty).")] = "head",
    ) -> None:
        """Move the database's schema forward, or back with --to."""
        before, after = program.migrate(to)
        typer.echo(f"The schema is at {after}." if before == after else f"{before} → {after}")
