"""Sections as people cite them, matched to those that stand in the guidelines.

People write a number ("3.2"), a heading with or without its number, the whole path, or a page's
title. What could mean two sections means none: a wrong quotation is worse than none.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final, NamedTuple

from bot.rules.guidelines import SEPARATOR

LISTED: Final = 98
"""Sections that a form lists; a menu takes a hundred lines, and two may be about something else."""

LISTED_BYTES: Final = 36_000
"""Characters of JSON that such a list may have: six findings have one each, and Slack refuses a
form above 250,000. Whatever is not ASCII is written with six."""

_OPTION_BYTES: Final = 80
"""What an option has around its text and value."""

SUGGESTED: Final = 50
"""Sections suggested while somebody types; who sees more types on."""

CITED_LIMIT: Final = 150
"""Characters that a line of a menu may stand for."""

SHOWN: Final = 75
"""Characters of a line of a menu."""

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


class Choice(NamedTuple):
    """A section to choose: its path, and what cites it in at most `CITED_LIMIT` characters."""

    name: str
    cited: str


@dataclass(frozen=True, slots=True)
class Offer:
    """How a form asks for a section: from a list, by what is typed (`asks`), else as a text."""

    listed: tuple[Choice, ...] = ()
    asks: bool = False


class Sections:
    """The sections of one version, found by what people write."""

    def __init__(self, headings: Iterable[Heading]) -> None:
        self._by_name: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._first: dict[tuple[str, ...], Heading] = {}
        self._all = tuple(headings)
        for heading in self._all:
            self._first.setdefault(heading.path, heading)
            for name in _names(heading.path):
                self._by_name[name].add(heading.path)

        self._choices: tuple[Choice, ...] | None = None
        self._paths: list[str] | None = None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All sections in reading order; one that nothing short cites is left out."""
        if self._choices is None:
            found = ((each.section, self._cited(each)) for each in self._first.values())
            self._choices = tuple(Choice(name, cited) for name, cited in found if cited)
        return self._choices

    def offer(self, *, asks: bool) -> Offer:
        """Return how a form asks for a section; `asks` is whether Slack can be told while typing.

        A short list is a menu, which people search without asking us.
        """
        if len(self._first) > LISTED or sum(map(_weight, self.choices)) > LISTED_BYTES:
            return Offer(asks=asks)
        return Offer(listed=self.choices)

    def search(self, typed: str, limit: int = SUGGESTED) -> list[Choice]:
        """Return the sections that have all words typed, those whose heading begins so first."""
        wanted = _folded(_SAID.sub("", typed.strip()))
        words = wanted.split()
        if self._paths is None:
            self._paths = [_folded(choice.name) for choice in self.choices]
        found = []
        for place, path in enumerate(self._paths):
            if all(word in path for word in words):
                last = path.rpartition(SEPARATOR.strip())[2].strip()
                begins = last.startswith(wanted) or _without_number(last).startswith(wanted)
                rank = 0 if begins else 1 if all(word in last for word in words) else 2
                found.append((rank, place))
        return [self.choices[place] for _, place in nsmallest(limit, found)]

    def within(self, heading: Heading) -> list[int]:
        """Return where the passages of a section and of those below it stand, in reading order."""
        depth = len(heading.path)
        return [each.position for each in self._all if each.path[:depth] == heading.path]

    def _cited(self, heading: Heading) -> str | None:
        for name in (heading.section, heading.path[-1], _number(_folded(heading.path[-1]))):
            if name and len(name) <= CITED_LIMIT and self.find(name) == heading:
                return name
        return None

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


def _weight(choice: Choice) -> int:
    return _OPTION_BYTES + len(json.dumps(choice.name[-SHOWN:])) + len(json.dumps(choice.cited))


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
