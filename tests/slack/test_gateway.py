"""The gateway against the strict fake: outcomes that tell apart what may have happened."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import BadInput, NotFound
from bot.rules.people import IdentityKind
from bot.rules.slack import UploadTicket
from bot.slack.client import open_session, web_client
from bot.slack.gateway import Gateway
from bot.slack.gateways import Gateways
from bot.slack.history import Unreadable
from bot.slack.outcomes import Failure, Limited, NotSent, Refused, Sent, SlackFailed, Unknown
from bot.slack.posting import Message
from tests.fakes.slack import FakeSlack, Fault

ROOT = Path(__file__).resolve().parents[2]
HELLO: Message = {
    "text": "hello",
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}],
}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(manifest=ROOT / "manifest.yml") as fake:
        yield fake


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session(5.0) as opened:
        yield opened


@pytest.fixture
def gateway(slack: FakeSlack, session: aiohttp.ClientSession) -> Gateway:
    return Gateway(web_client(slack.bot_token, slack.base_url, session), session, slack.team_id)


def _ago(**by: float) -> datetime:
    return datetime.now(UTC) - timedelta(**by)


async def test_a_post_is_inert_labelled_and_found_again(slack: FakeSlack, gateway: Gateway) -> None:
    team = slack.add_channel("team")
    sent = await gateway.post(team.id, HELLO, key="k-1")
    (arrived,) = slack.messages(team)
    assert sent == Sent(team.id, arrived.ts)
    args = slack.calls[-1].args
    assert (args["unfurl_links"], args["unfurl_media"], args["parse"]) == (False, False, "none")
    assert arrived.metadata == {"event_type": "muster_delivery", "event_payload": {"key": "k-1"}}
    assert await gateway.history_has(team.id, "k-1", _ago(minutes=1)) == arrived.ts
    assert await gateway.history_has(team.id, "k-2", _ago(minutes=1)) is None
    assert await gateway.history_has(team.id, "k-1", _ago(minutes=-1)) is None


async def test_a_reply_is_found_in_its_thread(slack: FakeSlack, gateway: Gateway) -> None:
    team = slack.add_channel("team")
    head = await gateway.post(team.id, HELLO, key="head")
    assert isinstance(head, Sent)
    reply = await gateway.post(team.id, HELLO, key="reply", thread_ts=head.ts)
    assert isinstance(reply, Sent)
    found = await gateway.history_has(team.id, "reply", _ago(minutes=1), head.ts)
    assert found == reply.ts


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": Fault.RATE_LIMITED, "retry_after": 7}, Limited(7.0)),
        ({"error": "message_limit_exceeded"}, Limited(30.0)),
        ({"error": "rate_limited"}, Limited(30.0)),
        ({"error": "internal_error"}, Unknown("internal_error")),
        ({"error": "fatal_error"}, Unknown("fatal_error")),
        ({"error": "service_unavailable"}, Unknown("service_unavailable")),
        ({"error": "request_timeout"}, Unknown("request_timeout")),
        ({"error": "is_archived"}, Refused("is_archived")),
        ({"kind": Fault.ERROR_BEFORE, "status": 502}, Unknown("HTTP 502")),
        ({"kind": Fault.ERROR_AFTER, "status": 500}, Unknown("HTTP 500")),
        ({"kind": Fault.DROP_BEFORE}, Unknown("ServerDisconnectedError")),
        ({"kind": Fault.DROP_AFTER}, Unknown("ServerDisconnectedError")),
    ],
)
async def test_outcomes(
    slack: FakeSlack, gateway: Gateway, fault: dict[str, Any], outcome: object
) -> None:
    team = slack.add_channel("team")
    slack.faults.add(method="chat.postMessage", **fault)
    assert await gateway.post(team.id, HELLO) == outcome
    assert len([each for each in slack.calls if each.method == "chat.postMessage"]) == 1


async def test_a_refusal_says_what_slack_adds(slack: FakeSlack, gateway: Gateway) -> None:
    slack.expect_failure("chat.postMessage")
    team = slack.add_channel("team")
    broken: Message = {"text": "hello", "blocks": [{"type": "section"}]}
    outcome = await gateway.post(team.id, broken)
    assert isinstance(outcome, Refused)
    assert outcome.reason == "invalid_blocks"
    assert "json-pointer:/blocks/0" in outcome.detail


async def test_no_connection_means_that_nothing_happened(session: aiohttp.ClientSession) -> None:
    for address in ("http://127.0.0.1:1/api/", "http://no-such-host.invalid/api/"):
        gateway = Gateway(web_client("xoxb-x", address, session), session)
        assert isinstance(await gateway.post("C1", HELLO), NotSent)


async def test_a_timeout_ends_the_call(slack: FakeSlack) -> None:
    team = slack.add_channel("team")
    slack.faults.add(method="chat.postMessage", kind=Fault.LATENCY, seconds=3)
    async with open_session(0.2) as hasty, asyncio.timeout(2):
        gateway = Gateway(web_client(slack.bot_token, slack.base_url, hasty), hasty)
        assert await gateway.post(team.id, HELLO) == Unknown("TimeoutError")
        assert await gateway.history_has(team.id, "k", _ago(minutes=1)) is None


async def test_a_history_that_cannot_be_read_is_no_proof(
    slack: FakeSlack, gateway: Gateway
) -> None:
    team = slack.add_channel("team")
    slack.faults.add(method="conversations.history", error="missing_scope")
    found = await gateway.history_has(team.id, "k", _ago(minutes=1))
    assert found == Unreadable(Refused("missing_scope"))
    for n in range(201):
        slack.add_message(team, user="U1", text=f"chatter {n}")
    # Twice: the transport itself repeats a GET on a connection that it had used before.
    slack.faults.add(method="conversations.history", kind=Fault.DROP_BEFORE, after=1, times=2)
    found = await gateway.history_has(team.id, "k", _ago(minutes=1))
    assert found == Unreadable(Unknown("ServerDisconnectedError"))


async def test_update_publish_and_ephemeral(slack: FakeSlack, gateway: Gateway) -> None:
    ada = slack.add_user("Ada")
    team = slack.add_channel("team", members=[ada])
    sent = await gateway.post(team.id, HELLO, key="k")
    assert isinstance(sent, Sent)
    changed: Message = {**HELLO, "text": "changed"}
    assert await gateway.update(team.id, sent.ts, changed) == sent
    assert slack.messages(team)[0].text == "changed"
    assert slack.messages(team)[0].metadata is not None
    home = {"type": "home", "blocks": HELLO["blocks"]}
    assert isinstance(await gateway.publish(ada.id, home), Sent)
    assert slack.home(ada) is not None
    assert isinstance(await gateway.post_ephemeral(team.id, ada.id, HELLO), Sent)
    assert [each.text for each in slack.ephemerals(team, ada)] == ["hello"]
    stranger = slack.add_user("Eve")
    refused = await gateway.post_ephemeral(team.id, stranger.id, HELLO)
    assert refused == Refused("user_not_in_channel")


async def test_a_file_goes_up_in_three_steps_and_comes_down(
    slack: FakeSlack, gateway: Gateway
) -> None:
    team = slack.add_channel("team")
    ticket = await gateway.upload_ticket("chart.png", 3, "a chart")
    assert isinstance(ticket, UploadTicket)
    assert await gateway.upload_bytes(ticket, b"PNG") == Sent()
    assert await gateway.file_info(ticket.file_id) is None
    done = await gateway.upload_complete(
        ticket.file_id, title="Quality", channel=team.id, comment="today"
    )
    assert done == Sent(team.id)
    info = await gateway.file_info(ticket.file_id)
    assert info is not None
    assert (info.name, info.size, list(info.shares)) == ("chart.png", 3, [team.id])
    content = [chunk async for chunk in gateway.download_file(info.url, 3)]
    assert b"".join(content) == b"PNG"
    with pytest.raises(BadInput, match="download_too_large"):
        _ = [chunk async for chunk in gateway.download_file(info.url, 2)]


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/f", "http://files.slack.com/f", "https://slack.com.evil.example/f"],
)
async def test_the_token_is_not_shown_to_strangers(gateway: Gateway, url: str) -> None:
    with pytest.raises(SlackFailed) as failed:
        _ = [chunk async for chunk in gateway.download_file(url, 10)]
    assert failed.value.reason == "foreign_address"


async def test_people_are_read_as_profiles(slack: FakeSlack, gateway: Gateway) -> None:
    ada = slack.add_user("Ada", email="ada@example.org", tz="Asia/Shanghai", is_owner=True)
    guest = slack.add_user("Gus", is_guest=True)
    stranger = slack.add_user("Eve", is_stranger=True)
    gone = slack.add_user("Tom", deleted=True)
    profile = await gateway.user_info(ada.id)
    assert (profile.name, profile.email, profile.zone, profile.locale) == (
        "Ada",
        "ada@example.org",
        "Asia/Shanghai",
        "en-US",
    )
    assert (profile.kind, profile.active, profile.slack_admin) == (
        IdentityKind.MEMBER,
        True,
        True,
    )
    assert (await gateway.user_info(guest.id)).kind is IdentityKind.GUEST
    assert (await gateway.user_info(stranger.id)).kind is IdentityKind.EXTERNAL
    assert not (await gateway.user_info(gone.id)).active
    assert (await gateway.user_info(slack.bot_user.id)).kind is IdentityKind.BOT
    with pytest.raises(SlackFailed) as failed:
        await gateway.user_info("U0NOBODY")
    assert failed.value.reason == "user_not_found"


async def test_lookups_and_lists(slack: FakeSlack, gateway: Gateway) -> None:
    ada = slack.add_user("Ada", email="ada@example.org")
    bob = slack.add_user("Bob")
    team = slack.add_channel("team", members=[ada, bob])
    group = slack.add_usergroup("labelers", [ada, bob])
    assert set(await gateway.channel_members(team.id)) == {ada.id, bob.id, slack.bot_user.id}
    assert await gateway.usergroup_members(group.id) == (ada.id, bob.id)
    everybody = [profile async for page in gateway.users_list() for profile in page]
    assert {ada.id, bob.id} <= {profile.user_id for profile in everybody}
    assert {profile.email for profile in everybody if profile.user_id == ada.id} == {ada.email}


async def test_channels(slack: FakeSlack, gateway: Gateway) -> None:
    open_one = slack.add_channel("open", bot=False)
    info = await gateway.channel_info(open_one.id)
    assert info is not None
    assert (info.name, info.member, info.archived, info.private) == ("open", False, False, False)
    assert isinstance(await gateway.join(open_one.id), Sent)
    joined = await gateway.channel_info(open_one.id)
    assert joined is not None
    assert joined.member
    assert await gateway.channel_info("C0NOWHERE") is None


async def test_dms_are_opened_by_user(slack: FakeSlack, gateway: Gateway) -> None:
    ada = slack.add_user("Ada")
    channel = await gateway.open_dm(ada.id)
    assert channel == await gateway.open_dm(ada.id) == slack.dm_channel(ada).id


async def test_the_connection_names_its_team_and_scopes(slack: FakeSlack, gateway: Gateway) -> None:
    connection = await gateway.auth_test()
    assert connection.team_id == slack.team_id
    assert connection.bot_user_id == slack.bot_user.id
    assert connection.scopes == frozenset(slack.manifest.scopes)
    assert not connection.org_wide


async def test_gateways_know_workspaces_and_teams(gateway: Gateway) -> None:
    gateways = Gateways()
    gateways.connect(3, "T3", gateway)
    assert gateways.for_workspace(3) is gateways.for_team("T3") is gateway
    assert gateways.for_workspace(4) is None
    with pytest.raises(NotFound, match="not_connected"):
        gateways.for_team("T4")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Refused("invalid_auth", "secret detail"), "auth.test: invalid_auth"),
        (NotSent("ClientConnectorError"), "auth.test: no connection (ClientConnectorError)"),
        (Limited(7.0), "auth.test: Slack asks to wait 7 seconds"),
        (Unknown("HTTP 503"), "auth.test: no clear answer (HTTP 503)"),
    ],
)
def test_a_failure_says_what_came_of_it(outcome: Failure, said: str) -> None:
    assert str(SlackFailed("auth.test", outcome)) == said
