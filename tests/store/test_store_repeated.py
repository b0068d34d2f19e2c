"""What audits repeat of their chains and submissions, for reports, is never out of step."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.rules.audits import NewAudit, Origin, Verdict
from bot.store import audits
from bot.store.database import Database
from models import Audit, AuditChain, Blocker, Submission, Workspace
from tests.services.quality_world import World, open_world

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


async def audit(
    world: World, made: int, person: int, auditor: int, at: datetime, weight: float | None = None
) -> None:
    new = NewAudit(
        submission_id=made,
        project_id=world.project_id,
        squad_id=world.squad_id,
        contributor_id=person,
        auditor_id=auditor,
        verdict=Verdict.ACCEPTED,
        audited_at=at,
        origin=Origin.RANDOM,
        weight=weight,
    )
    async with world.database.write() as tx:
        await audits.add_audits(tx, world.workspace_id, [new])


async def repeated(world: World) -> list[tuple[float | None, int | None, bool]]:
    async with world.database.read() as connection:
        rows = select(Audit.weight, Audit.waited_s, Audit.scoring).order_by(Audit.audited_at)
        return [(row.weight, row.waited_s, row.scoring) for row in await connection.execute(rows)]


async def test_a_correction_has_its_chains_weight_and_waiting(world: World) -> None:
    ada, otto = await world.person("Ada"), await world.person("Otto")
    made = await world.submission(ada, MONDAY)
    await audit(world, made, ada, otto, MONDAY + HOUR, 4.0)
    await audit(world, made, ada, otto, MONDAY + 5 * HOUR)
    assert await repeated(world) == [(4.0, 3600, False), (4.0, 3600, True)]


async def test_only_the_first_chain_waited_in_whatever_order_they_came(world: World) -> None:
    ada, otto, eve = [await world.person(name) for name in ("Ada", "Otto", "Eve")]
    made = await world.submission(ada, MONDAY)
    await audit(world, made, ada, otto, MONDAY + 5 * HOUR, 2.0)
    assert await repeated(world) == [(2.0, 5 * 3600, True)]
    await audit(world, made, ada, eve, MONDAY + HOUR)
    assert await repeated(world) == [(None, 3600, True), (2.0, None, True)]


async def test_a_revised_submission_waited_anew(world: World) -> None:
    ada = await world.person("Ada")
    made = await world.submission(ada, MONDAY)
    other = await world.submission(ada, MONDAY)
    for each in (made, other):
        await audit(world, each, ada, ada, MONDAY + 2 * HOUR)
    async with world.database.write() as tx:
        revised = update(Submission).where(Submission.id == made)
        await tx.execute(revised.values(submitted_at=MONDAY + HOUR))
        await audits.describe(tx, world.workspace_id, [made])
    assert sorted(waited or 0 for _, waited, _ in await repeated(world)) == [3600, 7200]


async def test_weights_set_later_reach_the_audits(world: World) -> None:
    ada = await world.person("Ada")
    made = await world.submission(ada, MONDAY)
    await audit(world, made, ada, ada, MONDAY + HOUR)
    async with world.database.write() as tx:
        await tx.execute(update(AuditChain).values(weight=7.5))
        await audits.describe(tx, world.workspace_id, [made])
    assert await repeated(world) == [(7.5, 3600, True)]


async def block(
    world: World, person: int, first: datetime, last: datetime, squad_id: int | None = None
) -> None:
    await world.add(
        Blocker,
        squad_id=squad_id or world.squad_id,
        person_id=person,
        kind="tool_down",
        opened_at=first,
        closed_at=last,
        lost_s=0,
    )


async def test_what_blocked_the_auditor_leaves_the_wait_and_nothing_else_does(
    world: World,
) -> None:
    ada, otto = await world.person("Ada"), await world.person("Otto")
    heron = await world.squad("Heron")
    await block(world, otto, MONDAY - HOUR, MONDAY + HOUR / 2)  # half an hour of it
    await block(world, otto, MONDAY + HOUR, MONDAY + 2 * HOUR)
    await block(world, otto, MONDAY + HOUR, MONDAY + 2 * HOUR)  # the same hour once more
    await block(world, otto, MONDAY + 4.5 * HOUR, MONDAY + 9 * HOUR)  # holds still: half an hour
    await block(world, otto, MONDAY + 2 * HOUR, MONDAY + 3 * HOUR, heron)
    await block(world, ada, MONDAY, MONDAY + 5 * HOUR)
    await block(world, otto, MONDAY + 6 * HOUR, MONDAY + 8 * HOUR)
    made = await world.submission(ada, MONDAY)
    await audit(world, made, ada, otto, MONDAY + 5 * HOUR, 2.0)
    assert await repeated(world) == [(2.0, 3 * 3600, True)]
    async with world.database.write() as tx:
        await audits.describe(tx, world.workspace_id, [made])
    assert await repeated(world) == [(2.0, 3 * 3600, True)], "taken out once"
    await audit(world, made, ada, otto, MONDAY + 7 * HOUR)
    assert [waited for _, waited, _ in await repeated(world)] == [3 * 3600, 3 * 3600]


async def test_only_who_opened_the_first_chain_matters_and_a_wait_is_never_negative(
    world: World,
) -> None:
    ada, otto, eve = [await world.person(name) for name in ("Ada", "Otto", "Eve")]
    await block(world, eve, MONDAY, MONDAY + 9 * HOUR)
    made, other = await world.submission(ada, MONDAY), await world.submission(ada, MONDAY)
    await audit(world, made, ada, otto, MONDAY + HOUR)
    await audit(world, made, ada, eve, MONDAY + 2 * HOUR)
    assert [waited for _, waited, _ in await repeated(world)] == [3600, None]
    await audit(world, other, ada, eve, MONDAY + 3 * HOUR + timedelta(milliseconds=700))
    assert [waited for _, waited, _ in await repeated(world)] == [3600, None, 0]


async def test_blockers_of_another_workspace_change_nothing(world: World) -> None:
    ada, otto = await world.person("Ada"), await world.person("Otto")
    elsewhere = await world.add(Workspace, team_id="T0OTHER", name="Other", created_at=MONDAY)
    values = {"opened_at": MONDAY, "closed_at": MONDAY + HOUR, "lost_s": 0, "kind": "no_work"}
    squad_id = world.squad_id
    await world.add(Blocker, workspace_id=elsewhere, squad_id=squad_id, person_id=otto, **values)
    made = await world.submission(ada, MONDAY)
    await audit(world, made, ada, otto, MONDAY + 2 * HOUR)
    assert [waited for _, waited, _ in await repeated(world)] == [7200]
