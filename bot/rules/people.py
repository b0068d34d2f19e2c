"""Who is acting: people, the squads they belong to, and how a squad or person is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import BadInput, NotFound


class IdentityKind(StrEnum):
    """What a Slack user is; guests and external users may contribute, never manage."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"
    BOT = "bot"


class Role(StrEnum):
    """A role in a squad; admins belong to the workspace and are kept apart."""

    MANAGER = "manager"
    AUDITOR = "auditor"
    CONTRIBUTOR = "contributor"
    DELIVERY = "delivery"
    CLIENT = "client"


class Status(StrEnum):
    """Where a member stands in a squad."""

    ONBOARDING = "onboarding"
    ACTIVE = "active"
    PROBATION = "probation"
    PAUSED = "paused"
    OFFBOARDED = "offboarded"


class SquadState(StrEnum):
    """A squad is rehearsed until it goes live."""

    REHEARSAL = "rehearsal"
    LIVE = "live"


class IndividualFigures(StrEnum):
    """Who sees figures about one person."""

    SELF_AND_MANAGERS = "self+managers"
    SELF = "self"
    OFF = "off"


# These statuses still belong to the squad's everyday life.
PRESENT = frozenset({Status.ONBOARDING, Status.ACTIVE, Status.PROBATION})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who Slack says is speaking, before we know the person."""

    team_id: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One squad of a person; `channels` are the squad's team, questions and digest channels."""

    squad_id: int
    squad: str
    state: SquadState
    status: Status
    roles: frozenset[Role]
    individual_figures: IndividualFigures = IndividualFigures.SELF_AND_MANAGERS
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person who acts, with everything a role check needs."""

    workspace_id: int
    person_id: int
    user_id: str
    name: str
    kind: IdentityKind
    locale: str | None
    zone: str | None
    is_admin: bool
    slack_admin: bool
    memberships: tuple[Membership, ...] = ()

    def roles_in(self, squad_id: int) -> frozenset[Role]:
        """Return the roles in one squad; a paused or offboarded member has none."""
        for membership in self.memberships:
            if membership.squad_id == squad_id and membership.status in PRESENT:
                return membership.roles
        return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRef:
    """How a person is named: by mention where Slack knows them, else by name."""

    person_id: int
    name: str
    user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Slack tells of a user (users.info), as far as Muster needs it."""

    user_id: str
    name: str
    email: str | None = None
    zone: str | None = None
    locale: str | None = None
    kind: IdentityKind = IdentityKind.MEMBER
    active: bool = True
    slack_admin: bool = False


@dataclass(frozen=True, slots=True)
class SquadRef:
    """How a squad is named."""

    squad_id: int
    name: str
    channels: frozenset[str] = field(default_factory=frozenset)


def choose_squad(
    squads: Mapping[int, SquadRef],
    *,
    named: str | None,
    channel: str | None,
    mine: frozenset[int],
) -> SquadRef:
    """Resolve a squad by argument, then by channel, then the person's only one.

    Raises NotFound("unknown_squad") or ("no_squad"), BadInput("which_squad").
    """
    if named is not None:
        wanted = named.strip().casefold()
        for squad in squads.values():
            if squad.name.casefold() == wanted:
                return squad
        known = ", ".join(sorted(squad.name for squad in squads.values())) or "–"
        raise NotFound("unknown_squad", squad=named, known=known)
    here = [squad for squad in squads.values() if channel in squad.channels]
    own_here = [squad for squad in here if squad.squad_id in mine]
    for candidates in (own_here, here, [squads[key] for key in sorted(mine) if key in squads]):
        if len(candidates) == 1:
            return candidates[0]
        if len(candidates) > 1:
            names = ", ".join(sorted(squad.name for squad in candidates))
            raise BadInput("which_squad", squads=names)
    raise NotFound("no_squad")
