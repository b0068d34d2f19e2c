"""Whom a poll asks, and the messages that ask them: one each, also for who joins later."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import pulse as rules
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent
from bot.rules.pulse import ASKED_ROLES, Poll, Series
from bot.rules.pulse_seals import Secret
from bot.store import outbox, pulse, squads


async def audience(
    tx: AsyncConnection, workspace_id: int, squad_ids: tuple[int, ...]
) -> Mapping[int, int]:
    """Return whom a poll of these squads asks: person -> the first of the squads they are in."""
    found: dict[int, int] = {}
    for squad_id in squad_ids:
        for person_id, member in (await squads.members(tx, workspace_id, squad_id)).items():
            if member.present and member.active and member.roles & ASKED_ROLES:
                found.setdefault(person_id, squad_id)
    return found


async def named(connection: AsyncConnection, poll: Poll) -> tuple[tuple[str, ...], str]:
    """Return the names of the squads that a poll asks, and the zone it goes by."""
    known = await squads.all_squads(connection, poll.workspace_id)
    asked = [known[each] for each in poll.squad_ids if each in known]
    return tuple(each.name for each in asked), asked[0].zone if asked else "UTC"


async def ask(tx: AsyncConnection, poll: Poll, now: datetime) -> None:
    """Queue the poll and its reminder for everybody who was not asked yet."""
    before = await pulse.asked(tx, poll)
    half = rules.half_way(poll.opens_at, poll.closes_at)
    intents = []
    for person_id, squad_id in (await audience(tx, poll.workspace_id, poll.squad_ids)).items():
        if person_id in before:
            continue
        intents.append(
            Intent(
                kind=rules.POLL,
                delivery_class=DeliveryClass.NOW,
                person_id=person_id,
                squad_id=squad_id,
                ids={"poll_id": poll.id},
                bundle_key=pulse.bundle_key(poll.id),
                dedupe_key=f"{rules.POLL}:{poll.id}:{person_id}",
                not_after=poll.closes_at,
            )
        )
        if now < half:
            intents.append(
                Intent(
                    kind=rules.REMINDER,
                    delivery_class=DeliveryClass.NOW,
                    person_id=person_id,
                    squad_id=squad_id,
                    ids={"poll_id": poll.id},
                    dedupe_key=f"{rules.REMINDER}:{poll.id}:{person_id}",
                    not_before=half,
                    not_after=poll.closes_at,
                )
            )
    await outbox.add(tx, poll.workspace_id, intents, now)


async def add_round(
    tx: AsyncConnection, series: Series, opens_at: datetime, secret: Secret, now: datetime
) -> int:
    """Store the next round of a series; the clock opens it."""
    return await pulse.add(
        tx,
        {
            "workspace_id": series.workspace_id,
            "series_id": series.id,
            "squad_ids": list(series.squad_ids),
            "viewers": sorted(series.viewers),
            "to_model": series.to_model,
            "k": series.k,
            "created_by": series.created_by,
            "created_at": now,
            "opens_at": opens_at,
            "closes_at": rules.closing(opens_at, series.days_open, series.zone),
            "next_at": opens_at,
        },
        series.questions,
        secret,
    )
