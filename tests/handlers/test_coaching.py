"""Coaching as people give and read it: the command, the form, thanks, praise that is shared."""

from typing import Any

import pytest
from sqlalchemy import update

from models import Coaching, LedgerEntry, Squad
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


def told(scene: Scene, user: Any) -> str:
    return str(scene.house.slack.ephemerals(scene.team, user)[-1].shown)


def at(user: Any) -> str:
    return f"<@{user.id}|{user.name.lower()}>"


async def coach(scene: Scene, text: str, by: Any = None) -> None:
    await scene.house.command(by or scene.mia, "/coach", text, scene.team)


async def test_words_reach_the_person_alone_with_who_wrote_them(scene: Scene) -> None:
    await coach(scene, f"{at(scene.ana)} your notes helped & <!channel>\nsecond line")
    assert "reads it now" in told(scene, scene.mia)
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    assert f"<@{scene.mia.id}> has feedback for you" in message.text
    assert "&amp; &lt;!channel&gt;" in message.shown
    assert "> second line" in message.shown
    assert message.actions == ["coaching.thank"]
    assert scene.house.slack.messages(scene.team) == []


async def test_thanks_change_the_message_once(scene: Scene) -> None:
    await coach(scene, f"{at(scene.ana)} well spotted")
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    request = scene.house.slack.click(message, "coaching.thank", scene.ana)
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    assert message.actions == []
    assert "You said thanks" in message.shown
    entries = [row.action for row in await scene.rows(LedgerEntry)]
    assert entries.count("coaching.acknowledged") == 1


async def test_praise_is_shared_only_when_the_praised_person_says_so(scene: Scene) -> None:
    await coach(scene, f"{at(scene.ana)} praise: neat edges on T-1")
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    assert message.actions == ["coaching.thank", "coaching.share"]
    assert scene.house.slack.messages(scene.team) == []
    request = scene.house.slack.click(message, "coaching.share", scene.ana)
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    await scene.house.drain()
    (posted,) = scene.house.slack.messages(scene.team)
    assert f"<@{scene.mia.id}> praises <@{scene.ana.id}>" in posted.text
    assert "neat edges on T-1" in posted.shown
    assert "Shared with the team" in message.shown


async def test_without_a_team_channel_praise_cannot_be_shared(scene: Scene) -> None:
    await coach(scene, f"{at(scene.ana)} praise: neat edges")
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(team_channel=None))
    await scene.house.click(message, "coaching.share", scene.ana)
    shown = scene.house.slack.ephemerals(message.channel, scene.ana)[-1]
    assert "no team channel yet" in shown.shown


async def test_bare_it_opens_a_form_of_ones_squads_members(scene: Scene) -> None:
    await coach(scene, "")
    form = scene.house.slack.views(scene.mia)[-1]
    element = form.blocks[0]["element"]
    assert [each["text"]["text"] for each in element["options"]] == ["Abe", "Ana", "Bo"]
    bo = element["options"][2]["value"]
    values = {"coach_person": bo, "coach_kind": "coaching", "coach_body": "Look at 4.2 again"}
    await scene.house.submit(form, scene.mia, values)
    # It is five in the morning in New York.
    assert "at 09:00, their time" in scene.house.slack.views(scene.mia)[-1].shown
    await scene.house.drain()
    assert scene.house.slack.dm(scene.bo) == []
    scene.house.move(hours=5)
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.bo)
    assert "a word of coaching" in message.text


async def test_the_same_command_twice_is_one_message_and_later_a_second(scene: Scene) -> None:
    for _ in range(2):
        await coach(scene, f"{at(scene.ana)} well spotted")
    assert len(await scene.rows(Coaching)) == 1
    scene.house.move(minutes=1)
    await coach(scene, f"{at(scene.ana)} well spotted")
    assert len(await scene.rows(Coaching)) == 2


async def test_the_form_sent_twice_is_one_message(scene: Scene) -> None:
    await coach(scene, f"{at(scene.ana)}")
    form = scene.house.slack.views(scene.mia)[-1]
    request = scene.house.slack.submit(form, scene.mia, {"coach_body": "well spotted"})
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    assert len(await scene.rows(Coaching)) == 1


async def test_with_several_squads_in_common_it_asks(scene: Scene) -> None:
    await scene.second_squad("Osprey", [(scene.mia, "manager"), (scene.bo, "contributor")])
    elsewhere = scene.house.slack.add_channel("elsewhere", members=[scene.mia])
    await scene.house.command(scene.mia, "/coach", f"{at(scene.bo)} praise: neat", elsewhere)
    form = scene.house.slack.views(scene.mia)[-1]
    options = form.blocks[0]["element"]["options"]
    assert [each["text"]["text"] for each in options] == ["Bo · Kestrel", "Bo · Osprey"]
    await scene.house.submit(form, scene.mia, {"coach_person": options[1]["value"]})
    (row,) = await scene.rows(Coaching)
    assert (row.kind, row.body) == ("praise", "neat")
    assert row.squad_id != scene.squad_id


async def test_in_a_squads_channel_that_squad_is_meant(scene: Scene) -> None:
    await scene.second_squad("Osprey", [(scene.mia, "manager"), (scene.bo, "contributor")])
    await coach(scene, f"{at(scene.bo)} well spotted")
    (row,) = await scene.rows(Coaching)
    assert row.squad_id == scene.squad_id


async def test_only_managers_and_auditors_of_the_persons_squad_may(scene: Scene) -> None:
    await coach(scene, f"{at(scene.bo)} do better", by=scene.ana)
    assert "managers and auditors" in told(scene, scene.ana)
    await scene.second_squad("Osprey", [(scene.oz, "manager")])
    await coach(scene, f"{at(scene.bo)} do better", by=scene.oz)
    assert "not an active member" in told(scene, scene.oz)
    await coach(scene, f"{at(scene.mia)} well done me")
    assert "about others" in told(scene, scene.mia)
    assert await scene.rows(Coaching) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [("ana well done", "one person and then your words"), ("{ana} " + "x" * 10_000, "10000")],
)
async def test_what_cannot_be_read_gets_a_sentence(scene: Scene, text: str, said: str) -> None:
    await coach(scene, text.replace("{ana}", at(scene.ana)))
    assert said in told(scene, scene.mia)
    assert await scene.rows(Coaching) == []


async def test_from_a_mention_nothing_is_said_before_it_is_private(scene: Scene) -> None:
    await scene.house.mention(scene.mia, f"coach <@{scene.ana.id}> well spotted", scene.team)
    assert await scene.rows(Coaching) == []
    shown = scene.house.slack.ephemerals(scene.team, scene.mia)[-1]
    assert "delete" in shown.shown
    await scene.house.click(shown, "command.run", scene.mia)
    (row,) = await scene.rows(Coaching)
    assert row.body == "well spotted"


async def test_beyond_the_days_messages_it_becomes_a_line_with_a_way_in(scene: Scene) -> None:
    for n in range(3):
        await coach(scene, f"{at(scene.ana)} number {n}")
    await scene.house.drain()
    await scene.house.drain()
    messages = scene.house.slack.dm(scene.ana)
    assert len(messages) == 3
    assert messages[-1].actions == ["coaching.read", "today.line"]
    await scene.house.click(messages[-1], "coaching.read", scene.ana)
    copy = scene.house.slack.ephemerals(messages[-1].channel, scene.ana)[-1]
    assert "number 2" in copy.shown
    await scene.house.click(copy, "coaching.thank", scene.ana)
    await scene.house.drain()
    assert messages[-1].actions == []
    assert "~" in messages[-1].shown
