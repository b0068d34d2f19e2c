"""`muster job`: carry out one occurrence by hand, or show what it would say."""

import asyncio
from typing import Annotated

import typer

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.clock import parse_instant
from bot.container import Container
from bot.rules.digests import Edition
from bot.rules.occurrences import DueOccurrence
from bot.rules.schedules import ScheduleKind
from bot.services.digest_planning import edition_of
from bot.views import catalogue
from bot.views import digests as views
from bot.views.words import Words

Squad = Annotated[str, typer.Option(help="The squad's name.")]
At = Annotated[
    str,
    typer.Option(metavar="INSTANT", help="As in 2026-03-10T09:00, in the squad's zone or with Z."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print it; nothing is stored or sent.")]


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command `job` with one sub-command for each job."""
    job = typer.Typer(no_args_is_help=True, help="Carry out one occurrence by hand.")
    cli.add_typer(job, name="job")

    @job.command("daily-digest")
    def daily(squad: Squad, at: At, dry_run: DryRun = False) -> None:
        """Post the daily digest of the day in which the instant lies, unless it was posted."""
        with explained():
            asyncio.run(_digest(program, ScheduleKind.DAILY_DIGEST, squad, at, dry_run=dry_run))

    @job.command("weekly-digest")
    def weekly(squad: Squad, at: At, dry_run: DryRun = False) -> None:
        """Post the weekly digest of the week in which the instant lies, unless it was posted."""
        with explained():
            asyncio.run(_digest(program, ScheduleKind.WEEKLY_DIGEST, squad, at, dry_run=dry_run))


async def _digest(
    program: Program, kind: ScheduleKind, squad: str, at: str, *, dry_run: bool
) -> None:
    words = catalogue.load().of(None)
    async with program.open_house() as container:
        occurrence = await _occurrence(container, kind, squad, at)
        if dry_run:
            await _preview(container, words, edition_of(occurrence))
            return
        outcome = await container.services.digests.plan(occurrence)
    typer.echo(words(f"digests.job.{outcome.value}", slot=occurrence.slot))


async def _occurrence(
    container: Container, kind: ScheduleKind, squad: str, at: str
) -> DueOccurrence:
    services = container.services
    workspace_id = await services.installations.local()
    today = await services.schedules.by_hand(workspace_id, squad, kind, container.clock.now())
    instant = parse_instant(at, today.schedule.zone)
    return await services.schedules.by_hand(workspace_id, squad, kind, instant)


async def _preview(container: Container, words: Words, edition: Edition) -> None:
    digests = container.services.digests
    found = await digests.content(edition)
    if found is None:
        typer.echo(words("digests.job.gone"))
        return
    typer.echo(views.text(words, found))
    for project in found.projects:
        trend = await digests.trend(edition, project.project_id)
        spec = views.chart(words, trend) if trend else None
        if spec is not None:
            typer.echo("")
            typer.echo(words("digests.job.chart", alt=spec.alt))
