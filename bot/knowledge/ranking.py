"""The search without a model: evidence of sections and pages, in words and in meaning, added up."""

import re
from collections import defaultdict
from typing import Final, NamedTuple

import numpy as np

from bot.knowledge.confidence import ANSWERS, SURE, agrees, speaks
from bot.knowledge.latent import Latent
from bot.knowledge.lexical import Lexical, rarity
from bot.knowledge.parts import Floats, Integers, Parts
from bot.knowledge.search import Found, Hit
from bot.knowledge.words import LITERAL, LITERAL_WORDS, bare, quotations, sought
from bot.rules.guidelines import QUESTION_LIMIT

NEWLINE: Final = 10

MEANING: Final = 0.5
"""What latent evidence counts for beside that of words, which is 1."""

WORD_OF_QUOTE: Final = 0.5
"""What a word of a quotation counts for as a literal, where the whole quotation counts 1."""


AGAIN: Final = 0.5
"""How much lower each turn scores than the one before, so that scores fall as the order does."""


class Evidence(NamedTuple):
    """Raw evidence that the guidelines speak of what is asked, comparable between questions.

    `words` is the best section's BM25 score over the largest inverse document frequency there can
    be: about as many of the rarest words as speak for it. `kept` is the share of the question that
    lies in the space of the guidelines' meanings. `lead` is how far the first page is ahead of the
    fourth in the fused score, over the most that score can be.
    """

    words: float
    kept: float
    lead: float


class _Question(NamedTuple):
    terms: dict[int, float]
    unknown: int
    literals: dict[int, float]
    phrases: tuple[str, ...]


class Index:
    """Everything about one version's passages that answering needs; never changes once built."""

    def __init__(self, parts: Parts) -> None:
        self._terms = {term: number for number, term in enumerate(parts.terms)}
        self._literals = {literal: number for number, literal in enumerate(parts.literals)}
        self._page_of = parts.page_of
        self._texts = parts.texts
        self._lines = np.array([m.start() for m in re.finditer(b"\n", parts.texts)], dtype=np.int64)
        n, pages = len(parts.page_of), int(parts.page_of.max(initial=-1)) + 1
        self._sections, self._pages = Lexical(parts.sections, n), Lexical(parts.pages, pages)
        self._latent = Latent(parts)
        self._spoken = parts.spoken
        self._rarest = float(rarity(n, 0))

    def rank(self, question: str) -> tuple[Floats, Floats, Evidence]:
        """Return scores of sections and of pages, and the raw evidence."""
        asked = self._read(question[:QUESTION_LIMIT])
        spoken = self._literal_scores(asked)
        sections = self._sections.scores(asked.terms) + spoken
        pages = self._pages.scores(asked.terms) + self._best_of_page(spoken)
        place, kept = self._latent.place(asked.terms, asked.unknown)
        near_sections, near_pages = self._latent.sections @ place, self._latent.pages @ place
        best = _scaled(self._best_of_page(sections))
        near = _scaled(self._best_of_page(near_sections))
        whole = best + _scaled(pages) + MEANING * (near + _scaled(near_pages))
        within = _scaled(sections) + MEANING * _scaled(near_sections)
        leading = [*np.sort(whole)[::-1][:4].tolist(), 0.0, 0.0, 0.0, 0.0]
        evidence = Evidence(
            words=float(sections.max(initial=0.0)) / self._rarest,
            kept=kept,
            lead=(leading[0] - leading[3]) / (2 + 2 * MEANING),
        )
        return within, whole, evidence

    def best(self, sections: Floats, pages: Floats, top: int) -> tuple[Hit, ...]:
        """Return the best passage of each page in the order of the pages, then their second ones.

        Three passages of three pages answer more questions than three of one page do. A page
        without evidence has no turn.
        """
        leading = np.argsort(-pages, kind="stable")[:top]
        among = np.flatnonzero(np.isin(self._page_of, leading[pages[leading] > 0]))
        turns: dict[int, int] = defaultdict(int)
        ranked: list[tuple[int, Hit]] = []
        for position in among[np.argsort(-sections[among], kind="stable")].tolist():
            page = int(self._page_of[position])
            ranked.append((turns[page], Hit(position, float(pages[page]))))
            turns[page] += 1
        ranked.sort(key=lambda turn_and_hit: (turn_and_hit[0], -turn_and_hit[1].score))
        lowest = min((hit.score for turn, hit in ranked if turn == 0), default=0.0)
        return tuple(
            hit if not turn else Hit(hit.position, lowest * AGAIN**turn)
            for turn, hit in ranked[:top]
        )

    def _read(self, question: str) -> _Question:
        found: dict[int, float] = defaultdict(float)
        unknown: set[str] = set()
        for term in sought(question):
            if term in self._terms:
                found[self._terms[term]] += 1
            else:
                unknown.add(term)
        literals: dict[int, float] = {}
        phrases: set[str] = set()
        for quotation in quotations(question):
            words = bare(quotation)
            if len(words) > LITERAL_WORDS:
                continue
            for size in range(1, len(words) + 1):
                for start in range(len(words) - size + 1):
                    piece = " ".join(words[start : start + size])
                    weight = 1.0 if size == len(words) else WORD_OF_QUOTE
                    key = self._literals.get(LITERAL + piece)
                    if key is not None and (size in {1, len(words)}):
                        literals[key] = max(literals.get(key, 0), weight)
                    if size > 1:
                        phrases.add(piece)
        return _Question(dict(found), len(unknown), literals, tuple(sorted(phrases)))

    def _literal_scores(self, asked: _Question) -> Floats:
        n = len(self._page_of)
        found = np.zeros(n, dtype=np.float32)
        for key, weight in asked.literals.items():
            rows = self._spoken.rows[self._spoken.of(key)]
            found[rows] += weight * float(rarity(n, len(rows)))
        for phrase in asked.phrases:
            having = self._having(phrase)
            if len(having):
                found[having] += float(rarity(n, len(having)))
        return found

    def _having(self, phrase: str) -> Integers:
        pattern = re.escape(f" {phrase} ".encode())
        places = [match.start() for match in re.finditer(pattern, self._texts)]
        return np.unique(np.searchsorted(self._lines, places))

    def _best_of_page(self, sections: Floats) -> Floats:
        best = np.zeros(int(self._page_of.max(initial=-1)) + 1, dtype=np.float32)
        np.maximum.at(best, self._page_of, sections)
        return best


def _scaled(scores: Floats) -> Floats:
    positive: Floats = np.maximum(scores, 0)
    top = positive.max(initial=np.float32(0))
    if top > 0:
        positive /= top
    return positive


class RankedSearch:
    """A `Search` over an index: the best passage of the best pages, then what else they hold."""

    def __init__(self, parts: Parts) -> None:
        self._index = Index(parts)

    def ask(self, question: str, top: int) -> Found:
        """Return at most `top` passages, best first; none for a question without words."""
        sections, pages, evidence = self._index.rank(question)
        if not evidence.words and not evidence.kept:
            return Found(answerable=False, confidence=0.0, sure=False, hits=())
        spoken = speaks(evidence.words, evidence.kept)
        confidence = spoken * agrees(evidence.lead)
        return Found(
            answerable=spoken >= ANSWERS,
            confidence=confidence,
            sure=confidence >= SURE,
            hits=self._index.best(sections, pages, top),
        )
