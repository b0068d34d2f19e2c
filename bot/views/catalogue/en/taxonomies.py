"""Three ready-made error taxonomies, for squads that have none of their own yet."""

from collections.abc import Mapping
from typing import Final

_TEXT: Final = {
    "wrong_label": ("Wrong label", "The label chosen is not the one the guideline asks for."),
    "missed_label": ("Missed label", "A label that applies was left out."),
    "extra_label": ("Extra label", "A label was added that the text does not support."),
    "literal": (
        "Context misread",
        "Irony, negation, a quotation or the wider context was read literally or overlooked.",
    ),
    "guideline": (
        "Rule not applied",
        "A written rule covers this case and was not followed; name its section.",
    ),
    "unsure": (
        "Should have been asked",
        "The case is not covered and was decided alone instead of being asked.",
    ),
    "comment": ("Comment or field missing", "A required comment, flag or field is empty."),
}

_SPANS: Final = {
    "missed": ("Missed span", "A mention that the guideline asks for is not marked."),
    "spurious": ("Spurious span", "Something is marked that is no mention of any type."),
    "type": ("Wrong type", "The span is right and its type is not."),
    "boundary": (
        "Wrong boundary",
        "The span begins or ends at the wrong word, so that its meaning changes.",
    ),
    "split": (
        "Split or merged span",
        "One mention is marked as several, or several as one.",
    ),
    "relation": (
        "Wrong link",
        "A relation or co-reference is missing, or joins the wrong spans.",
    ),
    "trimming": (
        "Untidy edge",
        "A space, a quotation mark or a full stop is inside the span or left out of it.",
    ),
}

_BOXES: Final = {
    "missed": ("Missed object", "An object that the guideline asks for has no box."),
    "spurious": ("Spurious box", "A box holds nothing that the guideline asks for."),
    "class": ("Wrong class", "The box is right and its class is not."),
    "loose": (
        "Loose box",
        "The box stands further from the object than the guideline allows.",
    ),
    "cut": ("Cut-off box", "A visible part of the object lies outside of its box."),
    "merged": ("Merged objects", "Several objects share one box."),
    "duplicate": ("Duplicate box", "One object has more than one box."),
    "attribute": (
        "Wrong attribute",
        "A flag such as occluded, truncated or difficult is missing or wrong.",
    ),
}


def _sentences(which: str, categories: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for slug, (name, definition) in categories.items():
        found[f"taxonomy.{which}.{slug}.name"] = name
        found[f"taxonomy.{which}.{slug}.definition"] = definition
    return found


SENTENCES: Final[Mapping[str, str]] = {
    "taxonomy.text.title": "Text classification",
    "taxonomy.spans.title": "Spans and entities",
    "taxonomy.boxes.title": "Images and bounding boxes",
    **_sentences("text", _TEXT),
    **_sentences("spans", _SPANS),
    **_sentences("boxes", _BOXES),
}
