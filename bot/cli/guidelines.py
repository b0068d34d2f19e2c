"""`muster import guidelines` and `muster ask`: load what the work is judged by, and ask it."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.errors import BadInput
from bot.rules.guidelines import Answer, GuidelinesImported, GuidelinesRequest, Unread
from bot.views import catalogue
from bot.views import guidelines as views

TOP_FOR_PEOPLE = 3
TOP_FOR_PROGRAMS = 10

Source = Annotated[Path, typer.Argument(metavar="DIR_OR_FILE", help="Markdown, HTML or text.")]
Project = Annotated[str, typer.Option(help="The project's name.")]
Version = Annotated[str, typer.Option(help="This version's name, as in 2.1 or 2026-03.")]
Create = Annotated[bool, typer.Option("--create", help="Make the project if it is missing.")]
BaseUrl = Annotated[
    str | None,
    typer.Option(help="Where the documents stand; {path} stands for the path without suffix."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Text = Annotated[str | None, typer.Argument(metavar="[TEXT]", help="The question.")]
Batch = Annotated[
    Path | None,
    typer.Option(help='A file of questions, a line each: {"id": "q1", "question": "…"}.'),
]
Top = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=100,
        help=f"At most so many passages; {TOP_FOR_PEOPLE} unless said, {TOP_FOR_PROGRAMS} in JSON.",
    ),
]


class Asked(NamedTuple):
    """A question with the id its file gives it."""

    id: object
    question: str


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-commands; `import` is a group that other imports share."""

    @_imports(cli).command("guidelines")
    def load(
        source: Source,
        *,
        project: Project,
        version: Version,
        create: Create = False,
        base_url: BaseUrl = None,
        as_json: AsJson = False,
    ) -> None:
        """Import a folder or file as a version of a project's guidelines."""
        request = GuidelinesRequest(
            project=project, version=version, create=create, base_url=base_url
        )
        with explained():
            done = asyncio.run(_import(program, request, source))
        _print_import(done, as_json=as_json)

    @cli.command()
    def ask(
        text: Text = None,
        *,
        project: Project,
        batch: Batch = None,
        top: Top = None,
        as_json: AsJson = False,
    ) -> None:
        """Ask a project's guidelines; a batch is answered in JSON, a line for each question."""
        in_json = as_json or batch is not None
        most = top or (TOP_FOR_PROGRAMS if in_json else TOP_FOR_PEOPLE)
        with explained():
            asked = _asked(text, batch)
            answers = asyncio.run(_ask(program, project, asked, most))
        for each, answer in zip(asked, answers, strict=True):
            if in_json:
                typer.echo(json.dumps(_answer(each, answer), ensure_ascii=False))
            else:
                typer.echo("\n".join(views.answer(catalogue.load().of(None), answer)))


def _imports(cli: typer.Typer) -> typer.Typer:
    for group in cli.registered_groups:
        if group.name == "import" and group.typer_instance is not None:
            return group.typer_instance
    made = typer.Typer(no_args_is_help=True, help="Import files; nothing is sent to anybody.")
    made.callback()(_root)
    cli.add_typer(made, name="import")
    return made


def _root() -> None:
    """Keep the sub-command named even while there is only one."""


async def _import(program: Program, request: GuidelinesRequest, source: Path) -> GuidelinesImported:
    async with program.open_house() as container:
        return await container.services.guidelines.import_at_shell(request, source)


async def _ask(
    program: Program, project: str, asked: Sequence[Asked], top: int
) -> Sequence[Answer]:
    async with program.open_house() as container:
        questions = [each.question for each in asked]
        return await container.services.guidelines.ask_at_shell(project, questions, top)


def _asked(text: str | None, batch: Path | None) -> list[Asked]:
    if (text is None) == (batch is None):
        raise BadInput("guidelines_ask_what")
    if batch is None:
        return [Asked(None, text or "")]
    try:
        lines = batch.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("guidelines_batch_missing", path=str(batch)) from error
    return [_line(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _line(number: int, line: str) -> Asked:
    try:
        said = json.loads(line)
        question = said["question"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("guidelines_batch", line=number) from error
    if not isinstance(question, str):
        raise BadInput("guidelines_batch", line=number)
    return Asked(said.get("id"), question)


def _answer(asked: Asked, answer: Answer) -> dict[str, object]:
    return {
        "id": asked.id,
        "answerable": answer.answerable,
        "confidence": round(answer.confidence, 4),
        "passages": [
            {
                "document": each.passage.document,
                "section": each.passage.section,
                "score": round(each.score, 4),
                "url": each.url,
            }
            for each in answer.passages
        ],
    }


def _print_import(done: GuidelinesImported, *, as_json: bool) -> None:
    words = catalogue.load().of(None)
    if not as_json:
        typer.echo("\n".join(views.imported(words, done)))
        return

    def left_out(each: Unread) -> dict[str, str]:
        return {"document": each.document, "reason": views.why(words, each)}

    changes = done.changes
    report = {
        "project": done.project,
        "version": done.version,
        "new": done.fresh,
        "documents": done.documents,
        "passages": done.passages,
        "unread": [left_out(each) for each in done.unread],
        "before": done.before,
        "changes": changes
        and {
            kind: [
                {"document": key.document, "section": views.path(key)}
                for key in getattr(changes, kind)
            ]
            for kind in ("added", "changed", "removed")
        },
        "findings": done.findings,
        "verified": done.verified,
    }
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
