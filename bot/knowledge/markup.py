"""HTML in, outline events out: whole pages, and the pieces of HTML that stand in Markdown."""

import re
from html.parser import HTMLParser
from typing import Final

from bot.knowledge.outline import Outline, one_line
from bot.rules.guidelines import BlockKind

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
SILENT: Final = frozenset({"script", "style", "template", "noscript", "svg", "head", "nav"})
"""Elements whose content nobody reads; `title` is read out of the head nevertheless."""

EXAMPLES: Final = frozenset({"pre", "samp", "textarea"})
_BLOCKS: Final = """
address article aside blockquote body caption dd details div dl dt fieldset figcaption figure
footer form header hr html li main ol p section summary table tbody tfoot thead tr ul
"""
ENDS_BLOCK: Final = frozenset(_BLOCKS.split())
CELLS: Final = frozenset({"td", "th"})
WORDS_ABOUT: Final = frozenset({"keywords", "description"})


class HtmlReader(HTMLParser):
    """Feeds an outline; forgives every fault of the markup, as browsers do."""

    def __init__(self, outline: Outline) -> None:
        super().__init__(convert_charrefs=True)
        self._outline = outline
        self._text: list[str] = []
        self._silent = 0
        self._example = 0
        self._heading: tuple[int, str | None] | None = None
        self._in_title = False
        self._title: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what the tag begins."""
        given = dict(attrs)
        if tag == "title":
            self._in_title = True
        elif tag == "meta" and (given.get("name") or "").lower() in WORDS_ABOUT:
            self._outline.tags.append(one_line(given.get("content") or ""))
        elif tag in SILENT:
            self._silent += 1
        elif tag in HEADINGS:
            self._flush()
            self._heading = (HEADINGS[tag], given.get("id"))
        elif tag in EXAMPLES:
            self._flush()
            self._example += 1
        elif tag in CELLS:
            self._text.append(" | " if "".join(self._text[-1:]).strip() else "")
        elif tag == "br":
            self._text.append("\n")
        elif tag in ENDS_BLOCK:
            self._end_block(tag)
        if self._heading and self._heading[1] is None and tag == "a":
            self._heading = (self._heading[0], given.get("id") or given.get("name"))

    def handle_endtag(self, tag: str) -> None:
        """End what the tag ends."""
        if tag == "title":
            self._in_title = False
            self._outline.title = self._outline.title or one_line("".join(self._title)) or None
        elif tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in HEADINGS and self._heading:
            level, anchor = self._heading
            self._heading = None
            self._outline.heading(level, "".join(self._text), anchor)
            self._text = []
        elif tag in EXAMPLES:
            self._flush()
            self._example = max(0, self._example - 1)
        elif tag in ENDS_BLOCK:
            self._end_block(tag)

    def handle_data(self, data: str) -> None:
        """Collect text."""
        if self._in_title:
            self._title.append(data)
        elif not self._silent:
            self._text.append(data if self._example else re.sub(r"\s+", " ", data))

    def finish(self) -> None:
        """Hand over what is left; the reader may be fed again."""
        self.close()
        self._flush()
        self.reset()

    def _end_block(self, tag: str) -> None:
        # The rows of a table, and the items of a list, stay together: they explain each other.
        if tag in {"tr", "li", "dt", "dd", "tbody", "thead"}:
            self._text.append("\n")
        elif not self._heading:
            self._flush()

    def _flush(self) -> None:
        text, self._text = "".join(self._text), []
        if self._example:
            self._outline.block(BlockKind.EXAMPLE, text)
            return
        lines = [one_line(line) for line in text.split("\n")]
        self._outline.block(BlockKind.PROSE, "\n".join(line for line in lines if line))


def read_html(text: str, outline: Outline) -> None:
    """Read a whole page into an outline."""
    reader = HtmlReader(outline)
    reader.feed(text)
    reader.finish()
