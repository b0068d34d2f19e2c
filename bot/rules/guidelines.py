"""Guidelines as records: what was read from a folder, the passages of a version, an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Final, NamedTuple
from urllib.parse import quote

VERSION_LIMIT: Final = 80
"""Characters of a version's name."""

HEADING_LIMIT: Final = 300
"""Characters of one heading; the same as of a finding's section."""

QUESTION_LIMIT: Final = 4_000
"""Characters of a question that are read; Slack's own limit for a message."""

FILE_LIMIT_MB: Final = 4
"""Megabytes of one file; a book of a thousand pages has less."""

PASSAGE_LIMIT: Final = 50_000
"""Passages of one version; five times what the search is measured with."""

SEPARATOR: Final = " › "


class BlockKind(StrEnum):
    """What a piece of a passage is: examples, code and tables of data say little in words."""

    PROSE = "prose"
    EXAMPLE = "example"


class Block(NamedTuple):
    """A paragraph, a list item, a table, or an example; plain text without markup."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One section of one document, or a part of a long one.

    `document` is relative to the imported folder, with `/`. `headings` leads from the document's
    first level down to the section and leaves out the title. `tags` are words that the document
    says of itself (its front matter or keywords).
    """

    document: str
    title: str
    headings: tuple[str, ...] = ()
    anchor: str | None = None
    tags: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    mentions: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The heading path, as people read it."""
        return SEPARATOR.join((self.title, *self.headings))

    @property
    def text(self) -> str:
        """The whole text, examples included, as it is quoted."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def digest(self) -> str:
        """A digest of all that a reader would notice if it changed."""
        parts = (self.section, self.anchor or "", *self.tags, *(each.text for each in self.blocks))
        return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


class Trouble(StrEnum):
    """Why a file stays out; the sentence is the catalogue's."""

    TOO_LARGE = "too_large"  # fields: limit_mb
    NOT_TEXT = "not_text"  # bytes that are no characters in UTF-8 or the stated encoding
    UNREADABLE = "unreadable"  # the system refuses it
    EMPTY = "empty"  # no words in it
    TOO_MANY_PASSAGES = "too_many_passages"  # fields: limit


class Unread(NamedTuple):
    """A file that stays out, and why."""

    document: str
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What was read from a file or a folder: passages in reading order, and what stays out."""

    passages: tuple[Passage, ...]
    documents: int
    unread: tuple[Unread, ...] = ()

    @property
    def digest(self) -> str:
        """A digest of the content, the same whenever the same files are read."""
        whole = blake2b(digest_size=16)
        for passage in self.passages:
            whole.update(passage.document.encode() + b"\x1f" + passage.digest.encode())
        return whole.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A stored version of a project's guidelines; `number` grows with each one of a project."""

    edition_id: int
    project_id: int
    number: int
    version: str
    digest: str
    base_url: str | None
    documents: int
    passages: int


class SectionKey(NamedTuple):
    """What makes a section the same one in two versions."""

    document: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a version changed against the one before, section by section, in reading order."""

    added: tuple[SectionKey, ...] = ()
    changed: tuple[SectionKey, ...] = ()
    removed: tuple[SectionKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelinesRequest:
    """What to load where; `create` makes the project if it is missing."""

    project: str
    version: str
    create: bool = False
    base_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelinesImported:
    """What an import of guidelines did; `fresh` is False if the version was loaded already."""

    project: str
    version: str
    fresh: bool
    documents: int
    passages: int
    unread: tuple[Unread, ...] = ()
    before: str | None = None
    changes: Changes | None = None
    findings: int = 0
    verified: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What is loaded for a project: its newest version, None if there is none, and what is kept.

    `versions` counts all of them; `created_at` is when the newest was imported.
    """

    project: str
    edition: Edition | None
    versions: int = 0
    created_at: datetime | None = None
    verified: int = 0
    edge_cases: int = 0


class Ranked(NamedTuple):
    """A passage found for a question; scores are comparable within one answer only.

    `position` is its place in the version it comes from.
    """

    passage: Passage
    score: float
    url: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A passage as it is quoted: its heading path, the part that speaks of the question, a link."""

    section: str
    excerpt: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the search says: the passages, best first, and how sure it is.

    `confidence` is the estimated chance, 0 to 1, that one of the first three passages answers the
    question. Below the bar `answerable` is False: the guidelines do not answer this, and the
    passages are only what came nearest. `edition_id` is the version's key.
    """

    version: str
    answerable: bool
    confidence: float
    sure: bool = False
    passages: tuple[Ranked, ...] = ()
    edition_id: int = 0


def compare(old: Sequence[Passage], new: Sequence[Passage]) -> Changes:
    """Return what changed between two versions, by section."""
    before, after = _sections(old), _sections(new)
    return Changes(
        added=tuple(key for key in after if key not in before),
        changed=tuple(key for key in after if key in before and before[key] != after[key]),
        removed=tuple(key for key in before if key not in after),
    )


def touched(changes: Changes, cited: Iterable[str]) -> int:
    """Return how many of the cited sections were changed or removed.

    A citation is a text that people wrote: a heading, its whole path, or the page's title.
    """
    names = names_changed(changes)
    return sum(each.strip().casefold() in names for each in cited)


def names_changed(changes: Changes) -> frozenset[str]:
    """Return how people may cite a section that was changed or removed, case folded."""
    names: set[str] = set()
    for key in (*changes.changed, *changes.removed):
        names |= {key.headings[-1].casefold(), SEPARATOR.join(key.headings).casefold()}
        names |= {" > ".join(key.headings).casefold()}
    return frozenset(names)


def _sections(passages: Sequence[Passage]) -> dict[SectionKey, tuple[str, ...]]:
    """Return what each section says; the parts of a long one, or namesakes, count together."""
    found: dict[SectionKey, tuple[str, ...]] = {}
    for each in passages:
        key = SectionKey(each.document, (each.title, *each.headings))
        found[key] = (*found.get(key, ()), each.digest)
    return found


def link(base_url: str | None, passage: Passage) -> str | None:
    """Return the address of a passage; None if nobody said where the guidelines stand.

    `base_url` is what stands before the document's path, or a template: `{path}` is the path
    without its suffix and `{document}` the path as it is, as in `https://docs.example/{path}.html`.
    """
    if not base_url:
        return None
    document = quote(passage.document)
    path = document.rsplit(".", 1)[0] if "." in document.rsplit("/", 1)[-1] else document
    if "{path}" in base_url or "{document}" in base_url:
        address = base_url.replace("{path}", path).replace("{document}", document)
    else:
        address = f"{base_url.rstrip('/')}/{document}"
    return f"{address}#{quote(passage.anchor)}" if passage.anchor else address
