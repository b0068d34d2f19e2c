"""`muster sample`: draw from a squad's work, or explain what was drawn and draw it once more."""

import asyncio
import json
import re
from typing import Annotated, Any

import typer

from bot.cli import tables
from bot.cli.explained import explained
from bot.cli.program import Program
from bot.errors import BadInput
from bot.rules.frames import Explained, week_range
from bot.rules.sampling import IsoWeek
from bot.services.sampling import Sampled
from bot.views import catalogue
from bot.views import draws as views

Squad = Annotated[str, typer.Option(help="The squad's name.")]
Project = Annotated[str, typer.Option(help="The project's name.")]
Week = Annotated[
    str | None,
    typer.Option(metavar="WEEK", help="As in 2026-W11: all of it, also if it is history."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say how many; nothing is stored.")]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show what was drawn, and draw it again from its seeds.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command."""

    @cli.command()
    def sample(
        squad: Squad,
        project: Project,
        week: Week = None,
        dry_run: DryRun = False,
        explain: Explain = False,
        as_json: Json = False,
    ) -> None:
        """Draw what is due to be audited; with a week all that it asks for, at once."""
        with explained():
            chosen = None if week is None else read_week(week)
            if explain:
                found = asyncio.run(_explain(program, squad, project, chosen))
                _show(squad, project, *found, as_json=as_json)
            else:
                made = asyncio.run(_draw(program, squad, project, chosen, dry=dry_run))
                _say(made, dry=dry_run, as_json=as_json)


def read_week(text: str) -> IsoWeek:
    """Read `2026-W11`. Raises BadInput("bad_week")."""
    found = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text.strip())
    if found is None:
        raise BadInput("bad_week", week=text[:20])
    week = IsoWeek(int(found[1]), int(found[2]))
    try:
        week_range(week, "UTC")
    except ValueError:
        raise BadInput("bad_week", week=text[:20]) from None
    return week


async def _draw(
    program: Program, squad: str, project: str, week: IsoWeek | None, *, dry: bool
) -> tuple[Sampled, ...]:
    async with program.open_house() as container:
        return await container.services.sampling.at_shell(squad, project, week, dry=dry)


async def _explain(
    program: Program, squad: str, project: str, week: IsoWeek | None
) -> tuple[IsoWeek, tuple[Explained, ...]]:
    async with program.open_house() as container:
        return await container.services.sampling.explain(squad, project, week)


def _say(made: tuple[Sampled, ...], *, dry: bool, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "week": views.week_name(each.week),
                "frames": each.frames,
                "drawn": each.drawn,
                "changed": each.changed,
                "dry_run": dry,
            }
            for each in made
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    words = catalogue.load().of(None)
    for each in made:
        key = "draws.week.dry" if dry else "draws.week"
        week = views.week_name(each.week)
        typer.echo(words(key, week=week, drawn=each.drawn, frames=each.frames))
        if each.changed:
            typer.echo(words("draws.changed", n=each.changed))


def _show(
    squad: str,
    project: str,
    week: IsoWeek,
    found: tuple[Explained, ...],
    *,
    as_json: bool,
) -> None:
    if as_json:
        typer.echo(json.dumps([_row(each) for each in found], indent=2, ensure_ascii=False))
        return
    words = catalogue.load().of(None)
    if not found:
        typer.echo(words("draws.nothing", week=views.week_name(week)))
        return
    shown = views.sheet(words, squad, project, week, found)
    table = tables.table(shown.columns, title=shown.title, figures=True)
    for row in shown.rows:
        table.add_row(*row)
    tables.show(table)
    for note in shown.notes:
        typer.echo(note)


def _row(one: Explained) -> dict[str, Any]:
    frame = one.frame
    return {
        "contributor": one.contributor,
        "week": views.week_name(frame.week),
        "cut_at": frame.cut_at.isoformat(),
        "after_id": frame.after_id,
        "through_id": frame.through_id,
        "seed": frame.seed,
        "groups": [[group.batch, group.version, n] for group, n in frame.groups],
        "population": frame.size,
        "drawn": frame.prefix,
        "probability": frame.prefix / frame.size,
        "submission_ids": list(one.submission_ids),
        "tasks": list(one.tasks),
        "audited": one.coverage.audited,
        "skipped": {reason.value: n for reason, n in one.coverage.reasons.items()},
        "open": one.coverage.open,
        "given_up": one.coverage.expired,
        "reproduced": one.redrawn,
    }
