"""How a Web API method is described, and how its arguments are read off the wire."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.core import Core
from tests.fakes.slack.records import Json, SlackError

Handler = Callable[[Core, Json], Json]


@dataclass(frozen=True, kw_only=True)
class Method:
    """A method with its rate tier (SLACK 2.2) and the scope it always needs.

    ``tier`` is 1-4, "special" (hundreds per minute) or "post". A scope that depends on the kind
    of conversation is asked for by the handler.
    """

    run: Handler
    tier: int | str
    scope: str | None = None
    app_token: bool = False


def needed(args: Json, name: str) -> str:
    """A required argument as text."""
    value = args.get(name)
    if value is None or value == "":
        raise SlackError(
            "invalid_arguments",
            response_metadata={"messages": [f"[ERROR] missing required field: {name}"]},
        )
    return str(value)


def flag(args: Json, name: str, *, default: bool = False) -> bool:
    """A boolean argument; query strings carry it as 1, 0, true or false."""
    value = args.get(name, default)
    return value if isinstance(value, bool) else str(value).lower() in ("1", "true")


def parsed(args: Json, name: str) -> Any:
    """An argument that may come as JSON text; None when it is absent."""
    value = args.get(name)
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError as error:
            raise SlackError("invalid_arguments") from error
    return value


def page(items: Sequence[Any], args: Json, *, default: int, most: int) -> tuple[list[Any], Json]:
    """(one page of items, the response_metadata that leads to the next)."""
    try:
        limit = int(args.get("limit") or default)
        start = int(str(args.get("cursor") or "cursor:0").removeprefix("cursor:"))
    except ValueError as error:
        raise SlackError("invalid_cursor") from error
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    end = start + limit
    cursor = f"cursor:{end}" if end < len(items) else ""
    return list(items[start:end]), {"next_cursor": cursor}
