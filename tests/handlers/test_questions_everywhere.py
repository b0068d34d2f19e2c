"""The course of a question on each kind of database, and what two people do at the same moment."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.errors import Conflict, UserError
from bot.rules.escalations import AnswerForm, EscalationForm
from bot.rules.questions import Ask, AskedVia, Place, Told
from models import EdgeCase, Escalation, Question, Squad, VerifiedAnswer
from tests import guided
from tests.harness import House
from tests.scenes import Scene, open_scene

HARD = "Who pays the invoice for a tram ticket?"


@pytest.fixture
async def scene(any_house: House, tmp_path: Path) -> Scene:
    found = await open_scene(any_house)
    await guided.load(found, tmp_path / "guide")
    channel = any_house.slack.add_channel("questions", members=[found.mia, found.abe, found.ana])
    async with any_house.database.write() as tx:
        await tx.execute(update(Squad).values(questions_channel=channel.id))
    return found


async def asked(scene: Scene, text: str = HARD, user: Any = None) -> Told:
    caller = scene.house.caller(user or scene.ana)
    place = Place(scene.team.id, None, None)
    found = await scene.house.services.questions.ask(
        caller, Ask(text=text, via=AskedVia.COMMAND, place=place), None
    )
    assert isinstance(found, Told)
    return found


async def escalated(scene: Scene, user: Any = None) -> int:
    user = user or scene.ana
    told = await asked(scene, user=user)
    form = EscalationForm(question_id=told.question_id, task="T-1")
    done = await scene.house.services.escalations.ask(scene.house.caller(user), form, None)
    return int(done.escalation_id)


async def outcomes(*calls: Any) -> list[str]:
    """What became of calls made at once: "done", or the code of what stood in the way."""
    done = await asyncio.gather(*calls, return_exceptions=True)
    for each in done:
        if isinstance(each, BaseException) and not isinstance(each, UserError):
            raise each
    return sorted(each.code if isinstance(each, UserError) else "done" for each in done)


async def test_from_the_question_to_the_kept_answer_and_back(scene: Scene) -> None:
    services, house = scene.house.services, scene.house
    key = await escalated(scene)
    await house.open_home(scene.ana)
    await house.drain()
    assert "a person was asked" in house.slack.home(scene.ana).shown
    mia = house.caller(scene.mia)
    await services.duty.claim(mia, key)
    answer = AnswerForm(escalation_id=key, text="The company does.", keep=True, edge=True)
    await services.duty.answer(mia, answer, "once")
    again = await services.duty.answer(mia, answer, "once")
    assert (again.askers, again.keep, again.edge) == (1, True, True)
    await house.drain()
    assert "The company does." in house.slack.dm(scene.ana)[-1].shown
    await house.open_home(scene.ana)
    await house.drain()
    assert "a person answered" in house.slack.home(scene.ana).shown
    assert len(await scene.rows(VerifiedAnswer)) == len(await scene.rows(EdgeCase)) == 1
    told = await asked(scene, "Who pays the tram ticket invoice?", scene.bo)
    assert told.verified is not None
    assert told.verified.verified.answer == "The company does."
    _, gaps = await services.gaps.find(mia, _here(scene))
    assert (gaps.asked, gaps.without_person) == (2, 1)


def _here(scene: Scene) -> Any:
    from bot.rules.squads import Where  # noqa: PLC0415 - used here alone

    return Where(squad_id=scene.squad_id)


async def test_two_who_claim_at_once_do_not_both_have_it(scene: Scene) -> None:
    duty, key = scene.house.services.duty, await escalated(scene)
    people = [scene.house.caller(user) for user in (scene.mia, scene.abe)]
    assert await outcomes(*(duty.claim(each, key) for each in people)) == [
        "claimed_by_other",
        "done",
    ]
    (row,) = await scene.rows(Escalation)
    assert row.state == "claimed"


async def test_two_who_answer_at_once_give_one_answer(scene: Scene) -> None:
    duty, key = scene.house.services.duty, await escalated(scene)
    calls = [
        duty.answer(scene.house.caller(user), AnswerForm(escalation_id=key, text=text), text)
        for user, text in ((scene.mia, "First."), (scene.abe, "Second."))
    ]
    assert await outcomes(*calls) == ["answered_already", "done"]
    assert len(await scene.planned("escalations.answer")) == 1


async def test_an_answer_and_a_withdrawal_at_once_end_it_once(scene: Scene) -> None:
    services, key = scene.house.services, await escalated(scene)
    (question,) = await scene.rows(Question)
    found = await outcomes(
        services.duty.answer(
            scene.house.caller(scene.mia), AnswerForm(escalation_id=key, text="Yes."), "a"
        ),
        services.escalations.withdraw(scene.house.caller(scene.ana), question.id),
    )
    assert found in (["answered_already", "done"], ["done", "escalation_closed"])


async def test_one_who_joins_hears_the_answer_too(scene: Scene) -> None:
    services, house = scene.house.services, scene.house
    key = await escalated(scene)
    told = await asked(scene, user=scene.bo)
    sheet = await services.escalations.asking(house.caller(scene.bo), told.question_id)
    assert [each.escalation_id for each in sheet.similar] == [key]
    joined = await services.escalations.join(house.caller(scene.bo), told.question_id, key)
    assert joined.joined
    with pytest.raises(Conflict, match="asked_already"):
        await services.escalations.asking(house.caller(scene.bo), told.question_id)
    answer = AnswerForm(escalation_id=key, text="The company does.")
    done = await services.duty.answer(house.caller(scene.mia), answer, "a")
    assert done.askers == 2
    house.move(hours=6)
    await house.drain()
    for user in (scene.ana, scene.bo):
        assert "The company does." in house.slack.dm(user)[-1].shown


async def test_a_deleted_mention_is_answered_all_the_same(scene: Scene) -> None:
    house = scene.house
    await house.mention(scene.ana, HARD, scene.team)
    await house.drain()
    root, reply = house.slack.messages(scene.team)
    await house.click(reply, "escalations.open", scene.ana)
    await house.submit(house.slack.views(scene.ana)[-1], scene.ana, {})
    root.deleted = True
    gone = house.slack.event(
        "message",
        subtype="message_deleted",
        channel=scene.team.id,
        deleted_ts=root.ts,
        previous_message={"text": HARD, "user": scene.ana.id, "thread_ts": root.ts},
    )
    await gone.deliver(house.app)
    assert len(await scene.rows(Question)) == 1
    (case,) = await scene.rows(Escalation)
    answer = AnswerForm(escalation_id=case.id, text="The company does.")
    await house.services.duty.answer(house.caller(scene.mia), answer, "a")
    await house.drain()
    assert "The company does." in house.slack.messages(scene.team)[-1].shown
