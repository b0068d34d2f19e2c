"""Questions that go to a person: asked, read by those on duty, answered, passed on, withdrawn."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from models import EdgeCase, Escalation, LedgerEntry, Question, Squad, VerifiedAnswer
from tests import guided
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

HARD = "Who pays the invoice for a tram ticket?"


@pytest.fixture
async def scene(house: House, tmp_path: Path) -> Scene:
    return await _scene(house, tmp_path)


async def _scene(house: House, tmp_path: Path) -> Scene:
    found = await open_scene(house)
    await guided.load(found, tmp_path / "guide")
    people = [found.mia, found.abe, found.ana, found.bo]
    found.questions = house.slack.add_channel("questions", members=people)  # type: ignore[attr-defined]
    await set_squad(found, questions_channel=found.questions.id)  # type: ignore[attr-defined]
    return found


async def set_squad(scene: Scene, **values: Any) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).where(Squad.id == scene.squad_id).values(**values))


def posts(scene: Scene) -> list[Any]:
    return scene.house.slack.messages(scene.questions)  # type: ignore[attr-defined]


async def asks(
    scene: Scene,
    text: str = HARD,
    user: Any = None,
    *,
    task: str | None = None,
    named: bool = False,
) -> Any:
    """Ask by command, then a person; return the receipt."""
    user = user or scene.ana
    house = scene.house
    await house.command(user, "/ask", text, scene.team)
    shown = house.slack.ephemerals(scene.team, user)[-1]
    await house.click(shown, "escalations.open", user)
    form = house.slack.views(user)[-1]
    values: dict[str, Any] = {"task": task} if task else {}
    values["named"] = ["yes"] if named else []
    done = await house.submit(form, user, values)
    await house.drain()
    return done.view


async def answers(scene: Scene, by: Any = None, **values: Any) -> Any:
    by = by or scene.mia
    await scene.house.click(posts(scene)[0], "duty.answer", by)
    form = scene.house.slack.views(by)[-1]
    done = await scene.house.submit(form, by, {"answer": "The company does.", **values})
    await scene.house.drain()
    return done


# Asking


async def test_the_asker_learns_who_reads_it_when_and_what_to_do_meanwhile(scene: Scene) -> None:
    await set_squad(scene, interim_rule="Skip the task.")
    receipt = await asks(scene, task="T-7")
    assert "Mia" in receipt.shown or f"<@{scene.mia.id}>" in receipt.shown
    assert "13:00" in receipt.shown, "four working hours from nine"
    assert "Skip the task." in receipt.shown
    assert "T-7" in receipt.shown


async def test_before_work_the_asker_reads_the_hour_on_their_own_clock(scene: Scene) -> None:
    scene.house.hands.time = MORNING - timedelta(hours=3)  # six in London, two in New York
    receipt = await asks(scene, user=scene.bo)
    assert "05:00, your time" in receipt.shown
    assert "09:00 (America/New_York)" in receipt.shown


async def test_the_post_names_nobody_who_did_not_agree(scene: Scene) -> None:
    await asks(scene, task="T-7")
    (post,) = posts(scene)
    assert "without a name" in post.shown
    assert scene.ana.id not in str(post.blocks)
    assert "Ana" not in str(post.blocks)
    assert HARD in post.shown
    assert "https://tool.example/tasks/T-7" in str(post.blocks)


async def test_the_post_names_who_agreed(scene: Scene) -> None:
    await asks(scene, named=True)
    assert f"<@{scene.ana.id}>" in str(posts(scene)[0].blocks)


async def test_without_a_channel_it_goes_to_whoever_is_there_first(scene: Scene) -> None:
    await set_squad(scene, questions_channel=None)
    await asks(scene)
    told = [*scene.house.slack.dm(scene.mia), *scene.house.slack.dm(scene.abe)]
    assert len(told) == 1
    assert HARD in told[0].shown
    assert "duty.answer" in str(told[0].blocks)


async def test_asked_twice_it_is_one_question(scene: Scene) -> None:
    await asks(scene)
    house = scene.house
    shown = house.slack.ephemerals(scene.team, scene.ana)[-1]
    await house.click(shown, "escalations.open", scene.ana)
    assert "already" in house.slack.ephemerals(scene.team, scene.ana)[-1].shown
    assert len(await scene.rows(Escalation)) == 1


async def test_nobody_to_ask_is_said(scene: Scene) -> None:
    other = await scene.second_squad("Osprey", [(scene.oz, "contributor")])
    assert other
    await scene.house.command(scene.oz, "/ask", HARD, scene.team)
    shown = scene.house.slack.ephemerals(scene.team, scene.oz)[-1]
    await scene.house.click(shown, "escalations.open", scene.oz)
    assert "/muster grant" in scene.house.slack.ephemerals(scene.team, scene.oz)[-1].shown


# Answering


async def test_the_answer_reaches_the_asker_and_the_post_shows_it(scene: Scene) -> None:
    await asks(scene)
    done = await answers(scene)
    assert "Sent to the one" in done.view.shown
    told = scene.house.slack.dm(scene.ana)[-1]
    assert "The company does." in told.shown
    assert f"<@{scene.mia.id}>" in str(told.blocks)
    assert "answered" in posts(scene)[0].shown
    assert "duty.answer" not in str(posts(scene)[0].blocks)


async def test_an_answer_at_night_waits_for_the_askers_morning(scene: Scene) -> None:
    await asks(scene, user=scene.bo)  # five in the morning in New York
    await answers(scene)
    assert scene.house.slack.dm(scene.bo) == []
    scene.house.move(hours=4)
    await scene.house.drain()
    assert "The company does." in scene.house.slack.dm(scene.bo)[-1].shown


async def test_a_mention_is_answered_in_its_thread(scene: Scene) -> None:
    house = scene.house
    await house.mention(scene.ana, HARD, scene.team)
    await house.drain()
    root, reply = house.slack.messages(scene.team)
    await house.click(reply, "escalations.open", scene.ana)
    await house.submit(house.slack.views(scene.ana)[-1], scene.ana, {"named": ["yes"]})
    await house.drain()
    await answers(scene)
    last = house.slack.messages(scene.team)[-1]
    assert last.thread_ts == root.ts
    assert "The company does." in last.shown


async def test_an_answer_is_kept_as_knowledge_and_as_an_edge_case(scene: Scene) -> None:
    await asks(scene, "Are reflections of trams in a puddle boxed at night?", task="T-7")
    done = await answers(scene, section="0", keep=["verified", "edge"])
    assert "verified answer" in done.view.shown
    assert "edge case" in done.view.shown
    (kept,) = await scene.rows(VerifiedAnswer)
    (edge,) = await scene.rows(EdgeCase)
    assert kept.section == edge.section
    assert kept.section in {"Occlusion › 5.2 Reflections", "Night scenes › 6.1 Headlights"}
    assert (kept.answer, edge.ruling) == ("The company does.", "The company does.")
    assert (edge.version, edge.task) == ("1.0", "T-7")
    assert kept.expires_at - kept.verified_at == timedelta(days=90)


async def test_an_empty_answer_is_refused_at_its_field(scene: Scene) -> None:
    await asks(scene)
    done = await answers(scene, answer="   ")
    assert "answer" in done.errors
    assert (await scene.rows(Escalation))[0].state == "open"


async def test_a_second_answer_changes_nothing(scene: Scene) -> None:
    await asks(scene)
    house = scene.house
    for user in (scene.mia, scene.abe):
        await house.click(posts(scene)[0], "duty.answer", user)
    forms = [house.slack.views(user)[-1] for user in (scene.mia, scene.abe)]
    await house.submit(forms[0], scene.mia, {"answer": "First."})
    done = await house.submit(forms[1], scene.abe, {"answer": "Second."})
    assert "answered already" in done.view.shown
    await house.drain()
    assert [row.answer for row in await scene.rows(Escalation)] == ["First."]
    assert len(await scene.planned("escalations.answer")) == 1


async def test_who_may_not_answer_reads_who_can(scene: Scene) -> None:
    await asks(scene)
    await scene.house.click(posts(scene)[0], "duty.answer", scene.bo)
    told = scene.house.slack.ephemerals(scene.questions, scene.bo)[-1]  # type: ignore[attr-defined]
    assert "managers and auditors" in told.shown


# Claiming


async def test_two_cannot_claim_the_same_and_a_claim_ends_by_itself(scene: Scene) -> None:
    await asks(scene)
    house = scene.house
    await house.click(posts(scene)[0], "duty.claim", scene.mia)
    await house.drain()
    assert f"<@{scene.mia.id}> is answering" in str(posts(scene)[0].blocks)
    await house.click(posts(scene)[0], "duty.answer", scene.abe)
    told = house.slack.ephemerals(scene.questions, scene.abe)[-1]  # type: ignore[attr-defined]
    assert "Mia is answering it" in told.shown
    house.move(minutes=61)
    await house.drain()
    assert "is answering" not in str(posts(scene)[0].blocks)
    assert "duty.claim" in str(posts(scene)[0].blocks)
    await house.click(posts(scene)[0], "duty.claim", scene.abe)
    assert (await scene.rows(Escalation))[0].claimed_by == scene.person(scene.abe)


# The clock


async def test_half_the_time_is_a_line_and_all_of_it_tells_the_managers(scene: Scene) -> None:
    await asks(scene)
    house = scene.house
    house.move(hours=1, minutes=59)
    await house.drain()
    assert house.slack.dm(scene.abe) == []
    house.move(minutes=2)
    await house.drain()
    assert "waits" in house.slack.dm(scene.abe)[-1].shown
    assert "over its time" not in str(house.slack.dm(scene.mia))
    house.move(hours=2)
    await house.drain()
    assert "over its time" in house.slack.dm(scene.mia)[-1].shown
    assert "over its time" not in str([each.shown for each in house.slack.dm(scene.abe)])


async def test_an_answer_in_time_reminds_nobody(scene: Scene) -> None:
    await asks(scene)
    await answers(scene)
    scene.house.move(hours=5)
    await scene.house.drain()
    assert scene.house.slack.dm(scene.abe) == []
    assert scene.house.slack.dm(scene.mia) == []


async def test_a_squad_sets_its_own_promise_and_rule(scene: Scene) -> None:
    house = scene.house
    await house.command(scene.mia, "/squad", "questions", scene.team)
    form = house.slack.views(scene.mia)[-1]
    done = await house.submit(form, scene.mia, {"answer_time": "soon"})
    assert "answer_time" in done.errors
    values = {"answer_time": "90 min", "interim_rule": "Skip it."}
    done = await house.submit(form, scene.mia, values)
    assert "90 min" in done.view.shown
    receipt = await asks(scene)
    assert "10:30" in receipt.shown
    assert "Skip it." in receipt.shown


# Passing on


async def test_it_is_passed_on_and_answered_from_outside(scene: Scene) -> None:
    house = scene.house
    await house.command(scene.mia, "/squad", f"add <@{scene.oz.id}> delivery", scene.team)
    await asks(scene, named=True)
    await house.click(posts(scene)[0], "duty.pass", scene.mia)
    form = house.slack.views(scene.mia)[-1]
    await house.submit(form, scene.mia, {"to": "delivery", "note": "Ask finance."})
    await house.drain()
    asked = house.slack.dm(scene.oz)[-1]
    assert "Ask finance." in asked.shown
    assert HARD in asked.shown
    assert scene.ana.id not in str(asked.blocks), "who asked is nothing to those outside"
    assert "delivery team" in posts(scene)[0].shown
    await house.click(asked, "duty.answer", scene.oz)
    form = house.slack.views(scene.oz)[-1]
    await house.submit(form, scene.oz, {"answer": "Finance does."})
    await house.drain()
    assert "Finance does." in house.slack.dm(scene.ana)[-1].shown


async def test_with_nobody_outside_it_says_who_adds_them(scene: Scene) -> None:
    await asks(scene)
    await scene.house.click(posts(scene)[0], "duty.pass", scene.mia)
    told = scene.house.slack.ephemerals(scene.questions, scene.mia)[-1]  # type: ignore[attr-defined]
    assert "/squad add @x delivery" in told.shown


# Together and withdrawn


async def test_two_that_ask_the_same_get_one_answer(scene: Scene) -> None:
    house = scene.house
    await asks(scene)
    await asks(scene, "Who pays the tram ticket's bill?", scene.bo)
    await house.click(posts(scene)[1], "duty.same", scene.mia)
    form = house.slack.views(scene.mia)[-1]
    options = next(block for block in form.blocks if block.get("block_id") == "same")
    value = options["element"]["options"][0]["value"]
    await house.submit(form, scene.mia, {"same": value})
    await house.drain()
    assert "1 more waits" in posts(scene)[0].shown
    assert "Brought together" in posts(scene)[1].shown
    await answers(scene)
    house.move(hours=6)
    await house.drain()
    for user in (scene.ana, scene.bo):
        assert "The company does." in house.slack.dm(user)[-1].shown


async def test_a_withdrawn_question_asks_nobody_any_more(scene: Scene) -> None:
    house = scene.house
    await asks(scene)
    await house.command(scene.ana, "/ask", HARD, scene.team)
    shown = house.slack.ephemerals(scene.team, scene.ana)[-1]
    await house.click(shown, "escalations.withdraw", scene.ana)
    await house.drain()
    assert "Withdrawn" in posts(scene)[0].shown
    house.move(hours=5)
    await house.drain()
    assert house.slack.dm(scene.mia) == []
    assert [row.state for row in await scene.rows(Escalation)] == ["withdrawn"]


async def test_everything_is_in_the_ledger_without_text(scene: Scene) -> None:
    await asks(scene)
    await answers(scene)
    acts = [row.action for row in await scene.rows(LedgerEntry)]
    assert acts.count("question.escalated") == 1
    assert acts.count("question.answered") == 1
    assert HARD not in str([row.ids for row in await scene.rows(LedgerEntry)])


async def test_an_asker_who_left_the_squad_still_hears_the_answer(scene: Scene) -> None:
    await asks(scene)
    await scene.house.command(scene.mia, "/squad", f"status <@{scene.ana.id}> paused", scene.team)
    await answers(scene)
    assert "The company does." in scene.house.slack.dm(scene.ana)[-1].shown
    assert (await scene.rows(Question))[0].escalation_id is not None
