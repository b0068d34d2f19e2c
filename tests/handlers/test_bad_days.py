"""Bad input and bad days, through Bolt's dispatcher; tests/house has the table of all of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, make_url, text

from bot.rules.findings import FINDINGS_FIELD, REASON_FIELD, field_of
from handlers.features import doors
from models import Audit, Coaching, Finding, OutboxRow
from tests.fakes.slack import Fault
from tests.harness import House
from tests.scenes import Scene, open_scene

COMMANDS = sorted(doors().commands)


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


@pytest.fixture
async def any_scene(any_house: House) -> Scene:
    return await open_scene(any_house)


def told(scene: Scene, user: Any) -> str:
    return str(scene.house.slack.ephemerals(scene.team, user)[-1].shown)


async def with_findings(scene: Scene, note: str = "too loose") -> Any:
    """Let Abe reject a task of Ana's; return the message that she got."""
    await scene.submission("T-1", scene.ana)
    await scene.house.command(scene.abe, "/audit", "T-1", scene.team)
    form = scene.house.slack.views(scene.abe)[-1]
    await scene.house.submit(form, scene.abe, FINDING | {field_of(0, "note"): note})
    await scene.house.drain()
    return scene.house.slack.dm(scene.ana)[-1]


FINDING = {
    "verdict": "rejected",
    field_of(0, "severity"): "error",
    field_of(0, "section"): "4.2",
    field_of(0, "note"): "too loose",
}


# What people type

ODD = {
    "nothing": "",
    "words without end": "word " * 2000,
    "one long word": "x" * 10_000,
    "quotes": '"' * 3000,
    "what is not printed": "\x00\u202e\u200b",
    "calls and links": "<!channel> <!here> <https://evil.example|tool> https://evil.example @all",
}

# What these are for is to be posted or answered later.
FOLLOWS = {
    "ask": {"questions.answer"},
    "announce": {"announcement.post", "announcement.count"},
}


@pytest.mark.parametrize("name", COMMANDS)
async def test_any_text_gets_a_private_sentence(scene: Scene, name: str) -> None:
    """The fake Slack objects to a mention, a link or a message that is too long."""
    slack = scene.house.slack
    for typed in ODD.values():
        for user in (scene.mia, scene.ana):
            seen = len(slack.ephemerals(scene.team, user))
            await scene.house.command(user, f"/{name}", typed, scene.team)
            answered = [*slack.ephemerals(scene.team, user)[seen:], *slack.views(user)]
            assert answered, typed
            assert "reference" not in answered[-1].shown, typed
            slack.stacks.get(user.id, []).clear()
        scene.house.move(minutes=1)
    assert slack.messages(scene.team) == []
    assert {row.kind for row in await scene.rows(OutboxRow)} <= FOLLOWS.get(name, set())


@pytest.mark.parametrize("name", COMMANDS)
async def test_any_text_said_to_the_bot_gets_one_too(scene: Scene, name: str) -> None:
    slack = scene.house.slack
    for typed in ODD.values():
        seen, posted = len(slack.ephemerals(scene.team, scene.mia)), len(slack.messages(scene.team))
        await scene.house.mention(scene.mia, f"{name} {typed}", scene.team)
        await scene.house.say(scene.mia, f"{name} {typed}")
        asked = {row.kind for row in await scene.rows(OutboxRow)}
        assert asked <= FOLLOWS.get(name, set()), typed
        await scene.house.drain()
        in_channel = [
            *slack.ephemerals(scene.team, scene.mia)[seen:],
            *slack.messages(scene.team)[posted + 1 :],  # behind what Mia said herself
        ]
        announced = [each for each in in_channel if "Got it" in each.shown]
        assert len(in_channel) == 1 + len(announced), typed
        assert not announced or name == "announce"
        assert "reference" not in in_channel[0].shown, typed
        assert "reference" not in slack.dm(scene.mia)[-1].shown, typed
        scene.house.move(minutes=1)


