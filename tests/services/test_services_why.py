from datetime import UTC, date, datetime, time, timedelta
from math import fsum
from typing import Any

import pytest
from sqlalchemy import update

from bot.clock import Clock
from bot.errors import NotAllowed, NotFound
from bot.rules.calendar import DateSpan
from bot.rules.changes import Cause, Dimension, Tenure
from bot.rules.digests import Cadence, Edition
from bot.rules.people import Caller
from bot.rules.why import Why, weeks_before
from bot.services.digests import Digests
from bot.services.why import Explanations, explain
from bot.store import reports
from bot.store.database import Database
from models import Audit, Batch, Finding
from tests.services.quality_world import BEGINNING, TEAM, World, open_world

# A Tuesday; the digest of the week before is about 2 to 8 March.
TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
WEEK = DateSpan(date(2026, 3, 2), date(2026, 3, 8))
THEN = date(2026, 2, 10)
NOW = date(2026, 3, 4)


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database, digest_channel="C0DIGEST")


async def audits(
    world: World,
    person: int,
    day: date,
    good: int,
    bad: int = 0,
    category: int | None = None,
    weight: float | None = 1.0,
    origin: str = "random",
    **work: Any,
) -> None:
    at = datetime.combine(day, time(10), UTC)
    for n in range(good + bad):
        made = await world.submission(person, at + timedelta(seconds=n), **work)
        wrong = n >= good
        await world.audit(
            made,
            person,
            person,
            at + timedelta(hours=1, seconds=n),
            verdict="rejected" if wrong else "accepted",
            errors=(category,) if wrong and category else (),
            weight=weight,
            origin=origin,
        )


async def told(world: World, now: DateSpan = WEEK) -> Why | None:
    async with world.database.read() as connection:
        scope = await reports.scope(
            connection, world.workspace_id, world.squad_id, world.project_id
        )
        assert scope is not None
        return await explain(connection, scope, now)


def test_the_four_weeks_before() -> None:
    assert weeks_before(WEEK) == DateSpan(date(2026, 2, 2), date(2026, 3, 1))


async def test_a_category_that_grew_is_named_with_its_numbers(world: World) -> None:
    ada = await world.person("Ada")
    box = await world.category("Loose box", "4.2 Boxes")
    label = await world.category("Wrong label")
    await audits(world, ada, THEN, 110, 5, box)
    await audits(world, ada, THEN + timedelta(days=1), 0, 5, label)
    await audits(world, ada, NOW, 45, 13, box)
    await audits(world, ada, NOW + timedelta(days=1), 0, 2, label)
    await audits(world, ada, NOW, 0, 30, label, origin="risk")  # hunted, so no part of it
    found = await told(world)
    assert found is not None
    breakdown = found.breakdown
    assert (breakdown.n, breakdown.n_before) == (60, 120)
    assert breakdown.before == pytest.approx(110 / 120)
    assert breakdown.change == pytest.approx(45 / 60 - 110 / 120)
    (part,) = breakdown.named
    assert (part.cause, part.dimension, part.level) == (
        Cause.RATE,
        Dimension.CATEGORY,
        "Loose box",
    )
    assert (part.now, part.before) == pytest.approx((13 / 60, 5 / 120))
    assert fsum(one.effect for one in breakdown.parts) == pytest.approx(breakdown.change, abs=1e-9)


async def test_a_batch_and_a_version_are_read_from_the_work(world: World) -> None:
    ada = await world.person("Ada")
    keys = [
        await world.add(
            Batch, project_id=world.project_id, name=name, created_at=BEGINNING, size=None
        )
        for name in ("B1", "B2")
    ]
    for key in keys:
        await audits(world, ada, THEN, 57, 3, batch_id=key, guideline_version="v2")
    await audits(world, ada, NOW, 37, 3, batch_id=keys[0], guideline_version="v2")
    await audits(world, ada, NOW, 20, 20, batch_id=keys[1], guideline_version="v2")
    found = await told(world)
    assert found is not None
    (part,) = found.breakdown.named
    assert (part.cause, part.dimension, part.level) == (Cause.RATE, Dimension.BATCH, "B2")
    assert {one.dimension for one in found.breakdown.parts} == {Dimension.BATCH}


