"""Cuts of a squad's weeks: who is drawn, when, once, reproducibly, and history never."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.clock import Clock
from bot.errors import Conflict
from bot.rules import sampling
from bot.rules.audits import Origin
from bot.rules.draws import SkipReason
from bot.rules.frames import WEEKS_BACK
from bot.rules.reports import Scope
from bot.rules.sampling import IsoWeek
from bot.services.sampling import Sampling
from bot.store import draw_weights, draws, reports
from bot.store.database import Database
from models import Audit, Base, Draw, Frame, Project, Squad, Submission
from tests.services.quality_world import World, open_world

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)
WEEK = IsoWeek(2026, 11)


@dataclass
class Sampled:
    """A live squad with two contributors and an auditor, and a sampler at an instant."""

    world: World
    abe: int
    ana: int
    bo: int
    now: datetime = MONDAY
    tasks: Any = field(default_factory=lambda: iter(range(1, 1_000_000)))

    @property
    def service(self) -> Sampling:
        return Sampling(self.world.database, Clock(source=lambda: self.now))

    async def scope(self) -> Scope:
        async with self.world.database.read() as connection:
            found = await reports.scope(
                connection, self.world.workspace_id, self.world.squad_id, self.world.project_id
            )
        assert found is not None
        return found

    async def hand_in(self, person: int, at: datetime, count: int, **values: Any) -> None:
        rows = [
            {
                "workspace_id": self.world.workspace_id,
                "project_id": self.world.project_id,
                "squad_id": self.world.squad_id,
                "contributor_id": person,
                "task": f"N-{next(self.tasks)}",
                "submitted_at": at + timedelta(seconds=n),
                "content": "0",
                "imported_at": self.now,
                **values,
            }
            for n in range(count)
        ]
        async with self.world.database.write() as tx:
            await tx.execute(insert(Submission), rows)

    async def draw(self, now: datetime | None = None) -> int:
        self.now = now or self.now
        return await self.service.draw(await self.scope())

    async def ensure(self, count: int) -> int:
        keys = (self.world.workspace_id, self.world.squad_id, self.world.project_id)
        return await self.service.ensure(*keys, self.abe, count)

    async def rows(self, table: type[Base]) -> list[Any]:
        async with self.world.database.read() as connection:
            return list(await connection.execute(select(table.__table__).order_by(table.id)))

    async def change(self, table: type[Base], **values: Any) -> None:
        async with self.world.database.write() as tx:
            await tx.execute(update(table).values(**values))

    async def frames(self) -> list[tuple[int, int, int]]:
        """Contributor, size and prefix of each frame, in the order they were made."""
        return [(row.contributor_id, row.size, row.prefix) for row in await self.rows(Frame)]


@pytest.fixture
async def squad(database: Database) -> Sampled:
    world = await open_world(database, live_at=MONDAY - timedelta(days=60))
    return Sampled(world, *[await world.person(name) for name in ("Abe", "Ana", "Bo")])


async def test_a_week_is_drawn_from_as_it_goes_on(squad: Sampled) -> None:
    for day in range(5):
        await squad.hand_in(squad.ana, MONDAY + timedelta(days=day, hours=10), 20)
        await squad.draw(MONDAY + timedelta(days=day + 1, minutes=30))
    await squad.draw(MONDAY + timedelta(days=7))
    assert await squad.frames() == [(squad.ana, 20, 1)] * 5
    drawn = await squad.rows(Draw)
    assert {(row.position, row.probability, row.state) for row in drawn} == {(0, 0.05, "open")}
    assert len({row.submission_id for row in drawn}) == 5


async def test_where_work_stops_early_its_frame_is_drawn_further(squad: Sampled) -> None:
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20)
    await squad.hand_in(squad.bo, MONDAY + timedelta(hours=10), 3)
    await squad.draw(MONDAY + timedelta(days=1))
    first = [row.submission_id for row in await squad.rows(Draw)]
    assert await squad.frames() == [(squad.ana, 20, 1), (squad.bo, 3, 1)]
    await squad.draw(MONDAY + timedelta(days=7))
    assert await squad.frames() == [(squad.ana, 20, 5), (squad.bo, 3, 3)]
    drawn = await squad.rows(Draw)
    assert [row.submission_id for row in drawn][:2] == first, "a longer prefix of the same order"
    assert {row.probability for row in drawn} == {0.25, 1.0}
    assert await squad.draw() == 0


async def test_late_work_of_a_week_makes_a_frame_of_its_own(squad: Sampled) -> None:
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20)
    await squad.draw(MONDAY + timedelta(days=8))
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=12), 30)
    await squad.draw(MONDAY + timedelta(days=9))
    assert await squad.frames() == [(squad.ana, 20, 5), (squad.ana, 30, 1)]


async def test_what_is_reimported_stays_where_it_is(squad: Sampled) -> None:
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20)
    await squad.draw(MONDAY + timedelta(days=1))
    await squad.change(Submission, label="truck", revision=2, imported_at=squad.now)
    await squad.draw(MONDAY + timedelta(days=2))
    await squad.draw(MONDAY + timedelta(days=8))
    assert await squad.frames() == [(squad.ana, 20, 5)]


async def test_a_frame_that_holds_something_else_is_drawn_no_further(squad: Sampled) -> None:
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20, guideline_version="1")
    await squad.draw(MONDAY + timedelta(days=1))
    await squad.change(Submission, guideline_version="2", revision=2)
    assert await squad.draw(MONDAY + timedelta(days=8)) == 0
    assert await squad.frames() == [(squad.ana, 20, 1)]


async def test_history_starts_nothing_unless_asked_for(squad: Sampled) -> None:
    await squad.change(Squad, live_at=MONDAY + timedelta(days=2))
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20)
    await squad.hand_in(squad.ana, MONDAY - timedelta(weeks=WEEKS_BACK + 2), 20)
    squad.now = MONDAY + timedelta(days=8)
    assert await squad.draw() == 0
    assert await squad.ensure(5) == 0
    (dry,) = await squad.service.at_shell("kestrel", "reviews", WEEK, dry=True)
    assert (dry.frames, dry.drawn, await squad.rows(Frame)) == (1, 5, [])
    (made,) = await squad.service.at_shell("kestrel", "reviews", WEEK, dry=False)
    assert (made.frames, made.drawn, len(await squad.rows(Draw))) == (1, 5, 5)
    (again,) = await squad.service.at_shell("kestrel", "reviews", WEEK, dry=False)
    assert again.drawn == 0


async def test_the_work_before_a_project_was_made_is_history(squad: Sampled) -> None:
    await squad.change(Project, created_at=MONDAY + timedelta(days=1))
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20)
    await squad.hand_in(squad.ana, MONDAY + timedelta(days=1, hours=10), 10)
    await squad.draw(MONDAY + timedelta(days=7))
    assert await squad.frames() == [(squad.ana, 10, 5)]


async def test_a_squad_in_rehearsal_draws_nothing(squad: Sampled) -> None:
    await squad.change(Squad, state="rehearsal", live_at=None)
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20)
    assert await squad.draw(MONDAY + timedelta(days=8)) == 0
    with pytest.raises(Conflict) as refused:
        await squad.service.at_shell("Kestrel", "Reviews", None, dry=False)
    assert refused.value.code == "nothing_to_sample"


async def test_the_project_says_how_many(squad: Sampled) -> None:
    await squad.change(Project, audits_per_week=2)
    for day in range(5):
        await squad.hand_in(squad.ana, MONDAY + timedelta(days=day, hours=10), 20)
        await squad.draw(MONDAY + timedelta(days=day + 1, minutes=30))
    await squad.draw(MONDAY + timedelta(days=7))
    assert sum(prefix for _, _, prefix in await squad.frames()) <= 3
    assert sum(size for _, size, _ in await squad.frames()) == 100, "all work can be drawn"


async def test_whoever_wants_more_gets_it_levelled(squad: Sampled) -> None:
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 60)
    await squad.hand_in(squad.bo, MONDAY + timedelta(hours=10), 20)
    squad.now = MONDAY + timedelta(hours=13)
    assert await squad.ensure(1) == 2
    assert await squad.ensure(40) == 40
    assert await squad.frames() == [(squad.ana, 60, 30), (squad.bo, 20, 10)]
    assert await squad.ensure(500) == 80
    assert await squad.ensure(500) == 80


async def test_draws_are_even_in_batches_and_explain_themselves(squad: Sampled) -> None:
    world = squad.world
    from models import Batch  # noqa: PLC0415 - here alone

    batches = [
        await world.add(Batch, project_id=world.project_id, name=name, created_at=MONDAY)
        for name in ("B1", "B2")
    ]
    for batch in batches:
        await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20, batch_id=batch)
    squad.now = MONDAY + timedelta(days=8)
    await squad.ensure(10)
    where = {row.id: row.batch_id for row in await squad.rows(Submission)}
    counted = Counter(where[row.submission_id] for row in await squad.rows(Draw))
    assert abs(counted[batches[0]] - counted[batches[1]]) <= 2
    week, (explained,) = await squad.service.explain("Kestrel", "Reviews", WEEK)
    assert (week, explained.redrawn, explained.contributor) == (WEEK, True, "Ana")
    assert explained.submission_ids == tuple(row.submission_id for row in await squad.rows(Draw))
    assert explained.coverage.open == 10
    await squad.change(Frame, seed="f" * 32)
    _, (other,) = await squad.service.explain("Kestrel", "Reviews", WEEK)
    assert other.redrawn is False
    await squad.change(Submission, guideline_version="9")
    _, (changed,) = await squad.service.explain("Kestrel", "Reviews", WEEK)
    assert changed.redrawn is None


async def test_two_at_once_draw_nothing_twice(squad: Sampled) -> None:
    for person in (squad.ana, squad.bo):
        await squad.hand_in(person, MONDAY + timedelta(hours=10), 30)
    squad.now = MONDAY + timedelta(days=8)
    scope = await squad.scope()
    made = await asyncio.gather(*(squad.service.draw(scope) for _ in range(4)))
    assert sum(made) == 10
    assert sorted(await squad.frames()) == [(squad.ana, 30, 5), (squad.bo, 30, 5)]


async def test_auditors_take_what_was_drawn_and_weights_follow(squad: Sampled) -> None:
    await squad.hand_in(squad.ana, MONDAY + timedelta(hours=10), 20)
    squad.now = MONDAY + timedelta(days=8)
    await squad.draw()
    world = squad.world
    async with world.database.write() as tx:
        keys = (world.workspace_id, squad.abe, world.squad_id, world.project_id)
        taken = await draws.take(tx, *keys, 99, squad.now)
    assert len(taken) == 5


async def test_risk_is_hunted_beside_with_its_reasons_and_a_bounded_share(squad: Sampled) -> None:
    world = squad.world
    old = MONDAY - timedelta(days=14)
    for n in range(12):
        label, wrong = ("van", n % 4 < 3) if n < 6 else ("car", False)
        made = await world.submission(
            squad.ana, old + timedelta(hours=n), label=label, guideline_version="1"
        )
        at = old + timedelta(days=1, hours=n)
        await world.audit(
            made, squad.ana, squad.abe, at, weight=1.0, errors=(None,) if wrong else ()
        )
    for label in ("van", "car"):
        await squad.hand_in(
            squad.ana, MONDAY + timedelta(hours=10), 30, label=label, guideline_version="1"
        )
    await squad.hand_in(squad.bo, MONDAY + timedelta(hours=11), 20, guideline_version="2")
    await squad.draw(MONDAY + timedelta(days=5))
    made = await squad.rows(Draw)
    randoms = [row for row in made if row.origin == "random"]
    hunted = [row for row in made if row.origin == "risk"]
    assert len(hunted) == len(randoms) // 4 > 0
    assert not {row.submission_id for row in hunted} & {row.submission_id for row in randoms}
    kinds = {kind for row in hunted for kind, _ in row.reasons}
    assert kinds <= {"category", "version", "first_tasks"}
    assert min(row.turn for row in hunted) > max(row.turn for row in randoms)
    await squad.draw()
    assert len([row for row in await squad.rows(Draw) if row.origin == "risk"]) == len(hunted)


async def test_the_score_stands_for_all_work_whatever_was_hunted_or_skipped(squad: Sampled) -> None:
    world, workspace_id = squad.world, squad.world.workspace_id
    for person, count in ((squad.ana, 60), (squad.bo, 15)):
        await squad.hand_in(person, MONDAY + timedelta(hours=10), count)
    works = await squad.rows(Submission)
    wrong = {row.id for row in works if row.id % 4 == 0}
    # Somebody picks ten pieces that are wrong, which must not bend the score.
    for key in sorted(wrong)[:10]:
        whose = next(row.contributor_id for row in works if row.id == key)
        at = MONDAY + timedelta(hours=12)
        await world.audit(key, whose, squad.abe, at, origin="chosen", verdict="rejected")
    squad.now = MONDAY + timedelta(days=8)
    assert await squad.ensure(30) >= 20
    queue = (squad.abe, world.squad_id, world.project_id)
    async with world.database.write() as tx:
        taken = await draws.take(tx, workspace_id, *queue, 500, squad.now)
    for number, key in enumerate(taken):
        async with world.database.read() as connection:
            task = await draws.get(connection, workspace_id, key)
        assert task is not None
        if task.origin is Origin.RISK:
            continue
        if number % 5 == 4:
            async with world.database.write() as tx:
                await draws.skip(tx, workspace_id, key, SkipReason.NO_ACCESS, None, squad.now)
            continue
        verdict = "rejected" if task.submission_id in wrong else "accepted"
        audit_id, chain_id = await world.audit(
            task.submission_id, task.contributor_id, squad.abe, squad.now, verdict=verdict
        )
        async with world.database.write() as tx:
            settled = (key, audit_id, chain_id, 9, squad.now)
            assert await draw_weights.settle(tx, workspace_id, *settled)
    audits = [row for row in await squad.rows(Audit) if row.origin == "random"]
    sizes = {row.id: row.size for row in await squad.rows(Frame)}
    audited: Counter[int] = Counter()
    good: Counter[int] = Counter()
    for row in await squad.rows(Draw):
        if row.state == "audited" and row.frame_id is not None:
            audited[row.frame_id] += 1
            good[row.frame_id] += row.submission_id not in wrong
    assert sum(row.weight for row in audits) == pytest.approx(75), "all that was handed in"
    expected = sampling.score((sizes[key], audited[key], good[key]) for key in sizes)
    accepted = sum(row.weight for row in audits if row.verdict == "accepted")
    assert accepted / 75 == pytest.approx(expected.rate)
    assert any(row.adopted == "chosen" for row in await squad.rows(Draw)), "adopted on the way"
