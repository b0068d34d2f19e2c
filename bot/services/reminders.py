"""What people do with reminders: put them off, tick them off, ask for those not shown."""

from bot.errors import Conflict, NotFound
from bot.rules.budget import DeliveryClass, today_due
from bot.rules.outbox import REST, Delivery, DeliveryState, Intent
from bot.rules.people import Caller
from bot.rules.snoozing import HeldBack, PutOff, Snooze, class_of, comes_back, held_back
from bot.services.unit import Service, Unit
from bot.store import outbox, recipients, today

_ARRIVED = frozenset(
    {
        DeliveryState.SENDING,  # a click may be faster than its bookkeeping
        DeliveryState.UNKNOWN,
        DeliveryState.CARRIED,
        DeliveryState.SENT,
    }
)


class Reminders(Service):
    """Everybody has their own; nobody sees what another puts off."""

    async def snooze(self, caller: Caller, delivery_id: int, choice: Snooze) -> PutOff:
        """Let a reminder of the caller come again later; once more changes when.

        Raises NotFound("no_reminder"), Conflict "reminder_came_back", "snooze_over" (it would be
        useless by then), "snooze_no_timeoff" or "snooze_no_work".
        """
        async with self.writing(caller) as unit:
            mine = await _own(unit, delivery_id)
            found = await recipients.recipient(
                unit.tx, unit.workspace_id, unit.actor.person_id, unit.now
            )
            if found is None:
                raise NotFound("no_reminder")
            until = comes_back(choice, unit.now, found.calendar)
            if until is None:
                raise Conflict("snooze_no_timeoff" if choice is Snooze.BACK else "snooze_no_work")
            if mine.not_after is not None and until > mine.not_after:
                raise Conflict("snooze_over")
            if not await today.put_off(unit.tx, mine, until, class_of(choice), unit.now):
                raise Conflict("reminder_came_back")
            return PutOff(until=until, zone=found.calendar.zone)

    async def held(self, caller: Caller) -> tuple[tuple[HeldBack, ...], str]:
        """Return what is held back from the caller and why, and their zone."""
        async with self.reading(caller) as unit:
            key = (unit.workspace_id, unit.actor.person_id)
            found = await recipients.recipient(unit.tx, *key, unit.now)
            if found is None:
                return (), "UTC"
            due = today_due(
                now=found.left_alone_until(unit.now),
                calendar=found.calendar,
                sent=found.spent,
                budget=found.budget,
                active=found.active,
                has_lines=True,
            )
            waiting = await today.waiting_for(unit.tx, *key)
            return held_back(waiting, unit.now, due), found.calendar.zone

    async def tick(self, caller: Caller, delivery_id: int) -> None:
        """Tick off a line of the caller's Today; once more changes nothing.

        Raises NotFound("no_reminder").
        """
        async with self.writing(caller) as unit:
            mine = await _own(unit, delivery_id)
            if mine.carrier_id is not None:
                await today.tick_line(unit.tx, mine, unit.now)

    async def show_rest(self, caller: Caller, carrier_id: int) -> None:
        """Send the caller what their Today message does not show; once more changes nothing.

        Raises NotFound("no_reminder").
        """
        async with self.writing(caller) as unit:
            await _own(unit, carrier_id)
            await unit.send(
                Intent(
                    kind=REST,
                    delivery_class=DeliveryClass.ANSWER,
                    person_id=unit.actor.person_id,
                    ids={"carrier_id": carrier_id},
                    dedupe_key=today.rest_key(carrier_id),
                )
            )


async def _own(unit: Unit, delivery_id: int) -> Delivery:
    found = await outbox.get(unit.tx, delivery_id)
    if (
        found is None
        or found.workspace_id != unit.workspace_id
        or found.person_id != unit.actor.person_id
        or found.state not in _ARRIVED
    ):
        raise NotFound("no_reminder")
    return found
