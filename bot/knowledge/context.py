"""Makes a follow-up searchable: what was asked before goes with it."""

from collections.abc import Sequence


def with_context(question: str, before: Sequence[str]) -> str:
    """Return what to search for; `before` are the earlier questions, newest first."""
    return " ".join([question, *before])
