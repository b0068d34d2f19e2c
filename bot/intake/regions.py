"""What somebody marked in Label Studio becomes a line that people can read.

Choices are joined, regions become a list of `label: text`, equal ones are counted
(https://labelstud.io/guide/export says how results are written).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from bot.intake.cells import CellError
from bot.rules.intake import Reason

# What these say is about the task as a whole, unless they share the id of a region.
_PLAIN: Final = frozenset(
    {"choices", "textarea", "taxonomy", "rating", "number", "datetime", "pairwise", "ranker"}
)
_SAYING: Final = frozenset(
    {"choices", "taxonomy", "rating", "number", "datetime", "selected", "ranker"}
)
_LABELS: Final = "labels"  # rectanglelabels, hypertextlabels, … and labels alone
_TEXT: Final = "text"


@dataclass(slots=True)
class _Mark:
    """One region, or one answer about the whole task, which several results may describe."""

    name: str
    kind: str
    plain: bool = True
    labels: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, value: Mapping[str, object]) -> None:
        """Take in what one result says of it."""
        for key, said in value.items():
            if key in _SAYING or key.endswith(_LABELS):
                self.labels += _strings(said)
            elif key == _TEXT:
                self.texts += _strings(said)

    def shown(self) -> str:
        """Return it as `label, label: text`."""
        labels, texts = ", ".join(dict.fromkeys(self.labels)), " ".join(dict.fromkeys(self.texts))
        return ": ".join(filter(None, (labels, texts))) or self.kind


def of_results(results: object) -> str:
    """Return what the results of one annotation say, "" for none.

    Raises `CellError` if they are no list of objects.
    """
    if results is None:
        return ""
    if not isinstance(results, list):
        raise CellError("result", Reason.WRONG_SHAPE)
    marks: dict[object, _Mark] = {}
    for n, result in enumerate(results):
        value = result.get("value", {}) if isinstance(result, dict) else None
        if not isinstance(value, dict):
            raise CellError("result", Reason.WRONG_SHAPE)
        kind = _word(result.get("type"))
        own = result.get("id")
        mark = marks.setdefault(
            own if isinstance(own, str) and own else n, _Mark(_word(result.get("from_name")), kind)
        )
        mark.plain = mark.plain and kind in _PLAIN
        mark.add(value)
        if kind == "relation":
            mark.labels += _strings(result.get(_LABELS))
    several = len({mark.name for mark in marks.values()}) > 1
    return _counted(
        f"{mark.name}: {mark.shown()}" if several and mark.plain and mark.name else mark.shown()
        for mark in marks.values()
    )


def of_value(value: object) -> str:
    """Return what the short forms of an export write for the results of one control."""
    if isinstance(value, dict):
        mark = _Mark("", "")
        mark.add(value)
        return mark.shown()
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return _counted(filter(None, map(of_value, value)))
    return ", ".join(_strings(value))


def of_controls(parts: Sequence[tuple[str, str]]) -> str:
    """Return what several controls say, each by its name unless there is only one."""
    filled = [(name, said) for name, said in parts if said]
    if len(parts) == 1:
        return "".join(said for _, said in filled)
    return "; ".join(f"{name}: {said}" for name, said in filled)


def _counted(shown: Iterable[str]) -> str:
    return "; ".join(
        said if n == 1 else f"{said} ×{n}" for said, n in Counter(shown).items() if said
    )


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _strings(value: object) -> list[str]:
    """Return the texts and numbers in a value; a list within a list is a path of a taxonomy."""
    match value:
        case str():
            return [value.strip()] if value.strip() else []
        case int() | float() | Decimal():
            return [str(value)]
        case list():
            return [said for each in value for said in _inner(each)]
        case dict():
            return [said for each in value.values() for said in _strings(each)]
        case _:
            return []


def _inner(value: object) -> list[str]:
    return [" / ".join(_strings(value))] if isinstance(value, list) else _strings(value)
