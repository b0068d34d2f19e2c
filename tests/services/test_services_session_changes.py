"""Sessions that change on each kind of database: for whom they are, and what their quiz asks."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from bot.clock import Clock
from bot.errors import BadInput, Conflict, NotAllowed, UserError
from bot.rules import sessions as rules
from bot.rules.outbox import DeliveryState
from bot.rules.sessions import Asked, Audience, Draft, Quiz, Rsvp
from bot.services.citations import Citations
from bot.services.session_quizzes import SessionQuizzes
from bot.services.sessions import Sessions
from bot.store.database import Database
from models import OutboxRow, SessionQuestion, SessionReply
from tests.services.quality_world import World, open_world
from tests.services.test_services_gatherings import ADA, BO, MIA, QUIZ, Hands, count, draft, planned

THE_DAY = datetime(2026, 3, 11, 9, tzinfo=UTC)
AFTER = datetime(2026, 3, 11, 16, tzinfo=UTC)
OTHER = Quiz(questions=(replace(QUIZ[0], text="Who?"),))


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def world(database: Database) -> World:
    found = await open_world(database)
    await found.person("Mia", "U0MIA", roles=("manager",))
    await found.person("Bo", "U0BO", roles=("contributor",))
    await found.person("Ada", "U0ADA", roles=("auditor",))
    return found


@pytest.fixture
def sessions(database: Database, hands: Hands) -> Sessions:
    return Sessions(database, Clock(source=hands))


@pytest.fixture
def quizzes(database: Database, hands: Hands) -> SessionQuizzes:
    clock = Clock(source=hands)
    return SessionQuizzes(database, clock, Citations(database, clock))


def only(world: World, **given: object) -> Draft:
    """What a form says in which everything else was left empty."""
    empty = {"title": "", "starts": "", "ends": "", "questions": ()}
    return draft(world, **(empty | given))


async def lines(database: Database, kind: str) -> list[int]:
    return sorted(row.person_id for row in await planned(database, kind) if row.person_id)


def answered(quiz: list[Asked]) -> tuple[dict[int, str], str]:
    """Every right answer, and of which quiz."""
    return {each.id: str(each.correct) for each in quiz}, rules.quiz_edition(quiz)


async def test_who_is_newly_asked_has_a_line_and_who_is_not_any_more_nothing(
    world: World, sessions: Sessions, database: Database, hands: Hands
) -> None:
    made = await sessions.create(MIA, draft(world, audience=Audience.CONTRIBUTORS), None, None)
    key = made.sheet.session.id
    await sessions.answer(BO, key, Rsvp.YES)
    hands.now = THE_DAY
    await sessions.step()
    (bo,) = await lines(database, rules.DAY)
    to_auditors = only(world, audience=Audience.AUDITORS)
    with pytest.raises(NotAllowed):
        await sessions.change(BO, key, to_auditors, None)
    after = await sessions.change(MIA, key, to_auditors, "view:1")
    assert (after.sheet.coming, after.sheet.session.title) == (0, "Bikes")
    assert after.sheet.session.revision == 1, "nobody is told of another time"
    with pytest.raises(NotAllowed, match="session_not_asked"):
        await sessions.answer(BO, key, Rsvp.NO)
    assert await sessions.step(), "the clock looks at once"
    (ada,) = set(await lines(database, rules.DAY)) - {bo}
    # Asked again, Bo has a line again, once that one was read and ticked off.
    async with database.write() as tx:
        read = OutboxRow.kind == rules.DAY
        await tx.execute(update(OutboxRow).where(read).values(state=DeliveryState.SENT.value))
    by_name = only(world, audience=Audience.CHOSEN, user_ids=("U0BO", "U0ADA"))
    await sessions.change(MIA, key, by_name, "view:2")
    await sessions.change(MIA, key, only(world, audience=Audience.CHOSEN), "view:3")
    await sessions.step()
    assert await lines(database, rules.DAY) == sorted([bo, bo, ada])
    assert (await sessions.own(BO, key)).sheet.coming == 1, "what he said was kept"
    hands.now = THE_DAY.replace(hour=13, minute=52)
    await sessions.step()
    assert await lines(database, rules.SOON) == [bo]
    assert await lines(database, rules.MOVED) == []


async def test_people_are_chosen_anew_and_must_be_there(
    world: World, sessions: Sessions, database: Database
) -> None:
    made = await sessions.create(MIA, draft(world), None, None)
    key = made.sheet.session.id
    for given, code in (((), "session_nobody"), (("U0BO", "U0CY"), "session_strangers")):
        with pytest.raises(BadInput, match=code):
            await sessions.change(
                MIA, key, only(world, audience=Audience.CHOSEN, user_ids=given), None
            )
    for given in (("U0BO",), ("U0ADA",)):
        await sessions.change(MIA, key, only(world, audience=Audience.CHOSEN, user_ids=given), None)
    chosen = (await sessions.changeable(MIA, key)).chosen
    assert [each.name for each in chosen] == ["Ada"]
    await sessions.change(MIA, key, only(world, audience=Audience.SQUAD), None)
    found = await sessions.changeable(MIA, key)
    assert (found.own.invited, found.chosen) == (True, ())
    assert await count(database, SessionReply) == 2


async def test_a_session_under_way_keeps_its_start(
    world: World, sessions: Sessions, hands: Hands
) -> None:
    key = (await sessions.create(MIA, draft(world), None, None)).sheet.session.id
    hands.now = THE_DAY.replace(hour=14, minute=30)
    found = await sessions.change(MIA, key, only(world, link="https://a.example/b"), None)
    assert found.sheet.session.link == "https://a.example/b"
    found = await sessions.change(MIA, key, only(world, ends="15:30", link="none"), None)
    assert found.sheet.session.link is None
    assert found.sheet.session.ends_at == THE_DAY.replace(hour=15, minute=30)
    with pytest.raises(BadInput, match="session_past"):
        await sessions.change(MIA, key, only(world, starts="2026-03-11 14:10"), None)


async def test_a_quiz_is_changed_until_somebody_took_it(
    world: World,
    sessions: Sessions,
    quizzes: SessionQuizzes,
    database: Database,
    hands: Hands,
) -> None:
    key = (await sessions.create(MIA, draft(world), None, None)).sheet.session.id
    await sessions.answer(BO, key, Rsvp.YES)
    await sessions.change(MIA, key, only(world), None, OTHER)
    hands.now = AFTER
    opened = await quizzes.begin(BO, key)
    assert isinstance(opened, tuple)
    assert [each.text for each in opened[1]] == ["Who?"]
    with pytest.raises(Conflict, match="session_over"):
        await sessions.change(MIA, key, only(world, title="Cars"), None, OTHER)
    await sessions.change(MIA, key, only(world), None, Quiz(questions=QUIZ))
    with pytest.raises(Conflict, match="quiz_changed"):
        await quizzes.take(BO, key, {opened[1][0].id: "0"}, rules.quiz_edition(opened[1]))
    opened = await quizzes.begin(BO, key)
    assert isinstance(opened, tuple)
    results = await quizzes.take(BO, key, *answered(opened[1]))
    assert results.right == 2
    for quiz in (OTHER, Quiz()):
        with pytest.raises(Conflict, match="quiz_answered"):
            await sessions.change(MIA, key, only(world), None, quiz)
    with pytest.raises(Conflict, match="quiz_answered"):
        await sessions.changeable(MIA, key)
    assert await count(database, SessionQuestion) == 2
    hands.now = datetime(2026, 3, 30, tzinfo=UTC)
    with pytest.raises(Conflict, match="session_over"):
        await sessions.change(MIA, key, only(world), None, OTHER)


async def test_a_quiz_that_comes_late_goes_and_comes_again_is_told_of_each_time(
    world: World, sessions: Sessions, database: Database, hands: Hands
) -> None:
    key = (await sessions.create(MIA, draft(world, questions=()), None, None)).sheet.session.id
    await sessions.answer(BO, key, Rsvp.YES)
    hands.now = AFTER
    await sessions.step()
    assert await lines(database, rules.QUIZ) == []
    await sessions.change(MIA, key, only(world), None, OTHER)
    await sessions.change(MIA, key, only(world), None, Quiz(questions=QUIZ))
    assert len(await lines(database, rules.QUIZ)) == 1, "whoever came, once"
    async with database.write() as tx:
        read = OutboxRow.kind == rules.QUIZ
        await tx.execute(update(OutboxRow).where(read).values(state=DeliveryState.SENT.value))
    await sessions.change(MIA, key, only(world), None, Quiz())
    await sessions.change(MIA, key, only(world), None, OTHER)
    assert len(await lines(database, rules.QUIZ)) == 2


async def test_taken_and_changed_at_once_one_of_them_is_refused(
    world: World, sessions: Sessions, quizzes: SessionQuizzes, hands: Hands
) -> None:
    key = (await sessions.create(MIA, draft(world), None, None)).sheet.session.id
    hands.now = AFTER
    opened = await quizzes.begin(BO, key)
    assert isinstance(opened, tuple)
    given = answered(opened[1])
    found = await asyncio.gather(
        quizzes.take(BO, key, *given),
        sessions.change(MIA, key, only(world), None, OTHER),
        quizzes.take(ADA, key, *given),
        return_exceptions=True,
    )
    raised = [each for each in found if isinstance(each, BaseException)]
    refused = {each.code if isinstance(each, UserError) else repr(each) for each in raised}
    assert refused in ({"quiz_answered"}, {"quiz_changed"}), found
