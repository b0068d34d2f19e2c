import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.clock import Clock
from bot.rules.digests import Cadence, Edition, QuestionCounts
from bot.rules.occurrences import by_hand
from bot.rules.outbox import Operation
from bot.rules.people import Caller
from bot.rules.quality import Direction, Standing
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Where
from bot.services.digest_planning import CHART, POST
from bot.services.digests import Digests, Planned
from bot.services.reports import Reports
from bot.services.schedules import Schedules
from bot.store import schedules
from bot.store.database import Database
from bot.views import digests as views
from bot.views import standing
from bot.views.catalogue.en import SENTENCES
from bot.views.words import Words
from models import Escalation, OutboxRow, Project, Question, Squad, SquadProject
from tests.services.quality_world import TEAM, World, open_world

# A Tuesday; its digest knows the working days from 24 February to 9 March.
TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 2, 24), date(2026, 3, 9)


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database, digest_channel="C0DIGEST", quality_target=0.9)


@pytest.fixture
def service(database: Database) -> Digests:
    return Digests(database, Clock(source=lambda: TUESDAY))


def edition(world: World, cadence: Cadence = Cadence.DAILY, *, so_far: bool = False) -> Edition:
    return Edition(
        workspace_id=world.workspace_id,
        squad_id=world.squad_id,
        cadence=cadence,
        day=TUESDAY.date(),
        so_far=so_far,
    )


async def audits(
    world: World, person: int, day: date, good: int, bad: int = 0, category: int | None = None
) -> None:
    """Hand in and audit so many on a day, an hour later."""
    at = datetime.combine(day, time(10), UTC)
    for n in range(good + bad):
        made = await world.submission(person, at + timedelta(seconds=n), 20.0)
        wrong = n >= good
        await world.audit(
            made,
            person,
            person,
            at + timedelta(hours=1, seconds=n),
            verdict="rejected" if wrong else "accepted",
            errors=(category,) if wrong and category else (),
            weight=4.0,
        )


async def test_the_figures_are_those_of_the_report(
    world: World, service: Digests, database: Database
) -> None:
    ada = await world.person("Ada")
    span = await world.category("Span", "2.1 Spans")
    await audits(world, ada, date(2026, 2, 23), 5)  # the day before the window
    await audits(world, ada, FIRST, 8, 2, span)
    await audits(world, ada, LAST, 7, 1, span)
    await audits(world, ada, TUESDAY.date(), 0, 3, span)  # today, not over yet

    found = await service.content(edition(world))
    assert found is not None
    (project,) = found.projects
    account = await Reports(database, Clock()).at_shell("Kestrel", "Reviews", FIRST, LAST)
    assert project.now == account.report.groups[0]
    assert (project.now.score.n, project.now.score.rate) == (18, pytest.approx(15 / 18))
    assert (project.movement.before.n, project.movement.direction) == (5, Direction.CANNOT_TELL)
    assert project.standing is Standing.CANNOT_TELL
    (top,) = project.top
    assert (top.errors.category, top.errors.errors, top.section) == ("Span", 3, "2.1 Spans")

    so_far = await service.content(edition(world, so_far=True))
    assert so_far is not None
    assert so_far.projects[0].now.score.n == 11


async def test_the_chart_ends_with_the_headline(world: World, service: Digests) -> None:
    ada = await world.person("Ada")
    for n in range(14):
        await audits(world, ada, LAST - timedelta(days=n), 3, n % 2)
    for cadence in Cadence:
        found = await service.content(edition(world, cadence))
        trend = await service.trend(edition(world, cadence), world.project_id)
        assert found is not None
        assert trend is not None
        if cadence is Cadence.DAILY:
            assert trend.days[-1].score == found.projects[0].now.score
            assert trend.days[-1].day == LAST
        assert (trend.target, trend.project) == (0.9, "Reviews")
    weekend = next(day for day in trend.days if day.day == date(2026, 3, 6))
    assert weekend.audits == 11  # Friday, Saturday and Sunday


async def test_nothing_new_is_quiet_even_after_a_busy_week(world: World, service: Digests) -> None:
    ada = await world.person("Ada")
    await audits(world, ada, date(2026, 3, 5), 4)
    found = await service.content(edition(world))
    assert found is not None
    assert (found.is_quiet, found.projects) == (True, ())
    assert await service.trend(edition(world), world.project_id) is None
    weekly = await service.content(edition(world, Cadence.WEEKLY))
    assert weekly is not None
    assert not weekly.is_quiet


