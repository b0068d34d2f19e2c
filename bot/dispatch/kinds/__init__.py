"""Every kind of delivery there is, in one explicit list."""

from bot.dispatch.kind import Kind
from bot.dispatch.kinds import refusals, today


def all_kinds() -> tuple[Kind, ...]:
    """Return all kinds; a feature adds its own here."""
    return (today.KIND, refusals.KIND)
