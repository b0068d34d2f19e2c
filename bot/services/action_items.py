"""Action items: written down after a meeting, and said every working day from theirs until done."""

from datetime import date, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.errors import NotAllowed, NotFound
from bot.rules import action_items as rules
from bot.rules.action_items import AHEAD, ActionItem, ActionSource
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import WorkCalendar, work_day_of
from bot.rules.outbox import Intent
from bot.rules.people import Caller
from bot.rules.squads import SyncKind
from bot.services import meeting_posts
from bot.services.unit import Service, Unit
from bot.store import action_items, outbox, recipients, today

CHUNK: Final = 200
"""Lines planned in one transaction."""


async def add(
    unit: Unit,
    *,
    squad_id: int,
    owner_id: int,
    text: str,
    due: date | None,
    source: ActionSource,
    source_id: int,
    private: bool,
) -> int:
    """Write down what somebody is to do, and plan its lines in their Today; return the key.

    Raises BadInput("action_empty", "action_long"). Whether the actor may, the caller has checked.
    """
    calendars = await recipients.calendars(unit.tx, unit.workspace_id, [owner_id], unit.now)
    calendar = calendars.get(owner_id)
    next_at = None if due is None else rules.first_line(calendar, due, unit.now)
    action_id = await action_items.add(
        unit.tx,
        unit.workspace_id,
        unit.now,
        squad_id=squad_id,
        owner_id=owner_id,
        text=rules.read_text(text),
        due=due,
        source=source.value,
        source_id=source_id,
        private=private,
        created_by=unit.actor.person_id,
        next_at=next_at,
    )
    await unit.log("action.added", squad_id=squad_id, person_id=owner_id, action_id=action_id)
    item = await get(unit, action_id)
    if next_at is not None and next_at <= unit.now + AHEAD:
        await unit.send(*await _said(unit.tx, item, calendar, unit.now))
    return action_id


async def get(unit: Unit, action_id: int, *, lock: bool = False) -> ActionItem:
    """Return an action item of the actor's workspace. Raises NotFound("action_gone")."""
    item = await action_items.get(unit.tx, unit.workspace_id, action_id, lock=lock)
    if item is None:
        raise NotFound("action_gone")
    return item


async def done(unit: Unit, action_id: int) -> ActionItem:
    """Say that it is done: the line in Today is struck out; said twice it changes nothing.

    Raises NotFound("action_gone"), NotAllowed("not_allowed_action").
    """
    item = await get(unit, action_id, lock=True)
    if not rules.may_close(unit.actor, item):
        raise NotAllowed("not_allowed_action")
    if not item.is_open:
        return item
    await action_items.change(
        unit.tx,
        unit.workspace_id,
        action_id,
        done_at=unit.now,
        done_by=unit.actor.person_id,
        next_at=None,
    )
    if item.said_on is not None:
        key = rules.line_key(action_id, item.said_on)
        await today.tick(unit.tx, unit.workspace_id, key, unit.now)
    await unit.log(
        "action.done",
        squad_id=item.squad_id,
        person_id=item.owner.person_id,
        action_id=action_id,
    )
    return await get(unit, action_id)


async def _said(
    tx: AsyncConnection, item: ActionItem, calendar: WorkCalendar | None, now: datetime
) -> list[Intent]:
    """Return the item's next line, and keep when the one after it comes: it ends this one."""
    at = _next_at(item, calendar, now)
    if calendar is None or at is None:  # they never work, or are not here any more
        await action_items.change(tx, item.workspace_id, item.id, next_at=None)
        return []
    day = work_day_of(calendar, at)
    following = rules.next_line(calendar, day, at)
    await action_items.change(tx, item.workspace_id, item.id, said_on=day, next_at=following)
    return [
        Intent(
            kind=rules.DUE,
            delivery_class=DeliveryClass.TODAY,
            person_id=item.owner.person_id,
            squad_id=item.squad_id,
            ids={"action_id": item.id},
            dedupe_key=rules.line_key(item.id, day),
            not_before=at,
            not_after=following,
        )
    ]


def _next_at(item: ActionItem, calendar: WorkCalendar | None, now: datetime) -> datetime | None:
    """Return when it is said next: hours and days off may have changed since that was planned."""
    if calendar is None or item.next_at is None:
        return None
    day = clock.local_day(max(item.next_at, now), calendar.zone)
    return rules.first_line(calendar, day, now)


class ActionItems(Service):
    """For owners and managers, and what the lines in Today say."""

    async def done(self, caller: Caller, action_id: int) -> ActionItem:
        """Say that an action item is done; today's posts show it. Raises as `done`."""
        async with self.writing(caller) as unit:
            item = await done(unit, action_id)
            if not item.private:
                await meeting_posts.refresh(unit, item.squad_id, SyncKind.SYNC)
            return item

    # For the clock and for messages.

    async def plan(self, workspace_id: int) -> int:
        """Plan the lines of the coming day; return how many. Run twice it plans none twice."""
        total = 0
        while True:
            async with self._database.write() as tx:
                count = await _plan(tx, workspace_id, self._clock.now())
            total += count
            if count < CHUNK:
                return total

    async def item(self, workspace_id: int, action_id: int) -> ActionItem | None:
        """Return an action item for its line in Today; None once its owner left the squad."""
        async with self._database.read() as connection:
            item = await action_items.get(connection, workspace_id, action_id)
            if item is None or not await action_items.is_there(connection, item):
                return None
            return item


async def _plan(tx: AsyncConnection, workspace_id: int, now: datetime) -> int:
    items = await action_items.to_say(tx, workspace_id, now + AHEAD, CHUNK)
    owners = {item.owner.person_id for item in items}
    calendars = await recipients.calendars(tx, workspace_id, owners, now) if owners else {}
    intents: list[Intent] = []
    for item in items:
        intents += await _said(tx, item, calendars.get(item.owner.person_id), now)
    await outbox.add(tx, workspace_id, intents, now)
    return len(items)
