"""What is said of reworks: planned ahead for their deadlines, and changed as they go.

A part of `bot.services.reworking`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import reworks as rules
from bot.rules import sittings
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import WorkCalendar
from bot.rules.home import home_intents
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.reworks import DUE, LATE, OVERDUE, Stored
from bot.services import blocking
from bot.services.audit_feedback import FEEDBACK, feedback_key
from bot.services.unit import Unit
from bot.store import bundles, findings, today

# The message is there, or nobody knows yet: a change of it waits for what becomes of it.
_OUT: Final = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


async def reminders(unit: Unit, rework: Stored, calendar: WorkCalendar | None) -> list[Intent]:
    """Plan what is said on the day that a rework is due, and after it."""
    able = await blocking.managers(unit.tx, unit.workspace_id, rework.squad_id)
    return _reminders(rework, calendar, unit.now, able)


async def opened(unit: Unit, rework: Stored, calendar: WorkCalendar | None) -> list[Intent]:
    """Plan the same, and what publishes the Home tabs that show a new rework."""
    able = await blocking.managers(unit.tx, unit.workspace_id, rework.squad_id)
    shown = home_intents([rework.contributor_id, *sorted(able)])
    return [*_reminders(rework, calendar, unit.now, able), *shown]


def _reminders(
    rework: Stored, calendar: WorkCalendar | None, now: datetime, able: Collection[int]
) -> list[Intent]:
    """Return one message for all that is due to a person on a day; it is read then what holds."""
    if calendar is None or rework.due_at is None:
        return []
    day = rules.due_day(calendar, rework.due_at)
    person, squad_id = rework.contributor_id, rework.squad_id
    return [
        Intent(
            kind=DUE,
            delivery_class=DeliveryClass.NOW,
            person_id=person,
            squad_id=squad_id,
            dedupe_key=f"{DUE}:{person}:{day}",
            not_before=max(now, rules.remind_at(calendar, rework.due_at)),
            not_after=rework.due_at,
        ),
        Intent(
            kind=OVERDUE,
            delivery_class=DeliveryClass.TODAY,
            person_id=person,
            squad_id=squad_id,
            dedupe_key=f"{OVERDUE}:{person}:{day}",
            not_before=rework.due_at,
        ),
        *(
            Intent(
                kind=LATE,
                delivery_class=DeliveryClass.TODAY,
                person_id=manager,
                squad_id=squad_id,
                ids={"squad_id": squad_id},
                dedupe_key=f"{LATE}:{squad_id}:{manager}:{day}",
                not_before=rework.due_at,
            )
            for manager in sorted(able)
        ),
    ]


async def home(tx: AsyncConnection, rework: Stored) -> list[Intent]:
    """Return what publishes the Home tabs that show a rework."""
    able = await blocking.managers(tx, rework.workspace_id, rework.squad_id)
    return home_intents([rework.contributor_id, *sorted(able)])


async def told_anew(tx: AsyncConnection, rework: Stored) -> list[Intent]:
    """Return what changes the message about the audit to what holds now, Today and Home tabs."""
    intents = await home(tx, rework)
    intents += await today.refreshing(
        tx, rework.workspace_id, rework.contributor_id, (DUE, OVERDUE), rework.opened_at
    )
    alone = await _sent(tx, rework, feedback_key(rework.audit_id))
    if alone is not None:
        change = Intent(
            kind=FEEDBACK,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=rework.contributor_id,
            squad_id=rework.squad_id,
            ids={"audit_id": rework.audit_id, "corrects": None},
            target_id=alone,
        )
        intents.append(change)
    place = await bundles.place_of(tx, rework.workspace_id, rework.audit_id)
    if place is None:
        return intents
    key = sittings.feedback_key(place.sitting_id, place.contributor_id, place.window)
    gathered = await _sent(tx, rework, key)
    if gathered is not None:
        change = Intent(
            kind=sittings.FEEDBACK,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=rework.contributor_id,
            squad_id=rework.squad_id,
            ids={"sitting_id": place.sitting_id, "window": place.window},
            target_id=gathered,
        )
        intents.append(change)
    return intents


async def _sent(tx: AsyncConnection, rework: Stored, key: str) -> int | None:
    """Return the message planned under a key, if it is out as one of its own."""
    told = await findings.delivery(tx, rework.workspace_id, key)
    if told is None or told.carrier_id is not None or told.state not in _OUT:
        return None
    return told.id
