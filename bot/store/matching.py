"""Who is meant by what files call people, and how two people turn out to be one, in SQL.

Somebody known from files alone is *external*: a person without a Slack identity. A name means, in
this order, whoever has that Slack id, that e-mail address or (if it is only one) that name in
Slack; else what the source called so before; else an external of that name or address. An external
of another source is never taken for this one by name: "17" is somebody else in each tool.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.imports import FILE_SOURCE, SLACK_SOURCE
from bot.store import erasing
from bot.store.database import insert_or_ignore
from models import (
    Alias,
    Person,
    SlackIdentity,
)

# SQLite and PostgreSQL take at least 32,766 bound values in a statement; stay far below.
AT_ONCE = 500
NAME_LENGTH = 200

_IN_SLACK = exists().where(SlackIdentity.person_id == Person.id)
_OF_A_TOOL = exists().where(
    Alias.person_id == Person.id, Alias.source.not_in([FILE_SOURCE, SLACK_SOURCE])
)


@dataclass(frozen=True, slots=True)
class Match:
    """Who a name means; `absorbs` is the external who turns out to be the same person.

    `erased` is somebody who counts under a pseudonym and must not get a name again.
    """

    person_id: int
    in_slack: bool
    absorbs: int | None = None
    erased: bool = False


@dataclass(slots=True)
class _Found:
    """What is known of one name."""

    alias: int | None = None
    alias_in_slack: bool = False
    user_id: int | None = None
    slack_email: int | None = None
    slack_names: list[int] | None = None
    externals: list[int] | None = None

    def match(self) -> Match | None:
        known = self.user_id or self.slack_email or _only(self.slack_names)
        if self.alias is not None:
            if self.alias_in_slack or known in {None, self.alias}:
                return Match(self.alias, self.alias_in_slack)
            if known is not None:
                return Match(known, in_slack=True, absorbs=self.alias)
        if known is not None:
            return Match(known, in_slack=True, absorbs=_only(self.externals))
        external = _only(self.externals)
        return None if external is None else Match(external, in_slack=False)


def _only(keys: Sequence[int] | None) -> int | None:
    return keys[0] if keys is not None and len(keys) == 1 else None


def _parts(names: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(names))
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


async def resolve(
    connection: AsyncConnection, workspace_id: int, source: str, names: Iterable[str]
) -> dict[str, Match]:
    """Return name -> person, for any number of names; the unknown are missing."""
    matches = {}
    for some in _parts(names):
        found: defaultdict[str, _Found] = defaultdict(_Found)
        await _by_alias(connection, workspace_id, source, some, found)
        await _by_user_id(connection, workspace_id, some, found)
        await _by_person(connection, workspace_id, source, some, found)
        for name, known in found.items():
            match = known.match()
            if match is not None:
                matches[name] = match
        missing = [name for name in some if name not in matches]
        for name, person_id in (await erasing.known_as(connection, workspace_id, missing)).items():
            matches[name] = Match(person_id, in_slack=False, erased=True)
    return matches


async def _by_alias(
    connection: AsyncConnection,
    workspace_id: int,
    source: str,
    names: Sequence[str],
    found: defaultdict[str, _Found],
) -> None:
    person_id = func.coalesce(Person.merged_into, Person.id)
    statement = (
        select(
            Alias.external_id,
            person_id.label("person_id"),
            exists().where(SlackIdentity.person_id == person_id).label("in_slack"),
        )
        .join(Person, Person.id == Alias.person_id)
        .where(
            Alias.workspace_id == workspace_id,
            # A Slack id of a roster means the same person whatever file states it.
            Alias.source.in_([source, SLACK_SOURCE]),
            Alias.external_id.in_(names),
        )
        .order_by(case((Alias.source == source, 1), else_=0))
    )
    for row in await connection.execute(statement):
        found[row.external_id].alias = row.person_id
        found[row.external_id].alias_in_slack = bool(row.in_slack)


async def _by_user_id(
    connection: AsyncConnection,
    workspace_id: int,
    names: Sequence[str],
    found: defaultdict[str, _Found],
) -> None:
    statement = select(SlackIdentity.user_id, SlackIdentity.person_id).where(
        SlackIdentity.workspace_id == workspace_id, SlackIdentity.user_id.in_(names)
    )
    for row in await connection.execute(statement):
        found[row.user_id].user_id = row.person_id


async def _by_person(
    connection: AsyncConnection,
    workspace_id: int,
    source: str,
    names: Sequence[str],
    found: defaultdict[str, _Found],
) -> None:
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        spellings[name.casefold()].add(name)
    emails = sorted({*names, *spellings} if any("@" in name for name in names) else ())
    statement = select(
        Person.id,
        Person.name,
        Person.email,
        _IN_SLACK.label("in_slack"),
        _OF_A_TOOL.label("of_a_tool"),
    ).where(
        Person.workspace_id == workspace_id,
        Person.merged_into.is_(None),
        or_(Person.name.in_(names), Person.email.in_(emails)),
    )
    wanted = frozenset(names)
    for row in await connection.execute(statement.order_by(Person.id)):
        by_email = spellings.get((row.email or "").casefold(), set())
        for name in by_email | ({row.name} & wanted):
            known = found[name]
            if row.in_slack and name in by_email:
                known.slack_email = row.id
            elif row.in_slack:
                known.slack_names = [*(known.slack_names or ()), row.id]
            elif not row.of_a_tool or source == FILE_SOURCE:
                known.externals = [*(known.externals or ()), row.id]


async def meant_by(
    connection: AsyncConnection, workspace_id: int, names: Iterable[str]
) -> dict[str, set[int]]:
    """Return name -> everybody whom some source, or Slack, calls so.

    For audits, which name a contributor and no source: whose work of that task there is decides.
    """
    meant: defaultdict[str, set[int]] = defaultdict(set)
    for some in _parts(names):
        aliases = select(Alias.external_id, Alias.person_id).where(
            Alias.workspace_id == workspace_id, Alias.external_id.in_(some)
        )
        for row in await connection.execute(aliases):
            meant[row.external_id].add(row.person_id)
        found: defaultdict[str, _Found] = defaultdict(_Found)
        await _by_user_id(connection, workspace_id, some, found)
        await _by_person(connection, workspace_id, FILE_SOURCE, some, found)
        for name, known in found.items():
            one = (known.user_id, known.slack_email)
            many = (*(known.slack_names or ()), *(known.externals or ()))
            meant[name].update(key for key in (*one, *many) if key is not None)
        unknown = [name for name in some if not meant.get(name)]
        for name, person_id in (await erasing.known_as(connection, workspace_id, unknown)).items():
            meant[name].add(person_id)
    return meant


async def add_external(
    tx: AsyncConnection,
    workspace_id: int,
    source: str,
    external_id: str,
    now: datetime,
    *,
    name: str | None = None,
) -> int | None:
    """Add somebody whom only files know; None if another import has just added that name.

    The source calls them `external_id`; that is their name too unless another one is given.
    """
    is_address = "@" in external_id and len(external_id.split()) == 1
    email = external_id.casefold() if is_address else None
    person = (
        insert(Person)
        .values(
            workspace_id=workspace_id,
            name=(name or external_id)[:NAME_LENGTH],
            email=email,
            zone_set=False,
            created_at=now,
        )
        .returning(Person.id)
    )
    person_id: int = (await tx.execute(person)).scalar_one()
    if await add_alias(tx, workspace_id, source, external_id, person_id):
        return person_id
    return None


async def add_alias(
    tx: AsyncConnection, workspace_id: int, source: str, external_id: str, person_id: int
) -> bool:
    """Remember what a source calls a person; False if it calls somebody so already."""
    statement = (
        insert_or_ignore(tx, Alias)
        .values(
            workspace_id=workspace_id, source=source, external_id=external_id, person_id=person_id
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "source", "external_id"])
    )
    return bool((await tx.execute(statement)).rowcount)


async def fill(
    tx: AsyncConnection,
    workspace_id: int,
    person_id: int,
    said: Mapping[str, str | None],
    *,
    in_slack: bool,
) -> bool:
    """Note what a roster says of a person; tell whether that changed anything.

    Of somebody in Slack it fills only what is not known, for Slack and they themselves know better.
    """
    columns = {name: getattr(Person, name) for name in said}
    mine = (Person.workspace_id == workspace_id) & (Person.id == person_id)
    known = (await tx.execute(select(*columns.values()).where(mine))).one()._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    values = {
        name: value
        for name, value in said.items()
        if value is not None and known[name] != value and not (in_slack and known[name])
    }
    if values:
        await tx.execute(update(Person).where(mine).values(**values))
    return bool(values)


async def alias_of_user(connection: AsyncConnection, workspace_id: int, user_id: str) -> int | None:
    """Return the external whom a file calls by a Slack id; None unless it is one person."""
    statement = (
        select(Person.id)
        .join(Alias, Alias.person_id == Person.id)
        .where(
            Alias.workspace_id == workspace_id,
            Alias.source.in_([SLACK_SOURCE, FILE_SOURCE]),
            Alias.external_id == user_id,
            Person.merged_into.is_(None),
            ~_IN_SLACK,
        )
        .distinct()
        .limit(2)
    )
    return _only(list((await connection.scalars(statement)).all()))


async def unmet(connection: AsyncConnection, workspace_id: int) -> list[str]:
    """Return the Slack ids that rosters state of people whom Slack was not asked about yet."""
    statement = (
        select(Alias.external_id)
        .join(Person, Person.id == Alias.person_id)
        .where(
            Alias.workspace_id == workspace_id,
            Alias.source == SLACK_SOURCE,
            Person.merged_into.is_(None),
            ~_IN_SLACK,
        )
        .order_by(Alias.external_id)
    )
    return list((await connection.scalars(statement)).all())