async def test_work_alone_is_news(world: World, service: Digests) -> None:
    ada = await world.person("Ada")
    await world.submission(ada, datetime.combine(LAST, time(12), UTC))
    found = await service.content(edition(world))
    assert found is not None
    assert not found.is_quiet
    assert found.projects[0].now.score.rate is None


async def test_the_plan_counts_what_is_over(
    world: World, service: Digests, database: Database
) -> None:
    async with database.write() as tx:
        await tx.execute(update(Project).values(planned_volume=3, audits_per_week=2))
    ada = await world.person("Ada", roles=("contributor",))
    await world.person("Bo", roles=("contributor", "auditor"))
    await world.person("Cy", roles=("auditor",))
    heron = await world.squad("Heron")
    await audits(world, ada, FIRST, 6)
    for squad_id in (world.squad_id, heron):  # Heron is not on the project yet
        await world.submission(ada, datetime.combine(LAST, time(12), UTC), squad_id=squad_id)
    found = await service.content(edition(world))
    assert found is not None
    (project,) = found.projects
    assert (project.volume.done, project.volume.planned) == (7, 30)  # type: ignore[union-attr]
    assert (project.coverage.done, project.coverage.planned) == (6, 8)  # type: ignore[union-attr]

    await world.project("Maps", heron)
    await world.add(SquadProject, squad_id=heron, project_id=world.project_id)
    await audits(world, ada, TUESDAY.date(), 1)
    found = await service.content(edition(world, so_far=True))
    assert found is not None
    (project,) = found.projects
    assert project.squads == 2
    assert project.until == LAST
    # Nine working days are over since 25 February; today's plan is not due yet.
    assert (project.volume.done, project.volume.planned) == (2, 27)  # type: ignore[union-attr]
    assert (project.coverage.done, project.coverage.planned) == (0, 7)  # type: ignore[union-attr]


async def test_another_squads_project_is_not_in_it(world: World, service: Digests) -> None:
    ada = await world.person("Ada")
    await audits(world, ada, LAST, 2)
    heron = await world.squad("Heron")
    await world.project("Maps", heron)
    found = await service.content(edition(world))
    assert found is not None
    assert [project.project for project in found.projects] == ["Reviews"]
    assert await service.trend(edition(world), 10_000) is None


async def ask(world: World, person: int, outcome: str, state: str | None = None, **of: Any) -> None:
    """Ask something at ten on the last day; `of` is of the case that a person has to answer."""
    at = datetime.combine(of.pop("day", LAST), time(10), UTC)
    where = {"squad_id": world.squad_id, "project_id": world.project_id}
    case = None
    if state is not None:
        due = {"due_at": at + timedelta(hours=1)}
        told = {"named": False, "state": state, "opened_at": at}
        case = await world.add(Escalation, **where, **told, **due | of)
    await world.add(
        Question,
        **where,
        asker_id=person,
        text="Is a bridge a building?",
        via="command",
        private=False,
        asked_at=at,
        outcome=outcome,
        passages=[],
        escalation_id=case,
    )


async def test_questions_are_counted_by_what_became_of_them(world: World, service: Digests) -> None:
    ada = await world.person("Ada")
    await audits(world, ada, LAST, 5)
    due = datetime.combine(LAST, time(11), UTC)
    await ask(world, ada, "sure")
    await ask(world, ada, "verified")
    await ask(world, ada, "waiting")  # of no project yet
    await ask(world, ada, "none")
    await ask(world, ada, "none", "withdrawn")
    await ask(world, ada, "unsure", "open")
    await ask(world, ada, "none", "passed")
    await ask(world, ada, "none", "answered", answered_at=due)
    await ask(world, ada, "none", "answered", answered_at=due, due_at=None)
    await ask(world, ada, "none", "answered", answered_at=due + timedelta(minutes=1))
    await ask(world, ada, "sure", day=TUESDAY.date())  # not over yet
    await ask(world, ada, "sure", day=date(2026, 2, 23))  # the day before the window

    found = await service.content(edition(world))
    assert found is not None
    (project,) = found.projects
    assert project.questions == QuestionCounts(asked=9, alone=2, in_time=2, late=1, waiting=2)
    said = views.digest(Words("en", SENTENCES), found)
    pressed = [
        each["action_id"]
        for block in said["blocks"]
        for each in block.get("elements", [])
        if "action_id" in each
    ]
    assert pressed[-1] == standing.PEOPLE
    lines = views.text(Words("en", SENTENCES), found).splitlines()
    assert (
        "Questions: 9 asked, 2 answered at once, 2 answered by people in time,"
        " 1 answered by people late, 2 still waiting for a person"
    ) in lines


