"""A sitting: an auditor's run through drawn tasks, from start to certificate."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.audits import Severity, Verdict
from bot.rules.draws import DrawnTask, SkipReason
from bot.rules.findings import AuditForm, Feedback, FindingForm, Sheet
from bot.rules.numbers import Rate, rate
from bot.rules.people import PersonRef

MOST: Final = 1_000
"""Tasks that one command can draw: what ten auditors do in a day."""

USUAL: Final = 20
"""Tasks of a sitting that names no number: a quarter of an hour."""

LEFT_BEHIND: Final = timedelta(hours=12)
"""A sitting that nobody looked at for so long is over."""

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
SKIP_NOTE_FIELD: Final = "skip_note"

INVITATION: Final = "sittings.invitation"
FEEDBACK: Final = "sittings.feedback"
REMINDER: Final = "sittings.reminder"
CERTIFICATE: Final = "sittings.certificate"
"""Kinds of messages: a part of a sitting that somebody split, the findings of one contributor, the
reminder of them, and what an auditor has done."""


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
    squad: str
    auditor_id: int
    started_by: int
    wanted: int
    due_at: datetime | None
    state: SittingState
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it can go on."""
        return self.state is SittingState.OPEN

    @property
    def is_gathered(self) -> bool:
        """Whether its findings wait for each other; what is looked at singly is said at once."""
        return self.wanted > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSitting:
    """A sitting about to be opened; those of one `party` were split by one command."""

    place: Place
    auditor_id: int
    started_by: int
    party: str
    wanted: int
    due_at: datetime | None


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

    def after(self, settled: Verdict | SkipReason, seconds: int | None = None) -> "Progress":
        """Return how far it is with one more task settled, in so many seconds."""
        left = max(0, self.left - 1)
        if isinstance(settled, SkipReason):
            skipped = {**self.skipped, settled: self.skipped.get(settled, 0) + 1}
            return replace(self, skipped=skipped, left=left)
        return replace(
            self,
            audited=self.audited + 1,
            accepted=self.accepted + (settled is Verdict.ACCEPTED),
            left=left,
            seconds=self.seconds + min(seconds or 0, LONGEST_TASK),
            timed=self.timed + (seconds is not None),
        )

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
class Seat:
    """What is before an auditor in a sitting: the task, how far they are, what helps them.

    `filled` is what an undone audit of it said.
    """

    sitting: Sitting
    draw: DrawnTask
    sheet: Sheet
    progress: Progress
    zone: str
    shown_at: datetime
    snippets: tuple[Snippet, ...] = ()
    can_repeat: bool = False
    can_undo: bool = False
    filled: AuditForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTask:
    """The task that was just saved: now its auditor learns who made it."""

    task: str
    link: str | None
    verdict: Verdict
    contributor: PersonRef
    findings: int
    lenient: bool = False
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenTask:
    """A task that somebody else has now; `form` is what was filled in and could not be saved."""

    sitting_id: int
    task: str
    link: str | None
    form: AuditForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveForm:
    """A task of a sitting as it was filled in, and which state of the work its auditor saw."""

    sitting_id: int
    draw_id: int
    revision: int
    shown_at: datetime
    verdict: Verdict
    findings: tuple[FindingForm, ...] = ()

    def of(self, submission_id: int) -> AuditForm:
        """Return it as the audit of a submission."""
        return AuditForm(submission_id=submission_id, verdict=self.verdict, findings=self.findings)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A part of a sitting that somebody was given, and by whom."""

    sitting: Sitting
    by: PersonRef
    progress: Progress
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An auditor who takes part, and for how many tasks."""

    person: PersonRef
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A sitting that was opened, with how many tasks; `mine` is who asked for it."""

    sitting_id: int
    person: PersonRef
    count: int
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What stands before an auditor now, and what was just saved.

    Exactly one of `seat`, `certificate` and `taken` is there. `changed` says that the work was
    handed in anew while it was looked at, so that nothing was saved.
    """

    seat: Seat | None = None
    certificate: Certificate | None = None
    taken: TakenTask | None = None
    saved: SavedTask | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What became of `/audit start`: the first task of one's own part, and who else was invited.

    Both are missing where the command was sent twice and had no part for who sent it.
    """

    place: Place | None
    turn: Turn | None
    invited: tuple[Opened, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The findings of one contributor that one half hour of a sitting made, oldest first."""

    sitting_id: int
    window: int
    contributor_id: int
    squad_id: int
    feedbacks: tuple[Feedback, ...]

    @property
    def current(self) -> tuple[Feedback, ...]:
        """Those that hold still and say something."""
        return tuple(each for each in self.feedbacks if each.is_current and each.live)

    @property
    def is_open(self) -> bool:
        """Whether there is something that its contributor has yet to acknowledge."""
        return any(each.is_open for each in self.current)


def bundle_key(sitting_id: int) -> str:
    """Return what the deliveries of a sitting are found by when it ends."""
    return f"sitting:{sitting_id}"


def snippet_name(note: str) -> str:
    """Return what a kept note is called: how it begins."""
    line = " ".join(note.split())
    return line if len(line) <= SNIPPET_NAME else line[: SNIPPET_NAME - 1] + "…"
