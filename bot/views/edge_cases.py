"""The log of edge cases as people read and fill it, and a case as an answer."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.rules.edge_cases import (
    EXAMPLES_FIELD,
    EXAMPLES_LIMIT,
    RULING_FIELD,
    RULING_LIMIT,
    SECTION_FIELD,
    SECTION_LIMIT,
    TASK_FIELD,
    TASK_LIMIT,
    TITLE_FIELD,
    TITLE_LIMIT,
    EdgeCase,
    EdgeSheet,
)
from bot.rules.payloads import Payload
from bot.rules.questions import Scope
from bot.views import blocks, dates
from bot.views.blocks import Block, Message, View
from bot.views.words import Words

FORM: Final = "edge.log"

TITLE_SHOWN: Final = 200
RULING_SHOWN: Final = 600
ANSWER_SHOWN: Final = 2_500


class EdgeMeta(Payload):
    """Where a case belongs while its form is open, and the finding it came from."""

    squad_id: int
    project_id: int
    finding_id: int | None = None


def form(words: Words, sheet: EdgeSheet) -> View:
    """Return the form of a case."""
    lines = (
        ("edge.form.case", TITLE_FIELD, sheet.title, TITLE_LIMIT, True),
        ("edge.form.ruling", RULING_FIELD, None, RULING_LIMIT, True),
        ("edge.form.section", SECTION_FIELD, sheet.section, SECTION_LIMIT, False),
        ("edge.form.examples", EXAMPLES_FIELD, None, EXAMPLES_LIMIT, False),
        ("edge.form.task", TASK_FIELD, sheet.task, TASK_LIMIT, False),
    )
    parts = [
        blocks.field(
            words(key),
            blocks.text_input(
                field,
                initial=initial,
                multiline=field in {TITLE_FIELD, RULING_FIELD, EXAMPLES_FIELD},
                max_length=min(limit, 3_000),
            ),
            block_id=field,
            optional=not needed,
        )
        for key, field, initial, limit, needed in lines
    ]
    meta = EdgeMeta(
        squad_id=sheet.squad_id, project_id=sheet.project_id, finding_id=sheet.finding_id
    )
    project = words("edge.form.project", project=blocks.escape(sheet.project))
    return blocks.modal(
        words("edge.form.title"),
        FORM,
        [blocks.section(project), *parts],
        submit=words("common.save"),
        close=words("common.cancel"),
        metadata=meta.encode(),
    )


def saved(words: Words, case: EdgeCase) -> View:
    """Return what was logged, in place of the form."""
    sentence = words("edge.saved", project=blocks.escape(case.project))
    return blocks.modal(
        words("edge.form.title"),
        "edge.saved",
        [blocks.section(sentence)],
        submit=None,
        close=words("common.close"),
    )


def which(words: Words, scopes: Sequence[Scope]) -> Message:
    """Ask which project a case is from."""
    example = blocks.escape(scopes[0].project)
    return blocks.message(words("edge.which", example=example))


def listed(words: Words, cases: Sequence[EdgeCase]) -> Message:
    """Return the latest cases with their rulings."""
    if not cases:
        return blocks.message(words("edge.list.none"))
    title = words("edge.list.title")
    parts = [blocks.section(f"*{title}*")]
    for case in cases:
        parts.append(
            blocks.section(
                words(
                    "edge.list.item",
                    title=blocks.escape(blocks.clip(case.title, TITLE_SHOWN)),
                    ruling=blocks.quote(case.ruling, RULING_SHOWN),
                )
            )
        )
        parts.append(blocks.context(*_facts(words, case)))
    return blocks.message(title, blocks.fit(parts, words("questions.more")))


def _facts(words: Words, case: EdgeCase) -> list[str]:
    facts = [
        words(
            "edge.list.facts",
            project=blocks.escape(case.project),
            day=dates.day(words, case.ruled_at.date()),
            name=blocks.escape(case.by),
        )
    ]
    if case.section:
        facts.append(words("edge.list.section", section=blocks.escape(case.section)))
    if case.task:
        facts.append(words("edge.list.task", task=blocks.escape(case.task)))
    return facts


def answer(words: Words, case: EdgeCase) -> list[Block]:
    """Return a case as the answer to a question like it."""
    version = ""
    if case.version is not None:
        version = words("verified.version", version=blocks.escape(case.version))
    title = blocks.escape(blocks.clip(case.title, TITLE_SHOWN))
    ruled = words(
        "edge.ruling",
        name=blocks.escape(case.by),
        day=dates.day(words, case.ruled_at.date()),
        version=version,
    )
    small = [ruled]
    if case.section:
        small.append(words("verified.form.section", section=blocks.escape(case.section)))
    return [
        blocks.section(
            f"{words('edge.title', title=title)}\n{blocks.quote(case.ruling, ANSWER_SHOWN)}"
        ),
        blocks.context(*small),
    ]


def document(words: Words, cases: Sequence[EdgeCase]) -> Iterator[str]:
    """Yield the log as a Markdown document, a section a case, in which nothing links or embeds."""
    yield f"# {words('edge.document.title')}"
    for case in cases:
        facts = [words("edge.document.by", day=case.ruled_at.date().isoformat(), name=case.by)]
        if case.version:
            facts.append(words("edge.document.version", version=case.version))
        if case.section:
            facts.append(words("edge.list.section", section=case.section))
        if case.task:
            facts.append(words("edge.list.task", task=case.task))
        yield from ("", f"## {_one_line(case.title)}", "", _inert(case.ruling), "")
        if case.examples:
            yield from (words("edge.document.examples"), "", _inert(case.examples), "")
        yield f"_{_one_line(', '.join(facts))}_"


def _one_line(text: str) -> str:
    return " ".join(_inert(text).split())


def _inert(text: str) -> str:
    """Return text in which Markdown makes no link, image or HTML."""
    return text.replace("<", "&lt;").replace("](", "]\\(").replace("![", "!\\[")
