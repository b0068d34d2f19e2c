"""Whom an announcement is for, its posts and lines, planned and read inside a transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotAllowed
from bot.rules import announcements as rules
from bot.rules.announcements import Announcement, Own, Receipt, Sheet
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import WorkCalendar
from bot.rules.outbox import Intent, Operation
from bot.rules.people import Actor, PersonRef, SquadState
from bot.rules.roles import Act, may
from bot.rules.sessions import WORKING
from bot.rules.squads import Squad
from bot.services.unit import Unit
from bot.store import announcements, outbox, people, recipients, squads, today


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is to get it: in which of its squads, a live one if there is one, since when."""

    person: PersonRef
    squad_id: int
    joined_at: datetime


async def managed(unit: Unit) -> list[Squad]:
    """Return the squads that the actor may announce to. Raises NotAllowed."""
    known = await squads.all_squads(unit.tx, unit.workspace_id)
    found = [each for each in known.values() if may(unit.actor, Act.ANNOUNCE, each.id)]
    if not found:
        raise NotAllowed("not_allowed_announce")
    return found


async def known_squads(
    connection: AsyncConnection, workspace_id: int, squad_ids: Iterable[int]
) -> list[Squad]:
    """Return those of the squads that are still there, live ones first, else in their order."""
    found = [await squads.get(connection, workspace_id, each) for each in squad_ids]
    there = [each for each in found if each is not None]
    return sorted(there, key=lambda each: each.state is not SquadState.LIVE)


def reached(announcement: Announcement, there: Iterable[Squad]) -> list[Squad]:
    """Return the squads whose people are to get it: not those that rehearsed then, live since.

    In one that still rehearses it shows to whom it would go.
    """
    return [each for each in there if not rules.stays_rehearsed(announcement, each.live_at)]


async def audience(
    connection: AsyncConnection,
    workspace_id: int,
    asked: Sequence[Squad],
    but: int,
    among: Sequence[int] | None = None,
) -> dict[int, Asked]:
    """Return whom an announcement to these squads is for, as they are now; never `but`.

    Of the people `among` if given.
    """
    found: dict[int, Asked] = {}
    for squad in asked:
        members = await squads.members(connection, workspace_id, squad.id, among)
        for person_id, member in members.items():
            if person_id == but or not (
                member.present and member.active and member.roles & WORKING
            ):
                continue
            joined = member.joined_at or squad.created_at
            before = found.get(person_id)
            if before is None:
                found[person_id] = Asked(member.person, squad.id, joined)
            elif joined < before.joined_at:
                found[person_id] = Asked(member.person, before.squad_id, joined)
    return found


async def is_asked(connection: AsyncConnection, announcement: Announcement, person_id: int) -> bool:
    """Tell whether an announcement is for somebody; reads nothing of the others."""
    there = await known_squads(connection, announcement.workspace_id, announcement.squad_ids)
    args = (connection, announcement.workspace_id, there, announcement.author_id)
    return person_id in await audience(*args, [person_id])


async def read(
    connection: AsyncConnection, announcement: Announcement
) -> tuple[Sheet, dict[int, Asked], dict[int, Receipt]]:
    """Return an announcement as its messages show it, whom it is for, and who has got it."""
    workspace_id = announcement.workspace_id
    there = await known_squads(connection, workspace_id, announcement.squad_ids)
    told = reached(announcement, there)
    asked = await audience(connection, workspace_id, told, announcement.author_id)
    receipts = {
        each.person_id: each for each in await announcements.receipts(connection, announcement.id)
    }
    author = (await people.refs(connection, [announcement.author_id]))[announcement.author_id]
    sheet = Sheet(
        announcement=announcement,
        author=author,
        squads=tuple(sorted(each.name for each in there)),
        zone=there[0].zone if there else "UTC",
        asked=len(asked),
        got=len(asked.keys() & receipts.keys()),
    )
    return sheet, asked, receipts


def may_change(actor: Actor, announcement: Announcement) -> bool:
    """Tell whether somebody may edit or withdraw it: who wrote it, or who manages all its squads.

    Whoever wrote it and manages none of its squads any more may not.
    """
    managed = [may(actor, Act.ANNOUNCE, each) for each in announcement.squad_ids]
    return all(managed) or (actor.person_id == announcement.author_id and any(managed))


async def own(connection: AsyncConnection, announcement: Announcement, person_id: int) -> Own:
    """Return an announcement as one person's messages show it."""
    sheet, asked, receipts = await read(connection, announcement)
    return Own(sheet=sheet, asked=person_id in asked, receipt=receipts.get(person_id))


