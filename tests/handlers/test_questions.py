"""Questions as people ask them: typed, said, mentioned, in threads, and about a message."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.views.questions import AboutQuestion
from models import AnswerVote, Effect, OutboxRow, Question
from tests import guided
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House, tmp_path: Path) -> Scene:
    found = await open_scene(house)
    await guided.load(found, tmp_path / "guide")
    return found


def told(scene: Scene, user: Any) -> Any:
    """What only this person was shown last in the channel."""
    return scene.house.slack.ephemerals(scene.team, user)[-1]


def thread(scene: Scene, root: Any) -> list[Any]:
    return [each for each in scene.house.slack.messages(scene.team) if each.thread_ts == root.ts]


async def asks(scene: Scene, text: str, user: Any = None) -> Any:
    user = user or scene.ana
    await scene.house.command(user, "/ask", text, scene.team)
    return told(scene, user)


# Typed


async def test_bare_it_shows_its_usage(scene: Scene) -> None:
    shown = await asks(scene, "")
    assert "/ask QUESTION" in shown.shown


async def test_the_answer_quotes_the_passage_with_its_heading_and_link(scene: Scene) -> None:
    shown = await asks(scene, "Are reflections in mirrors and shop windows boxed?")
    assert "Reflections are never boxed" in shown.shown
    assert "Occlusion › 5.2 Reflections" in shown.shown
    assert f"{guided.BASE}/occlusion.md#" in str(shown.blocks)
    assert "The guidelines answer this" in shown.shown or "This may answer it" in shown.shown
    # The question stands above it, for an answer for one person has nothing it replies to.
    assert "Are reflections in mirrors" in shown.shown


async def test_nobody_else_sees_a_typed_question_or_its_answer(scene: Scene) -> None:
    await asks(scene, "Are reflections boxed?")
    await scene.house.drain()
    assert scene.house.slack.messages(scene.team) == []
    assert scene.house.slack.dm(scene.ana) == []
    (asked,) = await scene.rows(Question)
    assert asked.private
    assert asked.outcome in {"sure", "unsure"}


async def test_what_the_guidelines_do_not_say_is_said_so(scene: Scene) -> None:
    shown = await asks(scene, "When does my salary arrive and who pays the invoice?")
    assert "do not answer this" in shown.shown
    assert "Helpful" not in str(shown.blocks)


async def test_the_same_question_typed_twice_is_one(scene: Scene) -> None:
    await asks(scene, "Are reflections boxed?")
    await asks(scene, "Are reflections boxed?")
    assert len(await scene.rows(Question)) == 1
    assert len(scene.house.slack.ephemerals(scene.team, scene.ana)) == 2
    scene.house.move(seconds=31)
    await asks(scene, "Are reflections boxed?")
    assert len(await scene.rows(Question)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (":car: :truck:", "no words to look for"),
        ("???", "no words to look for"),
        ("x" * 4_001, "I read 4000"),
    ],
)
async def test_what_is_no_question_gets_a_sentence(scene: Scene, text: str, said: str) -> None:
    shown = await asks(scene, text)
    assert said in shown.shown.replace(",", "")
    assert await scene.rows(Question) == []


async def test_code_alone_is_asked_and_never_silent(scene: Scene) -> None:
    shown = await asks(scene, "```for x in y: pass```")
    assert "do not answer this" in shown.shown


async def test_a_question_of_4_000_characters_is_answered(scene: Scene) -> None:
    text = ("Are reflections in shop windows boxed? " * 200)[:4_000]
    assert "Reflections" in (await asks(scene, text)).shown


async def test_what_is_typed_and_imported_is_inert(scene: Scene, tmp_path: Path) -> None:
    hostile = {
        "trams.md": "# Trams\n\n## Rails\n\nTrams <!channel> & <https://x.example|rails> run."
    }
    await guided.load(scene, tmp_path / "next", hostile, "2.0")
    shown = await asks(scene, "Do trams <!channel> run on rails?")
    assert "<!channel>" not in str(shown.blocks)
    assert "<https://x" not in str(shown.blocks)


async def test_somebody_without_a_squad_reads_who_adds_them(scene: Scene) -> None:
    shown = await asks(scene, "Are reflections boxed?", scene.oz)
    assert "not in a squad" in shown.shown
    assert await scene.rows(Question) == []


async def test_a_project_without_guidelines_says_so(house: House) -> None:
    scene = await open_scene(house)
    shown = await asks(scene, "Are reflections boxed?")
    assert "No guidelines are loaded for Boxes" in shown.shown


# Which project


async def test_of_several_projects_the_asker_says_which(scene: Scene) -> None:
    await scene.second_squad("Osprey", [(scene.ana, "contributor")])
    await scene.house.say(scene.ana, "Are reflections boxed?")
    which = scene.house.slack.dm(scene.ana)[-1]
    assert "Which project" in which.shown
    assert "Boxes (Kestrel)" in str(which.blocks)
    value = which.blocks[1]["elements"][0]["options"][0]["value"]
    request = scene.house.slack.select(which, "questions.project", scene.ana, value)
    for _ in range(2):
        await request.deliver(scene.house.app)
    await scene.house.drain()
    assert "Reflections are never boxed" in scene.house.slack.dm(scene.ana)[-1].shown
    (asked,) = await scene.rows(Question)
    assert asked.squad_id == scene.squad_id
    assert await scene.planned("questions.answer") == []


async def test_a_follow_up_that_says_its_project_late_keeps_its_context(scene: Scene) -> None:
    await scene.second_squad("Osprey", [(scene.ana, "contributor")])
    await scene.house.say(scene.ana, "Are reflections boxed?")
    await scene.house.say(scene.ana, "And those?")
    which = scene.house.slack.dm(scene.ana)[-1]
    value = which.blocks[1]["elements"][0]["options"][0]["value"]
    request = scene.house.slack.select(which, "questions.project", scene.ana, value)
    await request.deliver(scene.house.app)
    await scene.house.drain()
    assert "Reflections are never boxed" in scene.house.slack.dm(scene.ana)[-1].shown


async def test_the_channel_decides_between_squads(scene: Scene) -> None:
    await scene.second_squad("Osprey", [(scene.ana, "contributor")])
    shown = await asks(scene, "Are reflections boxed?")
    assert "Reflections are never boxed" in shown.shown


# Said


async def test_a_direct_message_that_is_no_command_is_a_question(scene: Scene) -> None:
    await scene.house.say(scene.ana, "Are reflections boxed?")
    await scene.house.drain()
    asked, answer = scene.house.slack.dm(scene.ana)
    assert "Reflections are never boxed" in answer.shown
    (stored,) = await scene.rows(Question)
    assert (stored.via, stored.private) == ("direct", True)
    assert asked.text == stored.text


async def test_a_question_that_begins_like_a_command_is_a_question(scene: Scene) -> None:
    await scene.house.say(scene.ana, "Audit reflections in mirrors?")
    assert [each.text for each in await scene.rows(Question)] == ["Audit reflections in mirrors?"]


async def test_a_mention_is_answered_in_its_thread(scene: Scene) -> None:
    await scene.house.mention(scene.ana, "Are reflections boxed?", scene.team)
    await scene.house.drain()
    root = scene.house.slack.messages(scene.team)[0]
    (reply,) = thread(scene, root)
    assert "Reflections are never boxed" in reply.shown
    assert len(await scene.rows(Question)) == 1


async def test_an_event_that_slack_sends_again_is_answered_once(scene: Scene) -> None:
    sent = scene.house.slack.mention("Are reflections boxed?", user=scene.ana, channel=scene.team)
    await sent.deliver(scene.house.app)
    scene.house.move(minutes=5)
    await sent.deliver(scene.house.app, retry=2)
    await scene.house.drain()
    assert len(await scene.rows(Question)) == 1
    assert len(thread(scene, scene.house.slack.messages(scene.team)[0])) == 1


# Follow-ups


async def test_a_follow_up_in_the_thread_is_understood_in_its_context(scene: Scene) -> None:
    await scene.house.mention(scene.ana, "How is a bicycle boxed with its rider?", scene.team)
    await scene.house.drain()
    root = scene.house.slack.messages(scene.team)[0]
    await scene.house.say(scene.ana, "And when it is parked?", scene.team, thread=root.ts)
    await scene.house.drain()
    replies = [each for each in thread(scene, root) if each.user != scene.ana.id]
    assert len(replies) == 2
    assert "4.3 Bicycles" in replies[-1].shown
    first, second = await scene.rows(Question)
    assert (second.via, second.context_id) == ("thread", first.id)


async def test_what_is_not_meant_for_us_is_dropped_unstored(scene: Scene) -> None:
    await scene.house.mention(scene.ana, "How is a bicycle boxed?", scene.team)
    root = scene.house.slack.messages(scene.team)[0]
    stored = {table: len(await scene.rows(table)) for table in (Question, OutboxRow, Effect)}
    say = scene.house.say
    await say(scene.ana, "Thanks a lot.", scene.team, thread=root.ts)
    await say(scene.ana, f"<@{scene.bo.id}> what do you think?", scene.team, thread=root.ts)
    await say(scene.bo, "Is that so?", scene.team, thread=root.ts)
    await say(scene.ana, "Are reflections boxed?", scene.team)
    scene.house.move(days=3)
    await say(scene.ana, "And when it is parked?", scene.team, thread=root.ts)
    assert {table: len(await scene.rows(table)) for table in stored} == stored


async def test_a_stranger_in_a_channel_is_not_even_met(scene: Scene) -> None:
    stranger = scene.house.slack.add_user("Stranger")
    scene.team.members.append(stranger.id)
    await scene.house.say(stranger, "Is that so?", scene.team, thread="1.1")
    assert not [call for call in scene.house.slack.calls if call.args.get("user") == stranger.id]


async def test_a_direct_message_soon_after_has_the_one_before_as_its_context(
    scene: Scene,
) -> None:
    await scene.house.say(scene.ana, "How is a bicycle boxed with its rider?")
    await scene.house.say(scene.ana, "And when it is parked?")
    scene.house.move(minutes=16)
    await scene.house.say(scene.ana, "And when it is parked?")
    first, second, third = await scene.rows(Question)
    assert (second.context_id, third.context_id) == (first.id, None)


async def test_a_reply_under_an_answer_in_a_direct_message_is_about_it(scene: Scene) -> None:
    await scene.house.say(scene.ana, "How is a bicycle boxed with its rider?")
    await scene.house.drain()
    answer = scene.house.slack.dm(scene.ana)[-1]
    scene.house.move(hours=2)
    await scene.house.say(scene.ana, "And when it is parked?", thread=answer.ts)
    first, second = await scene.rows(Question)
    assert second.context_id == first.id


# About a message


async def test_the_shortcut_answers_a_message_privately(scene: Scene) -> None:
    slack = scene.house.slack
    written = slack.write("Are reflections boxed?", user=scene.bo, channel=scene.team)
    chosen = slack.message_shortcut("ask_about_message", written, scene.ana)
    await chosen.deliver(scene.house.app)
    assert "Reflections are never boxed" in told(scene, scene.ana).shown
    (asked,) = await scene.rows(Question)
    assert (asked.via, asked.private) == ("shortcut", True)
    assert asked.asker_id == scene.person(scene.ana)


# What is under an answer


async def test_a_private_answer_is_shared_once_and_by_its_asker_only(scene: Scene) -> None:
    shown = await asks(scene, "Are reflections boxed?")
    await scene.house.click(shown, "questions.share", scene.ana)
    await scene.house.click(shown, "questions.share", scene.ana)
    await scene.house.drain()
    (message,) = scene.house.slack.messages(scene.team)
    assert f"<@{scene.ana.id}> asked" in str(message.blocks)
    assert "questions.share" not in str(message.blocks)


async def test_helpful_is_kept_and_shown(scene: Scene) -> None:
    shown = await asks(scene, "Are reflections boxed?")
    await scene.house.click(shown, "questions.helpful", scene.ana)
    assert "You found this helpful" in told(scene, scene.ana).shown
    (vote,) = await scene.rows(AnswerVote)
    assert (vote.helpful, vote.missing) == (True, None)


async def test_not_helpful_asks_what_was_missing(scene: Scene) -> None:
    shown = await asks(scene, "Are reflections boxed?")
    await scene.house.click(shown, "questions.unhelpful", scene.ana)
    form = scene.house.slack.views(scene.ana)[-1]
    done = await scene.house.submit(form, scene.ana, {"missing": "   "})
    assert "missing" in done.errors
    await scene.house.submit(form, scene.ana, {"missing": "What of puddles?"})
    (vote,) = await scene.rows(AnswerVote)
    assert (vote.helpful, vote.missing) == (False, "What of puddles?")


async def test_readers_of_a_thread_vote_for_themselves(scene: Scene) -> None:
    await scene.house.mention(scene.ana, "Are reflections boxed?", scene.team)
    await scene.house.drain()
    reply = thread(scene, scene.house.slack.messages(scene.team)[0])[-1]
    await scene.house.click(reply, "questions.helpful", scene.bo)
    await scene.house.click(reply, "questions.helpful", scene.ana)
    assert {vote.person_id for vote in await scene.rows(AnswerVote)} == {
        scene.person(scene.ana),
        scene.person(scene.bo),
    }
    # What others read does not change because one of them pressed a button.
    assert "You found" not in str(scene.house.slack.messages(scene.team)[-1].blocks)


async def test_a_private_answer_is_closed_to_others(scene: Scene) -> None:
    shown = await asks(scene, "Are reflections boxed?")
    share = next(
        element
        for block in shown.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "questions.share"
    )
    decoded = share["value"]
    caller = scene.house.caller(scene.bo)
    question_id = AboutQuestion.decode(decoded).question_id
    service = scene.house.services.questions
    for call in (
        service.own(caller, question_id),
        service.share(caller, question_id, "k"),
        service.vote(caller, question_id, helpful=True),
        service.about(caller, question_id, scene.squad_id, scene.project_id),
    ):
        with pytest.raises(NotAllowed):
            await call


# Home


async def test_ones_own_questions_stay_on_home(scene: Scene) -> None:
    house = scene.house
    await asks(scene, "Are reflections boxed?")
    await house.open_home(scene.ana)
    await house.drain()
    home = house.slack.home(scene.ana)
    assert "My questions" in home.shown
    assert "Are reflections boxed?" in home.shown
    await house.click(home, "questions.show", scene.ana)
    assert "Reflections are never boxed" in house.slack.views(scene.ana)[-1].shown
    await house.open_home(scene.bo)
    await house.drain()
    assert "reflections" not in house.slack.home(scene.bo).shown


async def test_a_manager_finds_open_questions_on_home(scene: Scene) -> None:
    house = scene.house
    shown = await asks(scene, "Who pays the invoice?")
    await house.click(shown, "escalations.open", scene.ana)
    await house.submit(house.slack.views(scene.ana)[-1], scene.ana, {})
    await house.open_home(scene.mia)
    await house.drain()
    home = house.slack.home(scene.mia)
    assert "One question waits for a person" in home.shown
    await house.click(home, "duty.show", scene.mia)
    view = house.slack.views(scene.mia)[-1]
    assert "Who pays the invoice?" in view.shown
    assert scene.ana.id not in str(view.body)


async def test_blocked_is_no_question_unless_it_asks(scene: Scene) -> None:
    shown = await asks(scene, "blocked")
    assert "What keeps you from working?" in shown.shown
    assert await scene.rows(Question) == []
    await asks(scene, "blocked cells in a table, are they boxed?")
    assert len(await scene.rows(Question)) == 1
