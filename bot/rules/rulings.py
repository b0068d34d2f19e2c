"""Rulings on disputes as they are filled in: a decision, and a reason that cites a section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import BadInput
from bot.rules.audits import Severity
from bot.rules.disputes import Ruling, may_lower
from bot.rules.findings import SECTION_LIMIT, checked_text

REASON_LIMIT: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingForm:
    """What was filled in about one dispute; `position` counts from 1, as the form's fields do."""

    position: int
    dispute_id: int
    ruling: Ruling | None = None
    reason: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRuling:
    """A ruling about to be stored."""

    position: int
    dispute_id: int
    ruling: Ruling
    reason: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was stored: what still waits, and how many findings are up for review.

    `late` is whether it came too late to count against anybody.
    """

    task: str
    rulings: tuple[NewRuling, ...]
    waiting: int
    reviews: int
    late: bool


def field_of(position: int, part: str) -> str:
    """Return the name of a field of the form: `ruling_1_reason` for (1, "reason")."""
    return f"ruling_{position}_{part}"


def read_rulings(
    forms: Sequence[RulingForm], severities: Mapping[int, Severity]
) -> tuple[NewRuling, ...]:
    """Return the rulings to store; whatever was left open stays open.

    Raises BadInput at the first field that is wrong: `ruling_none`, `ruling_which`,
    `ruling_severity`, `ruling_reason`, `ruling_section`, `text_too_long`.
    """
    read = [_ruling(form, severities) for form in forms]
    found = tuple(each for each in read if each is not None)
    if not found:
        raise BadInput("ruling_none", field=field_of(1, "ruling"))
    return found


def _ruling(form: RulingForm, severities: Mapping[int, Severity]) -> NewRuling | None:
    where = {part: field_of(form.position, part) for part in ("ruling", "reason", "section")}
    reason = checked_text(form.reason, REASON_LIMIT, where["reason"])
    section = checked_text(form.section, SECTION_LIMIT, where["section"])
    if form.ruling is None:
        if reason is not None:
            raise BadInput("ruling_which", field=where["ruling"])
        return None
    if form.ruling is Ruling.SEVERITY and not may_lower(severities[form.dispute_id]):
        raise BadInput("ruling_severity", field=where["ruling"])
    if reason is None:
        raise BadInput("ruling_reason", field=where["reason"])
    if section is None:
        raise BadInput("ruling_section", field=where["section"])
    return NewRuling(
        position=form.position,
        dispute_id=form.dispute_id,
        ruling=form.ruling,
        reason=reason,
        section=section,
    )
