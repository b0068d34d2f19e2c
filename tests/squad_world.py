"""A set-up workspace with a squad in rehearsal, for scenarios about squads."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models import (
    LedgerEntry,
    Member,
    MemberRole,
    Project,
    SlackIdentity,
    Squad,
    Submission,
)
from tests.harness import House


@dataclass
class World:
    """A set-up workspace: Ada administers it, Mia manages Kestrel, the others are in no squad."""

    house: House
    ada: Any
    mia: Any
    ben: Any
    cleo: Any
    team: Any

    async def types(self, user: Any, text: str, name: str = "/squad") -> str:
        """Type a command in the team channel; return what this person alone is shown."""
        before = len(self.house.slack.ephemerals(self.team, user))
        await self.house.command(user, name, text, self.team)
        told = self.house.slack.ephemerals(self.team, user)[before:]
        return "\n".join(message.shown for message in told)

    async def opens(self, user: Any, text: str) -> Any:
        """Type a command that opens a form; return the form."""
        await self.house.command(user, "/squad", text, self.team)
        return self.house.slack.views(user)[-1]

    async def all(self, statement: Any) -> list[Any]:
        """Read from the database."""
        async with self.house.database.read() as connection:
            return list((await connection.execute(statement)).all())

    async def one(self, statement: Any) -> Any:
        (row,) = await self.all(statement)
        return row

    async def write(self, statement: Any) -> None:
        async with self.house.database.write() as tx:
            await tx.execute(statement)

    async def roles(self, user: Any) -> set[str]:
        """Read somebody's roles, wherever they are."""
        statement = (
            select(MemberRole.role)
            .join(Member, Member.id == MemberRole.member_id)
            .join(SlackIdentity, SlackIdentity.person_id == Member.person_id)
            .where(SlackIdentity.user_id == user.id)
        )
        return {row.role for row in await self.all(statement)}

    async def status(self, user: Any) -> str:
        statement = (
            select(Member.status)
            .join(SlackIdentity, SlackIdentity.person_id == Member.person_id)
            .where(SlackIdentity.user_id == user.id)
        )
        return str((await self.one(statement)).status)

    async def ledger(self) -> list[str]:
        return [row.action for row in await self.all(select(LedgerEntry.action))]


def at(user: Any) -> str:
    return f"<@{user.id}>"


async def open_world(house: House) -> World:
    """Set Muster up with a squad in rehearsal."""
    ada = house.slack.add_user("Ada", is_admin=True)
    mia = house.slack.add_user("Mia", tz="Europe/Berlin")
    ben = house.slack.add_user("Ben", tz="Africa/Nairobi")
    cleo = house.slack.add_user("Cleo", tz="Asia/Manila")
    team = house.slack.add_channel("team", members=[ada, mia, ben, cleo])
    world = World(house, ada, mia, ben, cleo, team)
    await world.types(ada, "setup", "/muster")
    assert "Kestrel" in await world.types(ada, f"create Kestrel Europe/Berlin {at(mia)}")
    return world


async def work_of(world: World, user: Any) -> None:
    """Let somebody have handed in one task."""
    squad = await world.one(select(Squad.id, Squad.workspace_id))
    person = await world.one(
        select(SlackIdentity.person_id).where(SlackIdentity.user_id == user.id)
    )
    now = world.house.container.clock.now()
    async with world.house.database.write() as tx:
        project = await tx.scalar(
            Project.__table__.insert()
            .values(workspace_id=squad.workspace_id, name="Reviews", created_at=now)
            .returning(Project.id)
        )
        await tx.execute(
            Submission.__table__.insert().values(
                workspace_id=squad.workspace_id,
                project_id=project,
                squad_id=squad.id,
                contributor_id=person.person_id,
                task="T-1",
                submitted_at=now,
                revision=1,
                content="x",
                imported_at=now,
            )
        )
