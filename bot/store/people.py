"""People, their Slack identities and aliases, and the actor behind a click."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from sqlalchemy import and_, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.people import (
    Actor,
    Caller,
    IdentityKind,
    IndividualFigures,
    Membership,
    PersonRef,
    Profile,
    Role,
    SquadState,
    Status,
)
from bot.rules.roles import may_hold
from bot.store import matching
from bot.store.memberships import ROLE_OF_MEMBER
from models import Admin, Alias, Member, MemberRole, Person, SlackIdentity, Squad, Workspace

_ACTOR = (
    select(
        SlackIdentity.workspace_id,
        SlackIdentity.person_id,
        SlackIdentity.user_id,
        SlackIdentity.kind,
        SlackIdentity.slack_admin,
        Person.name,
        Person.locale,
        Person.zone,
        exists()
        .where(
            Admin.workspace_id == SlackIdentity.workspace_id,
            Admin.person_id == SlackIdentity.person_id,
        )
        .label("is_admin"),
        Member.status,
        Squad.id.label("squad_id"),
        Squad.name.label("squad"),
        Squad.state,
        Squad.individual_figures,
        Squad.team_channel,
        Squad.questions_channel,
        Squad.digest_channel,
        MemberRole.role,
    )
    .join(Workspace, Workspace.id == SlackIdentity.workspace_id)
    .join(Person, Person.id == SlackIdentity.person_id)
    .join(
        Member,
        and_(
            Member.workspace_id == SlackIdentity.workspace_id,
            Member.person_id == SlackIdentity.person_id,
        ),
        isouter=True,
    )
    .join(Squad, and_(Squad.id == Member.squad_id, Squad.archived_at.is_(None)), isouter=True)
    .join(MemberRole, ROLE_OF_MEMBER, isouter=True)
    .where(Workspace.team_id == bindparam("team_id"), SlackIdentity.user_id == bindparam("user_id"))
    .order_by(Squad.id)
)
_REFS = (
    select(Person.id, Person.name, SlackIdentity.user_id)
    .join(SlackIdentity, SlackIdentity.person_id == Person.id, isouter=True)
    .where(Person.id.in_(bindparam("person_ids", expanding=True)))
)


async def actor(connection: AsyncConnection, caller: Caller) -> Actor | None:
    """Return who is behind a Slack user, in one query; None if we have not met them."""
    who = {"team_id": caller.team_id, "user_id": caller.user_id}
    rows = (await connection.execute(_ACTOR, who)).all()
    if not rows:
        return None
    roles: dict[int, set[Role]] = {}
    squads = {}
    for row in rows:
        if row.squad_id is not None:
            squads[row.squad_id] = row
            held = roles.setdefault(row.squad_id, set())
            if row.role is not None:
                held.add(Role(row.role))
    first = rows[0]
    return Actor(
        workspace_id=first.workspace_id,
        person_id=first.person_id,
        user_id=first.user_id,
        name=first.name,
        kind=IdentityKind(first.kind),
        locale=first.locale,
        zone=first.zone,
        is_admin=bool(first.is_admin),
        slack_admin=first.slack_admin,
        memberships=tuple(
            Membership(
                squad_id=key,
                squad=row.squad,
                state=SquadState(row.state),
                status=Status(row.status),
                roles=frozenset(roles[key]),
                individual_figures=IndividualFigures(row.individual_figures),
                channels=frozenset(
                    filter(None, (row.team_channel, row.questions_channel, row.digest_channel))
                ),
            )
            for key, row in squads.items()
        ),
    )


async def learn(tx: AsyncConnection, workspace_id: int, profile: Profile, now: datetime) -> int:
    """Store what Slack says of a user, making the person if new; return the person's key.

    A zone that the person chose stays; an external contributor with the same e-mail, or whom a
    file called by this Slack id, becomes this user rather than a second person.
    """
    mine = and_(
        SlackIdentity.workspace_id == workspace_id, SlackIdentity.user_id == profile.user_id
    )
    person_id: int | None = await tx.scalar(select(SlackIdentity.person_id).where(mine))
    identity = {
        "kind": profile.kind.value,
        "active": profile.active,
        "slack_admin": profile.slack_admin,
        "refreshed_at": now,
    }
    if person_id is None:
        person_id = await matching.alias_of_user(tx, workspace_id, profile.user_id)
        if person_id is None:
            person_id = await _same_email(tx, workspace_id, profile.email)
        if person_id is None:
            person_id = await add(
                tx, workspace_id, profile.name, now, email=profile.email, zone=profile.zone
            )
        await tx.execute(
            insert(SlackIdentity).values(
                workspace_id=workspace_id, user_id=profile.user_id, person_id=person_id, **identity
            )
        )
    else:
        await tx.execute(update(SlackIdentity).where(mine).values(**identity))
    if not may_hold(profile.kind, Role.MANAGER):
        await _unmake_manager(tx, workspace_id, person_id)
    changes = {"name": profile.name, "locale": profile.locale}
    if profile.email:
        changes["email"] = profile.email
    await tx.execute(update(Person).where(Person.id == person_id).values(**changes))
    if profile.zone:
        await tx.execute(
            update(Person)
            .where(Person.id == person_id, Person.zone_set.is_(False))
            .values(zone=profile.zone)
        )
    return person_id


async def _unmake_manager(tx: AsyncConnection, workspace_id: int, person_id: int) -> None:
    """Take away what a roster gave to somebody who turns out to be a guest."""
    theirs = select(Member.id).where(
        Member.workspace_id == workspace_id, Member.person_id == person_id
    )
    await tx.execute(
        delete(MemberRole).where(
            MemberRole.workspace_id == workspace_id,
            MemberRole.member_id.in_(theirs),
            MemberRole.role == Role.MANAGER.value,
        )
    )


async def _same_email(tx: AsyncConnection, workspace_id: int, email: str | None) -> int | None:
    if not email:
        return None
    known = exists().where(SlackIdentity.person_id == Person.id)
    statement = select(Person.id).where(
        Person.workspace_id == workspace_id, Person.email == email, ~known
    )
    found = list((await tx.scalars(statement.limit(2))).all())
    return found[0] if len(found) == 1 else None


async def add(
    tx: AsyncConnection,
    workspace_id: int,
    name: str,
    now: datetime,
    *,
    email: str | None = None,
    zone: str | None = None,
) -> int:
    """Add a person and return the key."""
    statement = (
        insert(Person)
        .values(
            workspace_id=workspace_id,
            name=name,
            email=email,
            zone=zone,
            zone_set=False,
            created_at=now,
        )
        .returning(Person.id)
    )
    return (await tx.execute(statement)).scalar_one()


async def by_user_ids(
    connection: AsyncConnection, workspace_id: int, user_ids: Sequence[str]
) -> Mapping[str, PersonRef]:
    """Return the people behind Slack user ids; the unknown are missing."""
    statement = (
        select(SlackIdentity.user_id, Person.id, Person.name)
        .join(Person, Person.id == SlackIdentity.person_id)
        .where(SlackIdentity.workspace_id == workspace_id, SlackIdentity.user_id.in_(user_ids))
    )
    return {
        row.user_id: PersonRef(person_id=row.id, name=row.name, user_id=row.user_id)
        for row in await connection.execute(statement)
    }


async def refs(connection: AsyncConnection, person_ids: Iterable[int]) -> Mapping[int, PersonRef]:
    """Return how people are named, by key."""
    rows = await connection.execute(_REFS, {"person_ids": list(person_ids)})
    return {row.id: PersonRef(person_id=row.id, name=row.name, user_id=row.user_id) for row in rows}


async def match(
    connection: AsyncConnection, workspace_id: int, names: Sequence[str], source: str
) -> Mapping[str, int]:
    """Match what a file calls people: alias of the source, Slack id, e-mail, then name.

    A name that several people share matches nobody. Returns name -> person key.
    """
    found: dict[str, set[int]] = {}
    by_name = await connection.execute(
        select(Person.id, Person.name, Person.email).where(
            Person.workspace_id == workspace_id,
            Person.merged_into.is_(None),
            or_(Person.name.in_(names), Person.email.in_(names)),
        )
    )
    wanted = frozenset(names)
    for row in by_name:
        for name in {row.name, row.email} & wanted:
            found.setdefault(name, set()).add(row.id)
    matched = {name: min(keys) for name, keys in found.items() if len(keys) == 1}
    by_id = await connection.execute(
        select(SlackIdentity.user_id, SlackIdentity.person_id).where(
            SlackIdentity.workspace_id == workspace_id, SlackIdentity.user_id.in_(names)
        )
    )
    matched.update({row.user_id: row.person_id for row in by_id})
    by_alias = await connection.execute(
        select(Alias.external_id, Alias.person_id).where(
            Alias.workspace_id == workspace_id,
            Alias.source == source,
            Alias.external_id.in_(names),
        )
    )
    matched.update({row.external_id: row.person_id for row in by_alias})
    return matched


async def add_alias(
    tx: AsyncConnection, workspace_id: int, source: str, external_id: str, person_id: int
) -> None:
    """Remember what a source calls a person."""
    await tx.execute(
        insert(Alias).values(
            workspace_id=workspace_id, source=source, external_id=external_id, person_id=person_id
        )
    )


async def set_quiet_until(tx: AsyncConnection, person_id: int, until: datetime | None) -> None:
    """Keep until when a person wants quiet, once; None takes it away."""
    await tx.execute(update(Person).where(Person.id == person_id).values(quiet_until=until))


async def set_quiet(tx: AsyncConnection, person_id: int, hours: tuple[time, time] | None) -> None:
    """Keep a person's quiet hours, in their own zone; None takes them away."""
    start, end = hours or (None, None)
    await tx.execute(
        update(Person).where(Person.id == person_id).values(quiet_start=start, quiet_end=end)
    )