@pytest.mark.parametrize(
    ("name", "rest", "said"),
    [
        ("audit", "", "no work of this person"),
        ("audit", "T-1", "no work of this person"),
        ("coach", "hello", "not an active member"),
    ],
)
async def test_somebody_unknown_is_said_to_be(
    scene: Scene, name: str, rest: str, said: str
) -> None:
    await scene.submission("T-1", scene.ana)
    await scene.house.command(scene.mia, f"/{name}", f"<@U0NOBODY|nobody> {rest}", scene.team)
    assert said in told(scene, scene.mia)
    assert scene.house.slack.views(scene.mia) == []
    assert await scene.rows(OutboxRow) == []


async def test_notes_call_nobody_and_link_nowhere(scene: Scene) -> None:
    """The fake Slack objects to whatever would."""
    note = ODD["calls and links"] + " & <@U1> *bold*"
    message = await with_findings(scene, note)
    assert "&lt;!channel&gt;" in message.shown
    await scene.house.click(message, "audits.dispute", scene.ana)
    form = scene.house.slack.views(scene.ana)[-1]
    found = [str(row.id) for row in await scene.rows(Finding)]
    values = {FINDINGS_FIELD: found, REASON_FIELD: note}
    await scene.house.submit(form, scene.ana, values)
    await scene.house.drain()
    (line,) = scene.house.slack.dm(scene.mia)
    await scene.house.click(line, "audits.open_dispute", scene.mia)
    assert "&lt;!channel&gt;" in scene.house.slack.views(scene.mia)[-1].shown


# Old buttons and odd places


async def test_a_button_of_last_year_does_what_it_says(scene: Scene) -> None:
    message = await with_findings(scene)
    scene.house.move(days=365)
    await scene.house.click(message, "audits.acknowledge", scene.ana)
    assert [row.state for row in await scene.rows(Finding)] == ["acknowledged"]
    assert "audits.acknowledge" not in message.actions


async def test_a_button_of_an_older_version_says_so(scene: Scene) -> None:
    message = await with_findings(scene)
    for action_id, value in (
        ("audits.acknowledge", '{"v":0,"audit_id":1}'),
        ("audits.acknowledge", ""),
        ("gone.for.years", '{"v":1}'),
    ):
        old = scene.house.slack.click(message, action_id, scene.ana, old_value=value)
        await old.deliver(scene.house.app)
        shown = scene.house.slack.ephemerals(message.channel, scene.ana)[-1].shown
        assert "older version" in shown
    assert [row.state for row in await scene.rows(Finding)] == ["open"]


async def test_where_the_bot_is_no_member_commands_are_answered(scene: Scene) -> None:
    private = scene.house.slack.add_channel(
        "hall", members=[scene.mia, scene.ana], private=True, bot=False
    )
    await scene.submission("T-1", scene.ana)
    await scene.house.command(scene.mia, "/audit", "T-2", private)
    assert "T-1" in scene.house.slack.ephemerals(private, scene.mia)[-1].shown
    await scene.house.command(scene.mia, "/audit", "T-1", private)
    assert scene.house.slack.views(scene.mia)


async def test_nobody_deactivated_is_written_to(
    scene: Scene,
) -> None:
    await scene.submission("T-1", scene.ana)
    scene.ana.deleted = True
    await scene.house.meet(scene.ana)
    await scene.house.command(scene.abe, "/audit", "T-1", scene.team)
    form = scene.house.slack.views(scene.abe)[-1]
    await scene.house.submit(form, scene.abe, FINDING)
    assert "not in Slack" in scene.house.slack.views(scene.abe)[-1].shown
    await scene.house.drain()
    assert len(await scene.rows(Audit)) == 1
    assert scene.house.slack.dm(scene.ana) == []
    assert await scene.planned("audits.feedback") == []


