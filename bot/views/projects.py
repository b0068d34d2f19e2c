"""The project form: what it shows, what is said of fields that cannot be read, and the receipt."""

from collections.abc import Sequence
from typing import Final

from bot.rules.payloads import Payload
from bot.rules.project_input import batch_lines, category_lines
from bot.rules.projects import (
    BATCH_LIMIT,
    CRITERIA_LIMIT,
    LINK_LIMIT,
    NAME_LIMIT,
    Field,
    Problem,
    ProjectSheet,
    ReadyMade,
    SavedProject,
)
from bot.views import blocks
from bot.views.blocks import Block, View
from bot.views.words import Words

FORM: Final = "projects.form"
OPEN: Final = "projects.open"
NO_SET: Final = "none"

PROBLEMS_SHOWN: Final = 5
"""Lines named under one field; who has more wrong lines sees the rest after mending these."""

BATCHES_SHOWN: Final = 60
"""Their keys travel in the form, which Slack limits; what is not shown stays as it is."""


class OpenProject(Payload):
    """A button that opens the form of a squad's project; None for its only one or a new one."""

    squad_id: int
    project_id: int | None = None


class ProjectMeta(Payload):
    """What the form is about, and which categories and batches its lines showed.

    `name` is what the form proposed for a new project, for a field left as it was may come empty.
    """

    squad_id: int
    project_id: int | None
    name: str = ""
    categories: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()


def form(words: Words, sheet: ProjectSheet) -> View:
    """Return the form of a project, or of one about to be made."""
    project = sheet.project
    said, shown = category_lines(sheet.categories)
    planned, drawn = batch_lines(sheet.batches[:BATCHES_SHOWN])
    meta = ProjectMeta(
        squad_id=sheet.squad_id,
        project_id=project.project_id if project else None,
        name="" if project else sheet.name,
        categories=tuple(sorted(shown)),
        batches=tuple(sorted(drawn)),
    )
    about = words("projects.form.about", squad=blocks.escape(sheet.squad))
    if project is not None:
        about = f"{about} {words('projects.form.keep')}"
    return blocks.modal(
        words("projects.form.title" if project else "projects.form.title_new"),
        FORM,
        [
            blocks.section(about),
            _text(words, Field.NAME, sheet.name, NAME_LIMIT, optional=False),
            _text(
                words,
                Field.LINK,
                project.link_template if project else None,
                LINK_LIMIT,
                example=words("projects.link.example"),
            ),
            _ready_made(words, creating=project is None),
            _lines(words, Field.CATEGORIES, said, len(sheet.categories)),
            _text(
                words,
                Field.CRITERIA,
                project.acceptance_criteria if project else None,
                CRITERIA_LIMIT,
                multiline=True,
            ),
            _lines(words, Field.BATCHES, planned, len(sheet.batches)),
            _text(words, Field.VOLUME, _number(project.planned_volume if project else None), 12),
            _text(words, Field.AUDITS, _number(project.audits_per_week if project else None), 12),
        ],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=meta.encode(),
    )


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _text(
    words: Words,
    name: Field,
    initial: str | None,
    limit: int,
    *,
    optional: bool = True,
    multiline: bool = False,
    example: str | None = None,
) -> Block:
    element = blocks.text_input(
        name.value,
        initial=initial,
        multiline=multiline,
        max_length=limit,
        placeholder=example,
    )
    hint = f"projects.{name.value}.hint"
    return blocks.field(
        words(f"projects.{name.value}.label"),
        element,
        block_id=name.value,
        optional=optional,
        hint=words(hint) if words.has(hint) else None,
    )


def _lines(words: Words, name: Field, lines: Sequence[str], total: int) -> Block:
    hint = words(f"projects.{name.value}.hint")
    if total > len(lines):
        hint = f"{hint} {words.plural('projects.lines.unseen', total - len(lines))}"
    element = blocks.text_input(
        name.value,
        initial="\n".join(lines),
        multiline=True,
        placeholder=words(f"projects.{name.value}.example"),
    )
    label = words(f"projects.{name.value}.label")
    return blocks.field(label, element, block_id=name.value, optional=True, hint=hint)


def _ready_made(words: Words, *, creating: bool) -> Block:
    none = blocks.option(
        words("projects.set.none_new" if creating else "projects.set.none"), NO_SET
    )
    sets = [
        blocks.option(words(f"taxonomy.{which.value}.title"), which.value) for which in ReadyMade
    ]
    menu = blocks.menu(
        Field.SET.value,
        [*sets, none] if creating else [none, *sets],
        placeholder=words("projects.set.placeholder"),
        initial=None if creating else none,
    )
    label = words("projects.set.label_new" if creating else "projects.set.label")
    return blocks.field(label, menu, block_id=Field.SET.value, optional=not creating)


def problems(words: Words, found: Sequence[Problem]) -> dict[str, str]:
    """Return what is wrong by block id: one sentence each, which names its lines."""
    by_field: dict[str, list[str]] = {}
    for problem in found:
        by_field.setdefault(problem.field.value, []).append(_problem(words, problem))
    errors = {}
    for name, sentences in by_field.items():
        shown = sentences[:PROBLEMS_SHOWN]
        if len(sentences) > PROBLEMS_SHOWN:
            shown.append(words("common.and_more", n=len(sentences) - PROBLEMS_SHOWN))
        errors[name] = " ".join(shown)
    return errors


def _problem(words: Words, problem: Problem) -> str:
    """Return one sentence; plain text, for Slack shows the errors of a form as they are."""
    values = {
        name: blocks.clean(blocks.clip(value, BATCH_LIMIT)) if isinstance(value, str) else value
        for name, value in problem.values.items()
    }
    sentence = words(f"projects.problem.{problem.code}", **values)
    if problem.line is None:
        return sentence
    return words("projects.problem.at_line", line=problem.line, sentence=sentence)


def saved(words: Words, receipt: SavedProject) -> View:
    """Return what takes the form's place once it is saved."""
    name, squad = blocks.escape(receipt.project.name), blocks.escape(receipt.squad)
    first = words(
        "projects.saved.new" if receipt.is_new else "projects.saved.changed",
        project=name,
        squad=squad,
    )
    has = words(
        "projects.saved.has",
        categories=words.plural("projects.saved.categories", receipt.categories),
        batches=words.plural("projects.saved.batches", receipt.batches),
    )
    lines = [first, has]
    if receipt.retired:
        lines.append(words.plural("projects.saved.retired", receipt.retired))
    if not receipt.categories:
        lines.append(words("projects.saved.no_categories"))
    elif receipt.is_new:
        lines.append(words("projects.saved.next"))
    return blocks.modal(
        words("projects.form.title"),
        "projects.saved",
        [blocks.section("\n".join(lines))],
        submit=None,
        close=words("common.close"),
    )
