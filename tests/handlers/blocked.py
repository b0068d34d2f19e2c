"""Words of the tests about blockers: say it, click, let time pass, look at Home."""

from typing import Any

from sqlalchemy import insert, select

from models import Blocker, Member, MemberRole
from tests.harness import MORNING
from tests.scenes import Scene


async def join(scene: Scene, user: Any, role: str) -> None:
    """Give somebody a role in the squad, as a new member if need be."""
    mine = (Member.squad_id == scene.squad_id) & (Member.person_id == scene.person(user))
    async with scene.house.database.write() as tx:
        given = {"workspace_id": scene.house.workspace_id}
        key = await tx.scalar(select(Member.id).where(mine))
        if key is None:
            member = insert(Member).values(
                **given,
                squad_id=scene.squad_id,
                person_id=scene.person(user),
                status="active",
                joined_at=MORNING,
            )
            key = (await tx.execute(member.returning(Member.id))).scalar_one()
        await tx.execute(insert(MemberRole).values(**given, member_id=key, role=role))


async def newcomer(scene: Scene, name: str, role: str) -> Any:
    """Somebody more in the squad."""
    user = scene.house.slack.add_user(name, tz="Europe/London")
    (scene.people[user.id],) = await scene.house.meet(user)
    await join(scene, user, role)
    return user


def refused(scene: Scene, shown: Any, user: Any) -> str:
    """What a click on a direct message was answered with, to this person alone."""
    return str(scene.house.slack.ephemerals(shown.channel, user)[-1].shown)


async def home(scene: Scene, user: Any) -> Any:
    await scene.house.open_home(user)
    await scene.house.drain()
    return scene.house.slack.home(user)


async def says(scene: Scene, text: str = "", user: Any = None, name: str = "/muster") -> Any:
    """Type the command; return what is shown for it."""
    user = user or scene.ana
    await scene.house.command(user, name, f"blocked {text}".strip(), scene.team)
    return scene.house.slack.ephemerals(scene.team, user)[-1]


async def blocked(scene: Scene, text: str = "tool down", user: Any = None) -> Any:
    shown = await says(scene, text, user)
    await scene.house.drain()
    return shown


async def click(scene: Scene, shown: Any, action: str, user: Any) -> None:
    await scene.house.click(shown, action, user)
    await scene.house.drain()


async def later(scene: Scene, **by: float) -> None:
    scene.house.move(**by)
    await scene.house.drain()


async def rows(scene: Scene) -> list[Any]:
    return await scene.rows(Blocker)
