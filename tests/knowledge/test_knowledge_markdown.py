"""Markdown becomes passages: front matter, tables, examples, anchors; what is hidden stays so."""

import pytest

from bot.knowledge.markdown import read_markdown
from bot.knowledge.outline import PART_WORDS, Outline, length
from bot.rules.guidelines import Block, BlockKind, Passage

PROSE, EXAMPLE = BlockKind.PROSE, BlockKind.EXAMPLE


def read(text: str, document: str = "a/guide.md") -> list[Passage]:
    outline = Outline(document)
    read_markdown(text, outline)
    return outline.passages()


def everything(passages: list[Passage]) -> str:
    return "\n".join(f"{each.section}\n{each.text}" for each in passages)


def test_front_matter_gives_title_and_tags() -> None:
    [passage] = read(
        "---\ntitle: 'Boxes'\nlayout: page\ntags: [boundaries, overlap]\nshort : where to cut\n"
        "nothing:\nnumber: 3\n---\n\nDraw tight.\n"
    )
    assert passage.title == "Boxes"
    assert passage.tags == ("page", "boundaries", "overlap", "where to cut")
    assert passage.text == "Draw tight."


def test_front_matter_that_is_no_yaml_is_read_line_by_line() -> None:
    [passage] = read("---\ntitle: Boxes: how to\nabout: [broken\n---\nDraw tight.")
    assert passage.title == "Boxes: how to"


def test_headings_make_a_path_and_anchors() -> None:
    passages = read(
        "# Guide\n\nfirst\n\n## Boxes & lines\n\nsecond\n\n### Overlap {#over}\n\nthird\n\n"
        "## Boxes & lines\n{: #again .wide}\n\nfourth\n\n"
        "## <a name='here'>`Thin`</a> lines\n\nfifth"
    )
    assert [(each.headings, each.anchor) for each in passages] == [
        ((), "guide"),
        (("Boxes & lines",), "boxes--lines"),
        (("Boxes & lines", "Overlap"), "over"),
        (("Boxes & lines",), "again"),
        (("Thin lines",), "here"),
    ]
    assert [each.text for each in passages] == ["first", "second", "third", "fourth", "fifth"]
    assert passages[2].section == "Guide › Boxes & lines › Overlap"


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- OUTDATED -->",
        "before <!-- OUTDATED --> after",
        "<!-- OUTDATED\n\nOUTDATED\n\n## OUTDATED\n-->",
        "text <!-- starts in a line\n\n## OUTDATED\n\nOUTDATED -->",
        "{% include OUTDATED.md %}",
        "{: .OUTDATED}",
        "word{: .OUTDATED} word",
        "<script>OUTDATED</script>",
        "[^1]: [label](OUTDATED.html 'OUTDATED')\n\n[ref]: OUTDATED.html",
    ],
)
def test_what_is_hidden_is_not_found(hidden: str) -> None:
    passages = read(f"# Guide\n\nStays.\n\n{hidden}\n\n## Next\n\nStays too.\n")
    assert "OUTDATED" not in everything(passages).replace("[^1]: [label]", "")
    assert "Stays too." in everything(passages)


def test_an_open_comment_hides_the_rest() -> None:
    assert "OUTDATED" not in everything(read("Stays.\n\n<!-- OUTDATED\n\n# OUTDATED\n"))


def test_a_comment_in_code_is_shown() -> None:
    text = everything(read("Write `<!-- note -->`.\n\n```html\n<!-- shown -->\n```\n"))
    assert "<!-- note -->" in text
    assert "<!-- shown -->" in text


def test_examples_are_told_from_prose() -> None:
    [passage] = read(
        "Rule.\n\n~~~ sdparse\na b\nnsubj(a, b)\n~~~\n\n    indented code\n\n"
        "<div>\n1 a _ _ 0 root\n2 b _ _ 1 obj\n3 c _ _ 1 obj\n</div>\n\n"
        "<pre>\nkept as\n  it is\n</pre>\n"
    )
    assert [kind for kind, _ in passage.blocks] == [PROSE, EXAMPLE, EXAMPLE, EXAMPLE, EXAMPLE]
    assert passage.blocks[-1].text == "kept as\n  it is"


def test_tables_keep_their_rows() -> None:
    [passage] = read("| label | means |\n|---|:-:|\n| A | apple |\n|  | none |\n| B |\n")
    assert passage.blocks == (Block(PROSE, "label | means\nA | apple\nnone\nB"),)


@pytest.mark.parametrize(
    "broken",
    [
        "| a | b\n| c\n",
        "| a | b |\n|---|\n| c | d | e |\n",
        "||||\n|-|-|\n",
        "<table><tr><td>a\n\nb\n",
    ],
)
def test_broken_tables_lose_no_words_around_them(broken: str) -> None:
    text = everything(read(f"# T\n\nbefore\n\n{broken}\n\n## After\n\nafter"))
    assert "before" in text
    assert "after" in text


def test_lists_and_emphasis() -> None:
    [passage] = read("- use _that_ or **which**\n  - never `whose`\n\n> quoted [link](x.html)\n")
    assert passage.text == "• use that or which\n  • never whose\n\nquoted link"
    assert passage.mentions == ("that", "which", "whose")


def test_a_long_section_is_cut_between_its_paragraphs() -> None:
    passages = read("## Long\n\n" + "\n\n".join("word " * 100 for _ in range(9)))
    assert [length(each.text) for each in passages] == [300, 300, 300]
    assert {each.anchor for each in passages} == {"long"}


def test_a_paragraph_without_end_is_cut() -> None:
    passages = read("word " * 5_000 + "\n\n" + "x" * 40_000 + "\n\n" + "界" * 9_000)
    assert max(length(each.text) for each in passages) <= PART_WORDS + 1
    assert max(len(each.text) for each in passages) < 10_000
