"""A file that is one JSON list is read item by item; only one of them is ever held in memory."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import ijson

from bot.errors import IntakeError
from bot.intake.files import JSON_BLANKS, TextFile

MAX_ITEM: Final = 16 * 1024**2
"""Characters of one item; it is held in memory whole, and several times over as objects."""

MAX_DEPTH: Final = 64
"""Exports nest ten levels. The parser names each level by the whole way to it, so that a hundred
kilobytes of nothing but brackets would fill many gigabytes."""

_AT_ONCE: Final = 64 * 1024
_ESCAPED: Final = re.compile("[\ud800-\udfff]")
UNREADABLE: Final = "\ufffd"
"""What stands for a byte that is no character; the parser takes nothing but good UTF-8."""


class _Feed:
    """Hands out the text as UTF-8, and counts what was taken since the last whole item."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text = text
        self._name = name
        self.since = 0

    def read(self, size: int) -> bytes:
        """Return some bytes, none at the end. Raises IntakeError within an endless item."""
        if size == 0:  # asked once at the start, to learn whether these are bytes
            return b""
        if self.since > MAX_ITEM:
            raise IntakeError("file_item_too_long", name=self._name, limit=MAX_ITEM)
        some = self._text.read(min(size, _AT_ONCE))
        self.since += len(some)
        return _ESCAPED.sub(UNREADABLE, some).encode()


def opens_list(file: TextFile) -> bool:
    """Tell whether the first character that is not blank opens a JSON list."""
    with file.lines() as text:
        while some := text.read(_AT_ONCE):
            if found := some.lstrip(JSON_BLANKS):
                return found.startswith("[")
    return False


def items(file: TextFile) -> Iterator[object]:
    """Yield the items of the list; numbers with a fraction are Decimal.

    Raises `IntakeError` `file_json_broken` (name, after: whole items before the fault) where the
    list breaks off or is no JSON, and `file_item_too_long` (name, limit: characters).
    """
    after = 0
    with file.lines() as text:
        feed = _Feed(text, file.name)
        try:
            events = ijson.parse(_shallow(ijson.basic_parse(feed, buf_size=_AT_ONCE)))
            for item in ijson.items(events, "item"):
                yield item
                after += 1
                feed.since = 0
        except (ijson.JSONError, ValueError) as error:  # ValueError: a number of many digits
            raise IntakeError("file_json_broken", name=file.name, after=after) from error


def _shallow(events: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Pass on events; raises ValueError where they nest too deep to be anybody's export."""
    depth = 0
    for event in events:
        name = event[0]
        if name in {"start_map", "start_array"}:
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("nested too deep")
        elif name in {"end_map", "end_array"}:
            depth -= 1
        yield event
