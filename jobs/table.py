"""The explicit table of jobs: which function carries out which kind of schedule."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
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

BatchJob = Callable[[Container, int, Sequence[DueOccurrence]], Awaitable[None]]

BATCHES: Final[Mapping[ScheduleKind, BatchJob]] = MappingProxyType(
    {
        ScheduleKind.SYNC: agenda.run_all,
        ScheduleKind.DAILY_DIGEST: digests.run_all,
        ScheduleKind.WEEKLY_DIGEST: digests.run_all,
    }
)
"""What can be carried out for many occurrences of one workspace at once: all of them or none."""
