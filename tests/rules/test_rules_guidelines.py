"""Addresses, changes and citations of guidelines."""

import pytest

from bot.rules.guidelines import (
    Block,
    BlockKind,
    Changes,
    Library,
    Passage,
    SectionKey,
    compare,
    link,
    touched,
)


def passage(text: str, *headings: str, document: str = "a/b c.md", anchor: str = "x") -> Passage:
    blocks = (Block(BlockKind.PROSE, text),)
    return Passage(
        document=document, title="Guide", headings=headings, anchor=anchor, blocks=blocks
    )


@pytest.mark.parametrize(
    ("base_url", "address"),
    [
        (None, None),
        ("", None),
        ("https://d.example", "https://d.example/a/b%20c.md#x"),
        ("https://d.example/v1/", "https://d.example/v1/a/b%20c.md#x"),
        ("https://d.example/{path}.html", "https://d.example/a/b%20c.html#x"),
        ("https://d.example/?doc={document}", "https://d.example/?doc=a/b%20c.md#x"),
    ],
)
def test_a_passage_has_an_address(base_url: str | None, address: str | None) -> None:
    assert link(base_url, passage("text")) == address


def test_an_anchor_cannot_leave_the_address() -> None:
    found = link("https://d.example", passage("text", anchor="a b<c>|d"))
    assert found == "https://d.example/a/b%20c.md#a%20b%3Cc%3E%7Cd"


def test_changes_are_told_by_section() -> None:
    old = [passage("one", "A"), passage("two", "B"), passage("first", "C"), passage("rest", "C")]
    new = [passage("one", "A"), passage("2", "B"), passage("first", "C"), passage("new", "D")]
    document = "a/b c.md"
    assert compare(old, new) == Changes(
        added=(SectionKey(document, ("Guide", "D")),),
        changed=(SectionKey(document, ("Guide", "B")), SectionKey(document, ("Guide", "C"))),
    )
    assert compare(old, new[:2]).removed == (SectionKey(document, ("Guide", "C")),)
    assert compare(old, list(old)) == Changes()


def test_citations_are_matched_by_heading_or_path() -> None:
    key = SectionKey("a.md", ("Guide", "Boxes", "Overlap"))
    changes = Changes(changed=(key,))
    cited = ["overlap ", "Guide › Boxes › Overlap", "guide > boxes > overlap", "Boxes", "Other"]
    assert touched(changes, cited) == 3
    assert touched(Changes(added=(key,)), cited) == 0


def test_a_library_is_the_same_only_with_the_same_content() -> None:
    def digest(*some: Passage) -> str:
        return Library(passages=some, documents=1).digest

    assert digest(passage("one", "A")) == digest(passage("one", "A"))
    others = [passage("one", "B"), passage("one", "A", anchor="y"), passage("two", "A")]
    assert len({digest(each) for each in (*others, passage("one", "A"))}) == 4
