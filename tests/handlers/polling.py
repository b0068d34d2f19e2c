"""A squad of six who are polled, and what tests do with a poll."""

from typing import Any

from sqlalchemy import select

from bot.rules.pulse import OWN_FIELD, Draft, ReadySet, Repeat, Viewer, own_questions, ready
from jobs import pulse as job
from models import Ballot, Poll, PollCount, PollSecret
from tests.harness import House
from tests.scenes import Scene, open_scene

KEY = "k" * 40
NAMES = ("Cy", "Di", "Ed", "Flo")


class Polled:
    """The scene with enough people: Abe, Ana, Bo and four more are asked, Mia manages."""

    def __init__(self, scene: Scene, people: list[Any]) -> None:
        self.scene = scene
        self.house: House = scene.house
        self.slack = scene.house.slack
        self.people = people

    async def launch(self, **given: Any) -> Poll:
        """Make a poll and send it to whoever works now."""
        poll = await self.make(**given)
        await self.tick()
        return poll

    async def make(self, **given: Any) -> Any:
        draft = {
            "questions": ready(ReadySet.MOOD),
            "squad_ids": (self.scene.squad_id,),
            "viewers": frozenset({Viewer.SQUAD, Viewer.MANAGERS}),
            "k": 3,
            "days_open": 5,
            "repeat": Repeat.ONCE,
        }
        caller = self.house.caller(given.pop("by", self.scene.mia))
        service = self.house.services.pulse
        return await service.create(caller, Draft(**{**draft, **given}), given.get("key"))

    async def tick(self) -> None:
        await job.tick(self.house.container)
        await self.house.drain()

    def message(self, user: Any) -> Any:
        """The poll's message to somebody."""
        return next(m for m in self.slack.dm(user) if "A few questions" in m.text)

    async def vote(self, user: Any, value: int) -> None:
        await self.house.click(self.message(user), f"pulse.vote:{value}", user)

    async def write(self, user: Any, text: str) -> None:
        await self.house.click(self.message(user), "pulse.write", user)
        view = self.slack.views(user)[-1]
        await self.house.submit(view, user, {"pulse_comment": text})

    async def close(self) -> None:
        """Let the poll's time pass, and close it."""
        self.house.move(days=5, hours=1)
        await self.tick()

    async def rows(self, table: Any) -> list[Any]:
        async with self.house.database.read() as connection:
            return list(await connection.execute(select(table.__table__)))


async def open_polled(house: House) -> Polled:
    """Return the scene; the four who are added work in London as well."""
    scene = await open_scene(house)
    more = [house.slack.add_user(name, tz="Europe/London") for name in NAMES]
    keys = await house.meet(*more)
    scene.people.update({user.id: key for user, key in zip(more, keys, strict=True)})
    await _join(scene, more)
    house.slack.allowed_links.append("https://fake.slack.com/archives/")
    return Polled(scene, [scene.abe, scene.ana, *more])


async def _join(scene: Scene, users: list[Any]) -> None:
    from models import Member, MemberRole  # noqa: PLC0415

    for user in users:
        member = await scene.insert(
            Member,
            squad_id=scene.squad_id,
            person_id=scene.person(user),
            status="active",
            joined_at=scene.house.hands.time,
        )
        await scene.insert(MemberRole, member_id=member, role="contributor")


__all__ = ["OWN_FIELD", "Ballot", "PollCount", "PollSecret", "own_questions"]
