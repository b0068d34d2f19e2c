"""Which columns each kind of file has, and which of a file's own headings mean them.

A heading matches whatever its case, spaces and punctuation ("Task ID" is `task_id`). Where several
headings mean one column, the column's own name wins, then the alias that stands first here.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.errors import IntakeError
from bot.rules.intake import FileKind

_SHOWN_HEADINGS: Final = 30
_SHOWN_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind: `names` maps each to its aliases, best first.

    Of each group in `required` at least one column has to be there.
    """

    names: Mapping[str, tuple[str, ...]]
    required: tuple[tuple[str, ...], ...]

    def ranks(self) -> dict[str, tuple[int, str]]:
        """Return normalised heading → (rank, column); rank 0 is the column's own name."""
        found: dict[str, tuple[int, str]] = {}
        for column, aliases in self.names.items():
            for rank, spelling in enumerate((column, *aliases)):
                found.setdefault(normalised(spelling), (rank, column))
        return found


def _layout(required: Sequence[tuple[str, ...]], **names: str) -> Layout:
    aliases = {column: tuple(spellings.split()) for column, spellings in names.items()}
    return Layout(MappingProxyType(aliases), tuple(required))


_CONTRIBUTOR: Final = (
    "contributor_id worker worker_id annotator annotator_id labeler labeller labeler_id "
    "labeled_by submitted_by created_by completed_by user user_id"
)
_TASK: Final = "task_id item item_id unit unit_id hit_id example_id external_id"

LAYOUTS: Final[Mapping[FileKind, Layout]] = MappingProxyType(
    {
        FileKind.SUBMISSIONS: _layout(
            [("task",), ("contributor",), ("submitted_at",)],
            task=_TASK,
            contributor=_CONTRIBUTOR,
            submitted_at=(
                "submitted submission_time submit_time completed_at completed finished_at "
                "ended_at end_time updated_at created_at timestamp"
            ),
            duration_s=(
                "duration duration_seconds duration_sec seconds time_spent_s time_spent lead_time "
                "seconds_to_label work_time_in_seconds"
            ),
            label="labels answer annotation choice",
            url="link task_url task_link",
            batch="batch_id batch_name job job_id",
            guideline_version="guidelines_version guideline instructions_version",
            source="tool platform",
            source_id="annotation_id submission_id assignment_id judgment_id judgement_id",
            started_at="started start_time accept_time",
        ),
        FileKind.AUDITS: _layout(
            [("task",), ("contributor",), ("auditor",), ("audited_at",), ("verdict",)],
            task=_TASK,
            contributor=_CONTRIBUTOR,
            auditor="auditor_id reviewer reviewer_id reviewed_by audited_by checked_by qa",
            audited_at="audited audit_time reviewed_at review_time checked_at timestamp",
            verdict="result decision outcome",
            submitted_at="submitted submission_time submit_time completed_at",
            category="error_category error_type error",
            severity="error_severity",
            section="guideline_section rule",
            note="notes comment comments feedback reason",
        ),
        FileKind.ROSTER: _layout(
            [("name", "slack_id", "email")],
            name="full_name display_name real_name person contributor worker annotator",
            slack_id="slack slack_user_id slack_user user_id member_id",
            email="email_address mail",
            roles="role",
            status="state",
            tags="tag worker_tags skills",
            zone="time_zone timezone tz",
            country="country_code",
            subdivision="region state_code",
        ),
        FileKind.PLAN: _layout(
            [("batch",)],
            batch="batch_id batch_name name",
            size="tasks task_count count items",
            due="due_date due_on due_at deadline",
            priority="prio",
            planned_volume="volume planned",
        ),
        FileKind.TAXONOMY: _layout(
            [("category",)],
            category="error_category name error_type error",
            definition="description meaning",
            severity="default_severity error_severity",
            section="guideline_section rule",
        ),
        FileKind.GOLD: _layout(
            [("task",), ("label",)],
            task=_TASK,
            label="labels answer gold gold_label expected ground_truth",
        ),
    }
)


def normalised(heading: str) -> str:
    """Return letters and digits only, case folded, full-width forms made plain."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", heading).casefold()))


@dataclass(frozen=True, slots=True)
class Match:
    """Where the columns of a layout stand among a file's headings."""

    headings: tuple[str, ...]
    positions: Mapping[str, int]

    @property
    def columns(self) -> dict[str, str]:
        """Our column → the file's heading for it."""
        return {column: self.headings[at] for column, at in self.positions.items()}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The file's headings that mean nothing here."""
        used = set(self.positions.values())
        return tuple(
            heading for at, heading in enumerate(self.headings) if at not in used and heading
        )


def match(layout: Layout, headings: Sequence[str]) -> Match:
    """Find the layout's columns among a file's headings; the first of equal ones wins."""
    ranks = layout.ranks()
    best: dict[str, tuple[int, int]] = {}
    for at, heading in enumerate(headings):
        rank, column = ranks.get(normalised(heading), (0, ""))
        if column and (column not in best or rank < best[column][0]):
            best[column] = (rank, at)
    return Match(tuple(headings), {column: at for column, (_, at) in best.items()})


def missing(layout: Layout, columns: Iterable[str]) -> list[str]:
    """Return what is required and not there, alternatives joined by a slash."""
    present = set(columns)
    return ["/".join(group) for group in layout.required if present.isdisjoint(group)]


def check(layout: Layout, columns: Iterable[str], headings: Iterable[str], name: str) -> None:
    """Raise `IntakeError("columns_missing", name, missing, found)` unless all required are there.

    `missing` and `found` are lists; `found` repeats the file's own headings, cut short.
    """
    lacking = missing(layout, columns)
    if lacking:
        found = [heading[:_SHOWN_LENGTH] for heading in headings if heading][:_SHOWN_HEADINGS]
        raise IntakeError("columns_missing", name=name, missing=lacking, found=found)


def check_unique(layout: Layout, headings: Sequence[str], name: str) -> None:
    """Raise `IntakeError("column_twice", name, column)` for two columns of the same own name.

    Nobody can say which of the two is meant, and a guess would import half a file wrongly.
    """
    own = {normalised(column): column for column in layout.names}
    seen: set[str] = set()
    for heading in map(normalised, headings):
        if heading in own and heading in seen:
            raise IntakeError("column_twice", name=name, column=own[heading])
        seen.add(heading)
