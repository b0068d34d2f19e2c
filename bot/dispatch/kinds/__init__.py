"""Every kind of delivery there is, in one explicit list."""

from bot.dispatch.kind import Kind
from bot.dispatch.kinds import audits, coaching, refusals, schedules, today


def all_kinds() -> tuple[Kind, ...]:
    """Return all kinds; a feature adds its own here."""
    return (today.KIND, refusals.KIND, schedules.KIND, *audits.KINDS, *coaching.KINDS)
