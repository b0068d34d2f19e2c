"""What is sent about one-on-ones: the line of the day before, ten minutes before, and changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import oneonone_packs
from bot.rules import oneonones as rules
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import WorkCalendar, window_of, work_day_of
from bot.rules.home import home_intents
from bot.rules.oneonones import OneOnOne, Pair
from bot.rules.outbox import Intent
from bot.store import oneonones, outbox, recipients, today

_LOOK_BACK: Final = 8
"""Days back for the working day before a meeting."""


def key(kind: str, meeting: OneOnOne, person_id: int, revision: int | None = None) -> str:
    """Return the dedupe key of a message about a meeting: (meeting, reminder, revision), each."""
    at = meeting.revision if revision is None else revision
    return f"{kind}:{meeting.one_on_one_id}:{at}:{person_id}"


def two(meeting: OneOnOne) -> tuple[int, int]:
    """Return the two people of a meeting."""
    return meeting.manager_id, meeting.person_id


def reminders(
    meeting: OneOnOne, calendars: Mapping[int, WorkCalendar], now: datetime
) -> list[Intent]:
    """Return what reminds the two of a meeting as it stands now."""
    found = []
    for person_id in two(meeting):
        ids = {"one_on_one_id": meeting.one_on_one_id, "revision": meeting.revision}
        eve = _eve(calendars.get(person_id), meeting.starts_at, now)
        if eve is not None:
            found.append(
                Intent(
                    kind=rules.EVE,
                    delivery_class=DeliveryClass.TODAY,
                    person_id=person_id,
                    squad_id=meeting.squad_id,
                    ids=ids,
                    dedupe_key=key(rules.EVE, meeting, person_id),
                    not_before=max(eve, now),
                    not_after=meeting.starts_at,
                )
            )
        found.append(
            Intent(
                kind=rules.SOON_KIND,
                delivery_class=DeliveryClass.NOW,
                person_id=person_id,
                squad_id=meeting.squad_id,
                ids=ids,
                dedupe_key=key(rules.SOON_KIND, meeting, person_id),
                not_before=max(meeting.starts_at - rules.SOON, now),
                not_after=meeting.starts_at + rules.SOON_UNTIL,
            )
        )
    return found


def _eve(calendar: WorkCalendar | None, start: datetime, now: datetime) -> datetime | None:
    """Return when the working day before a meeting begins for somebody; None on the day itself."""
    if calendar is None or work_day_of(calendar, now) >= work_day_of(calendar, start):
        return None
    day = work_day_of(calendar, start)
    for back in range(1, _LOOK_BACK):
        window = window_of(calendar, day - timedelta(days=back))
        if window is not None:
            return window.start
    return now


async def remind(tx: AsyncConnection, workspace_id: int, now: datetime) -> int:
    """Plan the reminders of all meetings that are near and have none for how they stand now."""
    near = await oneonones.to_remind(tx, workspace_id, now, now + rules.REMIND_AHEAD)
    await plan_reminders(tx, workspace_id, near, now)
    return len(near)


async def plan_reminders(
    tx: AsyncConnection, workspace_id: int, meetings: Sequence[OneOnOne], now: datetime
) -> None:
    """Plan the reminders of meetings; those that are far off are left to a later night."""
    near = [each for each in meetings if now < each.starts_at <= now + rules.REMIND_AHEAD]
    if not near:
        return
    people = {person_id for each in near for person_id in two(each)}
    calendars = await recipients.calendars(tx, workspace_id, people, now)
    by_revision: dict[int, list[int]] = {}
    intents: list[Intent] = []
    for each in near:
        intents += reminders(each, calendars, now)
        by_revision.setdefault(each.revision, []).append(each.one_on_one_id)
    intents += oneonone_packs.messages(near, calendars, now)
    await outbox.add(tx, workspace_id, intents, now)
    for revision, keys in by_revision.items():
        await oneonones.change(tx, workspace_id, keys, {"reminded": revision})


async def say_changed(
    tx: AsyncConnection,
    workspace_id: int,
    before: OneOnOne,
    after: OneOnOne,
    now: datetime,
    by: int | None = None,
) -> None:
    """Tell the two that a meeting moved or is off, and strike what was said before.

    At once where it was or will be within a day, else in Today; `by` knows it already.
    """
    near = min(before.starts_at, after.starts_at) <= now + rules.TOLD_AT_ONCE
    intents = [
        Intent(
            kind=rules.MOVED,
            delivery_class=DeliveryClass.NOW if near else DeliveryClass.TODAY,
            person_id=person_id,
            squad_id=after.squad_id,
            ids={
                "one_on_one_id": after.one_on_one_id,
                "revision": after.revision,
                "was": before.starts_at.isoformat(),
            },
            dedupe_key=key(rules.MOVED, after, person_id),
            not_after=max(before.starts_at, after.starts_at),
        )
        for person_id in two(after)
        if person_id != by
    ]
    await outbox.add(tx, workspace_id, [*intents, *home_intents(two(after))], now)
    await strike(tx, workspace_id, before, now)


async def strike(tx: AsyncConnection, workspace_id: int, before: OneOnOne, now: datetime) -> None:
    """Tick off the lines of the day before that were said of a meeting as it stood."""
    for person_id in two(before):
        for kind in (rules.EVE, rules.MOVED):
            await today.tick(tx, workspace_id, key(kind, before, person_id), now)


def began(pairs: Iterable[Pair], now: datetime, *, manager: bool) -> list[Intent]:
    """Return what tells people with whom they meet from now on; the manager too, if wanted."""
    return [
        Intent(
            kind=rules.PLANNED,
            delivery_class=DeliveryClass.TODAY,
            person_id=person_id,
            squad_id=pair.squad_id,
            ids={"pair_id": pair.pair_id},
            dedupe_key=f"{rules.PLANNED}:{pair.pair_id}:{person_id}:{now:%Y%m%dT%H%M%S}",
        )
        for pair in pairs
        for person_id in ((pair.person_id, pair.manager_id) if manager else (pair.person_id,))
    ]


def ended(pairs: Iterable[Pair], now: datetime) -> list[Intent]:
    """Return what tells managers that they do not meet somebody any more."""
    return [
        Intent(
            kind=rules.LEFT,
            delivery_class=DeliveryClass.TODAY,
            person_id=pair.manager_id,
            squad_id=pair.squad_id,
            ids={"pair_id": pair.pair_id},
            dedupe_key=f"{rules.LEFT}:{pair.pair_id}:{now:%Y%m%dT%H%M%S}",
        )
        for pair in pairs
    ]
