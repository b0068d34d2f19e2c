"""What an import of guidelines did, and what the guidelines say, as lines for the shell."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot import clock
from bot.rules.guidelines import (
    FILE_LIMIT_MB,
    PASSAGE_LIMIT,
    SEPARATOR,
    Answer,
    Changes,
    GuidelinesImported,
    Loaded,
    Ranked,
    SectionKey,
    Trouble,
    Unread,
)
from bot.views import blocks, dates, figures
from bot.views.blocks import Message
from bot.views.words import Words

LISTED: Final = 20
"""Sections and files named one by one; the rest is counted."""

QUOTED: Final = 600
"""Characters of a passage that are quoted."""


def imported(words: Words, done: GuidelinesImported) -> list[str]:
    """Return the report of an import, line by line."""
    values = {
        "project": done.project,
        "version": done.version,
        "passages": figures.number(done.passages),
        "documents": figures.number(done.documents),
    }
    lines = [
        words("guidelines.import.fresh", **values)
        if done.fresh
        else words("guidelines.import.same", project=done.project, version=done.version)
    ]
    if done.changes is not None:
        lines += _changes(words, done.before or "", done.changes)
    if done.verified:
        lines.append(words("guidelines.import.verified", n=figures.number(done.verified)))
    if done.findings:
        lines.append(words("guidelines.import.findings", n=figures.number(done.findings)))
    return [*lines, *_clipped(words, [_unread(words, each) for each in done.unread])]


def _changes(words: Words, before: str, changes: Changes) -> Iterator[str]:
    kinds: dict[str, Sequence[SectionKey]] = {
        "changed": changes.changed,
        "added": changes.added,
        "removed": changes.removed,
    }
    if not any(kinds.values()):
        yield words("guidelines.import.no_changes", before=before)
        return
    counts = {kind: figures.number(len(keys)) for kind, keys in kinds.items()}
    yield words("guidelines.import.changes", before=before, **counts)
    for kind, keys in kinds.items():
        yield from _clipped(words, [_section(words, kind, key) for key in keys])


def _section(words: Words, kind: str, key: SectionKey) -> str:
    return words(f"guidelines.change.{kind}", document=key.document, section=path(key))


def path(key: SectionKey) -> str:
    """Return a section's heading path, as people read it."""
    return SEPARATOR.join(key.headings)


def _clipped(words: Words, lines: Sequence[str]) -> list[str]:
    if len(lines) <= LISTED:
        return list(lines)
    return [*lines[:LISTED], words("common.and_more", n=len(lines) - LISTED)]


def _unread(words: Words, each: Unread) -> str:
    return words("guidelines.import.unread", document=each.document, why=why(words, each))


def why(words: Words, each: Unread) -> str:
    """Say why a file stays out, in a few words."""
    limit = FILE_LIMIT_MB if each.trouble is Trouble.TOO_LARGE else PASSAGE_LIMIT
    return words(f"guidelines.unread.{each.trouble.value}", limit=figures.number(limit))


def loaded(words: Words, found: Sequence[Loaded], zone: str) -> Message:
    """Return what is loaded for each project, for `/muster guidelines`."""
    title = words("guidelines.loaded.title")
    parts = [blocks.section(_loaded(words, each, zone)) for each in found]
    return blocks.message(title, [blocks.section(f"*{title}*"), *parts])


def _loaded(words: Words, each: Loaded, zone: str) -> str:
    project = blocks.escape(each.project)
    if each.edition is None or each.created_at is None:
        return words("guidelines.loaded.none", project=project)
    edition = each.edition
    lines = [
        words(
            "guidelines.loaded.version",
            project=project,
            version=blocks.escape(edition.version),
            documents=figures.number(edition.documents),
            passages=figures.number(edition.passages),
            day=dates.day(words, clock.local_day(each.created_at, zone)),
        )
    ]
    if each.versions > 1:
        lines.append(words.plural("guidelines.loaded.before", each.versions - 1))
    lines.append(
        words("guidelines.loaded.kept", verified=each.verified, edge_cases=each.edge_cases)
    )
    return "\n".join(lines)


def answer(words: Words, found: Answer) -> list[str]:
    """Return an answer for the shell: how sure it is, then each passage with its source."""
    if not found.passages:
        return [words("guidelines.ask.nothing", version=found.version)]
    if not found.answerable:
        lines = [words("guidelines.ask.none", version=found.version)]
    elif found.sure:
        lines = [words("guidelines.ask.sure", version=found.version)]
    else:
        lines = [words("guidelines.ask.unsure", version=found.version)]
    for each in found.passages:
        lines += ["", *_passage(each)]
    return lines


def _passage(each: Ranked) -> Iterator[str]:
    yield f"{each.passage.section}  [{each.passage.document}]"
    if each.url:
        yield each.url
    text = blocks.clip(each.passage.text, QUOTED)
    yield "\n".join(f"  {line}" for line in text.splitlines())
