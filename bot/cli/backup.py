"""`muster backup`: a copy of the database, made while everything goes on."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.views import catalogue


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command."""

    @cli.command()
    def backup(
        out: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    ) -> None:
        """Copy the SQLite database to a file; replies to open polls are left out of it."""
        with explained():
            size = asyncio.run(_backup(program, out))
        words = catalogue.load().of(None)
        typer.echo(words("backup.written", file=out, size=f"{size / 1_000_000:.1f}"))


async def _backup(program: Program, out: Path) -> int:
    async with program.open_house() as container:
        return await container.services.backups.write(out)