async def test_an_archived_squad_says_nothing(
    world: World, service: Digests, database: Database
) -> None:
    async with database.write() as tx:
        await tx.execute(update(Squad).values(archived_at=TUESDAY))
    assert await service.content(edition(world)) is None
    assert await service.trend(edition(world), world.project_id) is None


async def outbox(database: Database) -> list[Any]:
    async with database.read() as connection:
        return list(await connection.execute(select(OutboxRow.__table__).order_by(OutboxRow.id)))


async def occurrence(world: World, database: Database, kind: ScheduleKind) -> Any:
    async with database.write() as tx:
        args = (tx, world.workspace_id, world.squad_id)
        await schedules.ensure_defaults(*args, "UTC", TUESDAY - timedelta(days=1))
        pending = await schedules.of_squad(*args)
    (found,) = [each for each in pending if each.schedule.kind is kind]
    return by_hand(found, TUESDAY)


async def test_an_occurrence_queues_one_post_and_its_charts_once(
    world: World, service: Digests, database: Database
) -> None:
    maps = await world.project("Maps", world.squad_id)
    due = await occurrence(world, database, ScheduleKind.DAILY_DIGEST)
    assert await service.plan(due) is Planned.QUEUED
    assert await service.plan(due) is Planned.OVER
    rows = await outbox(database)
    assert [(row.kind, row.operation) for row in rows] == [
        (POST, Operation.POST),
        (CHART, Operation.UPLOAD),
        (CHART, Operation.UPLOAD),
    ]
    assert {row.channel for row in rows} == {"C0DIGEST"}
    assert {row.squad_id for row in rows} == {world.squad_id}
    assert {row.not_after for row in rows} == {None}  # by hand it may be of any day
    assert len({row.dedupe_key for row in rows}) == 3
    ids = rows[0].ids if isinstance(rows[0].ids, dict) else json.loads(rows[0].ids)
    assert ids == {
        "squad_id": world.squad_id,
        "cadence": "daily",
        "day": "2026-03-10",
        "so_far": False,
    }
    assert [row.ids["project_id"] for row in rows[1:]] == [maps, world.project_id]


async def test_a_squad_without_a_digest_channel_gets_none(
    world: World, service: Digests, database: Database
) -> None:
    async with database.write() as tx:
        await tx.execute(update(Squad).values(digest_channel=None))
    due = await occurrence(world, database, ScheduleKind.WEEKLY_DIGEST)
    assert await service.plan(due) is Planned.NO_CHANNEL
    assert await outbox(database) == []


async def test_asked_for_twice_at_once_it_is_one(
    world: World, service: Digests, database: Database
) -> None:
    await world.person("Bo", "U0MANAGER", roles=("manager",))
    caller = Caller(TEAM, "U0MANAGER")
    for _ in range(2):
        posting = await service.post_now(caller, Where(named="kestrel"), "cmd:1")
        assert (posting.squad, posting.channel) == ("Kestrel", "C0DIGEST")
    assert [row.kind for row in await outbox(database)] == [POST, CHART]


async def test_the_clocks_digest_is_dropped_once_it_is_old_news(
    world: World, database: Database
) -> None:
    by_hand_one = await occurrence(world, database, ScheduleKind.DAILY_DIGEST)
    async with database.read() as connection:
        pending = await schedules.get(connection, world.workspace_id, by_hand_one.schedule.id)
    assert pending is not None
    assert pending.due_at is not None
    clock = Clock(source=lambda: pending.due_at)
    _, due = await Schedules(database, clock).sort(pending)
    assert due is not None
    assert await Digests(database, clock).plan(due) is Planned.QUEUED
    limits = {row.not_after for row in await outbox(database)}
    assert limits == {pending.due_at + timedelta(hours=4)}
