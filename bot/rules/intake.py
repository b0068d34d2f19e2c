"""What a file of an annotation tool says, row by row, and what became of it.

The readers in `bot.intake` yield these records, the import writes them, the views tell about them.
Instants are aware UTC. `row` is the row as a spreadsheet numbers it: the header is row 1, blank
rows count, a row with a line break inside a quoted cell counts once. In JSON Lines it is the line,
in a list of tasks the task, which may hold several annotations.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from bot.rules.audits import Severity, Verdict
from bot.rules.people import Role, Status

LISTED_ROWS: Final = 100_000
"""Rejected rows kept one by one; a file with nothing but bad rows must not fill the memory."""

FINDINGS_PER_AUDIT: Final = 1_000
"""More rows than this under one audit are a broken file; they are held together in memory."""


class FileKind(StrEnum):
    """What the rows of a file are about."""

    SUBMISSIONS = "submissions"
    AUDITS = "audits"
    ROSTER = "roster"
    PLAN = "plan"
    TAXONOMY = "taxonomy"
    GOLD = "gold"


class FileFormat(StrEnum):
    """How a file is written; `auto` looks at its beginning."""

    AUTO = "auto"
    CSV = "csv"
    JSONL = "jsonl"
    LABEL_STUDIO = "label-studio"


class Reason(StrEnum):
    """Why a row stays out; the sentence is the catalogue's."""

    EMPTY = "empty"  # a required cell
    TOO_LONG = "too_long"  # fields: limit, length
    CONTROL_CHARACTER = "control_character"  # a line break or NUL where a name or id belongs
    NOT_TEXT = "not_text"  # bytes that are no characters in the file's encoding
    NOT_A_TIME = "not_a_time"  # fields: value
    DATE_ONLY = "date_only"  # a day without a time of day; fields: value
    NOT_A_DATE = "not_a_date"  # fields: value
    TOO_EARLY = "too_early"  # fields: value
    IN_FUTURE = "in_future"  # fields: value
    NOT_A_NUMBER = "not_a_number"  # fields: value
    NEGATIVE = "negative"  # fields: value
    STARTED_AFTER = "started_after"  # the start lies after the submission; fields: value
    NOT_A_LINK = "not_a_link"  # not http or https; fields: value
    UNKNOWN_WORD = "unknown_word"  # not one of the words this column may hold; fields: value
    NOT_ONE_OF = "not_one_of"  # the same where the words are few; fields: value, known
    UNKNOWN_ZONE = "unknown_zone"  # fields: value, suggestion
    NOT_A_SLACK_ID = "not_a_slack_id"  # fields: value
    NOT_AN_EMAIL = "not_an_email"  # fields: value
    NOBODY = "nobody"  # neither name nor Slack id nor e-mail
    TOO_FEW_CELLS = "too_few_cells"  # fields: expected, found
    TOO_MANY_CELLS = "too_many_cells"  # fields: expected, found
    UNCLOSED_QUOTE = "unclosed_quote"
    NOT_JSON = "not_json"  # the line is not one JSON object
    NOT_A_TASK = "not_a_task"  # an item of a list that is no task with annotations
    NOT_ANNOTATED = "not_annotated"  # a task without any annotation
    NO_TIME = "no_time"  # an annotation without updated_at and created_at
    CANCELLED = "cancelled"  # an annotation that was skipped
    WRONG_SHAPE = "wrong_shape"  # a value of another type than the tool writes there
    CONFLICTING_GOLD = "conflicting_gold"  # an earlier row's answer is another one; fields: first
    CONFLICTING_VERDICT = "conflicting_verdict"  # with an earlier row of its audit; fields: first
    TOO_MANY_FINDINGS = "too_many_findings"  # fields: limit
    NO_SUBMISSION = "no_submission"  # an audit of work that is not there
    SEVERAL_SUBMISSIONS = "several_submissions"  # an audit that does not say of which; fields: n
    OWN_WORK = "own_work"  # auditor and contributor are one person
    OTHER_SQUAD = "other_squad"  # the submission is another squad's
    OTHER_WORK = "other_work"  # the source's id stands for other work; fields: task
    UNKNOWN_CATEGORY = "unknown_category"  # not in the taxonomy; fields: value, known
    STORED_DIFFERENTLY = "stored_differently"  # the audit is there, with the other verdict
    TWICE = "twice"  # an earlier row has the same name; fields: first
    TOO_MANY_CATEGORIES = "too_many_categories"  # fields: limit
    CONFLICTING_VOLUME = "conflicting_volume"  # another one than an earlier row; fields: first
    MANAGER_BY_ADMIN = "manager_by_admin"  # only an admin makes a manager
    NEVER_MANAGER = "never_manager"  # a guest or Slack Connect user
    NEEDS_SECOND = "needs_second"  # a status that takes a second person's word; fields: value
    TOO_MANY_TAGS = "too_many_tags"  # fields: limit


class SubmissionRow(NamedTuple):
    """One contributor's finished work on one task; None where the file says nothing.

    A named tuple, because a million of them are built in an import and a frozen dataclass takes
    eight times as long.
    """

    row: int
    task: str
    contributor: str
    submitted_at: datetime
    duration_s: float | None = None
    label: str | None = None
    url: str | None = None
    batch: str | None = None
    guideline_version: str | None = None
    source: str | None = None
    source_id: str | None = None


