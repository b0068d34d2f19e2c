"""Reads the fields of a form: all that cannot be read is said at once, each at its field."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import UserError
from bot.views import failures
from bot.views.words import Words

Value = TypeVar("Value")


class Fields:
    """Reads field after field; `errors` has a sentence for each that cannot be read."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.errors: dict[str, str] = {}

    def read(self, block_id: str, reader: Callable[[str], Value], typed: str) -> Value | None:
        """Return what was typed as read; None if it cannot be."""
        try:
            return reader(typed)
        except UserError as error:
            self._keep(block_id, error)
            return None

    async def checked(self, block_id: str, check: Awaitable[Value]) -> Value | None:
        """Return what a check of something typed returns; None if it fails."""
        try:
            return await check
        except UserError as error:
            self._keep(block_id, error)
            return None

    def _keep(self, block_id: str, error: UserError) -> None:
        self.errors[block_id] = failures.at_field(self._words, error)


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
