"""The ready-made error taxonomies: what they are called, and their categories with definitions."""

from collections.abc import Mapping
from typing import Final

from bot.rules.audits import Severity
from bot.rules.projects import NewCategory, ReadyMade
from bot.views.words import Words

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING

CATEGORIES: Final[Mapping[ReadyMade, Mapping[str, Severity]]] = {
    ReadyMade.TEXT: {
        "wrong_label": _ERROR,
        "missed_label": _ERROR,
        "extra_label": _ERROR,
        "literal": _ERROR,
        "guideline": _ERROR,
        "unsure": _WARNING,
        "comment": _WARNING,
    },
    ReadyMade.SPANS: {
        "missed": _ERROR,
        "spurious": _ERROR,
        "type": _ERROR,
        "boundary": _ERROR,
        "split": _ERROR,
        "relation": _ERROR,
        "trimming": _WARNING,
    },
    ReadyMade.BOXES: {
        "missed": _ERROR,
        "spurious": _ERROR,
        "class": _ERROR,
        "loose": _ERROR,
        "cut": _ERROR,
        "merged": _ERROR,
        "duplicate": _ERROR,
        "attribute": _WARNING,
    },
}


def ready_made(words: Words, which: ReadyMade) -> tuple[NewCategory, ...]:
    """Return the categories of one set, in the order in which they are offered."""
    return tuple(
        NewCategory(
            name=words(f"taxonomy.{which.value}.{slug}.name"),
            definition=words(f"taxonomy.{which.value}.{slug}.definition"),
            severity=severity,
        )
        for slug, severity in CATEGORIES[which].items()
    )