async def post(
    tx: AsyncConnection, announcement_id: int, there: Sequence[Squad], now: datetime
) -> None:
    """Queue the posts: one in each team channel, which squads may share."""
    channels: dict[str, list[Squad]] = {}
    for squad in there:
        if squad.team_channel:
            channels.setdefault(squad.team_channel, []).append(squad)
    for channel, sharing in channels.items():
        intent = Intent(
            kind=rules.POST,
            delivery_class=DeliveryClass.NOW,
            channel=channel,
            squad_id=sharing[0].id,
            ids={"announcement_id": announcement_id},
        )
        delivery_id = await outbox.add_one(tx, sharing[0].workspace_id, intent, now)
        keys = [each.id for each in sharing]
        await announcements.posted(tx, announcement_id, keys, delivery_id)


async def edits(
    connection: AsyncConnection, announcement: Announcement, at: datetime | None = None
) -> list[Intent]:
    """Return what changes the posts: at once, or (`at`) with all that is to be changed by then."""
    intents = []
    for delivery_id in sorted({each for each in announcement.posts.values() if each is not None}):
        sent = await outbox.get(connection, delivery_id)
        if sent is None or sent.channel is None:
            continue
        key = None if at is None else f"{rules.POST}:{delivery_id}:{at:%Y%m%d%H%M}"
        intents.append(
            Intent(
                kind=rules.POST,
                delivery_class=DeliveryClass.ANSWER,
                operation=Operation.UPDATE,
                channel=sent.channel,
                squad_id=sent.squad_id,
                ids={"announcement_id": announcement.id},
                target_id=delivery_id,
                not_before=at,
                dedupe_key=key,
            )
        )
    return intents


async def tick(
    tx: AsyncConnection, announcement: Announcement, person_ids: Collection[int], now: datetime
) -> None:
    """Tick the lines of people off, wherever a Today message carries them."""
    for person_id in person_ids:
        for number in range(1, rules.LINES + 1):
            key = announcements.line_key(announcement.id, person_id, number)
            await today.tick(tx, announcement.workspace_id, key, now)


async def count_intent(
    connection: AsyncConnection, announcement: Announcement, now: datetime
) -> list[Intent]:
    """Return what tells its author how many have got it: when replies are due, or two days on."""
    at = announcement.reply_by
    if at is None:
        known = await _calendars(connection, announcement, [announcement.author_id], now)
        calendar = known.get(announcement.author_id)
        at = rules.morning(calendar, now, rules.COUNTED_AFTER) if calendar else None
    if at is None:
        return []
    return [
        Intent(
            kind=rules.COUNT,
            delivery_class=DeliveryClass.TODAY,
            person_id=announcement.author_id,
            squad_id=announcement.squad_ids[0],
            ids={"announcement_id": announcement.id},
            dedupe_key=f"{rules.COUNT}:{announcement.id}",
            not_before=at,
        )
    ]


async def count_again(
    tx: AsyncConnection, announcement: Announcement, now: datetime
) -> list[Intent]:
    """Tell its author how many have got it at another time: move what waits, or return it anew."""
    intents = await count_intent(tx, announcement, now)
    keys = [each.dedupe_key for each in intents if each.dedupe_key]
    if announcement.reply_by is not None:
        await today.move(tx, announcement.workspace_id, keys, announcement.reply_by)
    await today.plan_anew(tx, announcement.workspace_id, keys)
    return intents


async def _calendars(
    connection: AsyncConnection,
    announcement: Announcement,
    person_ids: Collection[int],
    now: datetime,
) -> Mapping[int, WorkCalendar]:
    workspace_id = announcement.workspace_id
    return await recipients.calendars(connection, workspace_id, person_ids, now)


async def lines(
    connection: AsyncConnection, announcement: Announcement, now: datetime
) -> list[Intent]:
    """Return the lines that are to be planned for those who have not got it."""
    there = await known_squads(connection, announcement.workspace_id, announcement.squad_ids)
    told, author = reached(announcement, there), announcement.author_id
    asked = await audience(connection, announcement.workspace_id, told, author)
    receipts = await announcements.receipts(connection, announcement.id)
    waiting = rules.waits_for(asked, receipts, author)
    said = await announcements.said(connection, announcement.workspace_id, announcement.id, waiting)
    calendars = await _calendars(connection, announcement, waiting, announcement.created_at)
    found = []
    for person_id in sorted(waiting & calendars.keys()):
        calendar, one = calendars[person_id], asked[person_id]
        number = rules.next_line(said.get(person_id), calendar, announcement.reply_by, now)
        at: datetime | None = now
        if number == 1:
            seen = max(one.joined_at, announcement.created_at)
            there_before = one.joined_at <= announcement.created_at
            posted = there_before and announcement.posts.get(one.squad_id) is not None
            at = rules.first_line_at(calendar, seen, posted=posted)
        if number is not None and at is not None:
            found.append(_line(announcement, one, number, at))
    return found


def _line(announcement: Announcement, one: Asked, number: int, at: datetime) -> Intent:
    person_id = one.person.person_id
    return Intent(
        kind=rules.LINE,
        delivery_class=DeliveryClass.TODAY,
        person_id=person_id,
        squad_id=one.squad_id,
        ids={"announcement_id": announcement.id},
        dedupe_key=announcements.line_key(announcement.id, person_id, number),
        not_before=at,
    )
