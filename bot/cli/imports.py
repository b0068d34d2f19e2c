"""`muster import KIND FILE`: files of annotation tools go in, with a progress bar and a report."""

import asyncio
import gc
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.rules.imports import Imported, ImportRequest, Operator, Sampling
from bot.rules.intake import FileFormat, FileKind
from bot.services.imports import Progress as Heard
from bot.views import catalogue, imports

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="A CSV or JSON Lines file; submissions and gold also from Label Studio; or .gz.",
    ),
]
Squad = Annotated[str, typer.Option(help="The squad's name.")]
Project = Annotated[str, typer.Option(help="The project's name.")]
MaybeProject = Annotated[str | None, typer.Option(help="A project to link to the squad.")]
Create = Annotated[
    bool, typer.Option("--create", help="Make the squad, project or categories that are missing.")
]
Format = Annotated[
    FileFormat, typer.Option("--format", help="How the file is written; auto looks.")
]
Zone = Annotated[
    str | None,
    typer.Option(help="IANA zone of times without offset, else the squad's (a new one's: UTC)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
Picked = Annotated[Sampling, typer.Option(help="How the audited work was picked.")]


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command `import` with one sub-command a kind of file."""
    group = typer.Typer(no_args_is_help=True, help="Import files; nothing is sent to anybody.")
    cli.add_typer(group, name="import")
    _with_project(group, program, FileKind.SUBMISSIONS, "Import contributors' finished work.")
    _audits(group, program)
    _roster(group, program)
    _with_project(group, program, FileKind.PLAN, "Import batches with size, due day and priority.")
    _with_project(group, program, FileKind.TAXONOMY, "Import error categories.")
    _with_project(group, program, FileKind.GOLD, "Import gold answers: tasks and their labels.")


def _with_project(group: typer.Typer, program: Program, kind: FileKind, what: str) -> None:
    @group.command(kind.value, help=what)
    def run(
        file: File,
        *,
        squad: Squad,
        project: Project,
        create: Create = False,
        fmt: Format = FileFormat.AUTO,
        zone: Zone = None,
        as_json: AsJson = False,
        dry_run: DryRun = False,
    ) -> None:
        request = ImportRequest(
            kind=kind, squad=squad, project=project, fmt=fmt, zone=zone, create=create
        )
        _run(program, request, file, as_json=as_json, dry=dry_run)


def _audits(group: typer.Typer, program: Program) -> None:
    @group.command("audits", help="Import audits with their findings.")
    def run(
        file: File,
        *,
        squad: Squad,
        project: Project,
        sampling: Picked = Sampling.UNKNOWN,
        create: Create = False,
        fmt: Format = FileFormat.AUTO,
        zone: Zone = None,
        as_json: AsJson = False,
        dry_run: DryRun = False,
    ) -> None:
        request = ImportRequest(
            kind=FileKind.AUDITS,
            squad=squad,
            project=project,
            fmt=fmt,
            zone=zone,
            sampling=sampling,
            create=create,
        )
        _run(program, request, file, as_json=as_json, dry=dry_run)


def _roster(group: typer.Typer, program: Program) -> None:
    @group.command("roster", help="Import people with roles, status and tags.")
    def run(
        file: File,
        *,
        squad: Squad,
        project: MaybeProject = None,
        create: Create = False,
        fmt: Format = FileFormat.AUTO,
        zone: Zone = None,
        as_json: AsJson = False,
        dry_run: DryRun = False,
    ) -> None:
        request = ImportRequest(
            kind=FileKind.ROSTER, squad=squad, project=project, fmt=fmt, zone=zone, create=create
        )
        _run(program, request, file, as_json=as_json, dry=dry_run)


def _run(program: Program, request: ImportRequest, file: Path, *, as_json: bool, dry: bool) -> None:
    # Whoever pipes JSON somewhere is a program, and wants no bar.
    shows_bar = not as_json or sys.stdout.isatty()
    with explained():
        done = asyncio.run(_import(program, request, file, dry=dry, shows_bar=shows_bar))
    words = catalogue.load().of(None)
    if as_json:
        report = done.report.to_json(lambda each: unescape(imports.reason(words, each)))
        if done.cited is not None:
            report = {**report, "sections_missing": sorted(done.cited.missing)}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for line in imports.report(words, done):
            typer.echo(unescape(line))


async def _import(
    program: Program, request: ImportRequest, file: Path, *, dry: bool, shows_bar: bool
) -> Imported:
    # Rows are millions of tuples and no garbage: looking for it among them takes a twentieth of the
    # time, and a row that is done with goes by its count.
    gc.set_threshold(50_000, 20, 100)
    async with program.open_house() as container, _bar(shown=shows_bar) as heard:
        service = container.services.imports
        door = Operator(await container.services.installations.local())
        act = service.plan if dry else service.run
        return await act(door, request, file, progress=heard)


@asynccontextmanager
async def _bar(*, shown: bool) -> AsyncIterator[Heard]:
    """Show progress on stderr; on a terminal as a moving bar, else once at the end."""
    columns = (TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=Console(stderr=True), disable=not shown, transient=True
    ) as progress:
        task = progress.add_task("rows", total=None)

        def heard(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield heard
