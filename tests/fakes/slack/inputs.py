"""What a person can put into an element, and what Slack's client lets through.

``state_of`` gives the state object of a value, ``initial_state`` of an untouched element.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.slack.elements import options_of
from tests.fakes.slack.records import Json

TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
IDS = ("users", "conversations", "channels")
OPTION = ("static_select", "external_select", "radio_buttons", "overflow")
OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
# element type -> (field of its state, field of its first value, what it holds when empty)
FIELDS: dict[str, tuple[str, str, Any]] = {
    **{f"{one}_select": (f"selected_{one[:-1]}", f"initial_{one[:-1]}", None) for one in IDS},
    **{f"multi_{some}_select": (f"selected_{some}", f"initial_{some}", []) for some in IDS},
    **dict.fromkeys(OPTION, ("selected_option", "initial_option", None)),
    **{kind: ("selected_options", "initial_options", []) for kind in OPTIONS},
    **dict.fromkeys(TYPED, ("value", "initial_value", None)),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "", []),
}


def initial_state(element: Json) -> Json:
    """The state of an element that nobody has touched."""
    field, initial, empty = FIELDS[element["type"]]
    return {"type": element["type"], field: element.get(initial, empty)}


def state_of(element: Json, value: Any, offered: list[Json] | None = None) -> Json:
    """The state after a person put in ``value``; AssertionError where Slack's client refuses.

    Options are named by their value; ``offered`` are those an external select last showed.
    None (or an empty list or text) clears the element.
    """
    kind = element["type"]
    assert kind in FIELDS, f"nothing can be put into a {kind}"
    field, _, empty = FIELDS[kind]
    cleared = value is None or value in ([], "")
    return {"type": kind, field: empty if cleared else _put(element, value, offered or [])}


def _put(element: Json, value: Any, offered: list[Json]) -> Any:
    kind = element["type"]
    choices = options_of(element) + offered
    if kind in OPTION:
        return _chosen(choices, value)
    if kind in TYPED:
        return _typed(element, str(value))
    if kind == "rich_text_input":
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
        return {"type": "rich_text", "elements": [section]}
    if isinstance(FIELDS[kind][2], list):
        return _several(element, value, choices)
    return getattr(value, "id", value)


def _several(element: Json, values: Any, choices: list[Json]) -> list[Any]:
    if element["type"] == "file_input":
        return [file.to_slack() for file in values]
    most = element.get("max_selected_items")
    assert most is None or len(values) <= most, f"Slack lets a person pick at most {most}"
    if element["type"] in OPTIONS:
        return [_chosen(choices, one) for one in values]
    return [getattr(one, "id", one) for one in values]


def is_empty(state: Json) -> bool:
    """Nothing was put in: a required input in this state keeps a form from being sent."""
    return not any(value for key, value in state.items() if key != "type")


def _chosen(options: Iterable[Json], value: Any) -> Json:
    if isinstance(value, dict):
        value = value["value"]
    known = list(options)
    for option in known:
        if option["value"] == value:
            return option
    values = [option["value"] for option in known]
    raise AssertionError(f"{value!r} is not offered; there is {values}")


def _typed(element: Json, text: str) -> str:
    """Slack's client holds typed text to the element's own limits before sending it."""
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if element["type"] == "plain_text_input":
        assert least <= len(text) <= most, f"Slack lets a person type {least} to {most} characters"
    if element["type"] == "number_input":
        number = float(text)
        assert element["is_decimal_allowed"] or number.is_integer(), "Slack wants a whole number"
        low, high = element.get("min_value", "-inf"), element.get("max_value", "inf")
        assert float(low) <= number <= float(high), f"Slack wants {low} to {high}"
    return text
