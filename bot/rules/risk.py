"""Risk draws: work looked at because errors are likely in it, beside the score and never in it.

They follow the work, never conduct: what a person asked, disputed, felt or missed is not among what
this module knows, so it cannot raise anybody's chance. The auditor is shown the reasons.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from typing import Final, NamedTuple

from bot.rules.sampling import Ranking

SHARE: Final = 4
"""Risk draws are at most one to so many random ones: they cost the score no auditor's time."""

FIRST_TASKS: Final = 20
"""A joiner's first tasks in a project."""

_LEAST_ERRORS: Final = 3
_TIMES_AS_OFTEN: Final = 1.5
"""Errors that say something, and how much more often they must come than in all work."""


class RiskKind(StrEnum):
    """What about the work makes errors likely."""

    CATEGORY = "category"  # a label or kind of task with many errors lately
    SECTION = "section"  # a section of the guidelines with many errors lately
    OPEN_QUESTIONS = "open_questions"  # a section that the squad waits for an answer about
    VERSION = "version"  # a new version of the guidelines
    BATCH = "batch"
    FIRST_TASKS = "first_tasks"  # among a joiner's first in the project


class RiskReason(NamedTuple):
    """One reason, and the category, section, version or batch that it is about."""

    kind: RiskKind
    about: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A submission as far as risk may look at it.

    `categories` and `sections` are those that its label or kind of task falls under; `nth` counts
    the contributor's work in the project from 1.
    """

    submission_id: int
    nth: int
    batch: str | None = None
    version: str | None = None
    categories: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Risks:
    """What errors are expected in; the same for the whole squad.

    `asked` are sections with open questions, `first_tasks` how many of a joiner's first tasks count
    as such.
    """

    categories: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset()
    batches: frozenset[str] = frozenset()
    first_tasks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskDraw:
    """A submission to look at, with every reason; it has no inclusion probability."""

    submission_id: int
    reasons: tuple[RiskReason, ...]


def hot(counts: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """Return where errors are frequent, of name -> (audits, audits with an error).

    Frequent is half as often again as in all of them together, and more than one or two.
    """
    audits = sum(n for n, _ in counts.values())
    errors = sum(wrong for _, wrong in counts.values())
    if not audits:
        return frozenset()
    often = _TIMES_AS_OFTEN * errors / audits
    return frozenset(
        name for name, (n, wrong) in counts.items() if wrong >= _LEAST_ERRORS and wrong / n >= often
    )


def allowed(random: int, hunted: int) -> int:
    """Return how many more risk draws there may be beside so many random ones and risk ones."""
    return max(0, random // SHARE - hunted)


def risk_reasons(work: HandedIn, risks: Risks) -> tuple[RiskReason, ...]:
    """Return why errors are likely in a submission, in the order of `RiskKind`; empty if not."""
    about: list[tuple[RiskKind, set[str]]] = [
        (RiskKind.CATEGORY, {*work.categories & risks.categories}),
        (RiskKind.SECTION, {*work.sections & risks.sections}),
        (RiskKind.OPEN_QUESTIONS, {*work.sections & risks.asked}),
        (RiskKind.VERSION, {*risks.versions} & {work.version}),
        (RiskKind.BATCH, {*risks.batches} & {work.batch}),
    ]
    found = [RiskReason(kind, each) for kind, those in about for each in sorted(those)]
    if work.nth <= risks.first_tasks:
        found.append(RiskReason(RiskKind.FIRST_TASKS, None))
    return tuple(found)


def risk_draws(
    works: Iterable[HandedIn], risks: Risks, count: int, *, taken: AbstractSet[int], seed: str
) -> tuple[RiskDraw, ...]:
    """Return the submissions with most reasons, at most `count`, in memory for as many.

    `taken` are submissions that need no risk audit: drawn at random, or audited already. Among
    equals a hash of seed and submission decides, so that nobody comes first by name or number.
    """
    rank = Ranking(seed)
    at_risk = (
        RiskDraw(submission_id=work.submission_id, reasons=reasons)
        for work in works
        if work.submission_id not in taken and (reasons := risk_reasons(work, risks))
    )
    chosen = nsmallest(count, at_risk, key=lambda one: (-len(one.reasons), rank(one.submission_id)))
    return tuple(chosen)
