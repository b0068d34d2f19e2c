"""Answers put into words by a language model: what comes back, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.rules.guidelines import Passage


class Composition(StrEnum):
    """What became of a request to put an answer into words."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"  # the model finds no answer in the passages
    UNSUPPORTED = "unsupported"  # nothing it said cites, or rests on, a passage
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"  # no connection, or one that broke
    BUSY = "busy"  # too many requests, or trouble of the server's own
    REJECTED = "rejected"  # a wrong key, an unknown model, a request it does not take
    NONSENSE = "nonsense"  # an answer that is none of the protocol's


class Sentence(NamedTuple):
    """One sentence, and the numbers (from 1) of the passages it cites."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What a model made of passages: sentences only if it `ANSWERED`.

    `tokens_in` and `tokens_out` are what the server counted over all attempts, 0 if it did not
    say; `cost` is in the currency of the configured prices, None where there are none.
    """

    outcome: Composition
    model: str
    sentences: tuple[Sentence, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None


class Composer(Protocol):
    """Puts answers into words; never raises for trouble with the model."""

    async def compose(self, question: str, passages: Sequence[Passage]) -> Composed:
        """Return an answer to a question from these passages and nothing else."""

    async def reach(self) -> Composition:
        """Ask for a word; ANSWERED if there was any answer."""

    async def close(self) -> None:
        """Let go of connections."""


def cost(tokens_in: int, tokens_out: int, price_in: float, price_out: float) -> float | None:
    """Return what tokens cost; prices are per million tokens, 0 and 0 mean that nobody knows."""
    if not price_in and not price_out:
        return None
    return (tokens_in * price_in + tokens_out * price_out) / 1_000_000
