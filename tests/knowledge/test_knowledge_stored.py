"""A stored index answers as the built one does, runs nothing when read, and loads less."""

import io
import pickle
import subprocess
import sys
import zipfile
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge import loading
from bot.knowledge.markdown import read_markdown
from bot.knowledge.outline import Outline
from bot.knowledge.parts import Parts
from bot.rules.guidelines import Passage

ROOT = Path(__file__).parents[2]
GUIDE = {
    "spans.md": """---
title: Spans
---
Mark the shortest span that names the product, without its article.

## Brand names

The legal suffix of a company belongs to its name, as in `Acme Ltd`.
""",
    "audio.md": "# Audio\n\nWrite `uh` and _you know_ as heard, with the label `NOISE:filler`.\n",
    "图像.md": "# 图像标注\n\n## 遮挡\n\n行人被遮挡时，只框出可见部分。\n"
    "\n## 人群\n\n超过十人标为人群。\n",
}
QUESTIONS = [
    "company suffix",
    "'you know'",
    "noise:filler",
    "行人被挡住怎么画框？",
    "span 人群",
    "zzz",
]

# What an index of each format holds, as a digest; the present one was taken when it was new.
FORMATS = {2: "cb32dd1d344fe0ad7ae3f8de"}


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    found: list[Passage] = []
    for name, text in GUIDE.items():
        outline = Outline(name)
        read_markdown(text, outline)
        found += outline.passages()
    return found


@pytest.fixture(scope="module")
def parts(passages: list[Passage]) -> Parts:
    return loading.prepare(passages)


@pytest.fixture(scope="module")
def body(parts: Parts) -> bytes:
    return loading.pack(parts)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_was_stored_answers_as_what_was_built(
    passages: list[Passage], body: bytes, question: str
) -> None:
    stored = loading.unpack(body)
    assert stored is not None
    assert stored.ask(question, 5) == loading.build(passages).ask(question, 5)


def test_the_same_guidelines_give_the_same_bytes(passages: list[Passage], body: bytes) -> None:
    assert loading.pack(loading.prepare(passages)) == body


@pytest.mark.parametrize(
    "broken",
    [
        lambda _: b"",
        lambda _: b"no index at all",
        lambda body: body[: len(body) // 2],
        lambda body: body[:200] + b"\x00" * 50 + body[250:],
        lambda _: pickle.dumps([1, 2, 3]),
    ],
)
def test_what_is_no_index_is_none(body: bytes, broken: object) -> None:
    assert loading.unpack(broken(body)) is None  # type: ignore[operator]


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_harm(some: bytes) -> None:
    assert loading.unpack(some) is None


def test_nothing_in_it_can_be_run(body: bytes) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, ...]:
            return (pytest.fail, ("it was run",))

    arrays = dict(np.load(io.BytesIO(body), allow_pickle=False))
    arrays["axes"] = np.array([Bomb()], dtype=object)
    bad = io.BytesIO()
    np.savez_compressed(bad, **arrays)
    assert loading.unpack(bad.getvalue()) is None
    assert all(name.endswith(".npy") for name in zipfile.ZipFile(io.BytesIO(body)).namelist())


def test_a_changed_index_has_a_format_of_its_own(parts: Parts) -> None:
    """Where this fails, what is stored everywhere fits no more: raise `loading.FORMAT`."""
    seen = blake2b(digest_size=12)
    for name in sorted(Parts.__slots__):
        value = getattr(parts, name)
        seen.update(name.encode())
        if name in {"terms", "literals"}:
            seen.update("\n".join(value).encode())
        elif name == "texts":
            seen.update(value)
        elif name in {"sections", "pages", "spoken"}:
            seen.update(b"".join(np.ascontiguousarray(each).tobytes() for each in value))
    assert seen.hexdigest() == FORMATS[loading.FORMAT]


def test_reading_an_index_loads_no_scipy(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(body)
    code = (
        "import sys\nfrom pathlib import Path\nfrom bot.knowledge import loading\n"
        "found = loading.unpack(Path(sys.argv[1]).read_bytes()).ask('company suffix', 1)\n"
        "sys.exit(not found.hits or 'scipy' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "index")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0  # noqa: S603 - our own code
