"""Follow-up draws and what coaching did, from the store, on each kind of database."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.clock import Clock
from bot.rules.coaching_effects import LED, Verdict
from bot.rules.digests import Cadence, Coaching, Digest, Edition
from bot.rules.quality import total_group
from bot.services import coaching_effects
from bot.services.digests import Digests
from bot.services.sampling import Sampling
from bot.store import draws, reports, retention
from bot.store import privacy as privacy_store
from bot.store.database import Database
from models import Coached, Draw, OneOnOne, OneOnOneNote, OneOnOnePair, Submission
from tests.services.quality_world import World, open_world

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
AT = MONDAY + timedelta(hours=12)
WEEKLY, DAILY = Cadence.WEEKLY, Cadence.DAILY


class Taught:
    """A squad in which people are coached on one category."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = AT
        self.sampling = Sampling(world.database, Clock(source=lambda: self.now))

    async def meet(self, manager: int, person: int, at: datetime) -> int:
        two = {"squad_id": self.world.squad_id, "manager_id": manager, "person_id": person}
        pair = await self.world.add(
            OneOnOnePair, **two, every_weeks=2, minutes=30, zone="UTC", created_at=at
        )
        return await self.world.add(
            OneOnOne,
            **two,
            pair_id=pair,
            slot="2026-W10",
            starts_at=at,
            ends_at=at + timedelta(minutes=30),
            revision=0,
            reminded=0,
            state="happened",
            by_hand=False,
            created_at=at,
        )

    async def coach(self, manager: int, person: int, category: int, at: datetime) -> int:
        meeting = await self.meet(manager, person, at)
        await self.world.add(
            Coached,
            one_on_one_id=meeting,
            squad_id=self.world.squad_id,
            project_id=self.world.project_id,
            person_id=person,
            category_id=category,
            by_id=manager,
            led_from=at - LED,
            coached_at=at,
        )
        return meeting

    async def drawn(self) -> list[Any]:
        statement = (
            select(Draw.drawn_at, Draw.turn, Submission.contributor_id, Submission.submitted_at)
            .join(Submission, Submission.id == Draw.submission_id)
            .where(Draw.origin == "followup")
            .order_by(Draw.id)
        )
        async with self.world.database.read() as connection:
            return list(await connection.execute(statement))


@pytest.fixture
async def taught(database: Database) -> Taught:
    return Taught(await open_world(database, live_at=MONDAY - timedelta(days=60)))


async def test_follow_ups_are_a_few_a_week_of_work_after_the_coaching(taught: Taught) -> None:
    world = taught.world
    mia, ana, bo = [await world.person(name) for name in ("Mia", "Ana", "Bo")]
    category = await world.category("Wrong class")
    await taught.coach(mia, ana, category, AT)
    for day in range(-3, 12):
        for person in (ana, bo):
            for i in range(6):
                at = MONDAY + timedelta(days=day, hours=8, minutes=i)
                await world.submission(person, at, imported_at=at)
    async with world.database.read() as connection:
        (scope,) = await reports.scopes(connection, world.workspace_id, world.squad_id)
        last = int(await connection.scalar(select(func.max(Submission.id))) or 0)
    for day in range(9):
        now = MONDAY + timedelta(days=day, hours=23)
        assert await coaching_effects.follow(world.database, scope, last, now) <= 1
        assert await coaching_effects.follow(world.database, scope, last, now) == 0, "one a night"
    found = await taught.drawn()
    assert len(found) == 4, "three in seven days, then the next"
    assert {row.contributor_id for row in found} == {ana}
    assert all(row.submitted_at > AT for row in found)
    assert {row.turn for row in found} == {1}
    # After twelve weeks it ends.
    late = AT + timedelta(weeks=12, hours=1)
    await world.submission(ana, late - timedelta(days=1))
    assert await coaching_effects.follow(world.database, scope, last + 1, late) == 0


async def test_the_nightly_draw_follows_up_and_no_score_counts_it(taught: Taught) -> None:
    world = taught.world
    mia, ana, abe = [await world.person(name) for name in ("Mia", "Ana", "Abe")]
    category = await world.category("Wrong class")
    await taught.coach(mia, ana, category, AT)
    for i in range(20):
        at = AT + timedelta(minutes=i + 1)
        await world.submission(ana, at, imported_at=at)
    taught.now = AT + timedelta(hours=10)
    async with world.database.read() as connection:
        (scope,) = await reports.scopes(connection, world.workspace_id, world.squad_id)
    await taught.sampling.draw(scope)
    assert len(await taught.drawn()) == 1
    keys = (world.workspace_id, abe, world.squad_id, world.project_id)
    async with world.database.write() as tx:
        taken = await draws.take(tx, *keys, 10, taught.now)
        found = {each.origin.value for each in await draws.many(tx, world.workspace_id, taken)}
    assert "followup" in found, "in the queue beside the random ones"
    key = await world.submission(ana, taught.now)
    await world.audit(
        key, ana, abe, taught.now, origin="followup", verdict="rejected", errors=(category,)
    )
    async with world.database.read() as connection:
        span = (MONDAY, MONDAY + timedelta(days=7))
        tallies = await reports.tally(connection, scope, *span)
        (known,) = (
            await coaching_effects.effects(connection, scope, [category], taught.now)
        ).values()
    assert [tally.origin.value for tally in tallies.audits] == ["followup"]
    assert total_group(tallies.audits, None).score.n == 0
    assert known.pooled.verdict is Verdict.CANNOT_TELL


