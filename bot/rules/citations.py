"""Sections as people cite them, matched to those that stand in the guidelines.

People write a number ("3.2"), a heading with or without its number, the whole path, or a page's
title. What could mean two sections means none: a wrong quotation is worse than none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from bot.rules.guidelines import SEPARATOR

_NUMBERED: Final = re.compile(
    r"^\W*(?P<number>\d+(?:\.\d+)*)\.?(?:[\s:–—-]+(?P<rest>.*))?$", re.DOTALL
)
_SAID: Final = re.compile(r"^(?:§+|sections?|sect?\.|chapter|no\.?|rule)\s*", re.IGNORECASE)


class Heading(NamedTuple):
    """Where a section stands: its place in the version, and its path from the title down."""

    position: int
    path: tuple[str, ...]

    @property
    def section(self) -> str:
        """The path, as people read it."""
        return SEPARATOR.join(self.path)


class Sections:
    """The sections of one version, found by what people write."""

    def __init__(self, headings: Iterable[Heading]) -> None:
        self._by_name: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._first: dict[tuple[str, ...], Heading] = {}
        for heading in headings:
            self._first.setdefault(heading.path, heading)
            for name in _names(heading.path):
                self._by_name[name].add(heading.path)

    def find(self, cited: str) -> Heading | None:
        """Return the section that is meant, None if none is or several are."""
        wanted = _folded(_SAID.sub("", cited.strip()))
        for name in dict.fromkeys((wanted, _without_number(wanted), _number(wanted))):
            paths = self._by_name.get(name or "", set())
            if len(paths) == 1:
                return self._first[next(iter(paths))]
            if paths:
                return None
        return None


def _names(path: tuple[str, ...]) -> set[str]:
    last = _folded(path[-1])
    whole = [_folded(part) for part in path]
    names = {last, _without_number(last), SEPARATOR.strip().join(whole), ">".join(whole)}
    names |= {f" {sign} ".join(whole) for sign in (SEPARATOR.strip(), ">", "/")}
    number = _number(last)
    return {name for name in (*names, number) if name}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _number(text: str) -> str | None:
    found = _NUMBERED.match(text)
    return found["number"] if found else None


def _without_number(text: str) -> str:
    found = _NUMBERED.match(text)
    return found["rest"] or "" if found else text
