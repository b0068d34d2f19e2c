"""The demo's folder: nothing of anybody else's is touched, and only a finished start is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.demo.errors import DemoError
from bot.demo.folder import MARKER, DemoState, claim

DONE = DemoState(seeded=True, clock_offset_seconds=7200, samples=("submissions.csv",))


def _finished(path: Path) -> None:
    """Leave a folder behind as a demo that ran through does."""
    with claim(path) as folder:
        folder.database.write_text("a database")
        folder.samples.mkdir()
        (folder.samples / "submissions.csv").write_text("task\n")
        folder.slack.mkdir()
        (folder.slack / "binary").write_text("kept")
        (path / "local-slack.log").write_text("a log")
        folder.keep(DONE)


def test_a_new_folder_is_made_and_taken_up_again(tmp_path: Path) -> None:
    _finished(tmp_path / "deep" / "demo")
    with claim(tmp_path / "deep" / "demo") as folder:
        assert folder.state == DONE
        assert folder.database.read_text() == "a database"


def test_a_folder_of_somebody_else_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    precious = tmp_path / "muster.db"
    precious.write_text("precious")
    for reset in (False, True):
        with pytest.raises(DemoError) as refused, claim(tmp_path, reset=reset):
            pass
        assert refused.value.code == "demo_folder_foreign"
    assert [path.name for path in tmp_path.iterdir()] == ["muster.db"]
    assert precious.read_text() == "precious"


def test_a_local_slack_that_was_fetched_before_is_welcome(tmp_path: Path) -> None:
    (tmp_path / "slack").mkdir()
    with claim(tmp_path) as folder:
        assert folder.slack == tmp_path / "slack"


def test_a_file_in_its_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")
    with pytest.raises(DemoError) as refused, claim(tmp_path / "demo"):
        pass
    assert refused.value.code == "demo_folder_unusable"


def test_reset_takes_away_only_what_the_demo_made(tmp_path: Path) -> None:
    _finished(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "samples" / "mine.csv").write_text("mine")
    with claim(tmp_path, reset=True) as folder:
        assert folder.state == DemoState()
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {MARKER, "notes.txt", "samples/mine.csv", "slack/binary"}


def test_a_start_that_never_finished_begins_anew(tmp_path: Path) -> None:
    with claim(tmp_path) as folder:
        folder.database.write_text("half a squad")
    with claim(tmp_path) as folder:
        assert not folder.database.exists()


def test_only_one_demo_at_a_time(tmp_path: Path) -> None:
    _finished(tmp_path)
    with claim(tmp_path) as first:
        with pytest.raises(DemoError) as refused, claim(tmp_path, reset=True):
            pass
        assert refused.value.code == "demo_already_running"
        assert first.database.exists()
    with claim(tmp_path) as second:
        assert second.state == DONE


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", json.dumps({"seeded": True, "clock_offset_seconds": "x"})]
)
def test_damaged_notes_are_named_and_reset_mends_them(tmp_path: Path, text: str) -> None:
    _finished(tmp_path)
    (tmp_path / MARKER).write_text(text)
    with pytest.raises(DemoError) as refused, claim(tmp_path):
        pass
    assert refused.value.code == "demo_folder_damaged"
    with claim(tmp_path, reset=True) as folder:
        assert folder.state == DemoState()
        assert not folder.database.exists()


def test_notes_cannot_make_it_delete_elsewhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("mine")
    with claim(tmp_path / "demo") as folder:
        folder.keep(DemoState(samples=("../../outside.csv",)))
    with claim(tmp_path / "demo", reset=True):
        pass
    assert outside.read_text() == "mine"
