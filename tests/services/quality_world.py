"""A small squad with work and audits, put into the tables directly, for tests of figures."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import audits
from bot.store.database import Database
from models import (
    Alias,
    Audit,
    AuditChain,
    Category,
    Finding,
    Member,
    MemberRole,
    Person,
    Project,
    SlackIdentity,
    Squad,
    SquadProject,
    Submission,
    Workspace,
)

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
TEAM = "T0WORLD"


@dataclass
class World:
    """Writes rows with as few words as a test needs; keys are the tables' own."""

    database: Database
    workspace_id: int = 0
    squad_id: int = 0
    project_id: int = 0
    _numbers: Any = field(default_factory=lambda: count(1))

    async def _add(self, tx: AsyncConnection, table: type[Any], **values: Any) -> int:
        return (await tx.execute(insert(table).values(**values).returning(table.id))).scalar_one()

    async def add(self, table: type[Any], **values: Any) -> int:
        """Insert one row and return its key."""
        if table is not Workspace:
            values.setdefault("workspace_id", self.workspace_id)
        async with self.database.write() as tx:
            return await self._add(tx, table, **values)

    async def squad(self, name: str = "Kestrel", **values: Any) -> int:
        fields = {
            "state": "live",
            "individual_figures": "self+managers",
            "language": "en",
            "zone": "UTC",
            "working_days": "01234",
            "work_start": time(9),
            "work_end": time(17),
            "created_at": BEGINNING,
        }
        return await self.add(Squad, name=name, **(fields | values))

    async def project(self, name: str = "Reviews", *squads: int, **values: Any) -> int:
        key = await self.add(Project, name=name, created_at=BEGINNING, **values)
        for squad_id in squads:
            await self.add(SquadProject, squad_id=squad_id, project_id=key)
        return key

    async def person(
        self,
        name: str,
        user_id: str | None = None,
        *,
        roles: tuple[str, ...] = (),
        alias: tuple[str, str] | None = None,
        squad_id: int | None = None,
    ) -> int:
        key = await self.add(Person, name=name, created_at=BEGINNING)
        if user_id is not None:
            await self.add(
                SlackIdentity,
                user_id=user_id,
                person_id=key,
                kind="member",
                refreshed_at=BEGINNING,
            )
        if alias is not None:
            await self.add(Alias, source=alias[0], external_id=alias[1], person_id=key)
        if roles:
            await self.join(key, *roles, squad_id=squad_id)
        return key

    async def join(self, person_id: int, *roles: str, squad_id: int | None = None) -> None:
        """Make somebody a member with these roles."""
        member = await self.add(
            Member,
            squad_id=squad_id or self.squad_id,
            person_id=person_id,
            status="active",
            joined_at=BEGINNING,
        )
        for role in roles:
            await self.add(MemberRole, member_id=member, role=role)

    async def category(self, name: str, section: str | None = None) -> int:
        return await self.add(
            Category,
            project_id=self.project_id,
            name=name,
            severity="error",
            section=section,
            position=next(self._numbers),
        )

    async def submission(
        self, contributor: int, at: datetime, duration_s: float | None = None, **values: Any
    ) -> int:
        fields = {
            "project_id": self.project_id,
            "squad_id": self.squad_id,
            "contributor_id": contributor,
            "task": f"T-{next(self._numbers)}",
            "submitted_at": at,
            "duration_s": duration_s,
            "content": "0",
            "imported_at": BEGINNING,
        }
        return await self.add(Submission, **(fields | values))

    async def audit(
        self,
        submission: int,
        contributor: int,
        auditor: int,
        at: datetime,
        *,
        verdict: str = "accepted",
        origin: str = "random",
        weight: float | None = None,
        errors: tuple[int | None, ...] = (),
        states: tuple[str, ...] = (),
        chain: int | None = None,
        scoring: bool = True,
        **values: Any,
    ) -> tuple[int, int]:
        """Insert an audit with error findings of the categories given; return (audit, chain)."""
        findings = list(zip(errors, states or ("open",) * len(errors), strict=True))
        step = "draw" if chain is None else "correction"
        if chain is None:
            chain = await self.add(
                AuditChain, submission_id=submission, origin=origin, weight=weight, opened_at=at
            )
        fields = {
            "project_id": self.project_id,
            "squad_id": self.squad_id,
            "submission_id": submission,
            "chain_id": chain,
            "contributor_id": contributor,
            "auditor_id": auditor,
            "step": step,
            "origin": origin,
            "verdict": verdict,
            "errors": sum(state in {"open", "acknowledged", "upheld"} for _, state in findings),
            "scoring": scoring,
            "imported": False,
            "audited_at": at,
        }
        key = await self.add(Audit, **(fields | values))
        for category, state in findings:
            await self.add(
                Finding, audit_id=key, category_id=category, severity="error", state=state
            )
        async with self.database.write() as tx:
            await audits.describe(tx, self.workspace_id, [submission])
        return key, chain


async def open_world(database: Database, *, team_id: str | None = TEAM, **squad: Any) -> World:
    """Return a world with one workspace, squad and project."""
    world = World(database)
    world.workspace_id = await world.add(
        Workspace, team_id=team_id, name="World", created_at=BEGINNING
    )
    world.squad_id = await world.squad(**squad)
    world.project_id = await world.project("Reviews", world.squad_id)
    return world