class AuditKey(NamedTuple):
    """What makes rows one audit: the same cells, the time of the audit to the second."""

    task: str
    contributor: str
    submitted_at: datetime | None
    auditor: str
    audited_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One row about an audit: its verdict, and at most one finding.

    `submitted_at` tells which of several submissions of the task by the contributor was audited.
    `severity` is None where the file leaves it to the taxonomy.
    """

    row: int
    task: str
    contributor: str
    auditor: str
    audited_at: datetime
    verdict: Verdict
    submitted_at: datetime | None = None
    category: str | None = None
    severity: Severity | None = None
    section: str | None = None
    note: str | None = None

    @property
    def key(self) -> AuditKey:
        """Rows with the same key are findings of one audit."""
        second = self.audited_at.replace(microsecond=0)
        return AuditKey(self.task, self.contributor, self.submitted_at, self.auditor, second)

    @property
    def has_finding(self) -> bool:
        """Whether the row says that something was wrong, or worth praising."""
        return any((self.category, self.severity, self.section, self.note))


@dataclass(frozen=True, slots=True)
class ImportedAudit:
    """The rows of one audit, in the order of the file; all say the same verdict."""

    rows: tuple[AuditRow, ...]

    @property
    def first(self) -> AuditRow:
        """The row that speaks for the audit as a whole."""
        return self.rows[0]

    @property
    def findings(self) -> tuple[AuditRow, ...]:
        """The rows that hold a finding; two alike are two findings."""
        return tuple(row for row in self.rows if row.has_finding)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One person of a squad; at least one of name, slack_id and email is there.

    `roles` are empty and `status` None where the file says nothing; `country` is ISO 3166-1
    alpha-2, `subdivision` the part after the dash of ISO 3166-2.
    """

    row: int
    name: str | None = None
    slack_id: str | None = None
    email: str | None = None
    roles: tuple[Role, ...] = ()
    status: Status | None = None
    tags: tuple[str, ...] = ()
    zone: str | None = None
    country: str | None = None
    subdivision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One batch of the plan: tasks in it, the squad-local day it is due, priority (1 is first)."""

    row: int
    batch: str
    size: int | None = None
    due: date | None = None
    priority: int | None = None
    planned_volume: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxonomyRow:
    """One error category, with the severity and section a finding has unless it says otherwise."""

    row: int
    category: str
    definition: str | None = None
    severity: Severity = Severity.ERROR
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRow:
    """The label that a task is known to deserve."""

    row: int
    task: str
    label: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that stays out: which one, which column (None: the row as a whole) and why."""

    row: int
    column: str | None
    reason: Reason
    fields: Mapping[str, object] = field(default_factory=dict)

    def brief(self) -> str:
        """Return column and reason in the form programs read: `submitted_at: not_a_time`."""
        return f"{self.column}: {self.reason}" if self.column else str(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """How a file was read, for people to check before they believe what came of it.

    `columns` maps our column names to the file's own spelling, `ignored` are the file's other
    columns. `undecodable` counts bytes that are no characters in `encoding`. `delimiter` is None
    where the format has none. Times without offset are read in `zone`. `rows` are the data rows.
    """

    format: FileFormat
    encoding: str
    rows: int
    zone: str
    columns: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    delimiter: str | None = None
    compressed: bool = False
    undecodable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, in rows: `read` are the data rows, whatever became of them.

    `rejected` lists the first `LISTED_ROWS`; `unlisted` counts the rest.
    """

    read: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    unlisted: int = 0

    @property
    def rejected_count(self) -> int:
        """How many rows stayed out, listed or not."""
        return len(self.rejected) + self.unlisted

    def to_json(self, say: Callable[[Rejected], str] = Rejected.brief) -> dict[str, object]:
        """Return the report as JSON values; `say` words a reason.

        `rejected_unlisted` is there only when not every rejected row is listed.
        """
        report: dict[str, object] = {
            "read": self.read,
            "new": self.new,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "rejected": [{"row": each.row, "reason": say(each)} for each in self.rejected],
        }
        if self.unlisted:
            report["rejected_unlisted"] = self.unlisted
        return report


@dataclass(slots=True, kw_only=True)
class Tally:
    """The running count of one import; `report()` freezes it."""

    read: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    unlisted: int = 0
    listed: list[Rejected] = field(default_factory=list)

    def reject(self, rejected: Iterable[Rejected]) -> None:
        """Take note of rows that stay out; beyond `LISTED_ROWS` they are only counted."""
        for each in rejected:
            if len(self.listed) < LISTED_ROWS:
                self.listed.append(each)
            else:
                self.unlisted += 1

    def report(self) -> ImportReport:
        """Return what was counted so far, the rejected rows in the order of the file."""
        return ImportReport(
            read=self.read,
            new=self.new,
            revised=self.revised,
            unchanged=self.unchanged,
            rejected=tuple(sorted(self.listed, key=lambda each: each.row)),
            unlisted=self.unlisted,
        )


def group_audits(rows: Iterable[AuditRow]) -> tuple[list[ImportedAudit], list[Rejected]]:
    """Put rows of the same audit together, audits in the order of their first row.

    The first row's verdict is the audit's. A row that says another one is rejected, for both
    cannot be true, and so are rows beyond `FINDINGS_PER_AUDIT`.
    """
    audits: dict[AuditKey, list[AuditRow]] = {}
    rejected: list[Rejected] = []
    for row in rows:
        together = audits.setdefault(row.key, [])
        if together and together[0].verdict is not row.verdict:
            first = {"first": together[0].row}
            rejected.append(Rejected(row.row, "verdict", Reason.CONFLICTING_VERDICT, first))
        elif len(together) >= FINDINGS_PER_AUDIT:
            limit = {"limit": FINDINGS_PER_AUDIT}
            rejected.append(Rejected(row.row, None, Reason.TOO_MANY_FINDINGS, limit))
        else:
            together.append(row)
    return [ImportedAudit(tuple(together)) for together in audits.values()], rejected
