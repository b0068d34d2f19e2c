"""chat.*: each refusal and each limit of a message shows up, with the real client."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.kit import (
    Json,
    Post,
    actions,
    button,
    field,
    refusal,
    section,
    text_input,
)
from tests.fakes.slack import FakeSlack, Manifest


async def test_post_reaches_channel_and_dm(slack: FakeSlack, post: Post) -> None:
    lan = slack.add_user("Lan")
    team = slack.add_channel("team", members=[lan])
    sent = await post(team.id, "hi", blocks=[section(), actions(button())])
    direct = await post(lan.id, "psst")
    assert [m.text for m in slack.messages(team)] == ["hi"]
    assert slack.messages(team)[0].ts == sent["ts"]
    assert slack.messages(team)[0].shown == "hi\nwords\nGo"
    assert slack.messages(team)[0].actions == ["go"]
    assert direct["channel"].startswith("D")
    assert slack.dm(lan)[0].text == "psst"
    assert (await post(direct["channel"], "again"))["ok"]
    assert [call.outcome for call in slack.calls] == ["ok"] * 3


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("C404", "channel_not_found"),
        ("secret", "channel_not_found"),
        ("old", "is_archived"),
        ("open", "not_in_channel"),
        ("gone", "channel_not_found"),
        ("gone_dm", "channel_not_found"),
        ("bot", "channel_not_found"),
    ],
)
async def test_places_where_the_bot_may_not_post(
    slack: FakeSlack, post: Post, where: str, error: str
) -> None:
    gone = slack.add_user("Gone", deleted=True)
    places = {
        "secret": slack.add_channel("secret", private=True, bot=False).id,
        "old": slack.add_channel("old", archived=True).id,
        "open": slack.add_channel("open", bot=False).id,
        "gone": gone.id,
        "gone_dm": slack.dm_channel(gone).id,
        "bot": slack.bot_user.id,
    }
    assert await refusal(post(places.get(where, where))) == error
    assert slack.failures == []


async def test_messages_tab_disabled(document: Json) -> None:
    document["features"]["app_home"]["messages_tab_enabled"] = False
    async with FakeSlack(Manifest.parse(document)) as slack:
        lan = slack.add_user("Lan")
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
        call = client.chat_postMessage(channel=lan.id, text="x")
        assert await refusal(call) == "messages_tab_disabled"
        with pytest.raises(AssertionError, match="lets nobody write"):
            slack.say("hello", user=lan)


async def test_public_scope_opens_public_channels(document: Json) -> None:
    document["oauth_config"]["scopes"]["bot"].append("chat:write.public")
    async with FakeSlack(Manifest.parse(document)) as slack:
        open_ = slack.add_channel("open", bot=False)
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
        await client.chat_postMessage(
            channel=open_.id, text="x", unfurl_links=False, unfurl_media=False
        )
        assert "chat:write.public" in slack.scopes_used


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"blocks": [section()] * 51}, "invalid_blocks"),
        (
            {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]},
            "invalid_blocks",
        ),
        ({"blocks": [field(text_input("a"), "b")]}, "invalid_blocks"),
        ({"blocks": [section("x" * 2_640)] * 5 + [section("x")]}, "msg_blocks_too_long"),
        ({"text": ""}, "no_text"),
        ({"markdown_text": "**x**"}, "markdown_text_conflict"),
        ({"text": "", "markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"metadata": "no json"}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        (
            {"metadata": {"event_type": "x", "event_payload": {"k": "v" * 15_954}}},
            "metadata_too_large",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
async def test_messages_that_slack_refuses_are_failures(
    slack: FakeSlack, post: Post, args: Json, error: str
) -> None:
    team = slack.add_channel("team")
    slack.expect_failure(f"chat.postMessage: {error}")
    text = args.pop("text", "x")
    assert await refusal(post(team.id, text, **args)) == error
    assert slack.messages(team) == []


async def test_refused_blocks_say_where(slack: FakeSlack, post: Post) -> None:
    team = slack.add_channel("team")
    slack.expect_failure("invalid_blocks")
    long = button(text={"type": "plain_text", "text": "x" * 76})
    with pytest.raises(SlackApiError) as caught:
        await post(team.id, blocks=[actions(long)])
    assert "/blocks/0/elements/0/text/text" in caught.value.response["errors"][0]


async def test_just_inside_the_limits_is_taken(slack: FakeSlack, post: Post) -> None:
    team = slack.add_channel("team")
    await post(team.id, blocks=[section(f"{n}") for n in range(50)])
    await post(team.id, blocks=[section("x" * 2_640)] * 5)
    metadata = {"event_type": "muster_post", "event_payload": {"k": "v" * 15_943}}
    await post(team.id, metadata=metadata)
    assert len(slack.messages(team)) == 3


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"text": "see <!channel>"}, "broadcast <!channel>"),
        ({"text": "see <!here|here>"}, "broadcast <!here"),
        ({"blocks": [section("<!everyone>")]}, "broadcast <!everyone>"),
        ({"blocks": [section("<!subteam^S1>")]}, "broadcast <!subteam"),
        ({"blocks": [section("<https://evil.example|ok>")]}, "https://evil.example"),
        ({"text": "<https://evil.example>"}, "https://evil.example"),
        ({"blocks": [{"type": "markdown", "text": "[ok](https://evil.example)"}]}, "evil.example"),
        (
            {
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [{"type": "broadcast", "range": "here"}],
                            }
                        ],
                    }
                ]
            },
            "broadcast element here",
        ),
        ({"unfurl_links": None}, "unfurl_links is not false"),
        ({"unfurl_media": True}, "unfurl_media is not false"),
        ({"text": "x" * 40_001}, "text is truncated"),
        ({"text": "", "blocks": [section()]}, "top-level text is missing"),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
async def test_what_a_bot_must_never_say(
    slack: FakeSlack, post: Post, args: Json, sentence: str
) -> None:
    team = slack.add_channel("team")
    slack.expect_failure(sentence)
    await post(team.id, args.pop("text", "x"), **args)
    assert any(sentence in failure for failure in slack.failures)


async def test_escaped_text_and_allowed_links_pass(slack: FakeSlack, post: Post) -> None:
    team = slack.add_channel("team")
    slack.allowed_links.append("https://tool.example/")
    blocks = [
        section("&lt;!channel&gt; <https://tool.example/tasks/1|T-1>"),
        {"type": "context", "elements": [{"type": "plain_text", "text": "<!channel> <https://x>"}]},
    ]
    await post(team.id, "&lt;!here&gt;", blocks=blocks)
    assert slack.failures == []


async def test_bare_links_can_be_forbidden(slack: FakeSlack, post: Post) -> None:
    team = slack.add_channel("team")
    slack.forbid_bare_links = True
    slack.allowed_links.append("https://tool.example/")
    quiet = section("https://tool.example/1 <https://tool.example/2|x>")
    verbatim = {"type": "mrkdwn", "text": "https://evil.example/1", "verbatim": True}
    await post(team.id, "https://evil.example/0", blocks=[quiet, {**section(), "text": verbatim}])
    assert slack.failures == []
    slack.expect_failure("bare link: https://evil.example/2")
    slack.expect_failure("bare link: https://evil.example/3")
    await post(team.id, "https://evil.example/2")
    await post(team.id, blocks=[section("see https://evil.example/3")])


async def test_truncated_text(slack: FakeSlack, post: Post) -> None:
    team = slack.add_channel("team")
    slack.expect_failure("truncated")
    await post(team.id, "x" * 40_001)
    assert len(slack.messages(team)[0].text) == 40_000


async def test_update_rewrites_keeps_and_removes(
    slack: FakeSlack, post: Post, client: AsyncWebClient
) -> None:
    team = slack.add_channel("team")
    label = {"event_type": "muster_post", "event_payload": {"key": "1"}}
    ts = (await post(team.id, blocks=[section()], metadata=label))["ts"]
    message = slack.messages(team)[0]
    await client.chat_update(channel=team.id, ts=ts, text="new")
    assert (message.text, message.blocks, message.metadata) == ("new", [], label)
    await client.chat_update(channel=team.id, ts=ts, text="new", metadata={})
    assert (message.metadata, message.edits) == (None, 2)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channel": "C404"}, "channel_not_found"),
        ({"ts": "1.000000"}, "message_not_found"),
        ({"ts": "foreign"}, "cant_update_message"),
        ({"text": "x" * 4_001}, "msg_too_long"),
    ],
)
async def test_updates_that_slack_refuses(
    slack: FakeSlack, post: Post, client: AsyncWebClient, change: Json, error: str
) -> None:
    lan = slack.add_user("Lan")
    team = slack.add_channel("team", members=[lan])
    ts = (await post(team.id))["ts"]
    foreign = slack.write("mine", user=lan, channel=team)
    if error == "msg_too_long":
        slack.expect_failure(error)
    if change.get("ts") == "foreign":
        change = {"ts": foreign.ts}
    args = {"channel": team.id, "ts": ts, "text": "new", **change}
    assert await refusal(client.chat_update(**args)) == error


async def test_update_in_an_archived_channel(
    slack: FakeSlack, post: Post, client: AsyncWebClient
) -> None:
    team = slack.add_channel("team")
    ts = (await post(team.id))["ts"]
    team.archived = True
    assert await refusal(client.chat_update(channel=team.id, ts=ts, text="x")) == "is_inactive"


async def test_ephemeral_is_for_members_only(slack: FakeSlack, client: AsyncWebClient) -> None:
    lan, mo = slack.add_user("Lan"), slack.add_user("Mo")
    team = slack.add_channel("team", members=[lan])
    await client.chat_postEphemeral(channel=team.id, user=lan.id, text="psst")
    assert [m.text for m in slack.ephemerals(team, lan)] == ["psst"]
    assert slack.ephemerals(team, mo) == []
    assert slack.messages(team) == []
    call = client.chat_postEphemeral(channel=team.id, user=mo.id, text="psst")
    assert await refusal(call) == "user_not_in_channel"
    seen = slack.ephemerals(team, lan)[0]
    call = client.chat_update(channel=team.id, ts=seen.ts, text="x")
    assert await refusal(call) == "message_not_found"


async def test_threads_permalinks_and_deletion(
    slack: FakeSlack, post: Post, client: AsyncWebClient
) -> None:
    lan = slack.add_user("Lan")
    team = slack.add_channel("team", members=[lan])
    ts = (await post(team.id))["ts"]
    await post(team.id, "reply", thread_ts=ts)
    assert await refusal(post(team.id, "reply", thread_ts="1.0")) == "thread_not_found"
    link = await client.chat_getPermalink(channel=team.id, message_ts=ts)
    assert link["permalink"].endswith(ts.replace(".", ""))
    await client.chat_delete(channel=team.id, ts=ts)
    assert [m.text for m in slack.messages(team)] == ["reply"]
    foreign = slack.write("mine", user=lan, channel=team)
    call = client.chat_delete(channel=team.id, ts=foreign.ts)
    assert await refusal(call) == "cant_delete_message"
    call = client.chat_getPermalink(channel=team.id, message_ts=ts)
    assert await refusal(call) == "message_not_found"
