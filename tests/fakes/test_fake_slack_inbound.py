"""People act through a real Bolt app: payloads, acks, view stacks, triggers, response urls."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.kit import (
    actions,
    button,
    field,
    home,
    modal,
    option,
    plain,
    section,
    static_select,
    text_input,
)

FORM = modal(
    field(static_select("verdict", "accept", "reject"), "b_verdict"),
    field(text_input("note", max_length=50), "b_note", optional=True),
    notify_on_close=True,
    private_metadata="T-1",
)


@pytest.fixture
def ada(slack):
    return slack.add_user("Ada")


@pytest.fixture
def team(slack, ada):
    return slack.add_channel("team", members=[ada])


@pytest.fixture
def opens_form(app, client):
    @app.command("/audit")
    async def audit(ack, body):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)


async def open_form(slack, app, ada, team):
    await slack.command("/audit", "T-1", user=ada, channel=team).deliver(app)
    return slack.views(ada)[-1]


@pytest.mark.parametrize("mode", ["http", "socket_mode"])
async def test_command_carries_what_slack_sends(slack, app, ada, team, mode):
    seen = {}

    @app.command("/audit")
    async def audit(ack, command):
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


async def test_command_text_and_in_channel_acks(slack, app, ada, team):
    answers = iter(["for you", {"text": "for all", "response_type": "in_channel"}])

    @app.command("/audit")
    async def audit(ack):
        await ack(next(answers))

    await slack.command("/audit", user=ada, channel=team).deliver(app)
    slack.expect_failure("unfurl_links is not false")
    await slack.command("/audit", user=ada, channel=team).deliver(app)
    assert [m.text for m in slack.ephemerals(team, ada)] == ["for you"]
    assert [m.text for m in slack.messages(team)] == ["for all"]


async def test_ack_bodies_are_validated(slack, app, ada, team):
    @app.command("/audit")
    async def audit(ack):
        await ack(text="x", blocks=[section("<!channel>"), section("x" * 3_001)])

    slack.expect_failure("ack of /audit: invalid_blocks")
    done = await slack.command("/audit", user=ada, channel=team).deliver(app)
    assert done.message is None


async def test_unhandled_and_late_and_unknown(slack, app, ada, team):
    slack.expect_failure("command /other is not in the manifest")
    slack.expect_failure("command /other: answered with 404")
    await slack.command("/other", user=ada, channel=team).deliver(app)

    @app.command("/audit")
    async def audit(ack):
        await asyncio.sleep(3.1)
        await ack()

    slack.expect_failure("command /audit: not acknowledged within 3 s")
    await slack.command("/audit", user=ada, channel=team).deliver(app, settle=False)


async def test_form_is_opened_filled_and_sent(slack, app, ada, team, opens_form):
    seen = {}

    @app.view("form")
    async def sent(ack, view):
        seen.update(view)
        await ack()

    form = await open_form(slack, app, ada, team)
    assert (form.title, form.private_metadata, form.callback_id) == ("Form", "T-1", "form")
    done = await slack.submit(form, ada, {"verdict": "reject", "note": "loose"}).deliver(app)
    values = seen["state"]["values"]
    assert values["b_verdict"]["verdict"]["selected_option"]["value"] == "reject"
    assert values["b_note"]["note"] == {"type": "plain_text_input", "value": "loose"}
    assert seen["private_metadata"] == "T-1"
    assert done.errors == {}
    assert slack.views(ada) == []


async def test_what_slacks_client_would_not_send(slack, app, ada, team, opens_form):
    form = await open_form(slack, app, ada, team)
    for values, words in [
        ({"verdikt": "reject"}, "no element 'verdikt'"),
        ({"verdict": "maybe"}, "'maybe' is not offered"),
        ({}, "'verdict' filled in first"),
        ({"verdict": "reject", "note": "x" * 51}, "0 to 50 characters"),
    ]:
        with pytest.raises(AssertionError, match=words):
            slack.submit(form, ada, values)


async def test_errors_keep_the_form_and_what_was_typed(slack, app, ada, team, opens_form):
    answers = iter([{"b_note": "Say why."}, None])
    seen = []

    @app.view("form")
    async def sent(ack, view):
        seen.append(view["state"]["values"]["b_verdict"]["verdict"]["selected_option"]["value"])
        errors = next(answers)
        await (ack(response_action="errors", errors=errors) if errors else ack())

    form = await open_form(slack, app, ada, team)
    done = await slack.submit(form, ada, {"verdict": "reject"}).deliver(app)
    assert done.errors == {"b_note": "Say why."}
    assert slack.views(ada) == [form]
    await slack.submit(form, ada, {"note": "loose"}).deliver(app)
    assert seen == ["reject", "reject"]
    assert slack.views(ada) == []


async def test_errors_for_an_unknown_block_fail(slack, app, ada, team, opens_form):
    @app.view("form")
    async def sent(ack):
        await ack(response_action="errors", errors={"note": "Say why."})

    form = await open_form(slack, app, ada, team)
    slack.expect_failure("error for 'note', which is no input block")
    await slack.submit(form, ada, {"verdict": "reject"}).deliver(app)


async def test_update_push_clear_and_the_stack_limit(slack, app, ada, team, opens_form):
    answers = iter(["update", "push", "push", "push", "clear"])

    @app.view("form")
    async def sent(ack):
        kind = next(answers)
        await (
            ack(response_action=kind) if kind == "clear" else ack(response_action=kind, view=FORM)
        )

    form = await open_form(slack, app, ada, team)
    old = form.hash
    done = await slack.submit(form, ada, {"verdict": "reject"}).deliver(app)
    assert done.view is form
    assert form.hash != old
    for depth in (2, 3):
        await slack.submit(slack.views(ada)[-1], ada, {"verdict": "accept"}).deliver(app)
        assert len(slack.views(ada)) == depth
    slack.expect_failure("push_limit_reached")
    await slack.submit(slack.views(ada)[-1], ada, {"verdict": "accept"}).deliver(app)
    assert len(slack.views(ada)) == 3
    done = await slack.submit(slack.views(ada)[-1], ada).deliver(app)
    assert done.action == "clear"
    assert slack.views(ada) == []


async def test_a_broken_view_in_an_ack_fails(slack, app, ada, team, opens_form):
    @app.view("form")
    async def sent(ack):
        await ack(response_action="update", view=modal(title=plain("x" * 25)))

    form = await open_form(slack, app, ada, team)
    slack.expect_failure("submission form: invalid_arguments.*title")
    await slack.submit(form, ada, {"verdict": "reject"}).deliver(app)


async def test_closing_is_told_only_when_asked(slack, app, ada, team, opens_form, client):
    closed = []

    @app.view_closed("form")
    async def on_close(ack, view):
        await ack()
        closed.append(view["private_metadata"])

    form = await open_form(slack, app, ada, team)
    await slack.close(form, ada).deliver(app)
    assert closed == ["T-1"]
    assert slack.views(ada) == []
    trigger = slack.triggers.issue(ada.id)
    await client.views_open(trigger_id=trigger, view=modal(private_metadata="quiet"))
    await slack.close(slack.views(ada)[0], ada).deliver(app)
    assert closed == ["T-1"]


async def test_click_sends_the_real_button(slack, app, ada, team, post):
    seen = {}

    @app.action("go")
    async def go(ack, body):
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


async def test_a_body_acked_to_a_click_fails(slack, app, ada, team, post):
    @app.action("go")
    async def go(ack):
        await ack("hello")

    await post(team.id, blocks=[actions(button())])
    slack.expect_failure("ack of action go: a body that nobody will see")
    await slack.click(slack.messages(team)[0], "go", ada).deliver(app)


async def test_an_exception_soon_after_the_ack_loses_it(slack, app, ada, team, post):
    @app.action("go")
    async def go(ack):
        await ack()
        raise RuntimeError("too soon")

    await post(team.id, blocks=[actions(button())])
    slack.expect_failure("action go: (answered with|not acknowledged)")
    await slack.click(slack.messages(team)[0], "go", ada).deliver(app)


async def test_selects_in_messages_and_views(slack, app, ada, team, post, client):
    seen = []

    @app.action("menu")
    async def menu(ack, action, body):
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


async def test_external_options_are_checked_and_choosable(slack, app, ada, client):
    many = iter([2, 101])

    @app.options("section")
    async def sections(ack):
        await ack(options=[option(str(n)) for n in range(next(many))])

    picker = {"type": "external_select", "action_id": "section", "min_query_length": 0}
    view = modal(field(picker, "s"))
    await client.views_open(trigger_id=slack.triggers.issue(ada.id), view=view)
    form = slack.views(ada)[0]
    found = await slack.options(form, "section", ada, query="4").deliver(app)
    assert [o["value"] for o in found.options] == ["0", "1"]
    slack.fill(form, {"section": "1"})
    slack.expect_failure("options section: no more than 100 items")
    await slack.options(form, "section", ada).deliver(app)


async def test_home_events_mentions_and_messages(slack, app, ada, team, client):
    seen = []

    @app.event("app_home_opened")
    async def opened(event):
        await client.views_publish(user_id=event["user"], view=home(actions(button("hi"))))

    @app.event("app_mention")
    async def mentioned(event):
        await asyncio.sleep(0.05)
        seen.append(event["text"])

    @app.event("message")
    async def said(event):
        seen.append((event["text"], event["channel_type"], len(event.get("files", []))))

    await slack.open_home(ada).deliver(app)
    assert slack.home(ada).actions == ["hi"]
    ping = slack.mention("help", user=ada, channel=team)
    await ping.deliver(app)
    await slack.say("hello", user=ada).deliver(app)
    await slack.drop_file("a.csv", b"x,y", user=ada).deliver(app)
    assert seen == [f"<@{slack.bot_user.id}> help", ("hello", "im", 0), ("", "im", 1)]
    again = ping.bolt_request(retry=1)
    assert again.body["event_id"] == ping.payload["event_id"]
    assert again.headers["x-slack-retry-num"] == ["1"]
    assert {"app_mentions:read", "im:history"} <= slack.scopes_used


async def test_events_that_slack_would_not_send(slack, ada, team):
    slack.expect_failure("event message.channels is not subscribed")
    slack.expect_failure("event reaction_added needs the scope reactions:read")
    slack.say("hello", user=ada, channel=team)
    slack.event("reaction_added", user=ada.id)


async def test_shortcuts(slack, app, ada, team, post):
    seen = []

    @app.shortcut("ask")
    async def ask(ack):
        await ack()
        seen.append("ask")

    @app.message_shortcut("ask_about")
    async def about(ack, body):
        await ack()
        seen.append(body["message"]["text"])

    await post(team.id, "odd")
    await slack.global_shortcut("ask", ada).deliver(app)
    await slack.message_shortcut("ask_about", slack.messages(team)[0], ada).deliver(app)
    assert seen == ["ask", "odd"]
    slack.expect_failure("shortcut nope is not among")
    slack.global_shortcut("nope", ada)


async def test_triggers_live_three_seconds_and_once(slack, client, ada, clock):
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


async def test_response_url_five_times_in_thirty_minutes(slack, app, ada, team, clock):
    @app.command("/audit")
    async def audit(ack):
        await ack()

    done = slack.command("/audit", user=ada, channel=team)
    await done.deliver(app)
    hook = AsyncWebhookClient(done.payload["response_url"])
    answers = [await hook.send(text=f"{n}") for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert answers[5].body == "used_url"
    assert [m.text for m in slack.ephemerals(team, ada)] == ["0", "1", "2", "3", "4"]
    other = slack.command("/audit", user=ada, channel=team).payload["response_url"]
    clock.turn(30 * 60 + 1)
    assert (await AsyncWebhookClient(other).send(text="x")).body == "expired_url"


async def test_response_url_replaces_deletes_and_validates(slack, app, ada, team, post):
    urls = []

    @app.action("go")
    async def go(ack, body):
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


async def test_signed_body_over_http(slack, ada, team):
    async with aiohttp.ClientSession() as session:
        slack.expect_failure("command /audit: answered with 405")
        inbound = slack.command("/audit", user=ada, channel=team)
        done = await inbound.post(session, f"{slack.root}/files/F1/x")
    assert done.status == 405
    body, headers = inbound.signed(retry=2)
    assert headers["x-slack-signature"].startswith("v0=")
    assert headers["x-slack-retry-num"] == "2"
    assert "command=%2Faudit" in body


async def test_a_wrong_secret_is_refused(slack, app, ada, team):
    slack.signing_secret = "another"
    slack.expect_failure("command /audit: answered with 401")
    await slack.command("/audit", user=ada, channel=team).deliver(app)


async def test_payloads_are_json(slack, ada, team, post):
    await post(team.id, blocks=[actions(button())])
    inbound = slack.click(slack.messages(team)[0], "go", ada)
    assert json.loads(json.dumps(inbound.payload)) == inbound.payload
