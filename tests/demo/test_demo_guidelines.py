"""The sample's guidelines answer what its people ask, and are silent where the story needs it."""

from pathlib import Path

import pytest

from bot.demo import asked, story
from bot.demo.asked import NOW, QUESTIONS
from bot.knowledge import loading
from bot.knowledge.search import Search
from bot.rules.guidelines import Library

FOLDER = Path(asked.__file__).parent / NOW

# What else people ask about this work: the page that answers, None where none does.
MORE = [
    ("May I skip a review that is only an emoji?", "01-reviews.md"),
    ("The box arrived open but the jacket is fine", "03-borders.md"),
    ("How long may the marked evidence be?", "04-evidence.md"),
    ("Can a review have three intents?", "02-intent.md"),
    ("What if the shopper only threatens to send it back?", "02-intent.md"),
    ("Is the price of shipping a delivery issue?", "03-borders.md"),
    ("How do I dispute a finding?", "06-quality.md"),
    ("Which findings are warnings and not errors?", "06-quality.md"),
    ("Is a rhetorical question labelled question?", "labels/question.md"),
    ("What is the keyboard shortcut for the second intent?", "07-tool.md"),
    ("A review praises another shop with a link", "05-flags.md"),
    ("Somebody writes about harming themselves", "05-flags.md"),
    ("Why is there no green one, question or feature request?", "03-borders.md"),
    ("When is my invoice paid?", None),
    ("Who approves holidays in December?", None),
    ("Which browser does the VPN need?", None),
    ("How do I translate Swahili proverbs into German?", None),
]


@pytest.fixture(scope="module")
def library() -> Library:
    return loading.read(FOLDER)


@pytest.fixture(scope="module")
def search(library: Library) -> Search:
    return loading.build(library.passages)


def test_there_are_pages_enough_and_all_can_be_read(library: Library) -> None:
    assert library.documents >= 12
    assert library.unread == ()


def test_every_category_cites_a_section_that_stands_there(library: Library) -> None:
    headings = {passage.headings[-1] for passage in library.passages if passage.headings}
    cited = {kind.section for kind in (*story.ERROR_KINDS, *story.WARNING_KINDS)}
    assert cited - headings == set()


def test_questions_find_their_page_or_are_refused(library: Library, search: Search) -> None:
    wanted = [(each.text, each.document) for each in QUESTIONS] + MORE
    found, refused = [], []
    for text, document in wanted:
        answer = search.ask(text, 3)
        pages = {library.passages[hit.position].document for hit in answer.hits}
        if document is None:
            refused.append((text, not answer.answerable))
        else:
            found.append((text, document in pages))
    assert sum(right for _, right in found) / len(found) >= 0.85, found
    assert sum(right for _, right in refused) >= len(refused) - 1, refused
