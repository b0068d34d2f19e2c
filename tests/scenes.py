"""A live squad with its people and work, put in by SQL: where audits and coaching take place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from models import (
    Base,
    Category,
    Member,
    MemberRole,
    OutboxRow,
    Project,
    Squad,
    SquadProject,
    Submission,
)
from tests.harness import MORNING, House

TOOL = "https://tool.example/tasks/{task}"
HANDED_IN = MORNING - timedelta(days=1)


@dataclass
class Scene:
    """One squad, Kestrel: Mia manages, Abe audits, Ana and Bo contribute; Oz is somewhere else."""

    house: House
    squad_id: int
    project_id: int
    mia: Any
    abe: Any
    ana: Any
    bo: Any
    oz: Any
    team: Any
    people: dict[str, int]
    categories: dict[str, int]

    def person(self, user: Any) -> int:
        return self.people[user.id]

    async def submission(self, task: str, user: Any, **given: Any) -> int:
        """Hand in work; returns its key."""
        return await self.insert(
            Submission,
            **{
                "project_id": self.project_id,
                "squad_id": self.squad_id,
                "contributor_id": self.person(user),
                "task": task,
                "submitted_at": HANDED_IN,
                "label": "car",
                "content": "x",
                "imported_at": HANDED_IN,
                "revision": 1,
                **given,
            },
        )

    async def insert(self, table: type[Base], **values: Any) -> int:
        async with self.house.database.write() as tx:
            statement = insert(table).values(workspace_id=self.house.workspace_id, **values)
            return int((await tx.execute(statement.returning(table.id))).scalar_one())

    async def rows(self, table: type[Base]) -> list[Any]:
        """Everything a table holds, in the order it came."""
        async with self.house.database.read() as connection:
            return list(await connection.execute(select(table.__table__).order_by(table.id)))

    async def planned(self, kind: str) -> list[Any]:
        """The deliveries of a kind."""
        return [row for row in await self.rows(OutboxRow) if row.kind == kind]

    async def second_squad(self, name: str, people: Iterable[tuple[Any, str]]) -> int:
        """Another squad on the same project."""
        return await _squad(self.house, name, self.project_id, self.people, people)


async def open_scene(house: House) -> Scene:
    """Return the scene; everybody is met and works 09:00-17:00 of their own zone."""
    slack = house.slack
    mia = slack.add_user("Mia", tz="Europe/London")
    abe = slack.add_user("Abe", tz="Europe/London")
    ana = slack.add_user("Ana", tz="Europe/London")
    bo = slack.add_user("Bo", tz="America/New_York")
    oz = slack.add_user("Oz", tz="Europe/London")
    everybody = [mia, abe, ana, bo, oz]
    people = dict(zip([each.id for each in everybody], await house.meet(*everybody), strict=True))
    team = slack.add_channel("team", members=everybody)
    slack.allowed_links.append("https://tool.example/")
    scene = Scene(
        house=house,
        squad_id=0,
        project_id=0,
        mia=mia,
        abe=abe,
        ana=ana,
        bo=bo,
        oz=oz,
        team=team,
        people=people,
        categories={},
    )
    scene.project_id = await scene.insert(
        Project, name="Boxes", link_template=TOOL, created_at=HANDED_IN
    )
    roles = [(mia, "manager"), (abe, "auditor"), (ana, "contributor"), (bo, "contributor")]
    scene.squad_id = await _squad(
        house, "Kestrel", scene.project_id, people, roles, channel=team.id
    )
    for position, (name, severity, section) in enumerate(
        [
            ("Wrong class", "error", "4.2 Classes"),
            ("Loose box", "error", None),
            ("Slow", "warning", None),
        ]
    ):
        scene.categories[name] = await scene.insert(
            Category,
            project_id=scene.project_id,
            name=name,
            severity=severity,
            section=section,
            position=position,
        )
    return scene


async def _squad(
    house: House,
    name: str,
    project_id: int,
    people: dict[str, int],
    members: Iterable[tuple[Any, str]],
    *,
    channel: str | None = None,
) -> int:
    """Add a live squad with these members; returns its key."""

    def place(table: type[Base], **values: Any) -> Any:
        return insert(table).values(workspace_id=house.workspace_id, **values).returning(table.id)

    began: datetime = HANDED_IN
    async with house.database.write() as tx:
        squad = place(
            Squad,
            name=name,
            state="live",
            individual_figures="self+managers",
            language="en",
            zone="Europe/London",
            working_days="01234",
            work_start=time(9),
            work_end=time(17),
            team_channel=channel,
            created_at=began,
        )
        squad_id = int((await tx.execute(squad)).scalar_one())
        await tx.execute(place(SquadProject, squad_id=squad_id, project_id=project_id))
        for user, role in members:
            member = place(
                Member,
                squad_id=squad_id,
                person_id=people[user.id],
                status="active",
                joined_at=began,
            )
            member_id = (await tx.execute(member)).scalar_one()
            await tx.execute(place(MemberRole, member_id=member_id, role=role))
    return squad_id
