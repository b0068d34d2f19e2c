"""The sample's guidelines are complete, hold together in every version, and are there installed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo import story
from bot.demo.editions import ADDED_LATER, RELEASES, pages_of
from bot.demo.sample import sample_work
from bot.knowledge import loading
from bot.rules.citations import Heading, Sections
from bot.rules.guidelines import Library, compare

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
KINDS = (*story.ERROR_KINDS, *story.WARNING_KINDS)
VERSIONS = [release.version for release in RELEASES]
WORDS = range(300, 901)
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
CITED = re.compile(r"\b[Ss]ections? (\d(?:\.\d+)?)")


def _read(version: str) -> Library:
    with pages_of(version) as folder:
        return loading.read(folder)


@contextmanager
def _texts(version: str) -> Iterator[dict[str, str]]:
    with pages_of(version) as folder:
        yield {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in folder.rglob("*.md")
        }


def _sections(library: Library) -> Sections:
    return Sections(
        Heading(n, (passage.title, *passage.headings)) for n, passage in enumerate(library.passages)
    )


@pytest.fixture(scope="module")
def newest() -> Library:
    return _read(VERSIONS[-1])


def test_pages_are_read_whole_and_none_is_thin_or_endless(newest: Library) -> None:
    assert newest.unread == ()
    with _texts(VERSIONS[-1]) as texts:
        english = {name: text for name, text in texts.items() if not name.startswith(ADDED_LATER)}
    assert len(english) == 17
    sizes = {name: len(FRONT_MATTER.sub("", text).split()) for name, text in english.items()}
    assert {name: size for name, size in sizes.items() if size not in WORDS} == {}
    labels = {name for name in english if name.startswith("labels/")}
    assert labels == {f"labels/{intent}.md" for intent in story.INTENTS}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_category_cites_a_section_that_stands_in_the_version(version: str) -> None:
    sections = _sections(_read(version))
    for kind in KINDS:
        found = sections.find(kind.section)
        assert found is not None, kind.section
        assert found.path[-1] == kind.section
        number = kind.section.split()[0]
        assert sections.find(number) == found, number


def test_severities_are_those_that_the_guideline_states(newest: Library) -> None:
    (table,) = [
        passage.text for passage in newest.passages if passage.headings[-1:] == (
            "6.2 What counts as what",
        )
    ]  # fmt: skip
    for kind in KINDS:
        number = kind.section.split()[0]
        row = rf"{kind.name.lower()}.* \| {kind.severity.value} \| {re.escape(number)}$"
        assert re.search(row, table, re.MULTILINE), kind.name


def test_findings_of_the_sample_cite_sections_that_are_found(newest: Library) -> None:
    sections = _sections(newest)
    audits = [row for rows in sample_work(NOW).audits.values() for row in rows]
    cited = {row.section for row in audits if row.category is not None}
    assert cited
    assert None not in cited
    assert {section for section in cited if section and sections.find(section) is None} == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_sections_named_in_the_text_exist(version: str) -> None:
    with _texts(version) as texts:
        named = {number for text in texts.values() for number in CITED.findall(text)}
        headings = "\n".join(texts.values())
    assert len(named) > 10
    missing = {n for n in named if not re.search(rf"^#+ {re.escape(n)} ", headings, re.MULTILINE)}
    assert missing == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_no_anchor_stands_twice_on_a_page(version: str) -> None:
    with _texts(version) as texts:
        for name, text in texts.items():
            anchors = re.findall(r"\{#([\w-]+)\}", text)
            assert len(anchors) == len(set(anchors)), name


def test_the_versions_differ_only_where_the_change_log_says() -> None:
    libraries = [_read(version).passages for version in VERSIONS]
    first, second = (
        {kind: [key.headings[-1] for key in getattr(changes, kind) if key.document != "changes.md"]
         for kind in ("added", "changed", "removed")}
        for changes in (compare(*libraries[:2]), compare(*libraries[1:]))
    )  # fmt: skip
    page = "return_request"
    assert "3.2 Returns without the word" in first["changed"]
    assert "4.3 Language" in first["changed"]
    assert "4.5 Overlap" in first["added"]
    assert f"Borderline cases of {page}" in first["removed"]
    assert "3.2 Returns without the word" in second["changed"]
    assert f"Borderline cases of {page}" in second["added"]
    assert second["removed"] == []
    assert "4.3 Language" not in second["changed"]


def test_an_older_version_says_nothing_of_a_later_one() -> None:
    for release in RELEASES:
        with _texts(release.version) as texts:
            told = re.findall(r"^## Version ([\d.]+)$", texts["changes.md"], re.MULTILINE)
        assert told[0] == release.version


@pytest.mark.slow
def test_pages_and_questions_come_with_an_installed_tree(tmp_path: Path) -> None:
    source, built = tmp_path / "source", tmp_path / "built"
    source.mkdir()
    for name in ("bot", "handlers", "jobs", "models"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = ["-c", "from setuptools import setup; setup()", "-q", "build_py", "-d", str(built)]
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *build], cwd=source, check=True, capture_output=True
    )
    asked = (
        "from bot.demo.asked import sample_questions as questions\n"
        "from bot.demo.editions import RELEASES, pages_of\n"
        "import bot.demo; print(bot.demo.__file__, len(questions()))\n"
        "for release in RELEASES:\n"
        "    with pages_of(release.version) as folder:\n"
        "        print(len(list(folder.rglob('*.md'))))\n"
    )
    said = subprocess.run(  # noqa: S603 - the same
        [sys.executable, "-c", asked],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(built)},
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert said[0].startswith(str(built))
    assert int(said[1]) >= 24
    assert said[2:] == ["17", "17", "19"]
