"""Who may do what: one table, read by every service and held as a literal by a test."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bot.errors import NotAllowed
from bot.rules.people import Actor, IdentityKind, Role


class Act(StrEnum):
    """What a service may be asked to do in a squad."""

    MANAGE_SQUAD = "manage_squad"  # people, roles, channels, schedules, projects, go live
    RECORD_AUDIT = "record_audit"
    COACH = "coach"
    IMPORT = "import"
    POST_DIGEST = "post_digest"
    SEE_SQUAD_FIGURES = "see_squad_figures"
    SEE_DELIVERIES = "see_deliveries"
    ADMINISTER = "administer"  # of the workspace: admins, managers, squads


MAY: Final[Mapping[Act, frozenset[Role]]] = {
    Act.MANAGE_SQUAD: frozenset({Role.MANAGER}),
    Act.RECORD_AUDIT: frozenset({Role.MANAGER, Role.AUDITOR}),
    Act.COACH: frozenset({Role.MANAGER, Role.AUDITOR}),
    Act.IMPORT: frozenset({Role.MANAGER}),
    Act.POST_DIGEST: frozenset({Role.MANAGER}),
    Act.SEE_SQUAD_FIGURES: frozenset({Role.MANAGER, Role.AUDITOR, Role.DELIVERY}),
    Act.SEE_DELIVERIES: frozenset({Role.MANAGER}),
    Act.ADMINISTER: frozenset(),
}

# An admin arranges squads but does not thereby read or judge people's work.
ADMINS_MAY: Final[frozenset[Act]] = frozenset(
    {Act.MANAGE_SQUAD, Act.IMPORT, Act.POST_DIGEST, Act.SEE_DELIVERIES, Act.ADMINISTER}
)


def may(actor: Actor, act: Act, squad_id: int | None) -> bool:
    """Tell whether `actor` may do `act` in the squad (None: in the workspace)."""
    if actor.is_admin and act in ADMINS_MAY:
        return True
    return squad_id is not None and bool(actor.roles_in(squad_id) & MAY[act])


def require(actor: Actor, act: Act, squad_id: int | None) -> None:
    """Raise NotAllowed("not_allowed_<act>") with the roles that can, unless `actor` may."""
    if not may(actor, act, squad_id):
        raise NotAllowed(f"not_allowed_{act.value}")


def may_hold(kind: IdentityKind, role: Role) -> bool:
    """Tell whether an identity may hold a role: guests and Slack Connect users never manage."""
    return kind is IdentityKind.MEMBER or (
        kind in {IdentityKind.GUEST, IdentityKind.EXTERNAL} and role is not Role.MANAGER
    )
