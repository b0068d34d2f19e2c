"""`muster demo`: a local Slack, the sample squad and the bot, begun and ended by one command."""

from __future__ import annotations

import asyncio
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.demo.local_slack import DEFAULT_PORT
from bot.errors import UserError
from bot.views import catalogue, failures

if TYPE_CHECKING:
    from bot.demo.running import Program


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command."""

    @cli.command()
    def demo(
        slack_port: Annotated[
            int, typer.Option(min=1, max=65535, help="The port of the local Slack.")
        ] = DEFAULT_PORT,
        data: Annotated[Path, typer.Option(help="The folder for the demo's data.")] = Path(".demo"),
        headless: Annotated[bool, typer.Option(help="Do not open a browser.")] = False,  # noqa: FBT002 - Typer's flags are booleans
        reset: Annotated[bool, typer.Option(help="Forget the demo's data first.")] = False,  # noqa: FBT002 - the same
        at: Annotated[
            str | None,
            typer.Option(help="Where its clock starts, as in 2026-10-25T08:50 (the squad's zone)."),
        ] = None,
        speed: Annotated[
            float, typer.Option(min=1, max=600, help="How many times as fast its clock runs.")
        ] = 1.0,
    ) -> None:
        """Run everything on this machine: a local Slack, a sample squad and the bot."""
        from bot.demo.running import Demo, Options  # noqa: PLC0415 - only where the demo runs

        words = catalogue.load().of(None)
        options = Options(
            port=slack_port, data=data, headless=headless, reset=reset, at=at, speed=speed
        )
        try:
            asyncio.run(Demo(program, options, words).start())
        except UserError as error:
            typer.echo(unescape(failures.sentence(words, error)), err=True)
            raise typer.Exit(1) from error
