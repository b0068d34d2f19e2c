"""A sitting: an auditor's run through drawn tasks, from start to certificate."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot import clock
from bot.errors import BadInput, NotFound
from bot.rules.audits import Severity
from bot.rules.commands import unescape, users, without_mentions
from bot.rules.draws import SkipReason
from bot.rules.numbers import Rate, rate

MOST: Final = 1_000
"""Tasks that one command can draw: what ten auditors do in a day."""

USUAL: Final = 20
"""Tasks of a sitting that names no number: a quarter of an hour."""

HELD_FOR: Final = timedelta(minutes=60)
"""An idle reservation is free again after so long."""

HOLD_ANEW: Final = timedelta(minutes=15)
"""How old a reservation may get before a save renews it: four writes an hour, not one a click."""

FINDINGS_WAIT: Final = timedelta(minutes=30)
"""How long the findings of a sitting are gathered before they leave."""

LONGEST_TASK: Final = 600
"""Seconds of one task that count for the pace; whoever took longer was called away."""

SNIPPETS: Final = 50
"""Notes that one auditor keeps in a project; the oldest make room. A menu holds a hundred."""

SNIPPET_NAME: Final = 75  # what an option of a menu shows, and the width of the column

SKIP_NOTE_LIMIT: Final = 500

START: Final = "start"
NEXT: Final = "next"
RESUME: Final = "resume"
STOP: Final = "stop"

INVITATION: Final = "sittings.invitation"
FEEDBACK: Final = "sittings.feedback"
REMINDER: Final = "sittings.reminder"
CERTIFICATE: Final = "sittings.certificate"
"""Kinds of messages: a part of a sitting that somebody split, the findings of one contributor, the
reminder of them, and what an auditor has done."""

_COUNT = re.compile(r"[+-]?\d+")
_HOUR = re.compile(r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s?(?P<half>[ap]m)?", re.IGNORECASE)


class SittingState(StrEnum):
    """Whether an auditor is still at it."""

    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRequest:
    """What `/audit start …` asks for; `by` is a wall-clock time, `place` a squad or project."""

    count: int = USUAL
    by: time | None = None
    user_ids: tuple[str, ...] = ()
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A squad's work on a project: where draws are taken from."""

    squad_id: int
    squad: str
    project_id: int
    project: str
    zone: str

    @property
    def name(self) -> str:
        """How it is told from the other work of the same squad or on the same project."""
        return f"{self.project} ({self.squad})"

    @property
    def names(self) -> frozenset[str]:
        """What it may be called, case folded."""
        both = (self.project, self.squad)
        pairs = (self.name, " ".join(both), " ".join(reversed(both)))
        return frozenset(each.casefold() for each in (*both, *pairs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A sitting as it is stored."""

    id: int
    squad_id: int
    project_id: int
    project: str
    auditor_id: int
    started_by: int
    wanted: int
    due_at: datetime | None
    state: SittingState
    started_at: datetime
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it can go on."""
        return self.state is SittingState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a sitting is; `seconds` is the time that `timed` of its tasks took, in all."""

    wanted: int
    audited: int = 0
    accepted: int = 0
    skipped: Mapping[SkipReason, int] = field(default_factory=dict)
    left: int = 0
    seconds: int = 0
    timed: int = 0

    @property
    def done(self) -> int:
        """Tasks that are settled one way or the other."""
        return self.audited + sum(self.skipped.values())

    @property
    def total(self) -> int:
        """Tasks of the sitting: those asked for, unless there were fewer to draw."""
        return self.done + self.left

    @property
    def each(self) -> float | None:
        """Seconds a task takes, None before the first."""
        return self.seconds / self.timed if self.timed else None

    @property
    def rate(self) -> Rate:
        """The acceptance rate of what was audited."""
        return rate(self.accepted, self.audited)

    def finish(self, now: datetime) -> datetime | None:
        """Return when the rest is done at this pace; None before the first task."""
        return None if self.each is None else now + timedelta(seconds=self.each * self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A note that an auditor keeps for findings that come up again."""

    snippet_id: int
    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastFinding:
    """The newest finding of a sitting, to be repeated on another task."""

    category_id: int | None
    severity: Severity
    section: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a sitting came to: drawn from what, done, left out, and with what result.

    `population` is the work that its random draws stand for, None if there were none.
    """

    sitting: Sitting
    zone: str
    progress: Progress
    population: int | None
    random: int
    findings: int
    contributors: int


def parse_start(text: str) -> StartRequest:
    """Read what stands behind `/audit start`: `200 by 17:00 @ana @bo in Boxes`, all of it optional.

    Raises BadInput("sitting_count", "bad_time", "sitting_arguments").
    """
    people = tuple(users(text))
    rest = unescape(without_mentions(text)).strip()
    rest, _, place = _split(rest, "in")
    rest, found, hour = _split(rest, "by")
    count = rest.strip()
    if count and not _COUNT.fullmatch(count):
        raise BadInput("sitting_arguments")
    if found and not hour:
        raise BadInput("bad_time", text="")
    return StartRequest(
        count=checked_count(int(count)) if count else USUAL,
        by=read_hour(hour) if hour else None,
        user_ids=people,
        place=place or None,
    )


def _split(text: str, word: str) -> tuple[str, bool, str]:
    """Split at the last such word that stands alone: what is before, whether it is there, after."""
    before, found, after = f" {text} ".rpartition(f" {word} ")
    return (before.strip(), True, after.strip()) if found else (text, False, "")


def parse_place(text: str) -> str | None:
    """Read `in Boxes` behind a word that needs no more. Raises BadInput("sitting_arguments")."""
    rest, found, place = _split(text.strip(), "in")
    if rest or (found and not place):
        raise BadInput("sitting_arguments")
    return place or None


def checked_count(count: int) -> int:
    """Return how many tasks are asked for. Raises BadInput("sitting_count")."""
    if not 1 <= count <= MOST:
        raise BadInput("sitting_count", limit=MOST)
    return count


def read_hour(text: str) -> time:
    """Read `17:00`, `17` or `5pm`. Raises BadInput("bad_time")."""
    match = _HOUR.fullmatch(text.strip())
    if match is None:
        return clock.parse_time(text)
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if half is not None:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the face of a clock
            raise BadInput("bad_time", text=text)
        hour = hour % 12 + (12 if half.casefold() == "pm" else 0)
    return clock.parse_time(f"{hour:02}:{minute:02}")


def due(by: time | None, zone: str, now: datetime) -> datetime | None:
    """Return the instant of a wall-clock time today. Raises BadInput("sitting_past")."""
    if by is None:
        return None
    at = clock.to_utc(clock.local_day(now, zone), by, zone)
    if at <= now:
        local = clock.to_local(now, zone)
        raise BadInput("sitting_past", by=f"{by:%H:%M}", now=f"{local:%H:%M}", zone=zone)
    return at


def shares(count: int, people: int) -> list[int]:
    """Split tasks evenly between auditors; who is named first gets one more where it must be."""
    each, more = divmod(count, people)
    return [each + (position < more) for position in range(people)]


def choose_place(places: Sequence[Place], named: str | None, here: frozenset[int]) -> Place:
    """Resolve where to draw from: by name, then by the channel's squads, then the only one.

    Raises NotFound("sitting_place", "sitting_no_project"), BadInput("sitting_which").
    """
    if not places:
        raise NotFound("sitting_no_project")
    if named is not None:
        wanted = named.casefold()
        found = [place for place in places if wanted in place.names]
        if not found:
            known = ", ".join(sorted(place.name for place in places))
            raise NotFound("sitting_place", place=named, known=known)
    else:
        found = list(places)
    in_channel = [place for place in found if place.squad_id in here]
    if len(found) > 1 and in_channel:
        found = in_channel
    if len(found) > 1:
        raise BadInput("sitting_which", places=", ".join(sorted(place.name for place in found)))
    return found[0]


def window(started_at: datetime, at: datetime) -> int:
    """Return which half hour of a sitting an instant belongs to, counted from 0."""
    return max(0, (at - started_at) // FINDINGS_WAIT)


def window_range(started_at: datetime, number: int) -> tuple[datetime, datetime]:
    """Return a half hour of a sitting, half open: its findings leave at the end of it."""
    return started_at + number * FINDINGS_WAIT, started_at + (number + 1) * FINDINGS_WAIT


def feedback_key(sitting_id: int, contributor_id: int, number: int) -> str:
    """Return the dedupe key of the one message about a contributor's findings of a half hour."""
    return f"{FEEDBACK}:{sitting_id}:{contributor_id}:{number}"


def reminder_key(sitting_id: int, contributor_id: int, number: int) -> str:
    """Return the dedupe key of the one reminder of such a message."""
    return f"{REMINDER}:{sitting_id}:{contributor_id}:{number}"


def bundle_key(sitting_id: int) -> str:
    """Return what the deliveries of a sitting are found by when it ends."""
    return f"sitting:{sitting_id}"


def snippet_name(note: str) -> str:
    """Return what a kept note is called: how it begins."""
    line = " ".join(note.split())
    return line if len(line) <= SNIPPET_NAME else line[: SNIPPET_NAME - 1] + "…"
