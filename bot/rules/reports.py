"""What a report is about: whose figures, of which project, over which days, split by what."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot import clock
from bot.rules.people import IndividualFigures
from bot.rules.quality import QualityGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioLine:
    """One project over all its squads; medians do not add, so there are no times.

    `planned` is submissions per working day, None where nothing is planned.
    """

    project: str
    squads: int
    planned: int | None
    group: QualityGroup

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of a line of `muster report portfolio`."""
        found = self.group.to_json()
        unknown = ("key", "time_per_item_s", "turnaround_s")
        return {
            "project": self.project,
            "squads": self.squads,
            "planned_per_working_day": self.planned,
            **{name: value for name, value in found.items() if name not in unknown},
        }


class Breakdown(StrEnum):
    """What a report of quality is split by."""

    CATEGORY = "category"
    CONTRIBUTOR = "contributor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A squad's work on one project, with what a report needs to know of both.

    `zone` is the squad's IANA zone, `target` its quality target as a share. `planned_volume` is
    submissions per working day of all squads of the project together, `audits_per_week` random
    audits per contributor and week; both None where nothing is planned.
    """

    workspace_id: int
    squad_id: int
    squad: str
    zone: str
    individual_figures: IndividualFigures
    target: float | None
    project_id: int
    project: str
    planned_volume: int | None = None
    audits_per_week: int | None = None

    def period(self, first_day: date, last_day: date) -> tuple[datetime, datetime]:
        """Return squad-local days, `last_day` included, as half-open aware UTC."""
        return clock.day_range(first_day, last_day, self.zone)
