"""Plain text in, outline events out: underlined, numbered and capital headings, and paragraphs."""

import re
from typing import Final

from bot.knowledge.outline import Outline
from bot.rules.guidelines import BlockKind

HEADING_WORDS: Final = 12
HEADING_CHARACTERS: Final = 100
_UNDERLINE: Final = re.compile(r"^\s*(=|-|~|\*)\1{2,}\s*$")
_NUMBERED: Final = re.compile(r"^\s*(\d{1,3}(?:\.\d{1,3})*)[.)]?[ \t]+(?=\S)")
_CHINESE: Final = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百\d]+[章节条]|[一二三四五六七八九十]{1,3}、)"
)


def read_text(text: str, outline: Outline) -> None:
    """Read a whole document into an outline; a heading stands by itself between blank lines."""
    lines: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines = paragraph.strip("\n").split("\n")
        if len(lines) > 1 and _UNDERLINE.match(lines[1]) and lines[0].strip():
            outline.heading(1 if "=" in lines[1] else 2, lines[0])
            lines = lines[2:]
        elif len(lines) == 1 and (level := _level(lines[0])):
            outline.heading(level, lines[0])
            continue
        outline.block(BlockKind.PROSE, "\n".join(lines))


def _level(line: str) -> int:
    """Return the level of a line that is a heading, 0 for one that is not."""
    if (
        len(line.split()) > HEADING_WORDS
        or len(line) > 100
        or line.rstrip().endswith((".", "。", ";"))
    ):
        return 0
    if numbered := _NUMBERED.match(line):
        return min(6, 2 + numbered[1].count("."))
    if _CHINESE.match(line):
        return 2
    return 2 if line.isupper() and any(letter.isalpha() for letter in line) else 0
