"""The sample's questions fit its people and its guidelines, and the search answers them."""

from collections import Counter
from datetime import date, timedelta

import pytest

from bot.demo import story, workspace
from bot.demo.asked import ASKED, SampleQuestion, sample_questions
from bot.demo.editions import RELEASES, pages_of
from bot.demo.sample import WEEKS
from bot.demo.shifts import WORKING_DAYS, away_of
from bot.knowledge import loading
from bot.knowledge.search import Search
from bot.knowledge.words import CHINESE
from bot.rules.escalations import ANSWER_LIMIT
from bot.rules.guidelines import Library

MONDAY = date(2026, 10, 12)
TOP = 3
ANSWERED = [each for each in sample_questions().values() if each.page is not None]
SILENT = [each for each in sample_questions().values() if each.page is None]

# What else people ask that no guideline of this work answers.
ELSEWHERE = (
    "When is my invoice paid?",
    "Who approves holidays in December?",
    "Which browser does the VPN need?",
    "How do I translate Swahili proverbs into German?",
)


@pytest.fixture(scope="module")
def library() -> Library:
    with pages_of(RELEASES[-1].version) as folder:
        return loading.read(folder)


@pytest.fixture(scope="module")
def search(library: Library) -> Search:
    return loading.build(library.passages)


def test_there_is_something_of_everything() -> None:
    known = sample_questions()
    assert len(known) >= 24
    assert len(SILENT) >= 6
    assert set(ASKED) <= known.keys()
    assert sum(bool(CHINESE.search(each.text)) for each in known.values()) >= 3
    assert Counter(each.waits for each in SILENT)[True] >= 2
    again = [each for each in known.values() if each.same_as is not None]
    assert len(again) >= 3
    order = list(known)
    for each in again:
        assert each.same_as is not None
        assert order.index(each.same_as) < order.index(each.id)
        assert (known[each.same_as].page is None) == (each.page is None)


def test_ids_are_unique_and_questions_stand_in_order() -> None:
    known = list(sample_questions().values())
    assert [each.day for each in known] == sorted(each.day for each in known)
    assert len({each.text for each in known}) == len(known)


@pytest.mark.parametrize("asked", sample_questions().values(), ids=lambda each: each.id)
def test_each_asker_is_at_work_on_that_day(asked: SampleQuestion) -> None:
    assert asked.asker in {person.id for person in workspace.CONTRIBUTORS}
    assert 0 <= asked.day < WEEKS * 7
    week, weekday = divmod(asked.day, 7)
    assert weekday in WORKING_DAYS
    habit = story.HABITS[asked.asker]
    assert habit.joined_week <= week
    day = MONDAY + timedelta(days=asked.day)
    assert not any(span.first <= day <= span.last for span in away_of(habit, MONDAY))


@pytest.mark.parametrize("asked", ANSWERED, ids=lambda each: each.id)
def test_the_section_that_answers_stands_on_its_page(
    asked: SampleQuestion, library: Library
) -> None:
    assert asked.answer is None
    assert (asked.page, asked.section) in {
        (passage.document, (passage.title, *passage.headings)[-1]) for passage in library.passages
    }


@pytest.mark.parametrize("asked", SILENT, ids=lambda each: each.id)
def test_the_managers_answer_belongs_to_a_section(asked: SampleQuestion, library: Library) -> None:
    assert asked.section is None
    assert asked.answer is not None
    assert 0 < len(asked.answer) <= ANSWER_LIMIT
    assert asked.answer_section in {passage.section for passage in library.passages}


def test_the_search_finds_the_page(library: Library, search: Search) -> None:
    found = []
    for asked in ANSWERED:
        hits = search.ask(asked.text, TOP)
        pages = {library.passages[hit.position].document for hit in hits.hits}
        found.append((asked.id, hits.answerable and asked.page in pages))
    assert sum(right for _, right in found) / len(found) >= 0.85, found


def test_the_search_refuses_what_the_guidelines_do_not_answer(search: Search) -> None:
    texts = [*(asked.text for asked in SILENT), *ELSEWHERE]
    refused = [(text, not search.ask(text, TOP).answerable) for text in texts]
    assert sum(right for _, right in refused) * 6 >= len(refused) * 5, refused
    here = refused[: len(SILENT)]
    assert sum(right for _, right in here) * 6 >= len(here) * 5, here
