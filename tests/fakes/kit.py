"""Blocks, views, a clock and one question for the tests of the fake."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]
Post = Callable[..., Awaitable[Any]]
Opened = Callable[..., Awaitable[Any]]


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self, start: float) -> None:
        self.time = start

    def __call__(self) -> float:
        return self.time

    def turn(self, seconds: float) -> None:
        self.time += seconds


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "words", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "go", value: str = "1", **more: Any) -> Json:
    base = {"type": "button", "text": plain("Go"), "action_id": action_id, "value": value}
    return {**base, **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str, label: str | None = None) -> Json:
    return {"text": plain(label or value), "value": value}


def static_select(action_id: str, *values: str, **more: Any) -> Json:
    options = [option(value) for value in values]
    return {"type": "static_select", "action_id": action_id, "options": options, **more}


def text_input(action_id: str, **more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": action_id, **more}


def field(element: Json, block_id: str, **more: Any) -> Json:
    base = {"type": "input", "block_id": block_id, "label": plain("Label"), "element": element}
    return {**base, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    base = {"type": "modal", "callback_id": "form", "title": plain("Form")}
    return {**base, "submit": plain("Send"), "blocks": list(blocks or [section()]), **more}


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks or [section()])}


async def refusal(call: Awaitable[Any]) -> str:
    """The error that a call is refused with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])
