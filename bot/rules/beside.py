"""What stands beside a score and is no part of it: draws, appeals, rework, and how long each takes.

The times are a ledger of promises that binds both sides: how soon contributors hear of findings,
how soon their appeals are ruled on and their questions answered, beside how soon they mend work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.rules.disputes import Ruling
from bot.rules.draws import Coverage
from bot.rules.numbers import Spread, spread
from bot.rules.quality import UNKNOWN_SPREAD, QualityReport, Standing
from bot.rules.reworks import ReworkFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputes:
    """Appeals of single findings: `opened` and `withdrawn` of a period, `rulings` made in it.

    `late` of the rulings came after their deadline, which keeps the finding out of the score.
    `provisional` counts the errors that are out of the period's score until they are decided,
    `overdue` the appeals that by now should have been.
    """

    opened: int = 0
    withdrawn: int = 0
    rulings: Mapping[Ruling, int] = field(default_factory=lambda: dict.fromkeys(Ruling, 0))
    late: int = 0
    provisional: int = 0
    overdue: int = 0

    @property
    def decided(self) -> int:
        """All rulings."""
        return sum(self.rulings.values())

    def to_json(self) -> dict[str, Any]:
        """Return all counts."""
        return {
            "opened": self.opened,
            "withdrawn": self.withdrawn,
            **{ruling.value: self.rulings.get(ruling, 0) for ruling in Ruling},
            "late": self.late,
            "provisional": self.provisional,
            "overdue": self.overdue,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """How long people waited, in seconds.

    `feedback` is from an audit with findings to the message about it, on any clock, and `untold`
    counts those of whom nothing was sent. `ruling` is from an appeal to its ruling in the working
    time of who decides, `answer` from a question to a person's answer, on any clock; `answers_late`
    of those came after what the squad promised.
    """

    feedback: Spread = UNKNOWN_SPREAD
    untold: int = 0
    ruling: Spread = UNKNOWN_SPREAD
    answer: Spread = UNKNOWN_SPREAD
    answers_late: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return all times and counts."""
        return {
            "feedback_s": self.feedback.to_json(),
            "untold": self.untold,
            "ruling_s": self.ruling.to_json(),
            "answer_s": self.answer.to_json(),
            "answers_late": self.answers_late,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a report says beside the score, each from a statement of its own."""

    coverage: Coverage
    disputes: Disputes
    promises: Promises
    rework: ReworkFigures

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object."""
        return {
            "coverage": _coverage_json(self.coverage),
            "disputes": self.disputes.to_json(),
            "promises": self.promises.to_json(),
            "rework": _rework_json(self.rework),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A report of quality with what stands beside it, or with where each person stands.

    `beside` is of reports that are not split, `standings` (by key of the groups) of those by
    contributor; `target` is the squad's.
    """

    report: QualityReport
    target: float | None = None
    beside: Beside | None = None
    standings: Mapping[str, Standing] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `muster report quality`."""
        found = self.report.to_json() | {"target": self.target}
        if self.standings is not None:
            for group in found["groups"]:
                group["standing"] = self.standings[group["key"]].value
        if self.beside is not None:
            found["beside"] = self.beside.to_json()
        return found


def promises(
    told: Iterable[float | None], ruled: Spread, answered: Iterable[tuple[float, bool]]
) -> Promises:
    """Sum up waits in seconds; None is who was not told, and each answer says whether it was late.

    A message found to be sent before its audit, by two clocks, took no time.
    """
    waits = list(told)
    answers = list(answered)
    return Promises(
        feedback=spread(max(0.0, wait) for wait in waits if wait is not None),
        untold=sum(wait is None for wait in waits),
        ruling=ruled,
        answer=spread(max(0.0, wait) for wait, _ in answers),
        answers_late=sum(late for _, late in answers),
    )


def _coverage_json(of: Coverage) -> dict[str, Any]:
    return {
        "drawn": of.drawn,
        "audited": of.audited,
        "open": of.open,
        "skipped": {reason.value: n for reason, n in of.reasons.items()},
    }


def _rework_json(of: ReworkFigures) -> dict[str, Any]:
    return {
        "opened": of.opened,
        "fixed": of.fixed,
        "second_try": of.second_try.to_json(),
        "to_fix_s": of.to_fix.to_json(),
        "first_pass": of.first_pass.to_json(),
    }
