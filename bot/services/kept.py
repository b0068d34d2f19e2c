"""Compares a question with what experts said before: kept answers, logged cases, open questions."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final

from bot.knowledge.similar import ALIKE, Similar

MOST: Final = 2_000
"""Texts of a project that are looked through, the latest first."""

SHELF: Final = 16
"""Sets of texts that a process keeps compared; making one anew takes some milliseconds."""


class Likeness:
    """Finds the text that asks the same; safe to ask from several threads at once."""

    def __init__(self) -> None:
        self._shelf: OrderedDict[tuple[str, ...], Similar] = OrderedDict()
        self._lock = Lock()

    def nearest(self, texts: Sequence[str], text: str) -> int | None:
        """Return the position of the text that asks the same, None if none does."""
        found = self.alike(texts, text, 1)
        return found[0] if found else None

    def alike(self, texts: Sequence[str], text: str, top: int) -> list[int]:
        """Return the positions of at most `top` texts that ask the same, most alike first."""
        if not texts:
            return []
        hits = self._among(tuple(texts)).nearest(text, top)
        return [hit.position for hit in hits if hit.score >= ALIKE]

    def _among(self, key: tuple[str, ...]) -> Similar:
        with self._lock:
            among = self._shelf.get(key)
            if among is None:
                among = self._shelf[key] = Similar(key)
                while len(self._shelf) > SHELF:
                    self._shelf.popitem(last=False)
            self._shelf.move_to_end(key)
            return among
