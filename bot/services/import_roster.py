"""A roster's people go in: found or kept as externals, members with roles, status and tags.

A roster adds and changes, it takes nothing away. What one person alone may not decide in Slack (a
manager, probation, offboarding), a file does not decide either. Nobody is welcomed by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput
from bot.rules import calendar
from bot.rules.imports import FILE_SOURCE, SLACK_SOURCE, Destination, Pace
from bot.rules.intake import Reason, Rejected, RosterRow, Tally
from bot.rules.people import Role, SquadState, Status
from bot.rules.projects import Change
from bot.rules.roles import may_hold
from bot.rules.squads import TAGS_PER_MEMBER, SquadMember, first_status, may_change_status
from bot.services.import_people import move_all
from bot.services.import_plan import count
from bot.services.import_writing import Writer, persistently
from bot.store import imports, matching, merging, squads
from bot.store.database import Database
from bot.store.matching import Match

DEFAULT_ROLES: Final = frozenset({Role.CONTRIBUTOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What is known of a row's person before it is taken."""

    match: Match | None = None
    member: SquadMember | None = None


class RosterImport:
    """Takes people one after the other, and keeps the tally; a dry one only looks."""

    def __init__(
        self,
        database: Database,
        destination: Destination,
        tally: Tally,
        now: datetime,
        *,
        dry: bool,
    ) -> None:
        self._database = database
        self._destination = destination
        self._tally = tally
        self._now = now
        self._dry = dry
        # A person is a dozen statements; begin with few.
        self._writer = Writer(database, Pace(size=5, least=1))
        self._live: bool | None = None
        self.strangers = 0

    async def take(self, rows: Sequence[RosterRow]) -> None:
        """Import some people."""
        for some in self._writer.pace.slices(rows):
            outcomes = await persistently(partial(self._look if self._dry else self._store, some))
            for outcome in outcomes:
                if isinstance(outcome, Rejected):
                    self._tally.reject([outcome])
                else:
                    count(self._tally, outcome)

    async def finish(self) -> None:
        """Nothing is left to do at the end of a roster."""

    async def _look(self, rows: Sequence[RosterRow]) -> list[Change | Rejected]:
        async with self._database.read() as connection:
            outcomes = []
            for row in rows:
                seen = await self._seen(connection, row)
                self._count_stranger(seen)
                refused = self._refusal(row, seen)
                outcomes.append(refused or self._change(row, seen))
            return outcomes

    async def _store(self, rows: Sequence[RosterRow]) -> list[Change | Rejected]:
        outcomes: list[Change | Rejected] = []
        absorbed: list[tuple[int, int]] = []
        strangers = self.strangers
        try:
            async with self._writer.turn(len(rows)) as tx:
                for row in rows:
                    seen = await self._seen(tx, row)
                    refused = self._refusal(row, seen)
                    outcomes.append(refused or await self._put(tx, row, seen))
                    self._count_stranger(seen)
                    if refused is None and seen.match and seen.match.absorbs:
                        absorbed.append((seen.match.absorbs, seen.match.person_id))
        except Exception:
            self.strangers = strangers
            raise
        for old, new in absorbed:
            await move_all(self._database, self._destination.workspace_id, old, new)
        return outcomes

    def _count_stranger(self, seen: _Seen) -> None:
        self.strangers += seen.match is None or not seen.match.in_slack

    async def _seen(self, connection: AsyncConnection, row: RosterRow) -> _Seen:
        there = self._destination
        if self._live is None:
            squad = await squads.get(connection, there.workspace_id, there.squad_id or 0)
            self._live = squad is not None and squad.state is SquadState.LIVE
        match = await self._match(connection, row)
        if match is None or there.squad_id is None:
            return _Seen(match=match)
        found = await squads.members(
            connection, there.workspace_id, there.squad_id, [match.person_id]
        )
        return _Seen(match=match, member=found.get(match.person_id))

    async def _match(self, connection: AsyncConnection, row: RosterRow) -> Match | None:
        """Return whom a row means: by Slack id, then e-mail address, then name.

        A Slack id that nobody has yet never means somebody who has another one.
        """
        workspace_id = self._destination.workspace_id
        by_id = None
        if row.slack_id is not None:
            found = await matching.resolve(connection, workspace_id, SLACK_SOURCE, [row.slack_id])
            by_id = found.get(row.slack_id)
        names = [name for name in (row.email, row.name) if name]
        spoken = await matching.resolve(connection, workspace_id, FILE_SOURCE, names)
        others = [spoken[name] for name in names if name in spoken]
        if row.slack_id is not None:
            others = [match for match in others if not match.in_slack or match == by_id]
        other = next(iter(others), None)
        if by_id is None:
            return other
        external = next((each.person_id for each in others if not each.in_slack), None)
        if by_id.in_slack and external is not None and by_id.absorbs is None:
            return Match(by_id.person_id, in_slack=True, absorbs=external)
        return by_id

    def _refusal(self, row: RosterRow, seen: _Seen) -> Rejected | None:
        """Return why a row stays out, None if it may go in."""
        member = seen.member
        held = frozenset() if member is None else member.roles
        if Role.MANAGER in row.roles and Role.MANAGER not in held:
            if not self._destination.makes_managers:
                return Rejected(row.row, "roles", Reason.MANAGER_BY_ADMIN)
            if member is not None and member.kind and not may_hold(member.kind, Role.MANAGER):
                return Rejected(row.row, "roles", Reason.NEVER_MANAGER)
        if row.status is not None and not self._may_set(row.status, member):
            value = {"value": row.status.value}
            return Rejected(row.row, "status", Reason.NEEDS_SECOND, value)
        tags = {*row.tags, *(() if member is None else member.tags)}
        if len(tags) > TAGS_PER_MEMBER:
            return Rejected(row.row, "tags", Reason.TOO_MANY_TAGS, {"limit": TAGS_PER_MEMBER})
        return self._place_refusal(row)

    def _place_refusal(self, row: RosterRow) -> Rejected | None:
        if row.country is None:
            return None
        try:
            calendar.check_country(row.country, row.subdivision)
        except BadInput as error:
            column = "country" if error.code == "unknown_country" else "subdivision"
            value = row.country if column == "country" else row.subdivision
            return Rejected(row.row, column, Reason.UNKNOWN_WORD, {"value": value})
        return None

    def _may_set(self, status: Status, member: SquadMember | None) -> bool:
        if member is None:
            # Who has left before the squad came here is history, not a decision.
            return status is not Status.PROBATION
        if member.status is status:
            return True
        if Role.MANAGER in member.roles and not self._destination.makes_managers:
            return False
        return may_change_status(member.status, status)

    def _change(self, row: RosterRow, seen: _Seen) -> Change:
        """Return what taking a row does to the membership."""
        member = seen.member
        if member is None:
            return Change.NEW
        tags = {tag.casefold() for tag in row.tags}
        same = (
            frozenset(row.roles) <= member.roles
            and row.status in {None, member.status}
            and tags <= set(member.tags)
        )
        return Change.UNCHANGED if same else Change.REVISED

    async def _put(self, tx: AsyncConnection, row: RosterRow, seen: _Seen) -> Change:
        there = self._destination
        person_id, known_more = await self._person(tx, row, seen.match)
        roles = frozenset(row.roles)
        change = self._change(row, seen)
        key = (tx, there.workspace_id, there.squad_id or 0, person_id)
        if seen.member is None:
            roles = roles or DEFAULT_ROLES
            state = SquadState.LIVE if self._live else SquadState.REHEARSAL
            await squads.add_member(*key, row.status or first_status(state, roles), self._now)
        elif row.status is not None and row.status is not seen.member.status:
            await squads.set_status(*key, row.status)
        await squads.add_roles(*key, roles)
        await squads.add_tags(*key, (tag.casefold() for tag in row.tags))
        if change is Change.UNCHANGED and known_more:
            return Change.REVISED
        return change

    async def _person(
        self, tx: AsyncConnection, row: RosterRow, match: Match | None
    ) -> tuple[int, bool]:
        """Return the row's person, made if nobody is meant, and whether anything was learnt."""
        workspace_id = self._destination.workspace_id
        if match is None:
            source = FILE_SOURCE if row.slack_id is None else SLACK_SOURCE
            called = row.slack_id or row.name or row.email or ""
            person_id = await matching.add_external(
                tx, workspace_id, source, called, self._now, name=row.name or row.email or called
            )
            if person_id is None:
                raise imports.StaleError
            match = Match(person_id, in_slack=False)
        if match.absorbs is not None:
            await merging.absorb(tx, workspace_id, match.absorbs, match.person_id)
        if match.erased:
            return match.person_id, False  # a roster that still names them brings nothing back
        if row.slack_id is not None and not match.in_slack:
            await matching.add_alias(tx, workspace_id, SLACK_SOURCE, row.slack_id, match.person_id)
        learnt = await matching.fill(
            tx,
            workspace_id,
            match.person_id,
            {
                "email": row.email,
                "zone": row.zone,
                "country": row.country,
                "subdivision": row.subdivision,
            },
            in_slack=match.in_slack,
        )
        return match.person_id, learnt or match.absorbs is not None
