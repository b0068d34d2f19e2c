"""Plans digests: of however many are due in the same minute, in a dozen statements for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.digests import Cadence, Edition, news_of
from bot.rules.occurrences import DueOccurrence
from bot.rules.outbox import Intent, Operation
from bot.rules.people import Role
from bot.rules.schedules import ScheduleKind
from bot.services import gaps
from bot.services.signals import Found, Looked, keep, look
from bot.store import digests, escalations, schedules, squads

POST: Final = "digests.post"
CHART: Final = "digests.chart"
"""The kinds of the two messages that a digest is (bot/dispatch/kinds/digests.py)."""

CHARTS: Final = 3
"""Projects whose trend is drawn; more pictures than that are a wall in a channel."""

_CADENCE: Final = {
    ScheduleKind.DAILY_DIGEST: Cadence.DAILY,
    ScheduleKind.WEEKLY_DIGEST: Cadence.WEEKLY,
}


class Planning(NamedTuple):
    """What must follow from an occurrence, and whether the squad has a channel for its digest."""

    intents: list[Intent]
    posted: bool


def edition_of(occurrence: DueOccurrence) -> Edition:
    """Return which digest an occurrence is. Raises ValueError for one that is none."""
    cadence = _CADENCE.get(occurrence.schedule.kind)
    if cadence is None or occurrence.squad_id is None:
        raise ValueError(f"{occurrence.schedule.kind} is no digest")
    return Edition(
        workspace_id=occurrence.workspace_id,
        squad_id=occurrence.squad_id,
        cadence=cadence,
        day=occurrence.planned.local.date(),
    )


async def outside(
    connection: AsyncConnection, workspace_id: int, due: Sequence[DueOccurrence]
) -> Found:
    """Return what the digests of a workspace have to say of days outside of the limits.

    `due` are of one kind, so no squad has two of them.
    """
    editions = {edition.squad_id: edition for edition in map(edition_of, due)}
    channels = await squads.digest_channels(connection, workspace_id, editions)
    days = [edition.day for edition in editions.values()]
    begin, end = (datetime.combine(day, time(), UTC) for day in (min(days), max(days)))
    known = await schedules.calendars(connection, channels, begin, until=end)
    looked = {
        squad_id: Looked(known[squad_id], news_of(known[squad_id], editions[squad_id]))
        for squad_id in channels
        if squad_id in known
    }
    return await look(connection, workspace_id, looked)


async def plan_all(
    tx: AsyncConnection,
    workspace_id: int,
    due: Sequence[DueOccurrence],
    found: Found,
    now: datetime,
) -> dict[int, Planning]:
    """Keep what is said of the days `found`; return what must follow, by schedule.

    A squad without a digest channel has chosen silence: its checklist says so, not an error.
    """
    editions = {each.schedule.id: edition_of(each) for each in due}
    channels = await squads.digest_channels(
        tx, workspace_id, {edition.squad_id for edition in editions.values()}
    )
    projects = await digests.projects_of(tx, workspace_id, channels)
    pairs = [(squad, project) for squad, those in projects.items() for project in those]
    said = await keep(tx, workspace_id, found, pairs, now)
    lines = await _lines(tx, workspace_id, due, now)
    planned = {}
    for each in due:
        edition = editions[each.schedule.id]
        channel = channels.get(edition.squad_id)
        posts = []
        if channel is not None:
            edition = replace(edition, signals=tuple(said.get(edition.squad_id, ())))
            parts = messages(edition, channel, projects.get(edition.squad_id, ()))
            posts = [_scheduled(intent, name, each) for intent, name in parts]
        planned[each.schedule.id] = Planning(
            [*lines.get(each.schedule.id, ()), *posts], posted=channel is not None
        )
    return planned


async def _lines(
    tx: AsyncConnection, workspace_id: int, due: Iterable[DueOccurrence], now: datetime
) -> Mapping[int, list[Intent]]:
    """Return what rides on weekly digests, by schedule."""
    weekly = {
        each.schedule.id: (each.squad_id, each.slot)
        for each in due
        if each.schedule.kind is ScheduleKind.WEEKLY_DIGEST and each.squad_id is not None
    }
    if not weekly:
        return {}
    squad_ids = {squad_id for squad_id, _ in weekly.values()}
    managers = await escalations.on_duty_in(tx, workspace_id, squad_ids, [Role.MANAGER])
    return {
        key: gaps.weekly(squad_id, slot, managers.get(squad_id, ()), now)
        for key, (squad_id, slot) in weekly.items()
    }


def messages(
    edition: Edition, channel: str, project_ids: Sequence[int]
) -> list[tuple[Intent, str]]:
    """Return a digest's messages in their order, each with a name that is unique within it.

    `project_ids` are the squad's, in the order of their names.
    """
    ids: dict[str, object] = {
        "squad_id": edition.squad_id,
        "cadence": edition.cadence.value,
        "day": edition.day.isoformat(),
        "so_far": edition.so_far,
    }
    if edition.signals:
        ids["signals"] = list(edition.signals)
    post = Intent(
        kind=POST,
        delivery_class=DeliveryClass.ANSWER if edition.so_far else DeliveryClass.NOW,
        channel=channel,
        squad_id=edition.squad_id,
        ids=ids,
    )
    charts = [
        (
            replace(
                post,
                kind=CHART,
                operation=Operation.UPLOAD,
                ids={**ids, "project_id": project_id},
            ),
            f"chart:{project_id}",
        )
        for project_id in project_ids[:CHARTS]
    ]
    return [(post, "post"), *charts]


def _scheduled(intent: Intent, name: str, occurrence: DueOccurrence) -> Intent:
    """Return a planned digest's message: once per slot, and not long after its time.

    One that somebody asked for by hand may be of any day, and is sent whenever that is.
    """
    by_hand = occurrence.awaited is None
    return replace(
        intent,
        dedupe_key=f"digest:{occurrence.schedule.id}:{occurrence.slot}:{name}",
        not_after=None if by_hand else occurrence.planned.not_after,
    )
