"""CHANGELOG.md keeps the form of Keep a Changelog, newest first."""

import re
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
RELEASE = re.compile(r"\[(?P<version>\d+\.\d+\.\d+)\] - (?P<day>\d{4}-\d{2}-\d{2})")


def headings(level: int) -> list[str]:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(rf"^#{{{level}}} (.+)$", text, flags=re.MULTILINE)


def test_it_starts_with_what_is_not_released_yet() -> None:
    assert headings(1) == ["Changelog"]
    assert headings(2)[0] == "[Unreleased]"


def test_releases_are_dated_and_newest_first() -> None:
    releases = [RELEASE.fullmatch(heading) for heading in headings(2)[1:]]
    assert all(releases)
    days = [date.fromisoformat(release["day"]) for release in releases if release]
    assert days == sorted(days, reverse=True)


def test_the_newest_release_is_the_projects_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    released = [RELEASE.fullmatch(heading) for heading in headings(2)[1:]]
    if released and released[0]:
        assert released[0]["version"] == project["version"]


def test_changes_are_sorted_by_kind_and_said_in_sentences() -> None:
    assert headings(3)
    assert set(headings(3)) <= KINDS
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = re.findall(r"^- (?:.+\n)(?:  .+\n)*", text, flags=re.MULTILINE)
    assert entries
    assert [entry for entry in entries if not entry.rstrip().endswith(".")] == []
