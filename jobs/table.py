"""The explicit table of jobs: which function carries out which kind of schedule."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from bot.container import Container
from bot.rules.occurrences import DueOccurrence
from bot.rules.schedules import ScheduleKind
from jobs import agenda, digests, draws, housekeeping, refusals

Job = Callable[[Container, DueOccurrence], Awaitable[None]]

JOBS: Final[Mapping[ScheduleKind, Job]] = MappingProxyType(
    {
        ScheduleKind.SYNC: agenda.run,
        ScheduleKind.DAILY_DIGEST: digests.run,
        ScheduleKind.WEEKLY_DIGEST: digests.run,
        ScheduleKind.REFUSALS_REPORT: refusals.run,
        ScheduleKind.HOUSEKEEPING: housekeeping.run,
        ScheduleKind.DRAWS: draws.run,
    }
)
