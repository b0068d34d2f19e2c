"""Small checkers that say where in a JSON payload a rule of Block Kit is broken.

A checker takes a value and a ``Spot`` and writes its complaints to the spot's list, worded like
Slack's own ("must be less than 76 characters [json-pointer:/blocks/0/text]").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Check = Callable[[Any, "Spot"], None]


@dataclass(frozen=True)
class Spot:
    """A place in the payload, and the list every complaint of one validation goes to."""

    pointer: str = ""
    problems: list[str] = field(default_factory=list)

    def at(self, step: str | int) -> Spot:
        return Spot(f"{self.pointer}/{step}", self.problems)

    def complain(self, message: str) -> None:
        self.problems.append(f"{message} [json-pointer:{self.pointer}]")


def string(longest: int, shortest: int = 1) -> Check:
    """A string of so many Unicode code points (SLACK 1.4: code points are what counts)."""

    def check(value: Any, spot: Spot) -> None:
        if not isinstance(value, str):
            spot.complain("must be a string")
        elif len(value) > longest:
            spot.complain(f"must be less than {longest + 1} characters, is {len(value)}")
        elif len(value) < shortest:
            spot.complain(f"must be more than {shortest - 1} characters")

    return check


def boolean(value: Any, spot: Spot) -> None:
    if not isinstance(value, bool):
        spot.complain("must be a boolean")


def integer(least: int, most: int) -> Check:
    def check(value: Any, spot: Spot) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            spot.complain("must be an integer")
        elif not least <= value <= most:
            spot.complain(f"must be between {least} and {most}")

    return check


def number_string(value: Any, spot: Spot) -> None:
    """Numbers travel as strings in number_input (SLACK 1.4)."""
    try:
        float(value if isinstance(value, str) else "not a string")
    except ValueError:
        spot.complain("must be a number in a string")


def one_of(*values: str) -> Check:
    def check(value: Any, spot: Spot) -> None:
        if value not in values:
            spot.complain(f"must be one of {', '.join(values)}")

    return check


def web_address(longest: int) -> Check:
    length = string(longest)

    def check(value: Any, spot: Spot) -> None:
        length(value, spot)
        if isinstance(value, str) and not value.startswith(("https://", "http://")):
            spot.complain("must be a valid URL")

    return check


def matching(parse: Callable[[str], object], what: str) -> Check:
    """A string that ``parse`` accepts without a ValueError."""

    def check(value: Any, spot: Spot) -> None:
        try:
            parse(value)
        except (TypeError, ValueError):
            spot.complain(f"must be {what}")

    return check


def items(check_item: Check, least: int, most: int) -> Check:
    def check(value: Any, spot: Spot) -> None:
        if not isinstance(value, list):
            spot.complain("must be an array")
            return
        if len(value) > most:
            spot.complain(f"no more than {most} items allowed, there are {len(value)}")
        if len(value) < least:
            spot.complain(f"no fewer than {least} items allowed")
        for index, item in enumerate(value):
            check_item(item, spot.at(index))

    return check


@dataclass(frozen=True)
class Shape:
    """An object with these fields and no other; ``also`` looks at the object as a whole."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    also: Check | None = None

    def __call__(self, value: Any, spot: Spot) -> None:
        if not isinstance(value, dict):
            spot.complain("must be an object")
            return
        for name in self.required:
            if value.get(name) is None:
                spot.complain(f"missing required field: {name}")
        known = {**self.required, **self.optional}
        for name, item in value.items():
            if name == "type":
                continue
            if name not in known:
                spot.complain(f"invalid additional property: {name}")
            elif item is None:
                spot.at(name).complain("must not be null")
            else:
                known[name](item, spot.at(name))
        if self.also is not None:
            self.also(value, spot)


def typed(shapes: Mapping[str, Check], allowed: Sequence[str] | None = None) -> Check:
    """An object whose ``type`` names its shape, one of ``allowed``."""
    names = tuple(shapes) if allowed is None else tuple(allowed)

    def check(value: Any, spot: Spot) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in names:
            spot.complain(f"unsupported type: {kind}")
        else:
            shapes[kind](value, spot)

    return check


def anything(_value: Any, _spot: Spot) -> None:
    """Accepted as it is."""


def exactly_one(*names: str) -> Check:
    def check(value: Any, spot: Spot) -> None:
        if sum(value.get(name) is not None for name in names) != 1:
            spot.complain(f"must have exactly one of {', '.join(names)}")

    return check


def at_least_one(*names: str) -> Check:
    def check(value: Any, spot: Spot) -> None:
        if not any(value.get(name) for name in names):
            spot.complain(f"must have at least one of {', '.join(names)}")

    return check
