"""The queue of draws: one task for one auditor, in its turn, and weights that stay N / audited."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules.audits import Origin
from bot.rules.draws import HELD_FOR, Coverage, DrawnTask, DrawState, SkipReason, turn_of
from bot.rules.people import IndividualFigures
from bot.rules.reports import Scope
from bot.rules.risk import RiskKind, RiskReason
from bot.store import draw_weights, draws, housekeeping, merging, reworks
from bot.store.database import Database
from models import Audit, AuditChain, Base, Draw, Frame, Rework
from tests.services.quality_world import World, open_world

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
WORKED = NOW - timedelta(days=4)


@dataclass
class Queue:
    """A squad with two auditors and two contributors, and a queue."""

    world: World
    abe: int
    mia: int
    ana: int
    bo: int

    async def frame(self, size: int, prefix: int, contributor: int | None = None) -> int:
        count = len(await self.rows(Frame))
        return await self.world.add(
            Frame,
            project_id=self.world.project_id,
            squad_id=self.world.squad_id,
            contributor_id=contributor or self.ana,
            iso_year=2026,
            iso_week=10,
            since=WORKED,
            after_id=count,
            through_id=count + 1,
            cut_at=NOW,
            seed="0" * 32,
            size=size,
            prefix=prefix,
            groups=[],
        )

    async def draw(self, contributor: int | None = None, **values: object) -> int:
        submission = values.pop("submission_id", None) or await self.world.submission(
            contributor or self.ana, WORKED
        )
        origin = Origin(str(values.get("origin", "random")))
        position = values.get("position") or 0
        assert isinstance(position, int)
        fields = {
            "project_id": self.world.project_id,
            "squad_id": self.world.squad_id,
            "submission_id": submission,
            "origin": origin.value,
            "turn": turn_of(origin, position=position),
            "state": "open",
            "drawn_at": NOW,
        }
        return await self.world.add(Draw, **(fields | values))

    async def take(
        self,
        auditor: int,
        count: int = 10,
        now: datetime = NOW,
        sitting_id: int | None = None,
    ) -> list[int]:
        async with self.world.database.write() as tx:
            return await draws.take(
                tx,
                self.world.workspace_id,
                auditor,
                self.world.squad_id,
                self.world.project_id,
                count,
                now,
                sitting_id,
            )

    async def settle(self, draw_id: int, at: datetime = NOW) -> tuple[int, int]:
        """Audit a draw as its row says and settle it; returns audit and chain."""
        task = await self.get(draw_id)
        audit_id, chain_id = await self.world.audit(
            task.submission_id, task.contributor_id, self.abe, at, origin=task.origin.value
        )
        async with self.world.database.write() as tx:
            assert await draw_weights.settle(
                tx, self.world.workspace_id, draw_id, audit_id, chain_id, 20, at
            )
        return audit_id, chain_id

    async def get(self, draw_id: int) -> DrawnTask:
        async with self.world.database.read() as connection:
            found = await draws.get(connection, self.world.workspace_id, draw_id)
        assert found is not None
        return found

    async def rows(self, table: type[Base]) -> list[Any]:
        async with self.world.database.read() as connection:
            return list(await connection.execute(select(table.__table__).order_by(table.id)))

    async def weights(self) -> dict[int, float | None]:
        """Chain -> weight, which its audits repeat."""
        repeated = {row.chain_id: (row.weight, row.origin) for row in await self.rows(Audit)}
        chains = {row.id: (row.weight, row.origin) for row in await self.rows(AuditChain)}
        assert repeated == chains
        return {key: weight for key, (weight, _) in chains.items()}


@pytest.fixture
async def queue(database: Database) -> Queue:
    world = await open_world(database)
    people = [await world.person(name) for name in ("Abe", "Mia", "Ana", "Bo")]
    return Queue(world, *people)


async def test_draws_are_handed_out_once_in_their_turn(queue: Queue) -> None:
    risk = await queue.draw(origin="risk", reasons=[["batch", "B3"], ["first_tasks", None]])
    second = await queue.draw(position=1)
    first = [await queue.draw(position=0), await queue.draw(queue.bo, position=0)]
    assert await queue.take(queue.abe, 3, sitting_id=None) == [*first, second]
    assert await queue.take(queue.mia) == [risk]
    assert await queue.take(queue.mia, now=NOW + timedelta(minutes=5)) == [risk], "still hers"
    task = await queue.get(risk)
    assert (task.origin, task.state, task.held_by) == (Origin.RISK, DrawState.OPEN, queue.mia)
    assert task.reasons == (
        RiskReason(RiskKind.BATCH, "B3"),
        RiskReason(RiskKind.FIRST_TASKS, None),
    )
    assert task.is_held(NOW + HELD_FOR / 2)
    assert not task.is_held(NOW + timedelta(hours=2))


async def test_nobody_gets_their_own_work(queue: Queue) -> None:
    await queue.draw(queue.abe)
    of_ana = await queue.draw(queue.ana)
    assert await queue.take(queue.abe) == [of_ana]


async def test_what_was_idle_for_an_hour_is_free_again(queue: Queue) -> None:
    draw_id = await queue.draw()
    assert await queue.take(queue.abe) == [draw_id]
    assert await queue.take(queue.mia, now=NOW + timedelta(minutes=59)) == []
    async with queue.world.database.read() as connection:
        keys = (queue.world.workspace_id, queue.mia, queue.world.squad_id, queue.world.project_id)
        assert await draws.count_free(connection, *keys, NOW) == 0
        assert await draws.count_free(connection, *keys, NOW + HELD_FOR) == 1
    assert await queue.take(queue.mia, now=NOW + timedelta(minutes=60)) == [draw_id]
    assert (await queue.get(draw_id)).held_by == queue.mia


async def test_a_task_in_other_hands_is_not_handed_out_under_another_draw(queue: Queue) -> None:
    submission = await queue.world.submission(queue.ana, WORKED)
    risk = await queue.draw(origin="risk", submission_id=submission)
    assert await queue.take(queue.abe) == [risk]
    await queue.draw(submission_id=submission)
    assert await queue.take(queue.mia) == []


async def test_a_released_draw_is_free_and_a_settled_one_is_not(queue: Queue) -> None:
    frame_id = await queue.frame(10, 2)
    one, two = [await queue.draw(frame_id=frame_id, position=n) for n in range(2)]
    await queue.take(queue.abe)
    await queue.settle(one)
    async with queue.world.database.write() as tx:
        assert await draws.release(tx, queue.world.workspace_id) == 0
        assert await draws.release(tx, queue.world.workspace_id, held_by=queue.abe) == 1
    assert await queue.take(queue.mia) == [two]


async def test_each_settled_draw_weighs_its_frame_anew(queue: Queue) -> None:
    mine, other = await queue.frame(40, 3), await queue.frame(7, 1, queue.bo)
    ids = [await queue.draw(frame_id=mine, position=n) for n in range(3)]
    of_bo = await queue.draw(queue.bo, frame_id=other, position=0)
    _, first = await queue.settle(ids[0])
    assert await queue.weights() == {first: 40.0}
    _, bos = await queue.settle(of_bo)
    _, second = await queue.settle(ids[1])
    assert await queue.weights() == {first: 20.0, second: 20.0, bos: 7.0}
    async with queue.world.database.write() as tx:
        workspace_id = queue.world.workspace_id
        assert await draws.skip(tx, workspace_id, ids[2], SkipReason.NO_ACCESS, None, NOW)
        assert not await draws.skip(tx, workspace_id, ids[2], SkipReason.OTHER, "x", NOW)
        assert not await draw_weights.settle(tx, workspace_id, ids[2], 1, first, 3, NOW)
    assert await queue.weights() == {first: 20.0, second: 20.0, bos: 7.0}


async def test_an_undone_audit_leaves_the_score_and_its_frame(queue: Queue) -> None:
    frame_id = await queue.frame(40, 2)
    ids = [await queue.draw(frame_id=frame_id, position=n) for n in range(2)]
    _, first = await queue.settle(ids[0])
    audit, second = await queue.settle(ids[1])
    async with queue.world.database.write() as tx:
        await draw_weights.unsettle(tx, queue.world.workspace_id, ids[1])
        await draws.reopen(tx, queue.world.workspace_id, ids[1], queue.abe, NOW)
    assert await queue.weights() == {first: 40.0, second: None}
    assert (await queue.rows(AuditChain))[1].origin == "chosen"
    async with queue.world.database.write() as tx:
        await draw_weights.settle(tx, queue.world.workspace_id, ids[1], audit, second, 5, NOW)
    assert await queue.weights() == {first: 20.0, second: 20.0}


async def test_a_random_draw_adopts_the_audit_that_is_there_when_its_turn_comes(
    queue: Queue,
) -> None:
    frame_id = await queue.frame(40, 2)
    first = await queue.draw(frame_id=frame_id, position=0)
    submission = await queue.world.submission(queue.ana, WORKED)
    second = await queue.draw(frame_id=frame_id, position=1, submission_id=submission)
    hunted = await queue.draw(origin="risk", submission_id=submission)
    audit_id, chain_id = await queue.world.audit(
        submission, queue.ana, queue.mia, NOW, origin="chosen", errors=(None,)
    )
    assert await queue.take(queue.abe, 1) == [first]
    assert (await queue.get(second)).state is DrawState.OPEN, "not before its turn"
    await queue.settle(first)
    assert await queue.take(queue.abe) == []
    task = await queue.get(second)
    assert (task.state, task.audit_id) == (DrawState.AUDITED, audit_id)
    assert (await queue.weights())[chain_id] == 20.0
    assert [row.id for row in await queue.rows(Draw)] == [first, second], f"without {hunted}"
    async with queue.world.database.write() as tx:
        await draw_weights.unsettle(tx, queue.world.workspace_id, second)
    assert (await queue.rows(AuditChain))[0].origin == "chosen"


async def test_work_that_comes_back_goes_first_though_it_was_audited(queue: Queue) -> None:
    frame_id = await queue.frame(40, 1)
    first = await queue.draw(frame_id=frame_id, position=0)
    audit_id, chain_id = await queue.settle(first)
    later = await queue.draw()
    place = {
        "project_id": queue.world.project_id,
        "squad_id": queue.world.squad_id,
        "submission_id": (await queue.get(first)).submission_id,
    }
    rework_id = await queue.world.add(
        Rework,
        **place,
        contributor_id=queue.ana,
        chain_id=chain_id,
        audit_id=audit_id,
        state="fixed",
        opened_at=NOW,
    )
    async with queue.world.database.write() as tx:
        back = await reworks.add_returned(
            tx,
            queue.world.workspace_id,
            **place,
            origin=Origin.RANDOM,
            rework_id=rework_id,
            now=NOW,
        )
    assert await queue.take(queue.mia) == [back, later]
    fix, _ = await queue.world.audit(
        place["submission_id"], queue.ana, queue.mia, NOW, chain=chain_id, scoring=False
    )
    async with queue.world.database.write() as tx:
        keys = (tx, queue.world.workspace_id, back)
        assert await draw_weights.settle(*keys, fix, chain_id, 9, NOW)
    assert await queue.weights() == {chain_id: 40.0}, "a fix is no draw of its frame"


def scope_of(queue: Queue) -> Scope:
    return Scope(
        workspace_id=queue.world.workspace_id,
        squad_id=queue.world.squad_id,
        squad="Kestrel",
        zone="UTC",
        individual_figures=IndividualFigures.SELF_AND_MANAGERS,
        target=None,
        project_id=queue.world.project_id,
        project="Reviews",
    )


async def test_coverage_says_what_became_of_draws(queue: Queue) -> None:
    frame_id = await queue.frame(40, 4)
    ids = [await queue.draw(frame_id=frame_id, position=n) for n in range(4)]
    await queue.draw(origin="risk")
    await queue.draw(drawn_at=NOW - timedelta(days=3))
    await queue.settle(ids[0])
    async with queue.world.database.write() as tx:
        for draw_id, reason in zip(ids[1:], (SkipReason.UNCLEAR, SkipReason.OTHER), strict=False):
            await draws.skip(tx, queue.world.workspace_id, draw_id, reason, None, NOW)
    async with queue.world.database.read() as connection:
        found = await draws.coverage(connection, scope_of(queue), NOW, NOW + timedelta(days=1))
    reasons = {SkipReason.UNCLEAR: 1, SkipReason.OTHER: 1}
    assert found == Coverage(drawn=4, audited=1, skipped=2, reasons=reasons)
    assert found.open == 1
    assert (found + found).reasons == {SkipReason.UNCLEAR: 2, SkipReason.OTHER: 2}


async def test_auditors_at_once_never_get_the_same_task(queue: Queue) -> None:
    ids = [await queue.draw(position=n) for n in range(24)]
    auditors = [await queue.world.person(f"A{n}") for n in range(8)]
    taken = await asyncio.gather(*(queue.take(auditor, 3) for auditor in auditors))
    assert sorted(key for some in taken for key in some) == ids


async def test_what_nobody_came_to_in_time_is_given_up_and_counts_as_not_done(
    queue: Queue,
) -> None:
    frame_id = await queue.frame(40, 4)
    old = await queue.draw(frame_id=frame_id, position=0)
    done = await queue.draw(frame_id=frame_id, position=1)
    await queue.settle(done)
    hunted = await queue.draw(origin="risk", reasons=[["first_tasks", None]])
    later = NOW + timedelta(days=33)
    held = await queue.draw(frame_id=frame_id, position=2, held_by=queue.mia, held_at=later)
    young = await queue.draw(frame_id=frame_id, position=3, drawn_at=later - timedelta(days=2))
    # A month after its last day, and not before.
    for now, gone in ((NOW + timedelta(days=27), 0), (later, 2), (later, 0)):
        async with queue.world.database.write() as tx:
            args = (tx, queue.world.workspace_id, now, 500)
            assert await housekeeping.lapse_draws(*args) == gone
    states = {row.id: row.state for row in await queue.rows(Draw)}
    assert [states[key] for key in (old, hunted)] == ["expired", "expired"]
    assert [states[key] for key in (done, held, young)] == ["audited", "open", "open"]
    async with queue.world.database.read() as connection:
        found = await draws.coverage(
            connection, scope_of(queue), NOW - timedelta(days=1), later + timedelta(days=1)
        )
    assert (found.drawn, found.audited, found.expired, found.open) == (4, 1, 1, 2)
    assert set((await queue.weights()).values()) == {40.0}


async def test_frames_follow_their_work_where_two_people_turn_out_to_be_one(queue: Queue) -> None:
    world = queue.world
    lone, both = await queue.frame(40, 4), await queue.frame(30, 3)
    place = {"project_id": world.project_id, "squad_id": world.squad_id}
    cut = {"after_id": 1, "through_id": 2}  # as the second one was
    theirs = await world.add(
        Frame,
        **place,
        **cut,
        contributor_id=queue.bo,
        iso_year=2026,
        iso_week=10,
        since=WORKED,
        cut_at=NOW,
        seed="1" * 32,
        size=9,
        prefix=1,
        groups=[],
    )
    await queue.draw()
    async with world.database.write() as tx:
        while await merging.move_work(tx, world.workspace_id, queue.ana, queue.bo, 10):
            pass
    whose = {row.id: row.contributor_id for row in await queue.rows(Frame)}
    assert whose == {lone: queue.bo, both: queue.ana, theirs: queue.bo}
