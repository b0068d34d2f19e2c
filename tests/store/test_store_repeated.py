"""What audits repeat of their chains and submissions, for reports, is never out of step."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.rules.audits import NewAudit, Origin, Verdict
from bot.store import audits
from bot.store.database import Database
from models import Audit, AuditChain, Submission
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
