"""`muster export`: edge cases as CSV or Markdown, a closed poll's sums as CSV."""

import asyncio
import csv
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.errors import NotFound
from bot.rules.edge_cases import COLUMNS, EdgeCase, cells, inert
from bot.views import catalogue, pulse_results
from bot.views import edge_cases as views


class Format(StrEnum):
    """How the log is written."""

    CSV = "csv"
    MARKDOWN = "md"


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command `export` with its own sub-commands."""
    export = typer.Typer(no_args_is_help=True, help="Write what is stored to a file.")
    export.callback()(_root)
    cli.add_typer(export, name="export")

    _pulse(export, program)

    @export.command("edge-cases")
    def edge_cases(
        project: Annotated[str, typer.Option(help="The project's name.")],
        as_: Annotated[
            Format, typer.Option("--format", help="csv, or md for Markdown.")
        ] = Format.CSV,
        output: Annotated[
            Path | None, typer.Option(help="The file to write; printed unless given.")
        ] = None,
    ) -> None:
        """Export a project's edge cases with their rulings."""
        with explained():
            found = asyncio.run(_cases(program, project))
        if output is None:
            _write(found, as_, sys.stdout)
            return
        with output.open("w", encoding="utf-8", newline="") as file:
            _write(found, as_, file)


def _pulse(export: typer.Typer, program: Program) -> None:
    @export.command("pulse")
    def pulse(
        poll: Annotated[int, typer.Option(help="The poll's number.")],
        output: Annotated[
            Path | None, typer.Option(help="The file to write; printed unless given.")
        ] = None,
    ) -> None:
        """Export a closed poll's sums as CSV, with the same rule of k as everywhere."""
        with explained():
            text = asyncio.run(_poll(program, poll))
        if output is None:
            sys.stdout.write(text)
        else:
            output.write_text(text, encoding="utf-8", newline="")


async def _poll(program: Program, poll_id: int) -> str:
    async with program.open_house() as container:
        workspace_id = await container.services.installations.local()
        found = await container.services.pulse_results.published(workspace_id, poll_id)
        if found is None:
            raise NotFound("no_results")
        return pulse_results.as_csv(container.languages.of(None), found)


def _root() -> None:
    """Keep the sub-command named even while there is only one."""


async def _cases(program: Program, project: str) -> Sequence[EdgeCase]:
    async with program.open_house() as container:
        return await container.services.edge_cases.export(project)


def _write(cases: Sequence[EdgeCase], as_: Format, file: TextIO) -> None:
    if as_ is Format.MARKDOWN:
        words = catalogue.load().of(None)
        file.writelines(f"{line}\n" for line in views.document(words, cases))
        return
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in cells(case)] for case in cases)