async def test_joiners_are_known_by_their_first_audit_if_audits_go_back_far_enough(
    world: World,
) -> None:
    ada, bo = await world.person("Ada"), await world.person("Bo")
    await audits(world, ada, THEN, 58, 2)
    await audits(world, ada, NOW, 39, 1)
    await audits(world, bo, NOW, 20, 20)
    found = await told(world)
    assert found is not None
    assert {one.dimension for one in found.breakdown.parts} != {Dimension.TENURE}
    await audits(world, ada, date(2025, 10, 1), 1)
    found = await told(world)
    assert found is not None
    (part,) = found.breakdown.named
    assert (part.dimension, part.level) == (Dimension.TENURE, Tenure.FIRST_MONTH)


async def test_what_is_out_of_the_score_explains_nothing(world: World, database: Database) -> None:
    ada = await world.person("Ada")
    box = await world.category("Loose box")
    await audits(world, ada, THEN, 60)
    await audits(world, ada, NOW, 40, 20, box)
    async with database.write() as tx:
        await tx.execute(update(Finding).values(state="disputed"))
        await tx.execute(update(Audit).values(verdict="accepted"))
    found = await told(world)
    assert found is not None
    assert (found.breakdown.change, found.breakdown.named) == (0, ())


async def test_the_change_is_that_of_the_score_also_under_unequal_draws(world: World) -> None:
    ada = await world.person("Ada")
    await audits(world, ada, THEN, 30, 10, weight=3.0)
    await audits(world, ada, THEN + timedelta(days=1), 60, weight=1.0)
    await audits(world, ada, NOW, 30, 3, weight=3.0)
    await audits(world, ada, NOW, 10, 9, weight=1.0)
    found = await told(world)
    digest = await Digests(world.database, Clock(source=lambda: TUESDAY)).content(
        Edition(
            workspace_id=world.workspace_id,
            squad_id=world.squad_id,
            cadence=Cadence.WEEKLY,
            day=TUESDAY.date(),
        )
    )
    assert found is not None
    assert digest is not None
    (project,) = digest.projects
    assert project.why == found
    now = project.now.score.rate
    assert now is not None
    assert found.breakdown.before + found.breakdown.change == pytest.approx(now, abs=1e-12)
    assert (project.now.score.n, found.breakdown.n) == (52, 52)


async def test_the_daily_digest_does_not_read_it(world: World) -> None:
    ada = await world.person("Ada")
    await audits(world, ada, THEN, 10)
    await audits(world, ada, NOW, 10)
    digest = await Digests(world.database, Clock(source=lambda: TUESDAY)).content(
        Edition(
            workspace_id=world.workspace_id,
            squad_id=world.squad_id,
            cadence=Cadence.DAILY,
            day=date(2026, 3, 5),
        )
    )
    assert digest is not None
    assert [project.why for project in digest.projects] == [None]


async def test_without_audits_on_either_side_nothing_is_said(world: World) -> None:
    ada = await world.person("Ada")
    await audits(world, ada, NOW, 10)
    assert await told(world) is None


async def test_who_may_ask(world: World, database: Database) -> None:
    ada = await world.person("Ada")
    for role in ("manager", "auditor", "delivery", "contributor", "client"):
        await world.person(role, f"U0{role.upper()}", roles=(role,))
    service = Explanations(database, Clock(source=lambda: TUESDAY))
    args = (world.squad_id, world.project_id)
    with pytest.raises(NotFound, match="why_unknown"):
        await service.explain(Caller(TEAM, "U0MANAGER"), *args)
    await audits(world, ada, THEN, 10)
    await audits(world, ada, NOW, 10)
    for role in ("MANAGER", "AUDITOR", "DELIVERY"):
        found = await service.explain(Caller(TEAM, f"U0{role}"), *args)
        assert found.now == DateSpan(date(2026, 2, 24), date(2026, 3, 9))
    for role in ("CONTRIBUTOR", "CLIENT"):
        with pytest.raises(NotAllowed, match="not_allowed_see_squad_figures"):
            await service.explain(Caller(TEAM, f"U0{role}"), *args)