async def test_a_post_whose_answer_was_lost_is_there_once(
    scene: Scene,
) -> None:
    """It is settled by the channel's history, which the bot may read where it was invited."""
    slack = scene.house.slack
    private = slack.add_channel("leads", members=[scene.mia], private=True)
    typed = f"channels digest <#{private.id}|leads>"
    await scene.house.command(scene.mia, "/squad", typed, private)
    assert private.id in slack.ephemerals(private, scene.mia)[-1].shown
    slack.faults.add(method="chat.postMessage", kind=Fault.DROP_AFTER, times=1)
    await scene.house.command(scene.mia, "/digest", "now", private)
    for _ in range(3):
        await scene.house.drain()
        scene.house.move(minutes=1)
    assert len(slack.messages(private)) == 1
    assert "conversations.history" in slack.call_names()


# Slack on a bad day


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": Fault.RATE_LIMITED, "retry_after": 7},
        {"kind": Fault.ERROR_BEFORE, "status": 503},
        {"kind": Fault.DROP_BEFORE},
        {"error": "internal_error"},
        {"error": "expired_trigger_id"},
    ],
    ids=lambda each: str(each.get("kind", each.get("error"))),
)
async def test_a_form_that_slack_will_not_open_is_asked_for_again(
    scene: Scene, fault: dict[str, Any]
) -> None:
    await scene.submission("T-1", scene.ana)
    scene.house.slack.faults.add(method="views.open", times=1, **fault)
    await scene.house.command(scene.abe, "/audit", "T-1", scene.team)
    assert "try again" in told(scene, scene.abe)
    await scene.house.command(scene.abe, "/audit", "T-1", scene.team)
    assert scene.house.slack.views(scene.abe)


async def test_a_stranger_whom_slack_does_not_describe_may_ask_again(house: House) -> None:
    zoe = house.slack.add_user("Zoe", tz="Europe/London")
    team = house.slack.add_channel("team", members=[zoe])
    house.slack.faults.add(method="users.info", kind=Fault.RATE_LIMITED, retry_after=7, times=1)
    await house.command(zoe, "/muster", "", team)
    shown = house.slack.ephemerals(team, zoe)[-1].shown
    assert "Slack" in shown
    assert "again" in shown
    assert "reference" not in shown
    await house.command(zoe, "/muster", "", team)
    assert "Zoe" in house.slack.ephemerals(team, zoe)[-1].shown


# The database on a bad day


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Hold SQLite's one write lock, as another process does."""
    path = make_url(house.settings.database_url.get_secret_value()).database
    assert path
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_a_locked_database_is_said_and_the_same_again_is_done(scene: Scene) -> None:
    words = f"<@{scene.ana.id}> well spotted"
    with locked(scene.house):
        await scene.house.command(scene.mia, "/coach", words, scene.team)
        assert "Nothing was changed" in told(scene, scene.mia)
        assert "reference" not in told(scene, scene.mia)
    assert await scene.rows(Coaching) == []
    await scene.house.command(scene.mia, "/coach", words, scene.team)
    assert len(await scene.rows(Coaching)) == 1


async def test_a_form_answers_in_time_though_it_is_locked(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await scene.house.command(scene.abe, "/audit", "T-1", scene.team)
    form = scene.house.slack.views(scene.abe)[-1]
    request = scene.house.slack.submit(form, scene.abe, FINDING)
    with locked(scene.house):
        done = await request.deliver(scene.house.app)
    assert done.status == 200
    assert "Nothing was changed" in scene.house.slack.views(scene.abe)[-1].shown
    assert await scene.rows(Audit) == []


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_after_the_database_was_restarted_the_next_click_works(
    any_scene: Scene, postgres_admin: Engine
) -> None:
    house, team = any_scene.house, any_scene.team
    words = f"<@{any_scene.ana.id}> well spotted"
    await house.command(any_scene.mia, "/coach", words, team)
    with postgres_admin.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await house.command(any_scene.abe, "/coach", words, team)
    assert "reads it" in told(any_scene, any_scene.abe)
    assert len(await any_scene.rows(Coaching)) == 2
    await house.drain()
    assert len(house.slack.dm(any_scene.ana)) == 2