async def test_audits_before_and_after_come_from_the_store(taught: Taught) -> None:
    world = taught.world
    mia, abe = [await world.person(name) for name in ("Mia", "Abe")]
    category, other = await world.category("Wrong class"), await world.category("Loose box")
    taught.now = AT + timedelta(weeks=6)
    people = [await world.person(f"P{i}") for i in range(16)]
    for i, person in enumerate(people):
        if i < 8:
            await taught.coach(mia, person, category, AT)
        for weeks, wrong in ((-8, 4), (-2, 4), (3, 0 if i < 8 else 4)):
            for n in range(6):
                at = AT + timedelta(weeks=weeks, minutes=n)
                key = await world.submission(person, at)
                errors = (category,) if n < wrong else (other,)
                origin = "followup" if weeks > 0 and n == 0 else "random"
                await world.audit(
                    key, person, abe, at + timedelta(hours=1), origin=origin, errors=errors
                )
    async with world.database.read() as connection:
        (scope,) = await reports.scopes(connection, world.workspace_id, world.squad_id)
        found = await coaching_effects.effects(connection, scope, [category, other], taught.now)
    pooled = found[category].pooled
    assert (pooled.before.wrong, pooled.before.audits) == (32, 48)
    assert (pooled.after.wrong, pooled.after.audits) == (0, 48)
    assert pooled.verdict is Verdict.BETTER
    assert pooled.value == pytest.approx(-4 / 6)
    assert (found[category].coached, found[category].others) == (8, 8)
    assert found[other].coached == 0
    # The week's digest says the same of the category that most were coached on; the daily nothing.
    end = (MONDAY + timedelta(weeks=4)).date()
    weekly = await digest(taught, end, WEEKLY)
    daily = await digest(taught, (MONDAY + timedelta(weeks=3, days=1)).date(), DAILY)
    coaching = weekly.projects[0].coaching
    assert coaching is not None
    assert (coaching.category, coaching.people) == ("Wrong class", 8)
    assert coaching.told is not None
    assert coaching.told.pooled.value == pooled.value
    assert daily.projects[0].coaching is None


async def digest(taught: Taught, day: date, cadence: Cadence) -> Digest:
    """What a digest of a day says that morning."""
    world = taught.world
    clock = Clock(source=lambda: datetime.combine(day, time(9), UTC))
    edition = Edition(
        workspace_id=world.workspace_id, squad_id=world.squad_id, cadence=cadence, day=day
    )
    found = await Digests(world.database, clock).content(edition)
    assert found is not None
    return found


async def test_a_digest_names_nobody_by_how_few_were_coached(taught: Taught) -> None:
    world = taught.world
    mia, max_, moe = [await world.person(name) for name in ("Mia", "Max", "Moe")]
    category, other = await world.category("Wrong class"), await world.category("Loose box")
    people = [await world.person(f"P{i}") for i in range(7)]
    await world.submission(people[0], AT)
    end = (MONDAY + timedelta(weeks=1)).date()

    async def said() -> Coaching | None:
        return (await digest(taught, end, WEEKLY)).projects[0].coaching

    assert await said() is None
    for person in people[:2]:
        for manager in (mia, max_):
            await taught.coach(manager, person, category, AT)
    await taught.coach(mia, people[3], category, MONDAY - timedelta(weeks=24))
    assert await said() is None, "two people, and one of long ago"
    await taught.coach(mia, people[2], category, AT)
    assert await said() == Coaching(category="Wrong class", people=3)
    for person in people:
        await taught.coach(moe, person, other, AT)
    assert await said() == Coaching(category="Loose box", people=7)


async def test_notes_end_with_their_term_and_ones_own_are_ones_own(taught: Taught) -> None:
    world = taught.world
    mia, ana = [await world.person(name) for name in ("Mia", "Ana")]
    meeting = await taught.meet(mia, ana, AT)
    note = {"one_on_one_id": meeting, "revision": 1, "edited_by": mia, "edited_at": AT}
    await world.add(OneOnOneNote, shared="we said", own="I thought", **note)
    async with world.database.read() as connection:
        hers = await privacy_store.everything(connection, [ana])
        theirs = await privacy_store.everything(connection, [mia])
    assert "I thought" not in str(hers)
    assert hers["meetings"]["one_on_one_notes"] == [{"one_on_one_id": meeting, "shared": "we said"}]
    assert hers["meetings"]["kept_by_managers"] == [{"notes": 1}]
    assert theirs["meetings"]["one_on_one_notes"][0]["own"] == "I thought"
    async with world.database.write() as tx:
        await tx.execute(update(OneOnOneNote).values(edited_at=AT - timedelta(days=1)))
        assert await retention.meetings(tx, world.workspace_id, AT, 100) == 1
        row = (await tx.execute(select(OneOnOneNote.shared, OneOnOneNote.own))).one()
    assert tuple(row) == ("", "")
