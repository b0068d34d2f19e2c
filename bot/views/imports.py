"""What an import would do and did, for the shell and for Slack; and where a file belongs.

The lines are mrkdwn without markup of their own, so the shell shows them unescaped.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.rules.imports import Choice, CitedSections, Imported, Sampling
from bot.rules.intake import FileKind, Rejected
from bot.rules.payloads import Payload
from bot.views import blocks, figures
from bot.views.blocks import Block, Message
from bot.views.words import Words

RUN: Final = "imports.run"
CHOOSE: Final = "imports.choose"

SHOWN: Final = 10
"""Rejected rows shown to a person; the rest is counted."""

LISTED: Final = 12
"""Columns and categories named in one line."""

_VALUE: Final = 60
_NAME: Final = 120


class ImportFile(Payload):
    """A dropped file, what it is about, and where it goes."""

    file: str
    kind: FileKind
    squad: int
    project: int | None = None
    sampling: Sampling = Sampling.UNKNOWN


def reason(words: Words, rejected: Rejected) -> str:
    """Say why a row stays out, the column first."""
    said = words(f"imports.reason.{rejected.reason}", **_shown(words, rejected.fields))
    return f"{blocks.escape(rejected.column)}: {said}" if rejected.column else said


def _shown(words: Words, fields: Mapping[str, object]) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, str):
            shown[name] = blocks.escape(blocks.clip(value, _VALUE))
        elif isinstance(value, list | tuple):
            shown[name] = _listed(words, [str(each) for each in value])
        else:
            shown[name] = value
    return shown


def _listed(words: Words, names: Sequence[str]) -> str:
    some = [blocks.escape(blocks.clip(name, _VALUE)) for name in names[:LISTED]]
    if len(names) > LISTED:
        some.append(words("common.and_more", n=len(names) - LISTED))
    return ", ".join(some) or words("common.none")


def report(words: Words, done: Imported) -> list[str]:
    """Return the lines that say what an import would do (`dry`) or did."""
    if done.repeated:
        return [_headline(words, done)]
    return [_headline(words, done), *_facts(words, done), *_left_out(words, done)]


def _headline(words: Words, done: Imported) -> str:
    if done.repeated and not done.report.read:
        return words("imports.running", place=_place(words, done))
    key = "imports.would" if done.dry else "imports.did"
    rows = words.plural(f"imports.kind.{done.kind}", done.report.read)
    return words(
        "imports.repeated" if done.repeated else key,
        rows=rows,
        place=_place(words, done),
        new=figures.number(done.report.new),
        revised=figures.number(done.report.revised),
        unchanged=figures.number(done.report.unchanged),
        rejected=figures.number(done.report.rejected_count),
    )


def _place(words: Words, done: Imported) -> str:
    there = done.destination
    squad = blocks.escape(there.squad)
    if there.project is None:
        return squad
    return words("imports.place", squad=squad, project=blocks.escape(there.project))


def _facts(words: Words, done: Imported) -> list[str]:
    """Say how the file was read, for people to check before they believe what came of it."""
    facts = done.facts
    lines = []
    if done.strangers:
        lines.append(words.plural("imports.strangers", done.strangers))
    if done.kind is FileKind.AUDITS and not done.dry:
        lines.append(words(f"imports.sampling.{done.sampling}"))
    if done.categories:
        lines.append(words("imports.categories", names=_listed(words, done.categories)))
    if done.gold:
        lines.append(words.plural("imports.gold", done.gold))
    if done.cited:
        lines += _cited(words, done.cited)
    written = words(f"imports.format.{facts.format}")
    lines.append(words("imports.read", format=written, encoding=facts.encoding))
    if done.assumed:
        lines.append(words.plural("imports.assumed", done.assumed, zone=facts.zone))
    if facts.undecodable:
        lines.append(words.plural("imports.undecodable", facts.undecodable))
    if facts.ignored:
        lines.append(words("imports.ignored", columns=_listed(words, facts.ignored)))
    if done.dry:
        lines.append(words("imports.nothing_sent"))
    return lines


def _cited(words: Words, cited: CitedSections) -> list[str]:
    """Say which of the sections that findings cite stand in the guidelines."""
    n = len(cited.texts)
    lines = [words("imports.sections", found=n - len(cited.missing), cited=n)]
    if cited.missing:
        missing = _listed(words, sorted(cited.missing))
        lines.append(words("imports.sections.missing", names=missing))
    return lines


def _left_out(words: Words, done: Imported) -> list[str]:
    rejected = done.report.rejected
    if not rejected:
        return []
    lines = [words("imports.left_out")]
    lines += [
        words("imports.row", row=each.row, reason=reason(words, each)) for each in rejected[:SHOWN]
    ]
    more = done.report.rejected_count - min(SHOWN, len(rejected))
    if more:
        lines.append(words.plural("imports.more_rows", more))
    return lines


def summary(words: Words, name: str, done: Imported, payload: ImportFile) -> Message:
    """Show what an import would do, with the button that does it."""
    lines = report(words, done)
    shown = [blocks.section(_file(name)), blocks.section("\n".join(lines))]
    if done.report.new or done.report.revised:
        shown += _buttons(words, payload)
    return blocks.message(lines[0], shown)


def _buttons(words: Words, payload: ImportFile) -> list[Block]:
    """Return the button; for audits one for each way in which they may have been picked."""
    if payload.kind is not FileKind.AUDITS:
        button = blocks.button(words("imports.button"), RUN, payload.encode(), style="primary")
        return [blocks.actions(button)]
    # A row each, for Slack wants the ids within a row to differ.
    rows = [
        blocks.actions(
            blocks.button(
                words(f"imports.button.{sampling}"),
                RUN,
                payload.model_copy(update={"sampling": sampling}).encode(),
            ),
            block_id=sampling.value,
        )
        for sampling in Sampling
    ]
    return [blocks.section(words("imports.ask_sampling")), *rows]


def finished(words: Words, name: str, done: Imported) -> Message:
    """Show what an import did."""
    lines = report(words, done)
    return blocks.message(lines[0], [blocks.section(_file(name)), blocks.section("\n".join(lines))])


def started(words: Words, name: str) -> Message:
    """Say that an import has begun, in place of its button."""
    return blocks.message(words("imports.started", name=_file(name)))


def ask_place(
    words: Words, name: str, file: str, kind: FileKind, choices: Sequence[Choice]
) -> Message:
    """Ask which squad and project a file belongs to."""
    said = words(
        "imports.ask_place",
        name=blocks.escape(blocks.clip(name, _NAME)),
        what=words(f"imports.what.{kind}"),
    )
    options = [
        blocks.option(
            _choice(words, each),
            ImportFile(file=file, kind=kind, squad=each.squad_id, project=each.project_id).encode(),
        )
        for each in choices
    ]
    menu = blocks.menu(CHOOSE, options, placeholder=words("imports.choose_place"))
    return blocks.message(said, [blocks.section(said), blocks.actions(menu)])


def _choice(words: Words, choice: Choice) -> str:
    if choice.project is None:
        return choice.squad
    return words("imports.place", squad=choice.squad, project=choice.project)


def _file(name: str) -> str:
    return f"*{blocks.escape(blocks.clip(name, _NAME))}*"
