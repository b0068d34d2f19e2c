"""The search as the rest of the house knows it; whoever asks need not know how it finds."""

from typing import NamedTuple, Protocol


class Hit(NamedTuple):
    """A passage by its position among those the search was built over."""

    position: int
    score: float


class Found(NamedTuple):
    """What a search says; see `bot.rules.guidelines.Answer` for the meaning of the fields."""

    answerable: bool
    confidence: float
    sure: bool
    hits: tuple[Hit, ...]


class Search(Protocol):
    """A search over one version's passages; safe to ask from several threads at once."""

    def ask(self, question: str, top: int) -> Found:
        """Return at most `top` passages, best first; none for a question without words."""
