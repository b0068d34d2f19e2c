"""The one welcome that a person ever gets: who is due one, and what it will say."""

from collections.abc import Iterable

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent
from bot.rules.people import PersonRef
from bot.rules.squads import Squad, SquadMember
from bot.services.unit import Unit
from bot.store import welcomes

KIND = "squads.welcome"


async def welcome(
    unit: Unit, squad: Squad, members: Iterable[SquadMember]
) -> tuple[tuple[PersonRef, ...], tuple[PersonRef, ...]]:
    """Queue the welcome of each member who has had none yet, in this squad or another.

    Returns who is welcomed by this, and who cannot be reached (deactivated, or not in Slack): they
    are welcomed when the squad's `/squad live` is run again after that has changed.
    """
    due = [member for member in members if member.present and member.welcomed_at is None]
    before = await welcomes.welcomed(
        unit.tx, unit.workspace_id, [member.person.person_id for member in due]
    )
    reached = [member.person for member in due if member.active]
    unreachable = tuple(member.person for member in due if not member.active)
    welcomed = tuple(person for person in reached if person.person_id not in before)
    await unit.send(
        *(
            Intent(
                kind=KIND,
                delivery_class=DeliveryClass.NOW,
                person_id=person.person_id,
                squad_id=squad.id,
                ids={"squad_id": squad.id},
                dedupe_key=f"welcome:{person.person_id}",
            )
            for person in welcomed
        )
    )
    if reached:
        keys = [person.person_id for person in reached]
        await welcomes.set_welcomed(unit.tx, unit.workspace_id, squad.id, keys, unit.now)
    return welcomed, unreachable
