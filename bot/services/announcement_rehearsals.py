"""Announcements that a squad was not told of while it rehearsed, for when it is live.

They are not posted by themselves: what was said in a rehearsal may have been a try.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules import announcements as rules
from bot.rules.announcements import Announcement, Held
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent
from bot.services import announcing
from bot.services.unit import Unit
from bot.store import announcements, today

SHOWN: Final = 5
"""As many stand in the answer to whoever takes a squad live; authors find the others in Today."""


async def offer(unit: Unit, squad_id: int) -> tuple[Announcement, ...]:
    """Return what the actor may announce to a squad that has just gone live; tell other authors."""
    since = unit.now - rules.OPEN_FOR
    found = await announcements.rehearsed(unit.tx, unit.workspace_id, squad_id, since)
    shown = [each for each in found if announcing.may_change(unit.actor, each)][:SHOWN]
    intents = [
        Intent(
            kind=rules.HELD,
            delivery_class=DeliveryClass.TODAY,
            person_id=each.author_id,
            squad_id=squad_id,
            ids={"announcement_id": each.id, "squad_id": squad_id},
            dedupe_key=_key(each, squad_id),
        )
        for each in found
        if each not in shown
    ]
    await unit.send(*intents)
    return tuple(shown)


def _key(announcement: Announcement, squad_id: int) -> str:
    return f"{rules.HELD}:{announcement.id}:{squad_id}"


async def read(connection: AsyncConnection, announcement: Announcement) -> Held | None:
    """Return which of its squads were not told of it; None if none of them is live by now."""
    there = await announcing.known_squads(
        connection, announcement.workspace_id, announcement.squad_ids
    )
    held = [each for each in there if rules.stays_rehearsed(announcement, each.live_at)]
    if announcement.withdrawn_at is not None or not held:
        return None
    names = {each.id: each.name for each in held}
    return Held(announcement=announcement, squads=names, zone=held[0].zone)


async def one(unit: Unit, announcement_id: int) -> Held:
    """Return what the actor may announce now.

    Raises NotFound("announcement_gone"), NotAllowed("not_allowed_announce"),
    Conflict("announcement_posted").
    """
    found = await announcements.get(unit.tx, unit.workspace_id, announcement_id)
    if found is None or not any(unit.actor.roles_in(each) for each in found.squad_ids):
        raise NotFound("announcement_gone")
    if not announcing.may_change(unit.actor, found):
        raise NotAllowed("not_allowed_announce")
    held = await read(unit.tx, found)
    if held is None:
        raise Conflict("announcement_posted")
    return held


async def take_over(unit: Unit, announcement_id: int, squad_ids: Collection[int]) -> Announcement:
    """Let a new announcement to these squads take the place of one; return that one.

    Raises as `one`.
    """
    held = await one(unit, announcement_id)
    before, told = held.announcement, held.squads.keys() & set(squad_ids)
    if not told:
        return before
    if told == before.posts.keys():
        left = await announcements.withdraw(unit.tx, before.id, unit.now)
    else:
        left = await announcements.leave(unit.tx, before.id, told)
        await unit.send(*await announcing.edits(unit.tx, before))
    if not left:  # somebody else did it meanwhile
        raise Conflict("announcement_posted")
    for squad_id in told:
        await today.tick(unit.tx, unit.workspace_id, _key(before, squad_id), unit.now)
    return before
