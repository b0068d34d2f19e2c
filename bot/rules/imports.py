"""Imports: who asks for what, what makes a submission the same one, and how fast it is written."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from math import ceil
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from bot.rules.audits import Origin
from bot.rules.intake import FileFacts, FileFormat, FileKind, ImportReport, SubmissionRow
from bot.rules.people import Caller

FILE_SOURCE: Final = "file"
"""What a file that names no source calls people: their alias under this source."""

SLACK_SOURCE: Final = "slack"
"""The source of a Slack user id that a roster states, until that user is met."""

Item = TypeVar("Item")


class Sampling(StrEnum):
    """How the audited work of a file was picked, as whoever imports it says."""

    ALL = "all"  # every submission was audited
    RANDOM = "random"  # by chance, within each contributor's week
    CHOSEN = "chosen"  # by hand
    UNKNOWN = "unknown"

    @property
    def origin(self) -> Origin:
        """The origin that the audits get."""
        return _ORIGINS[self]

    @property
    def weight(self) -> float | None:
        """What is known of an audit's weight before the whole file was read."""
        return 1.0 if self is Sampling.ALL else None


_ORIGINS: Final[Mapping[Sampling, Origin]] = MappingProxyType(
    {
        # Every submission was certain to be drawn: a random sample of probability one.
        Sampling.ALL: Origin.RANDOM,
        Sampling.RANDOM: Origin.RANDOM,
        Sampling.CHOSEN: Origin.CHOSEN,
        Sampling.UNKNOWN: Origin.UNKNOWN,
    }
)


@dataclass(frozen=True, slots=True)
class Operator:
    """The shell, on one workspace; it has no person, and no role stops it."""

    workspace_id: int


Door = Caller | Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What is to be imported where; squad and project by key (a button) or by name.

    A project of None means the squad's only one. Times without offset are read in `zone`, the
    squad's unless given. `create` makes the squad, the project and error categories that are
    missing.
    """

    kind: FileKind
    squad: str | int
    project: str | int | None = None
    fmt: FileFormat = FileFormat.AUTO
    zone: str | None = None
    sampling: Sampling = Sampling.UNKNOWN
    create: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where rows go; keys are None for what is only made by the import itself.

    `project` is None for a roster. `makes_managers` tells that whoever imports may.
    """

    workspace_id: int
    actor_id: int | None
    squad_id: int | None
    squad: str
    zone: str
    project_id: int | None = None
    project: str | None = None
    makes_managers: bool = False


class Place(NamedTuple):
    """The keys that every imported row carries."""

    workspace_id: int
    project_id: int
    squad_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A squad and project that a manager may import into; `project` is None if it has none."""

    squad_id: int
    squad: str
    project_id: int | None = None
    project: str | None = None


class CitedSections(NamedTuple):
    """The sections that a file's findings cite, and those of them that the guidelines lack.

    They are stored as the file has them, and matched anew to the newest guidelines when shown.
    """

    texts: AbstractSet[str]
    missing: AbstractSet[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, or (`dry`) would do; nothing is ever sent to anybody by it.

    `strangers` counts the names in the file that nobody in Slack stands behind, `assumed` the
    times without offset, read in `facts.zone`. `categories` are those that were added, `gold`
    counts the rows of a file of submissions that were gold answers instead. `cited` is None where
    nothing is cited or there are no guidelines.
    """

    kind: FileKind
    destination: Destination
    facts: FileFacts
    report: ImportReport
    dry: bool
    sampling: Sampling = Sampling.UNKNOWN
    strangers: int = 0
    assumed: int = 0
    categories: tuple[str, ...] = ()
    gold: int = 0
    cited: CitedSections | None = None
    repeated: bool = False


class Identity(NamedTuple):
    """What makes a submission the same one: the source's own id, else task, person and second.

    Of the two groups of fields the one that does not apply is empty.
    """

    source: str = ""
    source_id: str = ""
    task: str = ""
    contributor_id: int = 0
    submitted_at: datetime | None = None


class Handed(NamedTuple):
    """A submission about to be stored: the row, whose and in which batch, and its digest."""

    row: SubmissionRow
    contributor_id: int
    batch_id: int | None
    content: str

    @property
    def identity(self) -> Identity:
        """Under which of the two unique keys it is stored."""
        row = self.row
        if row.source_id is not None:
            return Identity(source=row.source or FILE_SOURCE, source_id=row.source_id)
        return Identity(
            task=row.task, contributor_id=self.contributor_id, submitted_at=row.submitted_at
        )


class Kept(NamedTuple):
    """A stored submission, as far as a re-import compares it."""

    submission_id: int
    squad_id: int
    task: str
    contributor_id: int
    revision: int
    content: str


def content_of(row: SubmissionRow) -> str:
    """Return a digest of all that may change of a submission without making it another one."""
    # Without an id of the source, the time is part of what the submission is.
    moment = "" if row.source_id is None else row.submitted_at.isoformat()
    said = (
        f"{row.duration_s}\x1f{row.label or ''}\x1f{row.url or ''}\x1f{row.batch or ''}"
        f"\x1f{row.guideline_version or ''}\x1f{moment}"
    )
    return blake2b(said.encode(), digest_size=16).hexdigest()


@dataclass(slots=True)
class Pace:
    """How many rows go into one transaction, so that nobody waits long for the write lock.

    Starts small and follows the measured time: at most doubled, at once cut down. What at least
    half as many rows took says how long they all would take.
    """

    target_s: float = 0.02
    """Half of what a transaction may take: the next one may be slower."""
    size: int = 100
    least: int = 5
    most: int = 1_000
    longest_s: float = field(default=0.0)

    def learn(self, rows: int, seconds: float) -> None:
        """Take note of how long `rows` held the write lock."""
        self.longest_s = max(self.longest_s, seconds)
        fitting = int(rows * self.target_s / max(seconds, 1e-6))
        if seconds > self.target_s:
            self.size = max(self.least, min(self.size, fitting))
        elif 2 * rows >= self.size:
            self.size = min(self.most, max(self.size, min(fitting, 2 * self.size)))

    def slices(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        """Cut items into halves, quarters and so on; each part asks anew how large it may be.

        A small one behind a large one would cost as much to commit.
        """
        start = 0
        while left := len(items) - start:
            parts = 1
            while left > parts * self.size:
                parts *= 2
            part = items[start : start + ceil(left / parts)]
            start += len(part)
            yield part


@dataclass(frozen=True, slots=True)
class Draw:
    """One imported random draw: its chain, what it drew of whom, and the weight it has."""

    chain_id: int
    submission_id: int
    contributor_id: int
    weight: float | None


def weights_of(draws: Sequence[Draw], frame: Mapping[int, int]) -> list[tuple[Draw, float]]:
    """Return the weight N / n of each draw of one ISO week whose weight is another one.

    `frame` is contributor -> N, the submissions of that week; n is how many of them were drawn.
    Within contributor and week each had the same chance n / N, and the weight is its inverse
    (Horvitz and Thompson, 1952).
    """
    drawn: dict[int, set[int]] = {}
    for draw in draws:
        drawn.setdefault(draw.contributor_id, set()).add(draw.submission_id)
    changed = []
    for draw in draws:
        n = len(drawn[draw.contributor_id])
        weight = max(frame.get(draw.contributor_id, n), n) / n
        if draw.weight != weight:
            changed.append((draw, weight))
    return changed
