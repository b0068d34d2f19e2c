"""Plans meetings: of however many are due in the same minute, in a dozen statements for all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import agenda as rules
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import WorkCalendar
from bot.rules.occurrences import DueOccurrence, sync_of
from bot.rules.outbox import Intent
from bot.rules.people import Role
from bot.rules.schedule_input import LONGEST_MEETING
from bot.rules.schedules import meeting_start
from bot.rules.squads import Squad, Sync, SyncKind
from bot.services import blocking, meeting_posts
from bot.store import meetings, recipients, squads, syncs
from bot.store.meetings import Able

LEADS: Mapping[SyncKind, tuple[Role, ...]] = {
    SyncKind.SYNC: (Role.MANAGER, Role.AUDITOR, Role.CONTRIBUTOR),
    SyncKind.REVIEW: (Role.MANAGER,),
    SyncKind.TOUCHPOINT: (Role.MANAGER,),
}
"""Who can lead a meeting of a kind; of them, if it has an audience, those who are in it."""

_LONGEST: Final = timedelta(minutes=LONGEST_MEETING)


def leading_roles(sync: Sync) -> set[Role]:
    """Return who can lead a sync."""
    wanted = set(LEADS[sync.kind])
    return (wanted & sync.audience) or {Role.MANAGER} if sync.audience else wanted


async def plan_all(
    tx: AsyncConnection, workspace_id: int, due: Sequence[DueOccurrence], now: datetime
) -> dict[int, list[Intent]]:
    """Store the meetings of a workspace's occurrences; return what must follow, by schedule.

    A schedule is left out if its sync or squad is gone, or there is a meeting of its slot already.
    """
    keys = {sync_of(each.schedule.target) for each in due}
    known = await syncs.several(tx, workspace_id, [key for key in keys if key is not None])
    homes = await squads.several(tx, {sync.squad_id for sync in known.values()})
    planned = [
        (each, known[key], homes[known[key].squad_id])
        for each in due
        if (key := sync_of(each.schedule.target)) in known and known[key].squad_id in homes
    ]
    leads = await _leaders(tx, workspace_id, planned, now)
    rows = [
        {
            "squad_id": squad.id,
            "sync_id": sync.id,
            "kind": sync.kind.value,
            "name": sync.name,
            "slot": _day(each).isoformat(),
            "starts_at": meeting_start(sync, _day(each), squad.zone),
            "planned_at": now,
            "facilitator_id": lead,
        }
        for (each, sync, squad), lead in zip(planned, leads, strict=True)
    ]
    made = await meetings.plan_meetings(tx, workspace_id, rows)
    return {
        each.schedule.id: await _posts(tx, workspace_id, each, sync, squad, made[sync.id])
        for each, sync, squad in planned
        if sync.id in made
    }


def _day(occurrence: DueOccurrence) -> date:
    return occurrence.planned.local.date()


async def _leaders(
    tx: AsyncConnection,
    workspace_id: int,
    planned: Sequence[tuple[DueOccurrence, Sync, Squad]],
    now: datetime,
) -> list[int | None]:
    """Return who leads each meeting; the next one of a squad counts the one before as led.

    Whoever is in two squads that meet at the same time leads one of them, if another can.
    """
    if not planned:
        return []
    squad_ids = {squad.id for _, _, squad in planned}
    able = await meetings.able_in(tx, workspace_id, squad_ids)
    people = {one.person_id for found in able.values() for one in found}
    calendars = await recipients.calendars(tx, workspace_id, people, now) if people else {}
    past = await meetings.leaders_in(tx, workspace_id, squad_ids, rules.ROTATION) if people else {}
    spans = [_span(each, sync, squad) for each, sync, squad in planned]
    within = (min(each[0] for each in spans) - _LONGEST, max(each[1] for each in spans))
    busy = await meetings.led_by(tx, workspace_id, squad_ids, *within) if people else {}
    chosen: list[int | None] = []
    for (each, sync, squad), (begin, end) in zip(planned, spans, strict=True):
        led = past.setdefault((squad.id, sync.kind), [])
        those = able.get(squad.id, ())
        free = [one for one in those if not _overlaps(busy.get(one.person_id, ()), begin, end)]
        lead = _lead(free, calendars, led, sync, _day(each))
        if lead is None and len(free) < len(those):
            lead = _lead(those, calendars, led, sync, _day(each))
        if lead is not None:
            led.insert(0, lead)
            busy.setdefault(lead, []).append((begin, end))
        chosen.append(lead)
    return chosen


def _span(occurrence: DueOccurrence, sync: Sync, squad: Squad) -> tuple[datetime, datetime]:
    begin = meeting_start(sync, _day(occurrence), squad.zone)
    return begin, begin + timedelta(minutes=sync.minutes)


def _overlaps(taken: Sequence[tuple[datetime, datetime]], begin: datetime, end: datetime) -> bool:
    return any(start < end and begin < until for start, until in taken)


def _lead(
    able: Sequence[Able],
    calendars: Mapping[int, WorkCalendar],
    led: Sequence[int],
    sync: Sync,
    day: date,
) -> int | None:
    wanted = leading_roles(sync)
    joined = {one.person_id: one.joined_at for one in able if one.roles & wanted}
    working = {person: calendars[person] for person in joined if person in calendars}
    return rules.facilitator(working, led[: rules.ROTATION], day, joined)


async def _posts(
    tx: AsyncConnection,
    workspace_id: int,
    occurrence: DueOccurrence,
    sync: Sync,
    squad: Squad,
    meeting_id: int,
) -> list[Intent]:
    """Return the post in the channel or, where there is none, a message to each manager."""
    channel = meeting_posts.channel_of(squad, sync.kind)
    key = rules.post_key(meeting_id)
    post = Intent(
        kind=rules.POST,
        delivery_class=DeliveryClass.NOW,
        channel=channel,
        squad_id=squad.id,
        ids={"meeting_id": meeting_id},
        dedupe_key=key,
        not_after=None if occurrence.awaited is None else occurrence.planned.not_after,
    )
    if channel is not None:
        return [post]
    told = await blocking.managers(tx, workspace_id, squad.id)
    return [
        replace(post, person_id=person_id, dedupe_key=f"{key}:{person_id}")
        for person_id in sorted(told)
    ]
