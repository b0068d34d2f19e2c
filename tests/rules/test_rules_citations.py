"""Sections as people cite them are matched to those that stand in the guidelines."""

import pytest

from bot.rules.citations import CITED_LIMIT, LISTED, Heading, Offer, Sections

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


def test_a_short_list_is_offered_whole_and_a_long_one_by_what_is_typed() -> None:
    few = Sections(HEADINGS)
    assert [each.name for each in few.offer(asks=True).listed] == [
        heading.section for heading in HEADINGS if heading.position != 3
    ]
    many = Sections([Heading(n, (f"{n} Part",)) for n in range(LISTED + 1)])
    assert many.offer(asks=True) == Offer(asks=True)
    assert many.offer(asks=False) == Offer(), "nobody asks: it is a text"
    wide = Sections([Heading(n, ("标注规则" * 9, f"{n} 说明")) for n in range(LISTED)])
    assert wide.offer(asks=True) == Offer(asks=True), "a form of six findings would be too large"
    fits = Sections([Heading(n, ("标注", f"{n} 引号里的话")) for n in range(LISTED)])
    assert len(fits.offer(asks=True).listed) == LISTED


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("3.2", "3 Borders › 3.2 Returns without the word"),
        ("§ 3.1", "3 Borders › 3.1 Delivery or product"),
        ("return", "3 Borders › 3.2 Returns without the word"),
        ("word without", "3 Borders › 3.2 Returns without the word"),
        ("praise ex", "Label praise › Examples"),
        ("引", "标注 › 2.1 引号"),
        ("", "3 Borders"),
        ("ghosts", None),
    ],
)
def test_typing_finds_sections_the_best_first(typed: str, first: str | None) -> None:
    found = Sections(HEADINGS).search(typed)
    assert (found[0].name if found else None) == first
    assert len(Sections(HEADINGS).search(typed, 1)) <= 1


def test_what_a_choice_cites_finds_it_and_fits_a_menu() -> None:
    long = "x" * CITED_LIMIT
    sections = Sections(
        [
            Heading(0, (long, "1.1 One")),
            Heading(1, (long, "1.2 " + long)),
            Heading(2, (long, "Examples " + long)),
        ]
    )
    assert [each.cited for each in sections.choices] == ["1.1 One", "1.2"]
    for choice in sections.choices:
        found = sections.find(choice.cited)
        assert found is not None
        assert found.section == choice.name
