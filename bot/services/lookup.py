"""Finds the squad and the people that a request means, inside a service's transaction."""

from collections.abc import Sequence

from bot.errors import BadInput, NotAllowed, NotFound
from bot.rules import people as people_rules
from bot.rules import roles
from bot.rules.people import PRESENT, Actor, PersonRef
from bot.rules.roles import Act
from bot.rules.squads import Squad, Where
from bot.services.unit import Unit
from bot.store import people, squads, workspaces


async def find_squad(unit: Unit, where: Where) -> Squad:
    """Return the squad that is meant: by key, by name, by channel, or the actor's only one.

    An admin without a squad of their own means the workspace's only one. Raises NotFound
    ("unknown_squad", "no_squad") or BadInput("which_squad"); permissions are not looked at.
    """
    if where.squad_id is not None:
        found = await squads.get(unit.tx, unit.workspace_id, where.squad_id)
        if found is None:
            raise NotFound("squad_gone")
        return found
    known = await squads.all_squads(unit.tx, unit.workspace_id)
    refs = {
        key: people_rules.SquadRef(key, squad.name, squad.channels) for key, squad in known.items()
    }
    chosen = people_rules.choose_squad(
        refs, named=where.named, channel=where.channel, mine=_mine(unit.actor, frozenset(known))
    )
    return known[chosen.squad_id]


def _mine(actor: Actor, known: frozenset[int]) -> frozenset[int]:
    own = frozenset(
        membership.squad_id for membership in actor.memberships if membership.status in PRESENT
    )
    return own or (known if actor.is_admin else frozenset())


async def managed_squad(unit: Unit, where: Where) -> Squad:
    """Return the squad that is meant, if the actor may arrange it. Raises NotAllowed."""
    squad = await find_squad(unit, where)
    roles.require(unit.actor, Act.MANAGE_SQUAD, squad.id)
    return squad


def require_inside(actor: Actor, squad: Squad) -> None:
    """Raise NotAllowed("not_allowed_roster") for whoever is not in the squad, unless an admin."""
    if not (actor.is_admin or actor.roles_in(squad.id)):
        raise NotAllowed("not_allowed_roster", squad=squad.name)


async def require_admin(unit: Unit) -> None:
    """Raise NotAllowed for anybody but an admin, NotFound("not_set_up") while there is none."""
    if unit.actor.is_admin:
        return
    if not await workspaces.admins(unit.tx, unit.workspace_id):
        raise NotFound("not_set_up")
    roles.require(unit.actor, Act.ADMINISTER, None)


async def find_member(unit: Unit, squad: Squad, user_id: str | None, name: str) -> PersonRef:
    """Return whom a mention or, for those who are not in Slack, a name in the squad means.

    Raises NotFound("unknown_person", "case_not_member"), BadInput("several_of_name").
    """
    if user_id is not None:
        return (await find_people(unit, [user_id]))[0]
    members = await squads.members(unit.tx, unit.workspace_id, squad.id)
    wanted = " ".join(name.casefold().split())
    found = [
        each.person
        for each in members.values()
        if " ".join(each.person.name.casefold().split()) == wanted
    ]
    if not found:
        raise NotFound("case_not_member", name=name)
    if len(found) > 1:
        raise BadInput("several_of_name", name=name)
    return found[0]


async def find_people(unit: Unit, user_ids: Sequence[str]) -> list[PersonRef]:
    """Return the people behind mentioned users, in order.

    Raises NotFound("unknown_person") for the first one whom Muster has not met.
    """
    known = await people.by_user_ids(unit.tx, unit.workspace_id, user_ids)
    for user_id in user_ids:
        if user_id not in known:
            raise NotFound("unknown_person", name=user_id)
    return [known[user_id] for user_id in user_ids]
