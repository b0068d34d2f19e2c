"""Announcements and sessions on each kind of database: once, whoever clicks and ticks at once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.clock import Clock
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import announcements as told
from bot.rules import sessions as rules
from bot.rules.announcements import Draft
from bot.rules.outbox import DeliveryState
from bot.rules.people import Caller
from bot.rules.sessions import Asked, Rsvp, SessionKind
from bot.services.announcements import Announcements
from bot.services.citations import Citations
from bot.services.session_quizzes import SessionQuizzes
from bot.services.sessions import Sessions
from bot.store import erasing, retention
from bot.store.database import Database
from models import (
    Announcement,
    AnnouncementReceipt,
    Member,
    OutboxRow,
    SessionAnswer,
    SessionReply,
    Squad,
)
from models import Session as SessionRow
from tests.services.quality_world import TEAM, World, open_world

TUESDAY = datetime(2026, 3, 10, 10, tzinfo=UTC)
MIA, BO, ADA = (Caller(TEAM, user) for user in ("U0MIA", "U0BO", "U0ADA"))
SAID = Draft(text="Version 2 is here.", squad_ids=())
QUIZ = (
    Asked(text="Which?", choices=("a", "b"), correct=0, section="1"),
    Asked(text="Where?", choices=("here", "there"), correct=1, section="2"),
)


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = TUESDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def world(database: Database) -> World:
    found = await open_world(database)
    await found.person("Mia", "U0MIA", roles=("manager",))
    await found.person("Bo", "U0BO", roles=("contributor",))
    await found.person("Ada", "U0ADA", roles=("contributor",))
    async with database.write() as tx:
        await tx.execute(update(Squad).values(team_channel="C0TEAM"))
    return found


@pytest.fixture
def service(database: Database, hands: Hands) -> Announcements:
    return Announcements(database, Clock(source=hands))


@pytest.fixture
def sessions(database: Database, hands: Hands) -> Sessions:
    return Sessions(database, Clock(source=hands))


@pytest.fixture
def quizzes(database: Database, hands: Hands) -> SessionQuizzes:
    clock = Clock(source=hands)
    return SessionQuizzes(database, clock, Citations(database, clock))


async def planned(database: Database, kind: str) -> list[OutboxRow]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(OutboxRow.__table__).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
        )
        return list(rows)  # type: ignore[arg-type]


async def count(database: Database, table: type) -> int:
    async with database.read() as connection:
        return len((await connection.execute(select(table.__table__))).all())  # type: ignore[attr-defined]


def draft(world: World, **given: object) -> rules.Draft:
    fixed = rules.Draft(
        squad_id=world.squad_id,
        kind=SessionKind.TRAINING,
        title="Bikes",
        starts="2026-03-11 14:00",
        ends="15:00",
        questions=QUIZ,
    )
    return replace(fixed, **given)  # type: ignore[arg-type]


async def test_two_clicks_at_once_are_one_receipt_and_one_change(
    world: World, service: Announcements, database: Database
) -> None:
    said = replace(SAID, squad_ids=(world.squad_id,))
    made = await asyncio.gather(*(service.create(MIA, said, "view:1") for _ in range(3)))
    assert len({each.sheet.announcement.id for each in made}) == 1
    key = made[0].sheet.announcement.id
    await asyncio.gather(*(service.confirm(BO, key) for _ in range(4)), service.confirm(ADA, key))
    assert await count(database, AnnouncementReceipt) == 2
    posts = await planned(database, told.POST)
    assert [row.operation for row in posts] == ["post", "update"]
    assert posts[1].due_at == TUESDAY + timedelta(minutes=1)
    assert (await service.own(MIA, key)).sheet.got == 2


async def test_two_clocks_plan_each_line_once(
    world: World, service: Announcements, database: Database, hands: Hands
) -> None:
    await service.create(MIA, replace(SAID, squad_ids=(world.squad_id,)), None)
    await asyncio.gather(*(service.step() for _ in range(4)))
    lines = await planned(database, told.LINE)
    assert [row.due_at for row in lines] == [datetime(2026, 3, 11, 9, tzinfo=UTC)] * 2
    assert not await service.step()
    hands.now += timedelta(hours=1)
    assert await service.step()
    assert len(await planned(database, told.LINE)) == 2
    hands.now += timedelta(days=29)
    assert await service.step()
    hands.now += timedelta(days=1)
    assert not await service.step(), "nobody is reminded for ever"


async def test_who_may_and_what_is_gone(
    world: World, service: Announcements, database: Database
) -> None:
    said = replace(SAID, squad_ids=(world.squad_id,))
    for caller, given, raised in (
        (BO, said, NotAllowed),
        (MIA, SAID, BadInput),
        (MIA, replace(SAID, squad_ids=(world.squad_id, 99)), NotFound),
        (MIA, replace(said, reply_by="2026-03-10 09:00"), BadInput),
        (MIA, replace(said, reply_by="soon"), BadInput),
    ):
        with pytest.raises(raised):
            await service.create(caller, given, None)
    other = await world.squad("Heron")
    with pytest.raises(NotAllowed):
        await service.create(MIA, replace(SAID, squad_ids=(world.squad_id, other)), None)
    made = await service.create(MIA, replace(said, reply_by="2026-03-12"), None)
    key = made.sheet.announcement.id
    assert made.sheet.announcement.reply_by == datetime(2026, 3, 12, 17, tzinfo=UTC)
    with pytest.raises(Conflict, match="announcement_reply"):
        await service.confirm(BO, key)
    assert (await service.reply(BO, key, "yes")).receipt is not None
    assert (await service.reply(BO, key, "no")).receipt.reply == "no"  # type: ignore[union-attr]
    assert [each.receipt is not None for each in (await service.details(MIA, key)).readers or ()]
    assert (await service.details(BO, key)).readers is None
    await world.person("Cy", "U0CY")
    with pytest.raises(NotFound):
        await service.own(Caller(TEAM, "U0CY"), key)
    with pytest.raises(NotAllowed):
        await service.withdraw(BO, key)
    await service.withdraw(MIA, key)
    for refused in (service.reply(ADA, key, "x"), service.edit(MIA, key, "x", None)):
        with pytest.raises(Conflict, match="announcement_withdrawn"):
            await refused
    # Who left is counted no more, and may not change what they wrote.
    async with database.write() as tx:
        await tx.execute(update(Member).values(status="offboarded"))
    with pytest.raises(NotFound):
        await service.withdraw(MIA, key)


async def test_replies_are_asked_once_and_counted_when_they_are_due(
    world: World, service: Announcements, database: Database
) -> None:
    made = await service.create(MIA, replace(SAID, squad_ids=(world.squad_id,)), None)
    key = made.sheet.announcement.id
    for caller, by, raised in (
        (BO, "2026-03-13", NotAllowed),
        (MIA, "", BadInput),
        (MIA, "2026-03-09", BadInput),
    ):
        with pytest.raises(raised):
            await service.ask_replies(caller, key, by, None)
    await asyncio.gather(*(service.ask_replies(MIA, key, "2026-03-13", "view:5") for _ in range(3)))
    due = datetime(2026, 3, 13, 17, tzinfo=UTC)
    assert (await service.own(MIA, key)).sheet.announcement.reply_by == due
    assert [row.due_at for row in await planned(database, told.COUNT)] == [due]
    assert [row.operation for row in await planned(database, told.POST)] == ["post", "update"]
    # Told already how many have got it, its author is told once more when replies are due.
    async with database.write() as tx:
        read = OutboxRow.kind == told.COUNT
        await tx.execute(update(OutboxRow).where(read).values(state=DeliveryState.SENT.value))
    await service.ask_replies(MIA, key, "2026-03-16 12:00", None)
    counts = [(row.state, row.due_at) for row in await planned(database, told.COUNT)]
    assert counts == [("sent", due), ("waiting", datetime(2026, 3, 16, 12, tzinfo=UTC))]
    await service.withdraw(MIA, key)
    with pytest.raises(Conflict, match="announcement_withdrawn"):
        await service.ask_replies(MIA, key, "2026-03-13", None)


async def test_a_session_is_planned_moved_and_reminded_once(
    world: World, sessions: Sessions, database: Database, hands: Hands
) -> None:
    made = await asyncio.gather(
        *(sessions.create(MIA, draft(world), None, "view:2") for _ in range(3))
    )
    assert await count(database, SessionRow) == 1
    key = made[0].sheet.session.id
    await asyncio.gather(*(sessions.answer(BO, key, Rsvp.YES) for _ in range(3)))
    assert await count(database, SessionReply) == 1
    await sessions.change(MIA, key, draft(world, starts="2026-03-12 14:00"), "view:3")
    await sessions.change(MIA, key, draft(world, starts="2026-03-12 14:00"), "view:3")
    assert len(await planned(database, rules.MOVED)) == 1
    start = datetime(2026, 3, 12, 14, tzinfo=UTC)
    for minutes in (-60 * 24, -60 * 5, -10, -5, 0, 30, 60, 120):
        hands.now = start + timedelta(minutes=minutes)
        await asyncio.gather(*(sessions.step() for _ in range(2)))
    assert len(await planned(database, rules.DAY)) == 3
    (soon,) = await planned(database, rules.SOON)
    assert soon.not_after == start
    assert len(await planned(database, rules.QUIZ)) == 1
    assert len(await planned(database, rules.COUNT)) == 1
    with pytest.raises(Conflict, match="session_over"):
        await sessions.answer(ADA, key, Rsvp.YES)
    with pytest.raises(NotAllowed):
        await sessions.attended(BO, key, 3)
    assert (await sessions.attended(MIA, key, 3)).sheet.session.attended == 3


async def test_a_clock_that_slept_through_it_says_nothing_late(
    world: World, sessions: Sessions, database: Database, hands: Hands
) -> None:
    key = (await sessions.create(MIA, draft(world), None, None)).sheet.session.id
    await sessions.answer(BO, key, Rsvp.YES)
    hands.now = datetime(2026, 3, 14, 9, tzinfo=UTC)
    assert await sessions.step()
    assert await planned(database, rules.DAY) == await planned(database, rules.SOON) == []
    assert len(await planned(database, rules.QUIZ)) == 1


async def test_a_quiz_is_taken_once_and_few_are_no_totals(
    world: World,
    sessions: Sessions,
    quizzes: SessionQuizzes,
    database: Database,
    hands: Hands,
) -> None:
    key = (await sessions.create(MIA, draft(world), None, None)).sheet.session.id
    with pytest.raises(Conflict, match="quiz_not_open"):
        await quizzes.begin(BO, key)
    hands.now = datetime(2026, 3, 11, 16, tzinfo=UTC)
    started = await quizzes.begin(BO, key)
    assert isinstance(started, tuple)
    first, second = (each.id for each in started[1])
    edition = rules.quiz_edition(started[1])
    with pytest.raises(BadInput, match="quiz_choose_one"):
        await quizzes.take(BO, key, {first: "0", second: "7"}, edition)
    found = await asyncio.gather(
        *(quizzes.take(BO, key, {first: "0", second: wrong}, edition) for wrong in "010")
    )
    assert len({each.right for each in found}) == 1, "only the first ones count"
    assert await count(database, SessionAnswer) == 2
    totals = await quizzes.totals(MIA, key)
    assert (totals.taken, len(totals.right)) == (1, 2)
    assert [person.name for person, _ in totals.people or ()] == ["Bo"]
    for setting in ("self", "off"):
        async with database.write() as tx:
            await tx.execute(update(Squad).values(individual_figures=setting))
        totals = await quizzes.totals(MIA, key)
        assert (totals.taken, totals.right, totals.people, totals.yes) == (1, (), None, ())
    with pytest.raises(NotAllowed):
        await quizzes.totals(ADA, key)
    hands.now += timedelta(days=20)
    with pytest.raises(Conflict, match="quiz_not_open"):
        await quizzes.begin(ADA, key)


async def test_words_go_after_their_time_and_with_their_person(
    world: World,
    service: Announcements,
    sessions: Sessions,
    database: Database,
    hands: Hands,
) -> None:
    said = replace(SAID, squad_ids=(world.squad_id,), reply_by="2026-03-12")
    key = (await service.create(MIA, said, None)).sheet.announcement.id
    bo = (await service.reply(BO, key, "yes")).receipt.person_id  # type: ignore[union-attr]
    await service.reply(ADA, key, "no")
    async with database.write() as tx:
        await erasing.forget_words(tx, [bo], hands.now)
    async with database.read() as connection:
        replies = list(
            await connection.scalars(
                select(AnnouncementReceipt.reply).order_by(AnnouncementReceipt.id)
            )
        )
    assert replies == [None, "no"]
    met = (await sessions.create(MIA, draft(world), None, None)).sheet.session.id
    await sessions.answer(BO, met, Rsvp.YES)
    hands.now += timedelta(days=60)
    later = hands.now + timedelta(days=1)
    async with database.write() as tx:
        assert await retention.announcements(tx, world.workspace_id, later, 9) == 1, "a reply"
    await service.step()
    await sessions.step()
    async with database.write() as tx:
        assert await retention.announcements(tx, world.workspace_id, later, 9) == 1
        assert await retention.sessions(tx, world.workspace_id, later, 9) == 1
        assert await retention.sessions(tx, world.workspace_id, later, 9) == 0
    async with database.read() as connection:
        assert await connection.scalar(select(Announcement.text)) == ""
    assert await service.open(ADA) == []
