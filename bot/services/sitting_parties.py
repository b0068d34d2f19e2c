"""Splitting what is drawn between auditors: who takes part, who gets how much, who is told."""

from collections.abc import Sequence
from datetime import datetime

from bot.errors import BadInput, NotFound
from bot.rules import roles, sitting_input
from bot.rules import sittings as rules
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent
from bot.rules.people import PRESENT
from bot.rules.roles import MAY, Act
from bot.rules.sittings import NewSitting, Opened, Party, Place, StartRequest
from bot.services import seating
from bot.services.unit import Unit
from bot.store import draws, people, sittings, squads


async def plan(unit: Unit, place: Place, request: StartRequest) -> list[Party]:
    """Return who gets how many tasks: the caller, or whom they named.

    Raises NotAllowed("not_allowed_record_audit", "not_allowed_split_sitting"),
    BadInput("sitting_cannot_audit", "sitting_count").
    """
    roles.require(unit.actor, Act.RECORD_AUDIT, place.squad_id)
    if not request.user_ids:
        me = await people.refs(unit.tx, [unit.actor.person_id])
        return [Party(person=me[unit.actor.person_id], count=request.count)]
    if request.user_ids != (unit.actor.user_id,):
        roles.require(unit.actor, Act.SPLIT_SITTING, place.squad_id)
    members = await squads.members(unit.tx, unit.workspace_id, place.squad_id)
    able = {
        each.person.user_id: each.person
        for each in members.values()
        if each.status in PRESENT and each.roles & MAY[Act.RECORD_AUDIT]
    }
    unable = [user_id for user_id in request.user_ids if user_id not in able]
    if unable:
        names = ", ".join(f"<@{user_id}>" for user_id in unable)
        raise BadInput("sitting_cannot_audit", names=names, squad=place.squad)
    if request.count < len(request.user_ids):
        raise BadInput("sitting_too_few", n=len(request.user_ids))
    counts = sitting_input.shares(request.count, len(request.user_ids))
    return [
        Party(person=able[user_id], count=count)
        for user_id, count in zip(request.user_ids, counts, strict=True)
    ]


async def wants(
    unit: Unit, request: StartRequest, channel: str | None
) -> tuple[int, int, int, int, int]:
    """Return workspace, squad, project, auditor and how many tasks have to be drawn for it.

    Raises as `plan`, and as `choose_place` does.
    """
    places, here = await seating.places(unit), seating.here(unit.actor, channel)
    place = sitting_input.choose_place(places, request.place, here)
    await plan(unit, place, request)
    where = (unit.workspace_id, place.squad_id, place.project_id)
    return (*where, unit.actor.person_id, request.count)


async def open_all(
    unit: Unit, place: Place, parties: Sequence[Party], due_at: datetime | None, party: str
) -> list[Opened]:
    """Open a sitting for each, with its draws reserved, and tell those who did not ask.

    Whoever gets none has no sitting. Raises NotFound("sitting_nothing") if nobody gets any.
    """
    opened = []
    for each in parties:
        new = NewSitting(
            place=place,
            auditor_id=each.person.person_id,
            started_by=unit.actor.person_id,
            party=party,
            wanted=each.count,
            due_at=due_at,
        )
        sitting_id = await sittings.add(unit.tx, unit.workspace_id, new, unit.now)
        taken = await draws.take(
            unit.tx,
            unit.workspace_id,
            new.auditor_id,
            place.squad_id,
            place.project_id,
            each.count,
            unit.now,
            sitting_id,
        )
        if not taken:
            await sittings.drop(unit.tx, unit.workspace_id, sitting_id)
            continue
        mine = new.auditor_id == unit.actor.person_id
        opened.append(
            Opened(sitting_id=sitting_id, person=each.person, count=len(taken), mine=mine)
        )
        await unit.log(
            "sitting.started",
            squad_id=place.squad_id,
            person_id=new.auditor_id,
            sitting_id=sitting_id,
        )
    if not opened:
        raise NotFound("sitting_nothing", place=place.name)
    await unit.send(*(_invitation(place, each) for each in opened if not each.mine))
    return opened


def _invitation(place: Place, opened: Opened) -> Intent:
    return Intent(
        kind=rules.INVITATION,
        delivery_class=DeliveryClass.NOW,
        person_id=opened.person.person_id,
        squad_id=place.squad_id,
        ids={"sitting_id": opened.sitting_id},
        dedupe_key=f"{rules.INVITATION}:{opened.sitting_id}",
    )
