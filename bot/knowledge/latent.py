"""Where a question lies among what the guidelines mean; `bot.knowledge.fitting` finds the space."""

from collections.abc import Mapping

import numpy as np

from bot.knowledge.parts import Floats, Integers, Parts


def rarity(n: int, having: Integers) -> Floats:
    """Return the inverse document frequency of terms that `having` of `n` sections have."""
    found: Floats = (np.log((1 + n) / (1 + having)) + 1).astype(np.float32)
    return found


class Latent:
    """The space of one version's sections."""

    def __init__(self, parts: Parts) -> None:
        n = len(parts.page_of)
        self._idf = rarity(n, np.diff(parts.sections.starts))
        self._unknown = float(np.log1p(n) + 1)
        self._column, self._axes = parts.column, parts.axes
        self.sections, self.pages = parts.near_sections, parts.near_pages

    def place(self, wanted: Mapping[int, float], unknown: int) -> tuple[Floats, float]:
        """Return where a question lies, of length 1, and how much of it lies in the space at all.

        `unknown` is the number of its terms that the guidelines never use. The second value, 0 to
        1, is the length of the projection over that of the question: the share of what is asked
        that these guidelines speak of.
        """
        inside = np.zeros(self._axes.shape[1], dtype=np.float32)
        total = unknown * (np.log(2) * self._unknown) ** 2
        for term, weight in wanted.items():
            value = np.log1p(weight) * self._idf[term]
            total += value**2
            if self._column[term] >= 0:
                inside += value * self._axes[self._column[term]]
        length = float(np.linalg.norm(inside))
        kept = length / float(np.sqrt(total)) if total else 0.0
        return (inside / length if length else inside), kept
