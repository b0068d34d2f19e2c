"""The switchboard and its guards, through Bolt's real dispatcher and the strict fake."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.container import Container
from bot.errors import BadInput
from bot.rules.payloads import Payload
from bot.views import blocks
from handlers import guard
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form
from handlers.switchboard import Switchboard
from models import Person
from tests.harness import House


class Thing(Payload):
    number: int


def view(callback_id: str = "t.form") -> dict[str, Any]:
    field = blocks.field("Note", blocks.text_input("note"), block_id="note", optional=True)
    return blocks.modal("Test", callback_id, [field], submit="Save", close="Cancel")


async def open_form(command: Command, _container: Container) -> None:
    await command.reply.open(view())


def arrange(house: House, doors: Doors) -> None:
    """Put other listeners behind the same Bolt application."""
    house.listen(doors)


@pytest.fixture
def lan(house: House) -> Any:
    return house.slack.add_user("Lan", tz="Asia/Shanghai")


@pytest.fixture
def team(house: House, lan: Any) -> Any:
    return house.slack.add_channel("team", members=[lan])


def shown(house: House, channel: Any, user: Any) -> str:
    return str(house.slack.ephemerals(channel, user)[-1].text)


async def test_help_meets_a_stranger_first(house: House, lan: Any, team: Any) -> None:
    await house.command(lan, "/muster", channel=team)
    assert "Lan" in shown(house, team, lan)
    async with house.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(Person)) == 1


async def test_an_unknown_command_is_named(house: House, lan: Any) -> None:
    team = house.slack.add_channel("place", members=[lan])
    await house.command(lan, "/muster", "frobnicate the widgets", team)
    assert "frobnicate" in shown(house, team, lan)


async def test_a_failure_is_told_with_a_reference_and_still_acknowledged(
    house: House, lan: Any, team: Any
) -> None:
    async def broken(_command: Command, _container: Container) -> None:
        raise RuntimeError("secret detail")

    doors = Doors()
    doors.command("muster", broken)
    arrange(house, doors)
    done = await house.command(lan, "/muster", channel=team)
    assert done.status == 200
    sentence = shown(house, team, lan)
    assert "reference" in sentence
    assert "secret" not in sentence


async def test_a_clean_stop_waits_for_what_goes_on_behind_the_acknowledgement(
    house: House, lan: Any, team: Any
) -> None:
    may_end, ended = asyncio.Event(), asyncio.Event()

    async def long(_command: Command, _container: Container) -> None:
        await may_end.wait()
        ended.set()

    doors = Doors()
    doors.command("muster", long)
    arrange(house, doors)
    sent = house.slack.command("/muster", "", user=lan, channel=team)
    done = await sent.deliver(house.app, settle=False)
    assert done.status == 200
    stop = asyncio.create_task(house.switchboard.drain())
    await asyncio.sleep(0)
    assert not stop.done()
    may_end.set()
    await stop
    assert ended.is_set()


async def test_a_form_that_fails_at_a_field_shows_it_there(
    house: House, lan: Any, team: Any
) -> None:
    async def refuse(_form: Form, _container: Container) -> Answer:
        raise BadInput("empty_text", field="note")

    doors = Doors()
    doors.command("muster", open_form)
    doors.form("t.form", refuse)
    arrange(house, doors)
    await house.command(lan, "/muster", channel=team)
    done = await house.submit(house.slack.views(lan)[-1], lan, {"note": "x"})
    assert "note" in done.errors
    assert house.slack.views(lan), "the form stays open"


async def test_a_slow_form_gets_a_sentence_and_goes_on(
    house: House, lan: Any, team: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = asyncio.Event()

    async def slow(_form: Form, _container: Container) -> Answer:
        await asyncio.sleep(0.2)
        finished.set()
        return Answer()

    monkeypatch.setattr(guard, "ANSWER_WITHIN", 0.05)
    doors = Doors()
    doors.command("muster", open_form)
    doors.form("t.form", slow)
    arrange(house, doors)
    await house.command(lan, "/muster", channel=team)
    await house.submit(house.slack.views(lan)[-1], lan, {"note": "x"})
    assert "longer than" in str(house.slack.views(lan)[-1].blocks)
    await house.switchboard.drain()
    assert finished.is_set()


async def test_a_button_of_another_version_gets_a_sentence(
    house: House, lan: Any, team: Any
) -> None:
    async def offer(command: Command, _container: Container) -> None:
        old = '{"v":99,"number":1}'
        row = blocks.actions(blocks.button("Go", "t.go", old), blocks.button("Lost", "t.lost", "x"))
        await command.reply.privately(blocks.message("Offer", [row]))

    async def go(click: Click, _container: Container) -> None:
        Thing.decode(click.value)

    doors = Doors()
    doors.command("muster", offer)
    doors.click("t.go", go)
    arrange(house, doors)
    await house.command(lan, "/muster", channel=team)
    offered = house.slack.ephemerals(team, lan)[-1]
    for action in ("t.go", "t.lost"):
        await house.click(offered, action, lan)
        assert "older version" in shown(house, team, lan)


async def test_one_parser_serves_commands_mentions_and_direct_messages(
    house: House, lan: Any, team: Any
) -> None:
    seen: list[tuple[str, str]] = []

    async def note(command: Command, _container: Container) -> None:
        seen.append((command.name, command.text))

    doors = Doors()
    doors.command("muster", note)
    doors.command("audit", note)
    arrange(house, doors)
    await house.command(lan, "/audit", "T-1", channel=team)
    await house.command(lan, "/muster", "audit T-1", channel=team)
    await house.mention(lan, "audit T-1", team)
    await house.say(lan, "audit T-1")
    assert seen == [("audit", "T-1")] * 4


async def test_a_private_command_is_not_carried_out_from_a_mention(
    house: House, lan: Any, team: Any
) -> None:
    seen: list[str] = []

    async def note(command: Command, _container: Container) -> None:
        seen.append(command.text)

    doors = Doors()
    doors.command("coach", note, private=True)
    arrange(house, doors)
    await house.mention(lan, "coach somebody kindly", team)
    assert seen == []
    offered = house.slack.ephemerals(team, lan)[-1]
    assert "delete" in str(offered.blocks)
    await house.click(offered, "command.run", lan)
    assert seen == ["somebody kindly"]


async def test_a_form_from_a_direct_message_waits_behind_a_button(house: House, lan: Any) -> None:
    doors = Doors()
    doors.command("muster", open_form)
    arrange(house, doors)
    await house.say(lan, "muster")
    assert house.slack.views(lan) == []
    await house.click(house.slack.dm(lan)[-1], "command.run", lan)
    assert house.slack.views(lan)


async def test_an_expired_trigger_gets_a_sentence(house: House, lan: Any, team: Any) -> None:
    async def late(command: Command, _container: Container) -> None:
        house.move(seconds=10)
        await command.reply.open(view())

    doors = Doors()
    doors.command("muster", late)
    arrange(house, doors)
    await house.command(lan, "/muster", channel=team)
    assert "three seconds" in shown(house, team, lan)


def test_every_listener_is_reachable_by_bolt() -> None:
    """Bolt injects by name and turns a misspelt one into None: names are held here."""
    allowed = {"self", "ack", "body", "context"}
    for name in ("on_command", "on_action", "on_form", "on_event", "on_ignored"):
        code = getattr(Switchboard, name).__code__
        assert set(code.co_varnames[: code.co_argcount]) <= allowed, name
