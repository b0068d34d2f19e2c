"""Folders become libraries: HTML and text as well, and bad files stay out with a reason."""

from pathlib import Path

import pytest

from bot.errors import IntakeError
from bot.knowledge.reading import read_library
from bot.rules.guidelines import FILE_LIMIT_MB, BlockKind, Passage, Trouble

PAGE = """<!doctype html><html><head>
<title>Boxes</title><meta name="keywords" content="edges, overlap">
<style>p {color: red}</style></head><body><nav>HIDDEN</nav>
<!-- HIDDEN --><h1 id="top">Boxes</h1><p>Draw&nbsp;<b>tight</b> boxes.<br>Always.
<h2><a name="occl"></a>Occlusion</h2><ul><li>Guess the hidden part
<li>unless more than half is gone</ul>
<table><tr><th>seen<th>box<tr><td>all<td>yes</table><pre>x = 1
  y = 2</pre><script>HIDDEN()</script></body></html>"""


def read(folder: Path, name: str, content: str | bytes) -> tuple[Passage, ...]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_library(path).passages


def test_html_is_read_as_a_browser_shows_it(tmp_path: Path) -> None:
    first, second = read(tmp_path, "boxes.html", PAGE)
    assert (first.title, first.anchor, first.tags) == ("Boxes", "top", ("edges, overlap",))
    assert first.text == "Draw tight boxes.\nAlways."
    assert (second.headings, second.anchor) == (("Occlusion",), "occl")
    assert "Guess the hidden part\nunless more than half is gone" in second.text
    assert "seen | box\nall | yes" in second.text
    assert second.blocks[-1] == (BlockKind.EXAMPLE, "x = 1\n  y = 2")
    assert "HIDDEN" not in first.text + second.text


def test_a_page_says_how_it_is_encoded(tmp_path: Path) -> None:
    page = '<meta charset="gb18030"><h1>标注规则</h1><p>重叠的语音要分段。'
    [passage] = read(tmp_path, "a.html", page.encode("gb18030"))
    assert passage.text == "重叠的语音要分段。"


def test_text_has_headings_too(tmp_path: Path) -> None:
    passages = read(
        tmp_path,
        "rules.txt",
        "Rules\n=====\nGeneral words.\n\n1. Scope\n\nAll calls.\n\n"
        "1.1 Length\n\nAt most an hour.\n\nACCENTS\n\nIgnore them.\n\n"
        "第二章 语音\n\n重叠的要分段。\n",
    )
    assert [each.headings for each in passages] == [
        (),
        ("1. Scope",),
        ("1. Scope", "1.1 Length"),
        ("ACCENTS",),
        ("第二章 语音",),
    ]
    assert passages[0].title == "Rules"


def test_a_folder_is_read_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.md", "a/y.MD", ".git/x.md", "c.png", ".hidden.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"words of {name}", "utf-8")
    library = read_library(tmp_path)
    assert [each.document for each in library.passages] == ["b.md", "a/y.MD", "a/z.md"]
    assert library.documents == 3


def test_bad_files_stay_out_and_the_rest_goes_in(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_bytes(b"\xef\xbb\xbf# Good\r\n\r\nFine.\r\n")
    (tmp_path / "huge.md").write_bytes(b"# Huge\n\n" + b"word " * 4_000_000)
    (tmp_path / "latin.md").write_bytes("naïve".encode("latin-1"))
    (tmp_path / "nul.md").write_bytes(b"a\x00b")
    (tmp_path / "only.md").write_text("<!-- nothing else -->", "utf-8")
    (tmp_path / "away.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "deep.html").write_text("<div>" * 50_000 + "deep", "utf-8")
    (tmp_path / "nested.md").write_text("> " * 5_000 + "nested", "utf-8")
    library = read_library(tmp_path)
    assert {each.document: each.trouble for each in library.unread} == {
        "huge.md": Trouble.TOO_LARGE,
        "latin.md": Trouble.NOT_TEXT,
        "nul.md": Trouble.NOT_TEXT,
        "only.md": Trouble.EMPTY,
        "away.md": Trouble.UNREADABLE,
        "nested.md": Trouble.EMPTY,
    }
    assert {"good.md", "deep.html"} <= {each.document for each in library.passages}
    assert next(p for p in library.passages if p.document == "good.md").text == "Fine."


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    line = b"Every box is drawn tight around what is seen of the thing.\n\n"
    passages = read(tmp_path, "book.md", line * (FILE_LIMIT_MB * 1_000_000 // len(line) // 8))
    assert len(passages) > 100


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: folder / "gone", "guidelines_missing"),
        (lambda folder: folder, "guidelines_no_files"),
    ],
)
def test_nothing_to_read_is_an_error(tmp_path: Path, make: object, code: str) -> None:
    with pytest.raises(IntakeError) as caught:
        read_library(make(tmp_path))  # type: ignore[operator]
    assert caught.value.code == code


def test_nothing_that_can_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(IntakeError) as caught:
        read_library(tmp_path)
    assert caught.value.code == "guidelines_unreadable"
