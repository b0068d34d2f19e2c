"""A squad's random audits, week by week, with a cause planted in them or none."""

import random
from dataclasses import dataclass, field

from bot.rules.changes import Fault, JudgedWork

CATEGORIES = {
    "boundary": ("2.1", "2.2"),
    "class": ("3.1", "3.2"),
    "missed": ("2.3",),
    "extra": ("2.3", "2.4"),
    "attribute": ("4.1",),
    "order": ("4.2",),
    "typo": ("5.1",),
    "format": ("5.1", "5.2"),
}
A_WEEK, FOUR_WEEKS = 150, 600
Mix = dict[str, float]


@dataclass(slots=True)
class Weeks:
    """What is worked on, and by how much a cause multiplies the squad's error rate."""

    old_batches: Mix = field(default_factory=lambda: {"B1": 0.4, "B2": 0.4, "B3": 0.2})
    new_batches: Mix = field(default_factory=lambda: {"B2": 0.3, "B3": 0.4, "B4": 0.3})
    old_versions: Mix = field(default_factory=lambda: {"v1": 0.3, "v2": 0.7})
    new_versions: Mix = field(default_factory=lambda: {"v2": 1.0})
    harder: Mix = field(default_factory=dict)  # batches with a higher rate in all weeks
    worse: Mix = field(default_factory=dict)  # batches or versions that got worse
    category: str | None = None  # brings as many errors as there were in all


class Squad:
    """Ten to twenty people of unequal skill, tenure and volume; 8-12 % of the work is wrong."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.rate = rng.uniform(0.08, 0.12)
        self.habits = [rng.uniform(0.4, 2) for _ in CATEGORIES]
        self.people = [
            (
                rng.choice(["first_month", "first_quarter", "later", "later"]),
                rng.lognormvariate(0, 0.25),
                rng.lognormvariate(0, 0.3),
            )
            for _ in range(rng.randint(10, 20))
        ]

    def weeks(self, plan: Weeks) -> tuple[list[JudgedWork], list[JudgedWork]]:
        """Return this week's audits and those of the four weeks before."""
        old = [self._audit(plan, new=False) for _ in range(FOUR_WEEKS)]
        return [self._audit(plan, new=True) for _ in range(A_WEEK)], old

    def _audit(self, plan: Weeks, *, new: bool) -> JudgedWork:
        rng = self.rng
        batch = _pick(rng, plan.new_batches if new else plan.old_batches)
        version = _pick(rng, plan.new_versions if new else plan.old_versions)
        tenure, skill, weight = rng.choice(self.people)
        rate = self.rate * skill * (1.3 if tenure == "first_month" else 1)
        rate *= plan.harder.get(batch, 1)
        if new:
            rate *= plan.worse.get(batch, 1) * plan.worse.get(version, 1)
        kinds = []
        if rng.random() < min(rate, 0.9):
            kinds += rng.choices([*CATEGORIES], self.habits, k=1 + (rng.random() < 0.2))
        if new and plan.category and rng.random() < self.rate / (1 - self.rate):
            kinds.append(plan.category)
        return JudgedWork(
            rejected=bool(kinds),
            weight=weight,
            faults=tuple(Fault(kind, rng.choice(CATEGORIES[kind])) for kind in kinds),
            batch=batch,
            version=version,
            tenure=tenure,
        )


def _pick(rng: random.Random, mix: Mix) -> str:
    return rng.choices([*mix], [*mix.values()])[0]
