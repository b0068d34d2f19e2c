"""Chinese guidelines answer Chinese and mixed questions, and are silent about the rest."""

from pathlib import Path
from typing import NamedTuple

import pytest

from bot.knowledge import loading
from bot.knowledge.search import Found
from bot.knowledge.words import sought
from bot.rules.guidelines import Library

HERE = Path(__file__).parent
NONE = "-"


class Asked(NamedTuple):
    page: str
    heading: str
    question: str


ALL = [
    Asked(*line.split("\t"))
    for line in (HERE / "chinese_questions.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
ANSWERED = [each for each in ALL if each.page != NONE]
SILENT = [each for each in ALL if each.page == NONE]
MIXED = [
    each
    for each in ANSWERED
    if sum(part.isascii() and part.isalpha() for part in each.question.split()) >= 2
]


class Shelf(NamedTuple):
    library: Library
    found: dict[str, Found]

    def sections(self, question: str) -> list[tuple[str, str]]:
        passages = [self.library.passages[hit.position] for hit in self.found[question].hits]
        return [(each.document, (each.headings or (each.title,))[-1]) for each in passages]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    library = loading.read(HERE / "chinese_guidelines")
    search = loading.build(library.passages)
    return Shelf(library, {each.question: search.ask(each.question, 3) for each in ALL})


def test_every_question_names_a_section_that_stands_there(shelf: Shelf) -> None:
    there = {
        (each.document, (each.headings or (each.title,))[-1]) for each in shelf.library.passages
    }
    assert {(each.page, each.heading) for each in ANSWERED} <= there
    assert len({each.page for each in ANSWERED}) >= 4
    assert shelf.library.unread == ()


def test_the_right_section_comes_first(shelf: Shelf) -> None:
    first = [shelf.sections(question)[:1] == [(page, head)] for page, head, question in ANSWERED]
    assert sum(first) >= 28
    assert len(first) == 30


def test_most_are_answered_and_none_that_should_not_be(shelf: Shelf) -> None:
    answered = [shelf.found[each.question].answerable for each in ANSWERED]
    wrongly = [each.question for each in SILENT if shelf.found[each.question].answerable]
    assert sum(answered) >= 24
    assert wrongly == []
    assert len(SILENT) == 26


def test_questions_in_two_languages_find_the_section(shelf: Shelf) -> None:
    assert len(MIXED) >= 3
    for page, head, question in MIXED:
        assert (page, head) in shelf.sections(question), question
        assert shelf.found[question].answerable, question


def test_a_noun_is_found_however_its_neighbours_are_cut() -> None:
    assert "反话" in set(sought("反话应该算正面还是负面？")) & set(sought("讽刺与反话"))
    assert list(sought("only English words")) == ["english", "word"]
    assert len(list(sought("框"))) == 1
