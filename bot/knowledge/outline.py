"""Headings and blocks in, passages out: the same for every kind of document."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from bot.rules.guidelines import HEADING_LIMIT, Block, BlockKind, Passage

PART_WORDS: Final = 350
"""A section longer than this is cut between blocks: a quoted passage should fit on a screen."""

WIDEST_WORD: Final = 20
"""Characters a word of a part may have on average; what is wider is no text."""

_SENTENCES: Final = re.compile(r"(?<=[.!?])\s|(?<=[。！？\n])")
_CHUNKS: Final = re.compile(r"\S.{0,400}(?=\s|$)|\S{1,400}", re.DOTALL)
"""Pieces of what has neither sentences nor lines, between words if it has those."""

_SPACES: Final = re.compile(r"\s+")
_NOT_IN_SLUG: Final = re.compile(r"[^\w\- ]+")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def one_line(text: str) -> str:
    """Return the text with every run of white space made one blank."""
    return _SPACES.sub(" ", text).strip()


def slug(heading: str) -> str:
    """Return the anchor that Markdown renderers give a heading that states none itself."""
    return _NOT_IN_SLUG.sub("", heading.strip().lower()).replace(" ", "-")


def length(text: str) -> int:
    """Return the words of a text; two Chinese or Japanese characters count as one word."""
    wide = len(_WIDE.findall(text))
    return len(_WIDE.sub(" ", text).split()) + wide // 2


def looks_like_data(text: str) -> bool:
    """Tell whether hardly any of the tokens are words: trees, columns of figures, markup."""
    tokens = text.split()
    words = sum(token.strip(".,;:!?()\"'“”‘’*").isalpha() for token in tokens)
    return len(tokens) >= 8 and words * 2 < len(tokens)


@dataclass(slots=True)
class _Section:
    headings: tuple[str, ...]
    anchor: str | None
    blocks: list[Block] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)


class Outline:
    """Collects a document's headings and blocks in reading order."""

    def __init__(self, document: str) -> None:
        self._document = document
        self._path: list[tuple[int, str]] = []
        self._sections = [_Section((), None)]
        self._taken: dict[str, int] = {}
        self.title: str | None = None
        self.tags: list[str] = []

    def heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """Begin a section; `level` is 1 to 6. The first of level 1 also gives the title."""
        name = one_line(text)[:HEADING_LIMIT]
        if not name:
            return
        anchor = anchor or self._slug(name)
        if self.title is None and level == 1:
            self.title = name
        self._path = [step for step in self._path if step[0] < level]
        if not (level == 1 and name == self.title):
            self._path.append((level, name))
        self._sections.append(_Section(tuple(step[1] for step in self._path), anchor))

    def block(self, kind: BlockKind, text: str) -> None:
        """Add a block to the section that was begun last."""
        text = text.strip("\n").rstrip()
        if not text.strip():
            return
        if kind is BlockKind.PROSE and looks_like_data(text):
            kind = BlockKind.EXAMPLE
        self._sections[-1].blocks.append(Block(kind, text))

    def mention(self, words: Iterable[str]) -> None:
        """Add words that the section that was begun last speaks about."""
        self._sections[-1].mentions += words

    def passages(self) -> list[Passage]:
        """Return the passages; sections without any text of their own are left to their parts."""
        title = self.title or self._document.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return [
            Passage(
                document=self._document,
                title=title[:HEADING_LIMIT],
                headings=section.headings,
                anchor=section.anchor and section.anchor[:HEADING_LIMIT],
                tags=tuple(self.tags),
                blocks=part,
                mentions=tuple(section.mentions),
            )
            for section in self._sections
            for part in _parts(section.blocks)
        ]

    def _slug(self, heading: str) -> str | None:
        name = slug(heading)
        if not name:
            return None
        seen = self._taken.get(name, 0)
        self._taken[name] = seen + 1
        return f"{name}-{seen}" if seen else name


def _parts(blocks: list[Block]) -> list[tuple[Block, ...]]:
    """Cut a section's blocks into parts of about `PART_WORDS` words of prose."""
    parts: list[tuple[Block, ...]] = []
    current: list[Block] = []
    words = characters = 0
    for block in [piece for each in blocks for piece in _pieces(each)]:
        more = length(block.text) if block.kind is BlockKind.PROSE else 0
        characters += len(block.text)
        if current and (words + more > PART_WORDS or characters > PART_WORDS * WIDEST_WORD):
            parts.append(tuple(current))
            current, words, characters = [], 0, len(block.text)
        current.append(block)
        words += more
    return [*parts, tuple(current)] if current else parts


def _pieces(block: Block) -> list[Block]:
    """Cut one block that is longer than a part by itself, between its lines or sentences."""
    if len(block.text) <= PART_WORDS * 2 or _fits(block.text):
        return [block]
    pieces: list[str] = [""]
    for sentence in _SENTENCES.split(block.text):
        for line in [sentence] if _fits(sentence) else _CHUNKS.findall(sentence):
            if pieces[-1] and not _fits(pieces[-1] + line):
                pieces.append("")
            pieces[-1] += line if line.endswith("\n") else f"{line} "
    return [Block(block.kind, piece.strip()) for piece in pieces if piece.strip()]


def _fits(text: str) -> bool:
    return len(text) <= PART_WORDS * WIDEST_WORD and length(text) <= PART_WORDS
