"""Forms filled in and sent through a real Bolt app: client checks, answers, the stack."""

from __future__ import annotations

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.kit import (
    Json,
    field,
    modal,
    option,
    plain,
    static_select,
    text_input,
)
from tests.fakes.slack import Channel, FakeSlack, User, View

FORM = modal(
    field(static_select("verdict", "accept", "reject"), "b_verdict"),
    field(text_input("note", max_length=50), "b_note", optional=True),
    notify_on_close=True,
    private_metadata="T-1",
)


@pytest.fixture
def ada(slack: FakeSlack) -> User:
    return slack.add_user("Ada")


@pytest.fixture
def team(slack: FakeSlack, ada: User) -> Channel:
    return slack.add_channel("team", members=[ada])


@pytest.fixture
async def form(
    slack: FakeSlack, app: AsyncApp, client: AsyncWebClient, ada: User, team: Channel
) -> View:
    """The form that Ada opened by a command."""

    @app.command("/audit")
    async def audit(ack: AsyncAck, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    await slack.command("/audit", "T-1", user=ada, channel=team).deliver(app)
    return slack.views(ada)[-1]


async def test_form_is_opened_filled_and_sent(
    slack: FakeSlack, app: AsyncApp, ada: User, form: View
) -> None:
    seen = {}

    @app.view("form")
    async def sent(ack: AsyncAck, view: Json) -> None:
        seen.update(view)
        await ack()

    assert (form.title, form.private_metadata, form.callback_id) == ("Form", "T-1", "form")
    done = await slack.submit(form, ada, {"verdict": "reject", "note": "loose"}).deliver(app)
    values = seen["state"]["values"]
    assert values["b_verdict"]["verdict"]["selected_option"]["value"] == "reject"
    assert values["b_note"]["note"] == {"type": "plain_text_input", "value": "loose"}
    assert seen["private_metadata"] == "T-1"
    assert done.errors == {}
    assert slack.views(ada) == []


async def test_what_slacks_client_would_not_send(slack: FakeSlack, ada: User, form: View) -> None:
    for values, words in [
        ({"verdikt": "reject"}, "no element 'verdikt'"),
        ({"verdict": "maybe"}, "'maybe' is not offered"),
        ({}, "'verdict' filled in first"),
        ({"verdict": "reject", "note": "x" * 51}, "0 to 50 characters"),
    ]:
        with pytest.raises(AssertionError, match=words):
            slack.submit(form, ada, values)


async def test_errors_keep_the_form_and_what_was_typed(
    slack: FakeSlack, app: AsyncApp, ada: User, form: View
) -> None:
    answers = iter([{"b_note": "Say why."}, None])
    seen = []

    @app.view("form")
    async def sent(ack: AsyncAck, view: Json) -> None:
        seen.append(view["state"]["values"]["b_verdict"]["verdict"]["selected_option"]["value"])
        errors = next(answers)
        await (ack(response_action="errors", errors=errors) if errors else ack())

    done = await slack.submit(form, ada, {"verdict": "reject"}).deliver(app)
    assert done.errors == {"b_note": "Say why."}
    assert slack.views(ada) == [form]
    await slack.submit(form, ada, {"note": "loose"}).deliver(app)
    assert seen == ["reject", "reject"]
    assert slack.views(ada) == []


async def test_errors_for_an_unknown_block_fail(
    slack: FakeSlack, app: AsyncApp, ada: User, form: View
) -> None:
    @app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"note": "Say why."})

    slack.expect_failure("error for 'note', which is no input block")
    await slack.submit(form, ada, {"verdict": "reject"}).deliver(app)


async def test_update_push_clear_and_the_stack_limit(
    slack: FakeSlack, app: AsyncApp, ada: User, form: View
) -> None:
    answers = iter(["update", "push", "push", "push", "clear"])

    @app.view("form")
    async def sent(ack: AsyncAck) -> None:
        kind = next(answers)
        await (
            ack(response_action=kind) if kind == "clear" else ack(response_action=kind, view=FORM)
        )

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


async def test_a_broken_view_in_an_ack_fails(
    slack: FakeSlack, app: AsyncApp, ada: User, form: View
) -> None:
    @app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack(response_action="update", view=modal(title=plain("x" * 25)))

    slack.expect_failure("submission form: invalid_arguments.*title")
    await slack.submit(form, ada, {"verdict": "reject"}).deliver(app)


async def test_closing_is_told_only_when_asked(
    slack: FakeSlack,
    app: AsyncApp,
    ada: User,
    form: View,
    client: AsyncWebClient,
) -> None:
    closed = []

    @app.view_closed("form")
    async def on_close(ack: AsyncAck, view: Json) -> None:
        await ack()
        closed.append(view["private_metadata"])

    await slack.close(form, ada).deliver(app)
    assert closed == ["T-1"]
    assert slack.views(ada) == []
    trigger = slack.triggers.issue(ada.id)
    await client.views_open(trigger_id=trigger, view=modal(private_metadata="quiet"))
    await slack.close(slack.views(ada)[0], ada).deliver(app)
    assert closed == ["T-1"]


async def test_external_options_are_checked_and_choosable(
    slack: FakeSlack, app: AsyncApp, ada: User, client: AsyncWebClient
) -> None:
    many = iter([2, 101])

    @app.options("section")
    async def sections(ack: AsyncAck) -> None:
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
