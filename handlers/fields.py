"""Reads one field of a form, so that what cannot be read is said at that field."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import UserError

Value = TypeVar("Value")


def read(block_id: str, reader: Callable[[str], Value], typed: str) -> Value:
    """Read what was typed; a UserError names the field."""
    try:
        return reader(typed)
    except UserError as error:
        error.fields["field"] = block_id
        raise


async def checked(block_id: str, check: Awaitable[Value]) -> Value:
    """Wait for a check of what was typed; a UserError names the field."""
    try:
        return await check
    except UserError as error:
        error.fields["field"] = block_id
        raise


def text(value: str | list[str] | None) -> str:
    """Return a text field's value; empty where nothing was typed."""
    return value if isinstance(value, str) else ""
