"""Chooses what of a passage is quoted: the part that speaks of the question."""

import re
from collections.abc import Sequence
from typing import Final

from bot.knowledge.words import terms
from bot.rules.guidelines import Passage

EXCERPT: Final = 600
"""Characters quoted of one passage; three of them are still read in a message."""

BULLET: Final = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
"""What an item of a list begins with."""

GAP: Final = "…"


def excerpt(passage: Passage, question: str, limit: int = EXCERPT) -> str:
    """Return at most about `limit` characters of a passage, in whole paragraphs where they fit.

    From the paragraph on that shares the most of the question's terms; the first one if none does.
    What is left out before it shows as an ellipsis.
    """
    texts = [_flowing(block.text) for block in passage.blocks if block.text.strip()]
    if sum(map(len, texts)) <= limit:
        return "\n".join(texts)
    first = _best(texts, frozenset(terms(question)))
    kept = [GAP] if first else []
    room = limit
    for text in texts[first:]:
        if len(text) > room:
            if room == limit or room > limit // 3:  # the beginning of a long one says something
                kept.append(_cut(text, room))
            else:
                kept.append(GAP)
            break
        kept.append(text)
        room -= len(text)
    return "\n".join(kept)


def _flowing(text: str) -> str:
    """Return a paragraph without the line breaks of its source; tables and lists keep theirs."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if any(" | " in line for line in lines):
        return "\n".join(lines)
    return "".join(f"\n{line}" if BULLET.match(line) else f" {line}" for line in lines).strip()


def _best(texts: Sequence[str], asked: frozenset[str]) -> int:
    shared = [len(asked & frozenset(terms(text))) for text in texts]
    return shared.index(max(shared, default=0)) if shared else 0


def _cut(text: str, room: int) -> str:
    """Cut between words where the language has spaces."""
    head = text[:room]
    whole, space, _ = head.rpartition(" ")
    return (whole if space and len(whole) > room // 2 else head).rstrip() + GAP
