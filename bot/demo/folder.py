"""The demo's data folder: known by its marker, used by one demo at a time, emptied of its own only.

The marker is a small JSON file that also holds what a second start needs to know. It is locked
while a demo runs; the lock goes with the process, however that ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from bot.demo.errors import DemoError

MARKER: Final = "muster-demo.json"
DATABASE: Final = "muster.db"
SAMPLES: Final = "samples"
SLACK: Final = "slack"

_DATABASE_FILES: Final = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal")
_SLACK_FILES: Final = ("local-slack.json", "local-slack.log")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoState:
    """What outlives a run: whether the sample is complete, how far the clock is ahead, the files.

    `clock_offset_seconds` never shrinks, so that the demo's time never goes back.
    """

    seeded: bool = False
    clock_offset_seconds: int = 0
    samples: tuple[str, ...] = ()


class DemoFolder:
    """One claimed data folder; made by `claim`."""

    def __init__(self, path: Path, marker: IO[str], state: DemoState) -> None:
        self.path = path
        self._marker = marker
        self.state = state

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / DATABASE

    @property
    def samples(self) -> Path:
        """Where the sample files are, for people to look at and to drop into Slack."""
        return self.path / SAMPLES

    @property
    def slack(self) -> Path:
        """Where npm puts the local Slack; kept by `empty`, for it is a long way to fetch."""
        return self.path / SLACK

    def keep(self, state: DemoState) -> None:
        """Write the state into the marker."""
        self.state = state
        self._marker.seek(0)
        self._marker.truncate()
        json.dump(asdict(state), self._marker, indent=1)
        self._marker.write("\n")
        self._marker.flush()

    def empty(self) -> None:
        """Delete the database, the sample files that were written, and the local Slack's log."""
        for name in (*_DATABASE_FILES, *_SLACK_FILES):
            (self.path / name).unlink(missing_ok=True)
        for name in self.state.samples:
            (self.samples / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not there, or it holds files of somebody's own
            self.samples.rmdir()
        self.keep(DemoState())


@contextmanager
def claim(path: Path, *, reset: bool = False) -> Iterator[DemoFolder]:
    """Make or take up a data folder; `reset`, or a start that never finished, empties it first.

    Raises:
        DemoError: the folder holds something else, cannot be written, or another demo uses it.

    """
    marker_path = path / MARKER
    try:
        path.mkdir(parents=True, exist_ok=True)
        # The browser tests fetch the local Slack into the demo's folder before there is a demo.
        if not marker_path.exists() and any(entry.name != SLACK for entry in path.iterdir()):
            raise DemoError("demo_folder_foreign", folder=str(path))
        marker = marker_path.open("a+", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise DemoError("demo_folder_unusable", folder=str(path), reason=reason) from error
    with marker:
        try:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoError("demo_already_running", folder=str(path)) from error
        folder = DemoFolder(path, marker, _read(marker, path, forgiving=reset))
        if reset or not folder.state.seeded:
            folder.empty()
        yield folder


def _read(marker: IO[str], path: Path, *, forgiving: bool) -> DemoState:
    marker.seek(0)
    text = marker.read()
    if not text:
        return DemoState()
    try:
        return _state(json.loads(text))
    except (ValueError, TypeError, LookupError) as error:
        if forgiving:
            return DemoState()
        raise DemoError("demo_folder_damaged", folder=str(path)) from error


def _state(known: Any) -> DemoState:  # noqa: ANN401 - whatever JSON holds
    names = tuple(str(name) for name in known["samples"])
    if any(Path(name).name != name for name in names):
        raise ValueError("a sample file outside the folder")
    return DemoState(
        seeded=bool(known["seeded"]),
        clock_offset_seconds=int(known["clock_offset_seconds"]),
        samples=names,
    )
