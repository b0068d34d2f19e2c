"""`muster report quality`: the operator's figures, as a table or as JSON."""

import asyncio
import json
from datetime import date
from typing import Annotated

import typer

from bot.cli import forecast, tables
from bot.cli.explained import explained
from bot.cli.program import Program
from bot.clock import parse_date
from bot.rules.beside import Account
from bot.rules.reports import Breakdown, PortfolioLine
from bot.views import catalogue
from bot.views.reports import account
from bot.views.reports import portfolio as portfolio_sheet

Squad = Annotated[str, typer.Option(help="The squad's name.")]
Project = Annotated[str, typer.Option(help="The project's name.")]
FirstDay = Annotated[
    str, typer.Option("--from", metavar="DATE", help="The first day in the squad's zone.")
]
LastDay = Annotated[
    str, typer.Option("--to", metavar="DATE", help="The last day, which is included.")
]
By = Annotated[
    Breakdown | None,
    typer.Option(help="Split by error category, or by contributor (noted in the ledger)."),
]


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command `report` with its own sub-commands."""
    report = typer.Typer(no_args_is_help=True, help="Print figures.")
    forecast.add(report, program)
    _add_portfolio(report, program)
    cli.add_typer(report, name="report")

    @report.command()
    def quality(
        squad: Squad,
        project: Project,
        first_day: FirstDay,
        last_day: LastDay,
        by: By = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Print acceptance, errors, throughput and times of a squad's work on a project."""
        with explained():
            found = asyncio.run(_quality(program, squad, project, (first_day, last_day), by))
        if as_json:
            typer.echo(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
        else:
            tables.print_sheet(account(catalogue.load().of(None), squad, found, by))


def _add_portfolio(report: typer.Typer, program: Program) -> None:
    @report.command()
    def portfolio(
        first_day: FirstDay,
        last_day: LastDay,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Print one line per project over all its squads."""
        with explained():
            days = (parse_date(first_day), parse_date(last_day))
            found = asyncio.run(_portfolio(program, *days))
        if as_json:
            lines = [line.to_json() for line in found]
            typer.echo(json.dumps(lines, indent=2, ensure_ascii=False))
        else:
            tables.print_sheet(portfolio_sheet(catalogue.load().of(None), found, *days))


async def _portfolio(program: Program, first_day: date, last_day: date) -> list[PortfolioLine]:
    async with program.open_house() as container:
        return await container.services.reports.portfolio(first_day, last_day)


async def _quality(
    program: Program, squad: str, project: str, days: tuple[str, str], by: Breakdown | None
) -> Account:
    first_day, last_day = (parse_date(day) for day in days)
    async with program.open_house() as container:
        return await container.services.reports.at_shell(squad, project, first_day, last_day, by)
