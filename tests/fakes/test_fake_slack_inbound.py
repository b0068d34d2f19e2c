"""People act through a real Bolt app: payloads, acks, view stacks, triggers, response urls."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.kit import (
    Clock,
    Json,
    Post,
    actions,
    button,
    field,
    home,
    modal,
    option,
    section,
    static_select,
    text_input,
)
from tests.fakes.slack import Channel, Delivery, FakeSlack, Manifest, User


@pytest.fixture
def ada(slack: FakeSlack) -> User:
    return slack.add_user("Ada")


@pytest.fixture
def team(slack: FakeSlack, ada: User) -> Channel:
    return slack.add_channel("team", members=[ada])


@pytest.mark.parametrize("mode", ["http", "socket_mode"])
async def test_command_carries_what_slack_sends(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, mode: str
) -> None:
    seen = {}

    @app.command("/audit")
    async def audit(ack: AsyncAck, command: Json) -> None:
        seen.update(command)
        await ack(text="done", response_type="ephemeral")

    done = await slack.command("/audit", "T-1 <@U1>", user=ada, channel=team).deliver(
        app, mode=mode
    )
    assert (seen["text"], seen["user_id"], seen["channel_id"]) == ("T-1 <@U1>", ada.id, team.id)
    assert done.status == 200
    assert done.ack_seconds < 1
    assert done.message is slack.ephemerals(team, ada)[0]
    assert slack.messages(team) == []
    assert slack.features_used == {"command:/audit"}
    assert "commands" in slack.scopes_used


async def test_command_text_and_in_channel_acks(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel
) -> None:
    answers = iter(["for you", {"text": "for all", "response_type": "in_channel"}])

    @app.command("/audit")
    async def audit(ack: AsyncAck) -> None:
        await ack(next(answers))

    await slack.command("/audit", user=ada, channel=team).deliver(app)
    slack.expect_failure("ack of /audit: unfurl_(links|media) is not false")
    await slack.command("/audit", user=ada, channel=team).deliver(app)
    assert [m.text for m in slack.ephemerals(team, ada)] == ["for you"]
    assert [m.text for m in slack.messages(team)] == ["for all"]


async def test_ack_bodies_are_validated(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel
) -> None:
    @app.command("/audit")
    async def audit(ack: AsyncAck) -> None:
        await ack(text="x", blocks=[section("<!channel>"), section("x" * 3_001)])

    slack.expect_failure("ack of /audit: invalid_blocks")
    done = await slack.command("/audit", user=ada, channel=team).deliver(app)
    assert done.message is None


async def test_unhandled_and_unknown_commands(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel
) -> None:
    slack.expect_failure("command /audit: answered with 404")
    await slack.command("/audit", user=ada, channel=team).deliver(app)
    slack.expect_failure("command /other is not in the manifest")
    slack.command("/other", user=ada, channel=team)


async def test_a_late_ack_is_a_failure_and_has_no_effect(
    slack: FakeSlack, ada: User, team: Channel
) -> None:
    inbound = slack.command("/audit", user=ada, channel=team)
    inbound.judge(Delivery(status=200, body="in time", ack_seconds=2.9))
    slack.expect_failure("command /audit: not acknowledged within 3 s")
    inbound.judge(Delivery(status=200, body="late", ack_seconds=3.1))
    assert [m.text for m in slack.ephemerals(team, ada)] == ["in time"]


async def test_click_sends_the_real_button(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, post: Post
) -> None:
    seen = {}

    @app.action("go")
    async def go(ack: AsyncAck, body: Json) -> None:
        await ack()
        seen.update(body)

    ts = (await post(team.id, blocks=[actions(button(value="v1"), block_id="row")]))["ts"]
    message = slack.messages(team)[0]
    await slack.click(message, "go", ada).deliver(app)
    act = seen["actions"][0]
    assert (act["value"], act["block_id"], seen["container"]["message_ts"]) == ("v1", "row", ts)
    assert seen["message"]["ts"] == ts
    await slack.click(message, "go", ada, old_value="v0").deliver(app)
    assert seen["actions"][0]["value"] == "v0"
    with pytest.raises(AssertionError, match="no element 'gone'"):
        slack.click(message, "gone", ada)
    stranger = slack.add_user("Stranger")
    with pytest.raises(AssertionError, match="is not in"):
        slack.click(message, "go", stranger)


async def test_a_body_acked_to_a_click_fails(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, post: Post
) -> None:
    @app.action("go")
    async def go(ack: AsyncAck) -> None:
        await ack("hello")

    await post(team.id, blocks=[actions(button())])
    slack.expect_failure("ack of action go: a body that nobody will see")
    await slack.click(slack.messages(team)[0], "go", ada).deliver(app)


@pytest.mark.slow
async def test_an_exception_soon_after_the_ack_loses_it(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, post: Post
) -> None:
    @app.action("go")
    async def go(ack: AsyncAck) -> None:
        await ack()
        raise RuntimeError("too soon")

    await post(team.id, blocks=[actions(button())])
    slack.expect_failure("action go: (answered with|not acknowledged)")
    await slack.click(slack.messages(team)[0], "go", ada).deliver(app)


async def test_selects_in_messages_and_views(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, post: Post, client: AsyncWebClient
) -> None:
    seen = []

    @app.action("menu")
    async def menu(ack: AsyncAck, action: Json, body: Json) -> None:
        await ack()
        seen.append((action["selected_option"]["value"], body.get("view", {}).get("state")))

    picker = static_select("menu", "a", "b")
    await post(team.id, blocks=[section(accessory=picker)])
    await slack.select(slack.messages(team)[0], "menu", ada, "b").deliver(app)
    view = modal(field(picker, "f", dispatch_action=True), field(text_input("note"), "n"))
    await client.views_open(trigger_id=slack.triggers.issue(ada.id), view=view)
    form = slack.views(ada)[0]
    await slack.select(form, "menu", ada, "a").deliver(app)
    assert [value for value, _ in seen] == ["b", "a"]
    state = seen[1][1]["values"]["f"]["menu"]["selected_option"]
    assert state == option("a")
    with pytest.raises(AssertionError, match="without dispatch_action"):
        slack.select(form, "note", ada, "x")


async def test_home_events_mentions_and_messages(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, client: AsyncWebClient
) -> None:
    seen = []

    @app.event("app_home_opened")
    async def opened(event: Json) -> None:
        await client.views_publish(user_id=event["user"], view=home(actions(button("hi"))))

    @app.event("app_mention")
    async def mentioned(event: Json) -> None:
        await asyncio.sleep(0.05)
        seen.append(event["text"])

    @app.event("message")
    async def said(event: Json) -> None:
        seen.append((event["text"], event["channel_type"], len(event.get("files", []))))

    await slack.open_home(ada).deliver(app)
    home_tab = slack.home(ada)
    assert home_tab is not None
    assert home_tab.actions == ["hi"]
    ping = slack.mention("help", user=ada, channel=team)
    await ping.deliver(app)
    await slack.say("hello", user=ada).deliver(app)
    await slack.drop_file("a.csv", b"x,y", user=ada).deliver(app)
    assert seen == [f"<@{slack.bot_user.id}> help", ("hello", "im", 0), ("", "im", 1)]
    again = ping.bolt_request(retry=1)
    assert again.body["event_id"] == ping.payload["event_id"]
    assert again.headers["x-slack-retry-num"] == ["1"]
    assert {"app_mentions:read", "im:history"} <= slack.scopes_used


async def test_events_that_slack_would_not_send(slack: FakeSlack, ada: User, team: Channel) -> None:
    slack.expect_failure("event message.channels is not subscribed")
    slack.expect_failure("event reaction_added is not subscribed")
    slack.expect_failure("event reaction_added needs the scope reactions:read")
    slack.say("hello", user=ada, channel=team)
    slack.event("reaction_added", user=ada.id)


async def test_shortcuts(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, post: Post
) -> None:
    seen = []

    @app.shortcut("ask")
    async def ask(ack: AsyncAck) -> None:
        await ack()
        seen.append("ask")

    @app.message_shortcut("ask_about")
    async def about(ack: AsyncAck, body: Json) -> None:
        await ack()
        seen.append(body["message"]["text"])

    await post(team.id, "odd")
    await slack.global_shortcut("ask", ada).deliver(app)
    await slack.message_shortcut("ask_about", slack.messages(team)[0], ada).deliver(app)
    assert seen == ["ask", "odd"]
    slack.expect_failure("shortcut nope is not among")
    slack.global_shortcut("nope", ada)


async def test_triggers_live_three_seconds_and_once(
    slack: FakeSlack, client: AsyncWebClient, ada: User, clock: Clock
) -> None:
    async def error(trigger: str) -> str:
        with pytest.raises(SlackApiError) as caught:
            await client.views_open(trigger_id=trigger, view=modal())
        return str(caught.value.response["error"])

    trigger = slack.triggers.issue(ada.id)
    clock.turn(3)
    await client.views_open(trigger_id=trigger, view=modal())
    assert await error(trigger) == "exchanged_trigger_id"
    late = slack.triggers.issue(ada.id)
    clock.turn(3.01)
    assert await error(late) == "expired_trigger_id"
    assert await error("made up") == "invalid_trigger_id"


async def test_response_url_five_times_in_thirty_minutes(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, clock: Clock
) -> None:
    @app.command("/audit")
    async def audit(ack: AsyncAck) -> None:
        await ack()

    done = slack.command("/audit", user=ada, channel=team)
    await done.deliver(app)
    hook = AsyncWebhookClient(done.payload["response_url"])
    answers = [await hook.send(text=f"{n}") for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert answers[5].body == "used_url"
    assert [m.text for m in slack.ephemerals(team, ada)] == ["0", "1", "2", "3", "4"]
    other = slack.command("/audit", user=ada, channel=team).payload["response_url"]
    clock.turn(30 * 60)
    assert (await AsyncWebhookClient(other).send(text="x")).body == "ok"
    clock.turn(0.1)
    assert (await AsyncWebhookClient(other).send(text="x")).body == "expired_url"


async def test_response_url_replaces_deletes_and_validates(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel, post: Post
) -> None:
    urls = []

    @app.action("go")
    async def go(ack: AsyncAck, body: Json) -> None:
        await ack()
        urls.append(body["response_url"])

    await post(team.id, blocks=[actions(button())])
    message = slack.messages(team)[0]
    await slack.click(message, "go", ada).deliver(app)
    hook = AsyncWebhookClient(urls[0])
    await hook.send(text="changed", replace_original=True)
    assert (message.text, message.actions) == ("changed", [])
    slack.expect_failure("response_url: un-escaped broadcast")
    await hook.send(text="<!here>")
    slack.expect_failure("response_url: invalid_blocks")
    assert (await hook.send(text="x", blocks=[section("")])).body == "invalid_blocks"
    await hook.send(delete_original=True)
    assert slack.messages(team) == []


async def test_signed_body_over_http(slack: FakeSlack, ada: User, team: Channel) -> None:
    async with aiohttp.ClientSession() as session:
        slack.expect_failure("command /audit: answered with 405")
        inbound = slack.command("/audit", user=ada, channel=team)
        done = await inbound.post(session, f"{slack.root}/files/F1/x")
    assert done.status == 405
    body, headers = inbound.signed(retry=2)
    assert headers["x-slack-signature"].startswith("v0=")
    assert headers["x-slack-retry-num"] == "2"
    assert "command=%2Faudit" in body


async def test_a_wrong_secret_is_refused(
    slack: FakeSlack, app: AsyncApp, ada: User, team: Channel
) -> None:
    slack.signing_secret = "another"
    slack.expect_failure("command /audit: answered with 401")
    await slack.command("/audit", user=ada, channel=team).deliver(app)


async def test_payloads_are_json(slack: FakeSlack, ada: User, team: Channel, post: Post) -> None:
    await post(team.id, blocks=[actions(button())])
    inbound = slack.click(slack.messages(team)[0], "go", ada)
    assert json.loads(json.dumps(inbound.payload)) == inbound.payload


def test_text_arrives_as_slack_escapes_it(document: Json) -> None:
    document["features"]["slash_commands"][0]["should_escape"] = True
    slack = FakeSlack(Manifest.parse(document))
    ada = slack.add_user("Ada")
    team = slack.add_channel("team", members=[ada])
    typed = f"a < b & <@{ada.id}> <#{team.id}>"
    sent = slack.command("/audit", typed, user=ada, channel=team).payload["text"]
    assert sent == f"a &lt; b &amp; <@{ada.id}|ada> <#{team.id}|team>"
    said = slack.mention("a < b <@U1>", user=ada, channel=team).payload["event"]["text"]
    assert said == f"<@{slack.bot_user.id}> a &lt; b <@U1>"


def test_people_reach_the_bot_only_where_it_is(slack: FakeSlack, ada: User) -> None:
    elsewhere = slack.add_channel("elsewhere", members=[ada], bot=False)
    with pytest.raises(AssertionError, match="only where the bot is"):
        slack.mention("help", user=ada, channel=elsewhere)
    with pytest.raises(AssertionError, match="only where the bot is"):
        slack.say("help", user=ada, channel=elsewhere)
    ada.deleted = True
    home = slack.dm_channel(ada)
    with pytest.raises(AssertionError, match="deactivated"):
        slack.command("/audit", user=ada, channel=home)
