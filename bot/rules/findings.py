"""What an auditor fills in, what may be stored of it, and what its contributor reads.

The rules of the form: a rejected task and every error say what is wrong and which section of the
guidelines says so; the severity and the section of a category hold where none was chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Final
from urllib.parse import quote

from bot.errors import BadInput
from bot.rules.arrival import Arrival
from bot.rules.audits import FindingState, NewFinding, Origin, Severity, Verdict
from bot.rules.escalations import AskedBefore
from bot.rules.guidelines import Cited
from bot.rules.people import PersonRef
from bot.rules.reworks import Stored as Rework

NOTE_LIMIT: Final = 2000
SECTION_LIMIT: Final = 300  # the width of the column
REASON_LIMIT: Final = 2000
FINDINGS_SHOWN: Final = 3
"""Findings that the form has room for as it opens."""
MOST_FINDINGS: Final = 6
"""Findings that one form can grow to; ten is the most that a dispute could list as checkboxes."""
SUGGESTIONS: Final = 3

REASON_FIELD: Final = "dispute_reason"
FINDINGS_FIELD: Final = "dispute_findings"


def field_of(position: int, part: str) -> str:
    """Return the name of a form's field, which errors cite: `finding_1_note` for (0, "note")."""
    return f"finding_{position + 1}_{part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRef:
    """An error category that findings may be booked under, with what holds unless said."""

    category_id: int
    name: str
    severity: Severity
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingForm:
    """One finding as it was filled in; None where nothing was."""

    category_id: int | None = None
    severity: Severity | None = None
    section: str | None = None
    note: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in at all."""
        return not (self.category_id or self.severity or self.section or self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditForm:
    """An audit as it was filled in; empty findings keep their place, so that errors find theirs."""

    submission_id: int
    verdict: Verdict
    findings: tuple[FindingForm, ...] = ()
    origin: Origin = Origin.CHOSEN


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSearch:
    """What somebody wants to audit: a task, a person's work, or a person's work on a task.

    `T-1 in Boxes` narrows a task to a squad or project, unless a task is called just that;
    `channel` is where it was asked.
    """

    task: str | None = None
    user_id: str | None = None
    channel: str | None = None

    @property
    def placed(self) -> tuple[str, str] | None:
        """The task and the squad or project behind its last " in ", None without one."""
        head, word, place = (self.task or "").rpartition(" in ")
        return (head.strip(), place.strip()) if word else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A submission with what an audit of it needs to know; a changed one has a later revision."""

    submission_id: int
    project_id: int
    project: str
    squad_id: int
    squad: str
    zone: str
    contributor_id: int
    task: str
    submitted_at: datetime
    label: str | None
    link: str | None
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Several submissions fit; `person` is None where the contributor stays hidden.

    `zone` is the one that the list's times are shown in, `more` says that it was cut.
    """

    works: tuple[Work, ...]
    task: str | None
    person: PersonRef | None
    zone: str
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the audit form is made of; `corrects` is when this auditor audited the work before.

    `audited` is when somebody else did, `fix` the rework whose fix it is now. `asked` is what was
    asked a person about the task, by whom the form does not say. `edition_id` is the version of the
    project's guidelines, None if there are none.
    """

    work: Work
    categories: tuple[CategoryRef, ...]
    zone: str
    corrects: datetime | None = None
    audited: datetime | None = None
    fix: Rework | None = None
    asked: tuple[AskedBefore, ...] = ()
    edition_id: int | None = None

    @property
    def was_open(self) -> bool:
        """Whether its contributor waited for an answer about the task when handing it in."""
        return waited(self.work, self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFinding:
    """A finding as it stands."""

    finding_id: int
    severity: Severity
    state: FindingState
    category: str | None
    section: str | None
    note: str | None

    @property
    def is_praise(self) -> bool:
        """Whether it says what was done well."""
        return self.severity is Severity.PRAISE

    @property
    def can_be_disputed(self) -> bool:
        """Whether its contributor may still appeal it."""
        return not self.is_praise and self.state in {FindingState.OPEN, FindingState.ACKNOWLEDGED}

    @property
    def is_live(self) -> bool:
        """Whether it still says something; a withdrawn one was corrected away."""
        return self.state is not FindingState.WITHDRAWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """An audit as its contributor reads it, times shown in their `zone`.

    `corrects` tells that it took the place of an earlier one by the same auditor; `is_current`
    that no later one took its own; the audit of a fix does not. `cited` are the sections that its
    findings name, quoted, by what was written. `rework` is the way back that followed from it.
    """

    audit_id: int
    workspace_id: int
    squad_id: int
    project_id: int
    contributor_id: int
    zone: str
    task: str
    project: str
    link: str | None
    verdict: Verdict
    audited_at: datetime
    corrects: bool
    is_current: bool
    findings: tuple[StoredFinding, ...]
    cited: Mapping[str, Cited] = field(default_factory=dict)
    rework: Rework | None = None

    @property
    def sections(self) -> frozenset[str]:
        """What its findings cite."""
        return frozenset(each.section for each in self.live if each.section)

    @property
    def live(self) -> tuple[StoredFinding, ...]:
        """The findings that were not corrected away."""
        return tuple(finding for finding in self.findings if finding.is_live)

    @property
    def is_praise(self) -> bool:
        """Whether it only says what was done well."""
        return bool(self.live) and all(finding.is_praise for finding in self.live)

    @property
    def is_open(self) -> bool:
        """Whether its contributor has yet to acknowledge it."""
        return any(finding.state is FindingState.OPEN for finding in self.live)

    @property
    def disputable(self) -> tuple[StoredFinding, ...]:
        """The findings that its contributor may still appeal."""
        return tuple(finding for finding in self.live if finding.can_be_disputed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of an audit: `arrival` is None if there was nothing to tell its contributor.

    `unmatched` are sections that were cited and do not stand in the guidelines. `lenient` says that
    errors were kept as warnings, for the contributor had asked and waited.
    """

    audit_id: int
    task: str
    link: str | None
    verdict: Verdict
    contributor: PersonRef
    findings: int
    corrects: bool
    arrival: Arrival | None
    unmatched: tuple[str, ...] = ()
    lenient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Findings that wait for one contributor; `person` is None where names are not shown."""

    person: PersonRef | None
    audits: int
    oldest: datetime


def link_of(template: str | None, url: str | None, task: str) -> str | None:
    """Return where a task is opened: its own link, else the project's template, else None."""
    if url:
        return url
    return template.replace("{task}", quote(task, safe="")) if template else None


def closest(task: str, known: Sequence[str]) -> list[str]:
    """Return up to `SUGGESTIONS` known tasks that look like what was typed, best first."""
    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(task.casefold(), by_folded, n=SUGGESTIONS, cutoff=0.5)
    return [by_folded[name] for name in near]


def checked_text(text: str | None, limit: int, field: str) -> str | None:
    """Return typed text without outer spaces, None if nothing is left.

    Raises BadInput("text_too_long", length, limit) at the field.
    """
    stripped = (text or "").strip()
    if len(stripped) > limit:
        raise BadInput("text_too_long", length=len(stripped), limit=limit, field=field)
    return stripped or None


def read_findings(form: AuditForm, categories: Mapping[int, CategoryRef]) -> tuple[NewFinding, ...]:
    """Return the findings to store, defaults of their categories filled in.

    Raises BadInput at the first field that is wrong: `category_gone`, `text_too_long`,
    `finding_needs_note`, `finding_needs_section`, `reject_needs_finding`.
    """
    read = [
        (position, _finding(position, filled, form.verdict, categories))
        for position, filled in enumerate(form.findings)
        if not filled.is_empty
    ]
    blamed = [finding for _, finding in read if finding.severity is not Severity.PRAISE]
    if form.verdict is Verdict.REJECTED and not blamed:
        free = next((n for n, filled in enumerate(form.findings) if filled.is_empty), 0)
        raise BadInput("reject_needs_finding", field=field_of(free, "note"))
    return tuple(finding for _, finding in read)


def _finding(
    position: int,
    filled: FindingForm,
    verdict: Verdict,
    categories: Mapping[int, CategoryRef],
) -> NewFinding:
    note = checked_text(filled.note, NOTE_LIMIT, field_of(position, "note"))
    section = checked_text(filled.section, SECTION_LIMIT, field_of(position, "section"))
    category = None
    if filled.category_id is not None:
        category = categories.get(filled.category_id)
        if category is None:
            raise BadInput("category_gone", field=field_of(position, "category"))
    severity = filled.severity or (category.severity if category else Severity.ERROR)
    section = section or (category.section if category else None)
    must_explain = severity is Severity.ERROR or (
        verdict is Verdict.REJECTED and severity is not Severity.PRAISE
    )
    if note is None and (must_explain or category is None):
        raise BadInput("finding_needs_note", field=field_of(position, "note"))
    if section is None and must_explain:
        raise BadInput("finding_needs_section", field=field_of(position, "section"))
    return NewFinding(severity=severity, category_id=filled.category_id, section=section, note=note)


def cite(found: Sequence[NewFinding], named: Mapping[str, str]) -> tuple[NewFinding, ...]:
    """Return findings with the sections that they cite called as the guidelines call them.

    A path that is longer than the column keeps what was written; it is found again all the same.
    """
    return tuple(
        replace(each, section=path)
        if each.section and len(path := named.get(each.section, each.section)) <= SECTION_LIMIT
        else each
        for each in found
    )


def lenient(found: Sequence[NewFinding]) -> tuple[NewFinding, ...]:
    """Return findings on a task whose contributor waited for an answer: errors are warnings.

    Whoever asked and had to guess is taught by a finding, and it is not held against them.
    """
    return tuple(
        replace(each, severity=Severity.WARNING) if each.severity is Severity.ERROR else each
        for each in found
    )


def waited(work: Work, asked: Sequence[AskedBefore]) -> bool:
    """Tell whether the contributor of some work waited for an answer when handing it in."""
    return any(each.was_open(work.contributor_id, work.submitted_at) for each in asked)
