"""Block Kit's composition objects and elements, with the limits of SLACK 1.4."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.slack import limits
from tests.fakes.slack.shapes import (
    Check,
    Shape,
    Spot,
    anything,
    boolean,
    exactly_one,
    integer,
    items,
    matching,
    number_string,
    one_of,
    string,
    typed,
    web_address,
)


def text_object(longest: int, *kinds: str) -> Check:
    """A text object of these kinds (both unless named); never empty, never over 3,000."""
    body = string(min(longest, limits.TEXT_OBJECT))
    shapes: dict[str, Check] = {
        "plain_text": Shape({"text": body}, {"emoji": boolean}),
        "mrkdwn": Shape({"text": body}, {"verbatim": boolean}),
    }
    return typed(shapes, kinds or tuple(shapes))


def plain(longest: int) -> Check:
    return text_object(longest, "plain_text")


CONFIRM = Shape(
    {
        "title": plain(limits.CONFIRM_TITLE),
        "text": text_object(limits.CONFIRM_TEXT),
        "confirm": plain(limits.CONFIRM_BUTTON),
        "deny": plain(limits.CONFIRM_BUTTON),
    },
    {"style": one_of("primary", "danger")},
)


def option(*kinds: str, **more: Check) -> Check:
    """An option whose label and description are text objects of these kinds."""
    return Shape(
        {"text": text_object(limits.OPTION_TEXT, *kinds), "value": string(limits.OPTION_VALUE)},
        {"description": text_object(limits.OPTION_DESCRIPTION, *kinds), **more},
    )


OPTION = option("plain_text")
# Checkboxes and radio buttons may carry mrkdwn labels.
CHOICE = option()
OVERFLOW_OPTION = option("plain_text", url=web_address(limits.OPTION_URL))
OPTION_LIST = items(OPTION, 1, limits.OPTIONS)
OPTION_GROUP_LIST = items(
    Shape({"label": plain(limits.OPTION_GROUP_LABEL), "options": OPTION_LIST}),
    1,
    limits.OPTION_GROUPS,
)


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    """All options an element offers, those inside groups included."""
    grouped = [o for group in element.get("option_groups") or [] for o in group["options"]]
    return list(element.get("options") or []) + grouped


def _initial_is_offered(element: Any, spot: Spot) -> None:
    """Slack refuses an initial option that is not, field by field, among the options."""
    chosen = element.get("initial_options") or [element.get("initial_option")]
    for one in chosen:
        if one is not None and one not in options_of(element):
            spot.complain("initial_option must exactly match one of the options")


def _options_xor_groups(element: Any, spot: Spot) -> None:
    exactly_one("options", "option_groups")(element, spot)
    if not spot.problems:
        _initial_is_offered(element, spot)


ACTION_ID: dict[str, Check] = {"action_id": string(limits.ACTION_ID)}
COMMON: dict[str, Check] = {"confirm": CONFIRM, "focus_on_load": boolean}
PLACE: dict[str, Check] = {"placeholder": plain(limits.PLACEHOLDER)}
SELECT = {**COMMON, **PLACE}
MANY: dict[str, Check] = {"max_selected_items": integer(1, 100)}
IDENTIFIER = string(255)
FILTER = Shape(
    optional={
        "include": items(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)
CONVERSATION: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}
DISPATCH = Shape(
    optional={"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
)
SLACK_FILE = Shape(
    optional={"id": string(255), "url": web_address(limits.IMAGE_URL)},
    also=exactly_one("id", "url"),
)
IMAGE_SOURCE: dict[str, Check] = {
    "image_url": web_address(limits.IMAGE_URL),
    "slack_file": SLACK_FILE,
}
IMAGE = Shape(
    {"alt_text": string(limits.IMAGE_ALT)}, IMAGE_SOURCE, exactly_one("image_url", "slack_file")
)
BUTTON = Shape(
    {"text": plain(limits.BUTTON_TEXT), **ACTION_ID},
    {
        "value": string(limits.BUTTON_VALUE),
        "url": web_address(limits.BUTTON_URL),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(limits.BUTTON_LABEL),
    },
)


def _text_input(**more: Check) -> Shape:
    """The fields that every typed input shares."""
    return Shape(
        ACTION_ID,
        {
            "placeholder": plain(limits.PLACEHOLDER),
            "focus_on_load": boolean,
            "dispatch_action_config": DISPATCH,
            **more,
        },
    )


def _length_order(element: Any, spot: Spot) -> None:
    if element.get("min_length", 0) > element.get("max_length", limits.INPUT_LENGTH):
        spot.complain("min_length must not exceed max_length")


PLAIN_INPUT = Shape(
    ACTION_ID,
    {
        **_text_input().optional,
        "initial_value": string(limits.INPUT_LENGTH, 0),
        "multiline": boolean,
        "min_length": integer(0, limits.INPUT_LENGTH),
        "max_length": integer(1, limits.INPUT_LENGTH),
    },
    _length_order,
)
NUMBER_INPUT = Shape(
    {**ACTION_ID, "is_decimal_allowed": boolean},
    {
        **_text_input().optional,
        "initial_value": number_string,
        "min_value": number_string,
        "max_value": number_string,
    },
)


def _choices(**initial: Check) -> Shape:
    return Shape(
        {**ACTION_ID, "options": items(CHOICE, 1, limits.CHOICE_OPTIONS)},
        {**COMMON, **initial},
        _initial_is_offered,
    )


def _select(also: Check | None = None, **more: Check) -> Shape:
    return Shape(ACTION_ID, {**SELECT, **more}, also)


FEEDBACK_BUTTON = Shape(
    {"text": plain(limits.FEEDBACK_TEXT), "value": string(limits.FEEDBACK_VALUE)},
    {"accessibility_label": string(limits.BUTTON_LABEL)},
)
_STATIC: dict[str, Check] = {"options": OPTION_LIST, "option_groups": OPTION_GROUP_LIST}
_IDS = items(IDENTIFIER, 1, 100)
_QUERY: dict[str, Check] = {"min_query_length": integer(0, 255)}
_DAY = matching(date.fromisoformat, "a date as YYYY-MM-DD")
_HOUR = matching(lambda text: time.fromisoformat(f"{text}:00"), "a time as HH:MM")
_ZONE = matching(ZoneInfo, "an IANA zone")

ELEMENTS: dict[str, Check] = {
    "button": BUTTON,
    "image": IMAGE,
    "overflow": Shape(
        {**ACTION_ID, "options": items(OVERFLOW_OPTION, 1, limits.OVERFLOW_OPTIONS)},
        {"confirm": CONFIRM},
    ),
    "checkboxes": _choices(initial_options=items(CHOICE, 1, limits.CHOICE_OPTIONS)),
    "radio_buttons": _choices(initial_option=CHOICE),
    "static_select": _select(_options_xor_groups, initial_option=OPTION, **_STATIC),
    "multi_static_select": _select(
        _options_xor_groups, initial_options=OPTION_LIST, **_STATIC, **MANY
    ),
    "external_select": _select(initial_option=OPTION, **_QUERY),
    "multi_external_select": _select(initial_options=OPTION_LIST, **_QUERY, **MANY),
    "users_select": _select(initial_user=IDENTIFIER),
    "multi_users_select": _select(initial_users=_IDS, **MANY),
    "conversations_select": _select(
        initial_conversation=IDENTIFIER, response_url_enabled=boolean, **CONVERSATION
    ),
    "multi_conversations_select": _select(initial_conversations=_IDS, **CONVERSATION, **MANY),
    "channels_select": _select(initial_channel=IDENTIFIER, response_url_enabled=boolean),
    "multi_channels_select": _select(initial_channels=_IDS, **MANY),
    "datepicker": _select(initial_date=_DAY),
    "timepicker": _select(initial_time=_HOUR, timezone=_ZONE),
    "datetimepicker": Shape(ACTION_ID, {**COMMON, "initial_date_time": integer(10**9, 10**10 - 1)}),
    "plain_text_input": PLAIN_INPUT,
    "number_input": NUMBER_INPUT,
    "email_text_input": _text_input(initial_value=string(limits.INPUT_LENGTH)),
    "url_text_input": _text_input(initial_value=web_address(limits.INPUT_LENGTH)),
    "rich_text_input": _text_input(
        initial_value=Shape({"elements": items(anything, 1, 100)}),
        min_lines=integer(1, limits.RICH_TEXT_LINES),
        max_lines=integer(1, limits.RICH_TEXT_LINES),
    ),
    "file_input": Shape(
        ACTION_ID,
        {
            "filetypes": items(string(20), 1, 100),
            "max_files": integer(1, limits.INPUT_FILES),
        },
    ),
    "feedback_buttons": Shape(
        {**ACTION_ID, "positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON}
    ),
    "icon_button": Shape(
        {**ACTION_ID, "icon": one_of("trash"), "text": plain(limits.BUTTON_TEXT)},
        {
            "value": string(limits.BUTTON_VALUE),
            "confirm": CONFIRM,
            "accessibility_label": string(limits.BUTTON_LABEL),
        },
    ),
}

SELECTS = tuple(name for name in ELEMENTS if name.endswith("_select"))
PICKERS = ("datepicker", "timepicker")
CHOICES = ("checkboxes", "radio_buttons")
# Which element may stand where: SLACK 1.4 with the Block Kit reference's element lists.
IN_ACTIONS = ("button", "overflow", "datetimepicker", *PICKERS, *CHOICES, *SELECTS)
IN_SECTION = ("button", "image", "overflow", *PICKERS, *CHOICES, *SELECTS)
IN_INPUT = (
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
    "datetimepicker",
    *PICKERS,
    *CHOICES,
    *SELECTS,
)
IN_CONTEXT_ACTIONS = ("feedback_buttons", "icon_button")
