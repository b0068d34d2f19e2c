"""The sample's guidelines in the versions of its story, each imported as of the day it came out.

The newest stands in `guidelines`. A folder of `guidelines_before` holds the pages of an older
version that differ from it; what only the newest has is left out there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from bot import clock
from bot.clock import Clock
from bot.container import Container
from bot.demo import story, workspace
from bot.rules.guidelines import GuidelinesRequest

BASE_URL: Final = "https://guide.example.com/reviews"
NEWEST: Final = "guidelines"
OLDER: Final = "guidelines_before"
ADDED_LATER: Final = "zh"
"""Pages that came with the newest version."""

_OUT_AT: Final = time(16)
_DAYS_BEFORE_IN_FORCE: Final = 3  # out on the Friday before the Monday from which it counts


class Release(NamedTuple):
    """A version, and the week of the sample from whose Monday on it counts."""

    version: str
    week: int


RELEASES: Final = (
    Release(story.OLD_VERSION, story.OLD_FROM_WEEK),
    Release(story.UNCLEAR_VERSION, story.UNCLEAR_FROM_WEEK),
    Release(story.MENDED_VERSION, story.MENDED_FROM_WEEK),
)


def out_at(release: Release, first_day: date) -> datetime:
    """Return when a version came out, if the sample's first week begins on `first_day`."""
    day = first_day + timedelta(weeks=release.week, days=-_DAYS_BEFORE_IN_FORCE)
    return clock.to_utc(day, _OUT_AT, workspace.SQUAD_ZONE)


@contextmanager
def pages_of(version: str) -> Iterator[Path]:
    """Give a folder with the pages of a version, as long as the context lasts."""
    with resources.as_file(resources.files("bot.demo")) as here, TemporaryDirectory() as made:
        if version == RELEASES[-1].version:
            yield here / NEWEST
            return
        whole = Path(made) / NEWEST
        shutil.copytree(here / NEWEST, whole, ignore=shutil.ignore_patterns(ADDED_LATER))
        shutil.copytree(here / OLDER / version, whole, dirs_exist_ok=True)
        yield whole


async def load_guidelines(container: Container, first_day: date) -> None:
    """Import all versions, oldest first."""
    for release in RELEASES:
        request = GuidelinesRequest(
            project=workspace.PROJECT_NAME, version=release.version, base_url=BASE_URL
        )
        with pages_of(release.version) as folder, _at(out_at(release, first_day), container.clock):
            await container.services.guidelines.import_at_shell(request, folder)


@contextmanager
def _at(moment: datetime, moved: Clock) -> Iterator[None]:
    """Have the clock show a past moment meanwhile; nothing else runs while the demo is filled."""
    back = moment - moved.now()
    moved.move(back)
    try:
        yield
    finally:
        moved.move(-back)
