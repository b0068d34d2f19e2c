"""`muster report forecast`: when each batch will be finished, as a table or as JSON."""

import asyncio
import json
from typing import Annotated

import typer

from bot.cli import tables
from bot.cli.explained import explained
from bot.cli.program import Program
from bot.rules.forecasts import Dates
from bot.views import catalogue
from bot.views.forecasts import sheet


def add(report: typer.Typer, program: Program) -> None:
    """Add the sub-command to `muster report`."""

    @report.command()
    def forecast(
        squad: Annotated[str, typer.Option(help="The squad's name.")],
        project: Annotated[str, typer.Option(help="The project's name.")],
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Print when each batch of a project will be finished, and whether its date holds."""
        with explained():
            found = asyncio.run(_dates(program, squad, project))
        if as_json:
            typer.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
            return
        tables.print_sheet(sheet(catalogue.load().of(None), found))


async def _dates(program: Program, squad: str, project: str) -> Dates:
    async with program.open_house() as container:
        return await container.services.forecasts.at_shell(squad, project)
