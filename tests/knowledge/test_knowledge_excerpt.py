"""What of a passage is quoted: the part that speaks of the question, within the limit."""

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.excerpt import EXCERPT, GAP, excerpt
from bot.rules.guidelines import Block, BlockKind, Passage


def passage(*texts: str) -> Passage:
    blocks = tuple(Block(BlockKind.PROSE, text) for text in texts)
    return Passage(document="a.md", title="A", blocks=blocks)


def test_a_short_passage_is_quoted_whole_and_flows() -> None:
    assert excerpt(passage("Boxes are\n  drawn tight.", "Always."), "?") == (
        "Boxes are drawn tight.\nAlways."
    )


def test_a_table_keeps_its_rows() -> None:
    table = "label | meaning\ncar | four wheels"
    assert excerpt(passage(table), "car") == table


def test_a_list_keeps_its_items() -> None:
    shown = excerpt(
        passage("Ask in this order:\n• Is it\n  a car?\n• Is it - or was it - a bus?"), "?"
    )
    assert shown == "Ask in this order:\n• Is it a car?\n• Is it - or was it - a bus?"


def test_a_long_one_begins_where_it_speaks_of_the_question() -> None:
    shown = excerpt(passage("Trucks. " * 120, "Mirrors are never boxed.", "Ends."), "a mirror?")
    assert shown == f"{GAP}\nMirrors are never boxed.\nEnds."


def test_nothing_shared_is_quoted_from_the_beginning() -> None:
    shown = excerpt(passage("Trucks carry loads. " * 60), "quokka")
    assert shown.startswith("Trucks carry loads.")
    assert shown.endswith(GAP)


@given(st.lists(st.text(max_size=900), max_size=6), st.text(max_size=50))
def test_an_excerpt_keeps_its_limit(texts: list[str], question: str) -> None:
    assert len(excerpt(passage(*texts), question)) <= EXCERPT + 2 * len(texts) + 4
