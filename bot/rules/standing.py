"""Where people of one squad stand against a target, so that hardly any squad is told wrongly.

Wilson's interval is right on average, and that is not enough here. Corrected for a squad of twenty
it asks for a tail of 0.13 %, where the normal curve under it is far from a binomial of ten audits:
with everybody exactly on a target of 92 %, it calls somebody below in one squad of nine, and on one
of 95 % in one of five. So a person is judged by the exact interval (`clopper_pearson`, on Kish's
effective n), neither of whose tails is ever larger than it says.

The correction is Šidák's (1967), J. Am. Stat. Assoc. 62, 626: people's draws are independent, since
each contributor's week is a frame of its own, and then the chance of calling anybody below or above
in a squad that is on target is at most 1 - confidence. Bonferroni's, which needs no independence,
would be a little wider for nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.rules.distributions import clopper_pearson
from bot.rules.numbers import CONFIDENCE, NOTHING_COUNTED, Interval, Rate
from bot.rules.people import IndividualFigures, PersonRef
from bot.rules.quality import QualityGroup, Standing


def individual_interval(
    score: Rate, people: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """Return the interval by which one of so many people is judged; None if nothing was counted."""
    if score.rate is None:
        return None
    corrected = confidence ** (1 / max(people, 1))
    return clopper_pearson(score.rate * score.n_effective, score.n_effective, corrected)


def individual_standing(
    score: Rate, target: float | None, people: int, confidence: float = CONFIDENCE
) -> Standing:
    """Return below or above if the interval, corrected for the squad's size, excludes the target.

    `people` is how many of the squad are compared with the target, this one included.
    """
    interval = individual_interval(score, people, confidence)
    if interval is None or target is None or not interval.excludes(target):
        return Standing.CANNOT_TELL
    return Standing.BELOW if interval.high < target else Standing.ABOVE


def standings(
    groups: Iterable[QualityGroup], target: float | None, confidence: float = CONFIDENCE
) -> dict[str, Standing]:
    """Return where each person of a squad stands in one project, by the key of their group.

    All who have a score are compared at once, whoever of them is shown to somebody: so a person
    reads of themselves what their manager reads.
    """
    people = [group for group in groups if group.key is not None]
    compared = sum(group.score.n > 0 for group in people)
    return {
        group.key: individual_standing(group.score, target, compared, confidence)
        for group in people
        if group.key is not None
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One contributor of a project beside the target; nobody is ranked."""

    person: PersonRef
    score: Rate
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleOfProject:
    """The contributors of one project whom the reader may see, in the order of their names.

    `compared` is how many have a score, those included whom the reader may not see.
    """

    project: str
    target: float | None
    compared: int
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleOfSquad:
    """A squad's contributors beside its target over the squad-local days `first` to `last`."""

    squad_id: int
    squad: str
    first: date
    last: date
    projects: tuple[PeopleOfProject, ...]


def in_order(lines: Iterable[PersonLine]) -> tuple[PersonLine, ...]:
    """Return lines in the alphabetical order of names, namesakes by their key."""
    return tuple(sorted(lines, key=lambda one: (one.person.name.casefold(), one.person.person_id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCategory:
    """An error category in a person's own work: errors in random audits, and what explains it."""

    category: str
    errors: int
    section: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCases:
    """What is open or was decided of a person's own work in one project.

    `unread` counts audits with findings to acknowledge. Disputes are those decided in the period
    (`upheld`, `overturned`, `changed` in severity), and the `disputed` ones that still are open.
    `reworks` are tasks to mend, `rework_due` when the first is due.
    """

    unread: int = 0
    disputed: int = 0
    upheld: int = 0
    overturned: int = 0
    changed: int = 0
    reworks: int = 0
    rework_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStanding:
    """A contributor's own figures in one project; all but `cases` are empty where they are off.

    `accepted` and `score` are of random audits, `others` counts the audits beside them.

    `alone` says that nobody else has a score there, so that the squad's figures are theirs.
    """

    squad: str
    project: str
    zone: str
    first: date
    last: date
    setting: IndividualFigures
    score: Rate = NOTHING_COUNTED
    accepted: int = 0
    others: int = 0
    target: float | None = None
    standing: Standing = Standing.CANNOT_TELL
    alone: bool = False
    top: tuple[OwnCategory, ...] = ()
    cases: OwnCases = OwnCases()
