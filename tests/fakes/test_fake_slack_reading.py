"""Tokens, scopes, people, channels, history and files, asked by the real client."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.kit import Clock, Json, Post, refusal
from tests.fakes.slack import FakeSlack, Manifest

LABEL = {"event_type": "muster_post", "event_payload": {"key": "abc"}}


async def test_tokens(slack: FakeSlack, client: AsyncWebClient) -> None:
    who = await client.auth_test()
    assert (who["team_id"], who["user_id"]) == (slack.team_id, slack.bot_user.id)
    assert "chat:write" in who.headers["x-oauth-scopes"]

    async def with_token(token: str | None, method: str = "auth.test") -> str:
        other = AsyncWebClient(token=token, base_url=slack.base_url)
        return await refusal(other.api_call(method))

    assert await with_token(None) == "not_authed"
    assert await with_token("xoxb-wrong") == "invalid_auth"
    assert await with_token(slack.app_token) == "not_allowed_token_type"
    assert await with_token("xapp-wrong", "apps.connections.open") == "invalid_auth"
    opened = await client.apps_connections_open(app_token=slack.app_token)
    assert opened["url"].startswith("ws://")


async def test_unknown_methods_fail(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.expect_failure("unknown_method: reactions.add")
    call = client.reactions_add(channel="C1", name="x", timestamp="1.0")
    assert await refusal(call) == "unknown_method"


@pytest.mark.parametrize(
    ("scope", "method", "args"),
    [
        ("chat:write", "chat.postMessage", {"channel": "C", "text": "x"}),
        ("users:read", "users.list", {}),
        ("users:read.email", "users.lookupByEmail", {"email": "x"}),
        ("team:read", "team.info", {}),
        ("channels:read", "conversations.info", {"channel": "open"}),
        ("groups:history", "conversations.history", {"channel": "private"}),
        ("im:history", "conversations.history", {"channel": "dm"}),
        ("channels:join", "conversations.join", {"channel": "open"}),
        ("im:write", "conversations.open", {"users": "lan"}),
        ("files:write", "files.getUploadURLExternal", {"filename": "x", "length": 1}),
        ("files:read", "files.info", {"file": "F1"}),
        ("usergroups:read", "usergroups.list", {}),
    ],
)
async def test_a_scope_that_the_manifest_lacks(
    document: Json, scope: str, method: str, args: Json
) -> None:
    document["oauth_config"]["scopes"]["bot"].remove(scope)
    async with FakeSlack(Manifest.parse(document)) as slack:
        lan = slack.add_user("Lan")
        places = {
            "open": slack.add_channel("open").id,
            "private": slack.add_channel("private", private=True).id,
            "dm": slack.dm_channel(lan).id,
            "lan": lan.id,
        }
        args = {key: places.get(value, value) for key, value in args.items()}
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
        slack.expect_failure(f"missing_scope: {scope}")
        with pytest.raises(SlackApiError) as caught:
            await client.api_call(method, params=args)
        assert caught.value.response["error"] == "missing_scope"
        assert caught.value.response["needed"] == scope
        assert scope not in slack.scopes_used


async def test_unused_scopes_are_known(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.team_info()
    assert "team:read" not in slack.scopes_unused()
    assert "files:read" in slack.scopes_unused()


async def test_people(slack: FakeSlack, client: AsyncWebClient) -> None:
    lan = slack.add_user("Lan", tz="Asia/Shanghai", email="Lan@example.org", locale="zh-CN")
    slack.add_user("Gone", email="gone@example.org", deleted=True)
    shown = (await client.users_info(user=lan.id, include_locale=True))["user"]
    assert (shown["tz"], shown["tz_offset"], shown["locale"]) == ("Asia/Shanghai", 28_800, "zh-CN")
    assert shown["profile"]["email"] == "Lan@example.org"
    found = await client.users_lookupByEmail(email="lan@example.org")
    assert found["user"]["id"] == lan.id
    gone = client.users_lookupByEmail(email="gone@example.org")
    assert await refusal(gone) == "users_not_found"
    assert await refusal(client.users_info(user="U404")) == "user_not_found"
    first = await client.users_list(limit=2)
    rest = await client.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [u["name"] for u in [*first["members"], *rest["members"]]] == ["muster", "lan", "gone"]
    assert rest["response_metadata"]["next_cursor"] == ""


async def test_email_needs_its_scope(document: Json) -> None:
    document["oauth_config"]["scopes"]["bot"].remove("users:read.email")
    async with FakeSlack(Manifest.parse(document)) as slack:
        lan = slack.add_user("Lan", email="lan@example.org")
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
        shown = await client.users_info(user=lan.id)
        assert "email" not in shown["user"]["profile"]


async def test_user_groups(slack: FakeSlack, client: AsyncWebClient) -> None:
    lan = slack.add_user("Lan")
    group = slack.add_usergroup("annotators", [lan])
    listed = await client.usergroups_list(include_users=True)
    assert listed["usergroups"][0]["users"] == [lan.id]
    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == [lan.id]
    assert await refusal(client.usergroups_users_list(usergroup="S404")) == "no_such_subteam"
    slack.free_plan = True
    assert await refusal(client.usergroups_list()) == "plan_upgrade_required"


async def test_opening_dms(slack: FakeSlack, client: AsyncWebClient) -> None:
    lan, gone = slack.add_user("Lan"), slack.add_user("Gone", deleted=True)
    opened = await client.conversations_open(users=lan.id)
    again = await client.conversations_open(users=[lan.id])
    assert opened["channel"]["id"] == again["channel"]["id"] == slack.dm_channel(lan).id
    assert (opened["already_open"], again["already_open"]) == (False, True)
    assert await refusal(client.conversations_open(users=gone.id)) == "user_disabled"
    assert await refusal(client.conversations_open(users="U404")) == "user_not_found"
    assert await refusal(client.conversations_open(users=slack.bot_user.id)) == "cannot_dm_bot"
    many = client.conversations_open(users=[f"U{n}" for n in range(9)])
    assert await refusal(many) == "too_many_users"


async def test_channels(slack: FakeSlack, client: AsyncWebClient) -> None:
    lan = slack.add_user("Lan")
    team = slack.add_channel("team", members=[lan])
    old = slack.add_channel("old", archived=True)
    hidden = slack.add_channel("hidden", private=True, bot=False)
    open_ = slack.add_channel("open", bot=False)
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert {c["id"] for c in listed["channels"]} == {team.id, old.id, open_.id}
    short = await client.conversations_list(limit=2, exclude_archived=True)
    assert [c["id"] for c in short["channels"]] == [team.id]  # the page was cut first
    assert short["response_metadata"]["next_cursor"]
    shown = (await client.conversations_info(channel=team.id, include_num_members=True))["channel"]
    assert (shown["num_members"], shown["is_member"], shown["is_archived"]) == (2, True, False)
    assert await refusal(client.conversations_info(channel=hidden.id)) == "channel_not_found"
    members = await client.conversations_members(channel=team.id)
    assert members["members"] == [lan.id, slack.bot_user.id]
    joined = await client.conversations_join(channel=open_.id)
    assert joined["channel"]["is_member"]
    assert await refusal(client.conversations_join(channel=old.id)) == "is_archived"
    assert await refusal(client.conversations_join(channel=hidden.id)) == "channel_not_found"
    assert await refusal(client.conversations_list(limit=1_000)) == "invalid_limit"


async def test_history_pages_filters_and_metadata(
    slack: FakeSlack, client: AsyncWebClient, post: Post, clock: Clock
) -> None:
    team = slack.add_channel("team")
    stamps = []
    for number in range(4):
        clock.turn(10)
        stamps.append((await post(team.id, f"{number}", metadata=LABEL))["ts"])
    reply = await post(team.id, "reply", thread_ts=stamps[0])

    async def texts(**args: object) -> list[str]:
        found = await client.conversations_history(channel=team.id, **args)
        return [m["text"] for m in found["messages"]]

    assert await texts() == ["3", "2", "1", "0"]
    assert await texts(oldest=stamps[1]) == ["3", "2"]
    assert await texts(oldest=stamps[1], inclusive=True) == ["3", "2", "1"]
    assert await texts(oldest=stamps[0], latest=stamps[2]) == ["1"]
    first = await client.conversations_history(channel=team.id, limit=3)
    assert first["has_more"]
    assert len(await texts(limit=999)) == 4
    assert await refusal(client.conversations_history(channel=team.id, limit=1_000)) == (
        "invalid_limit"
    )
    assert await texts(limit=3, cursor=first["response_metadata"]["next_cursor"]) == ["0"]
    assert first["messages"][0]["metadata"] == {"event_type": "muster_post"}
    full = await client.conversations_history(channel=team.id, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == LABEL
    assert full["messages"][0]["bot_id"] == slack.bot_id
    thread = await client.conversations_replies(channel=team.id, ts=stamps[0])
    assert [m["ts"] for m in thread["messages"]] == [stamps[0], reply["ts"]]
    missing = client.conversations_replies(channel=team.id, ts="1.0")
    assert await refusal(missing) == "thread_not_found"


async def test_history_hides_the_newest(
    slack: FakeSlack, client: AsyncWebClient, post: Post, clock: Clock
) -> None:
    team = slack.add_channel("team")
    slack.history_delay = 20
    await post(team.id)
    clock.turn(19)
    assert (await client.conversations_history(channel=team.id))["messages"] == []
    clock.turn(1)
    assert len((await client.conversations_history(channel=team.id))["messages"]) == 1


async def test_history_never_shows_ephemerals_or_foreign_channels(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    lan = slack.add_user("Lan")
    team = slack.add_channel("team", members=[lan])
    await client.chat_postEphemeral(channel=team.id, user=lan.id, text="psst")
    assert (await client.conversations_history(channel=team.id))["messages"] == []
    open_ = slack.add_channel("open", bot=False)
    assert await refusal(client.conversations_history(channel=open_.id)) == "not_in_channel"


async def test_upload_in_three_steps(slack: FakeSlack, client: AsyncWebClient) -> None:
    team = slack.add_channel("team")
    sent = await client.files_upload_v2(
        channel=team.id,
        filename="chart.png",
        content=b"png",
        title="Chart",
        alt_txt="A chart",
        initial_comment="Here",
    )
    file = slack.files[sent["file"]["id"]]
    assert (file.content, file.complete, file.alt_text) == (b"png", True, "A chart")
    message = slack.messages(team)[0]
    assert (message.text, message.files) == ("Here", [file])
    info = (await client.files_info(file=file.id))["file"]
    assert info["shares"]["public"] == {team.id: [{"ts": message.ts}]}
    again = client.files_completeUploadExternal(files=[{"id": file.id, "title": "x"}])
    assert await refusal(again) == "file_not_found"


async def test_an_upload_that_is_not_finished(slack: FakeSlack, client: AsyncWebClient) -> None:
    team = slack.add_channel("team")
    ticket = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    name = ticket["file_id"]
    assert await refusal(client.files_info(file=name)) == "file_not_found"
    early = client.files_completeUploadExternal(files=[{"id": name}], channel_id=team.id)
    assert await refusal(early) == "file_not_found"
    slack.expect_failure("2 bytes came, 3 were announced")
    async with aiohttp.ClientSession() as session:
        async with session.post(ticket["upload_url"], data=b"ab") as response:
            assert response.status == 400
        async with session.post(ticket["upload_url"], data=b"abc") as response:
            assert await response.text() == "OK - 3"
    twice = client.files_completeUploadExternal(files=[{"id": name}, {"id": name}])
    assert await refusal(twice) == "file_not_found"
    lost = client.files_completeUploadExternal(files=[{"id": name}], channel_id="C404")
    assert await refusal(lost) == "channel_not_found"
    await client.files_completeUploadExternal(files=[{"id": name}], channel_id=team.id)
    assert (await client.files_info(file=name))["file"]["size"] == 3


async def test_upload_limits(slack: FakeSlack, client: AsyncWebClient) -> None:
    async def ticket(alt: int) -> str:
        call = client.files_getUploadURLExternal(filename="a", length=1, alt_txt="x" * alt)
        return str((await call)["file_id"])

    slack.files[await ticket(1_000)].content = b"a"
    slack.expect_failure("alt_txt over 1,000")
    assert await refusal(ticket(1_001)) == "invalid_arguments"
    channels = [slack.add_channel(f"c{n}").id for n in range(101)]
    files: list[dict[str, str | None]] = [{"id": next(iter(slack.files))}]
    many = client.files_completeUploadExternal(files=files, channels=channels)
    assert await refusal(many) == "channels_limit_exceeded"
    await client.files_completeUploadExternal(files=files, channels=channels[:100])
    assert len(slack.messages(channels[99])) == 1


async def test_a_dropped_file_is_read_with_the_token_only(slack: FakeSlack) -> None:
    ada = slack.add_user("Ada")
    event = slack.drop_file("rows.csv", b"task\nT-1", user=ada, text="import").payload["event"]
    assert (event["subtype"], event["channel_type"]) == ("file_share", "im")
    url = event["files"][0]["url_private_download"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as response:
            assert "Sign in" in await response.text()
        headers = {"Authorization": f"Bearer {slack.bot_token}"}
        async with session.get(url, headers=headers) as response:
            assert await response.read() == b"task\nT-1"
    assert "files:read" in slack.scopes_used
