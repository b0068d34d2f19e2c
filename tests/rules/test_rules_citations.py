"""Sections as people cite them are matched to those that stand in the guidelines."""

import pytest

from bot.rules.citations import Heading, Sections

HEADINGS = [
    Heading(0, ("3 Borders",)),
    Heading(1, ("3 Borders", "3.1 Delivery or product")),
    Heading(2, ("3 Borders", "3.2 Returns without the word")),
    Heading(3, ("3 Borders", "3.2 Returns without the word")),  # the second part of a long one
    Heading(4, ("Label praise", "Examples")),
    Heading(5, ("Label complaint", "Examples")),
    Heading(6, ("Glossary", "Span")),
    Heading(7, ("标注", "2.1 引号")),
]


@pytest.mark.parametrize(
    ("cited", "position"),
    [
        ("3.2", 2),
        ("3.2 Returns without the word", 2),
        ("3.2: returns  without the WORD", 2),
        ("Section 3.2", 2),
        ("§ 3.2", 2),
        ("§3.2", 2),
        ("sec. 3.1", 1),
        ("Returns without the word", 2),
        ("3 Borders › 3.1 Delivery or product", 1),
        ("3 Borders > 3.1 Delivery or product", 1),
        ("3 Borders / 3.1 Delivery or product", 1),
        ("3", 0),
        ("3.", 0),
        ("span", 6),
        ("Label praise › Examples", 4),
        ("2.1", 7),
        ("引号", 7),
        # What could mean two, or is not there, means none.
        ("Examples", None),
        ("3.4", None),
        ("3.21", None),
        ("", None),
        ("   ", None),
        ("Section", None),
    ],
)
def test_what_people_write_finds_one_section_or_none(cited: str, position: int | None) -> None:
    found = Sections(HEADINGS).find(cited)
    assert (found.position if found else None) == position


def test_every_path_finds_its_own_section() -> None:
    sections = Sections(HEADINGS)
    for heading in HEADINGS:
        found = sections.find(heading.section)
        assert found is not None
        assert found.path == heading.path
