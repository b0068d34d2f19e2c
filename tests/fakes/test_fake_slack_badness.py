"""Faults, rates, the guard against calls inside transactions, and the verdict at the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.kit import Clock, Json, Post, refusal, section
from tests.fakes.slack import FakeSlack, Fault, Manifest, Rates, make_session


async def status(call: Awaitable[Any]) -> int:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response.status_code


async def test_rate_limit_faults(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.add(method="team.info", kind=Fault.RATE_LIMITED, retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.team_info()
    response = caught.value.response
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
    slack.faults.add(method="team.*", kind=Fault.RATE_LIMITED_IN_BODY)
    assert await refusal(client.team_info()) == "ratelimited"
    assert (await client.team_info())["ok"]
    assert [c.outcome for c in slack.calls] == ["429", "ratelimited", "ok"]


@pytest.mark.parametrize(
    ("kind", "posted"),
    [
        (Fault.DROP_BEFORE, 0),
        (Fault.DROP_AFTER, 1),
    ],
)
async def test_dropped_connections(slack: FakeSlack, post: Post, kind: Fault, posted: int) -> None:
    team = slack.add_channel("team")
    slack.faults.add(method="chat.postMessage", kind=kind)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(team.id, "first")
    assert len(slack.messages(team)) == posted
    await post(team.id, "second")
    assert slack.messages(team)[-1].text == "second"


async def test_the_default_retry_posts_twice_and_the_fake_shows_it(slack: FakeSlack) -> None:
    team = slack.add_channel("team")
    careless = AsyncWebClient(
        token=slack.bot_token,
        base_url=slack.base_url,
        retry_handlers=[AsyncConnectionErrorRetryHandler()],
    )
    slack.faults.add(kind=Fault.DROP_AFTER)
    await careless.chat_postMessage(
        channel=team.id, text="once", unfurl_links=False, unfurl_media=False
    )
    assert [m.text for m in slack.messages(team)] == ["once", "once"]


@pytest.mark.parametrize(("kind", "posted"), [(Fault.ERROR_BEFORE, 0), (Fault.ERROR_AFTER, 1)])
async def test_server_errors(slack: FakeSlack, post: Post, kind: Fault, posted: int) -> None:
    team = slack.add_channel("team")
    slack.faults.add(method="chat.postMessage", kind=kind, status=503)
    assert await status(post(team.id)) == 503
    assert len(slack.messages(team)) == posted


async def test_named_errors_after_some_calls_and_for_some_arguments(
    slack: FakeSlack, post: Post
) -> None:
    team, other = slack.add_channel("team"), slack.add_channel("other")
    slack.faults.add(
        method="chat.postMessage",
        error="internal_error",
        after=1,
        when=lambda args: args["channel"] == team.id,
    )
    await post(team.id)
    await post(other.id)
    assert await refusal(post(team.id)) == "internal_error"
    await post(team.id)
    assert len(slack.messages(team)) == 2


@pytest.mark.parametrize(("kind", "at_once"), [(Fault.LATENCY, 1), (Fault.LATE_EFFECT, 0)])
async def test_a_slow_answer_outlives_an_impatient_client(
    slack: FakeSlack, kind: Fault, at_once: int
) -> None:
    team = slack.add_channel("team")
    slack.faults.add(method="chat.postMessage", kind=kind, seconds=0.3)
    async with make_session(lambda: None, timeout=0.1) as session:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, session=session)
        client.retry_handlers = []
        with pytest.raises(TimeoutError):
            await client.chat_postMessage(
                channel=team.id, text="x", unfurl_links=False, unfurl_media=False
            )
    assert len(slack.messages(team)) == at_once
    await asyncio.sleep(0.4)
    assert len(slack.messages(team)) == 1


async def test_latency_for_all(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.add(kind=Fault.LATENCY, seconds=0.1, times=None)
    began = time.monotonic()
    await client.team_info()
    await client.auth_test()
    assert time.monotonic() - began >= 0.2


async def test_down_for_a_while(slack: FakeSlack, client: AsyncWebClient, clock: Clock) -> None:
    slack.faults.down(seconds=600)
    with pytest.raises(aiohttp.ClientError):
        await client.auth_test()
    clock.turn(600)
    await client.auth_test()
    slack.faults.down()
    with pytest.raises(aiohttp.ClientError):
        await client.auth_test()
    slack.faults.up()
    await client.auth_test()
    assert [c.outcome for c in slack.calls] == ["down", "ok", "down", "ok"]


async def test_faults_reach_uploads_and_response_urls(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    lan = slack.add_user("Lan")
    team = slack.add_channel("team", members=[lan])
    slack.faults.add(method="files.upload", kind=Fault.ERROR_BEFORE)
    ticket = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    url = slack.command("/audit", user=lan, channel=team).payload["response_url"]
    slack.faults.add(method="response_url", kind=Fault.DROP_BEFORE)
    async with aiohttp.ClientSession() as session:
        async with session.post(ticket["upload_url"], data=b"abc") as response:
            assert response.status == 500
        with pytest.raises(aiohttp.ClientError):
            await session.post(url, json={"text": "x"})
    assert slack.ephemerals(team, lan) == []


async def test_one_post_per_second_and_channel_with_a_small_burst(
    slack: FakeSlack, post: Post, clock: Clock
) -> None:
    team, other = slack.add_channel("team"), slack.add_channel("other")
    for _ in range(3):
        await post(team.id)
    with pytest.raises(SlackApiError) as caught:
        await post(team.id)
    assert caught.value.response.headers["Retry-After"] == "1"
    await post(other.id)
    clock.turn(1)
    await post(team.id)
    assert await status(post(team.id)) == 429
    assert slack.failures == []


async def test_a_person_and_their_dm_share_one_pace(slack: FakeSlack, post: Post) -> None:
    lan = slack.add_user("Lan")
    for place in (lan.id, lan.id, slack.dm_channel(lan).id):
        await post(place)
    assert await status(post(slack.dm_channel(lan).id)) == 429


@pytest.mark.parametrize(("rates", "cap"), [(Rates(posts_per_minute=5), 5), (Rates(), 300)])
async def test_the_workspace_has_a_cap(
    document: Json, clock: Clock, rates: Rates, cap: int
) -> None:
    async with FakeSlack(Manifest.parse(document), now=clock, rates=rates) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])

        async def post() -> None:
            lan = slack.add_user("Lan")
            await client.chat_postMessage(
                channel=lan.id, text="x", unfurl_links=False, unfurl_media=False
            )

        for _ in range(cap):
            await post()
        clock.turn(10)
        with pytest.raises(SlackApiError) as caught:
            await post()
        assert caught.value.response.headers["Retry-After"] == "50"
        clock.turn(50)
        await post()


@pytest.mark.parametrize(
    ("method", "calls"),
    [("users.list", 20), ("team.info", 50), ("users.info", 100), ("auth.test", 300)],
)
async def test_tiers_are_counted_per_method_and_minute(
    slack: FakeSlack, client: AsyncWebClient, clock: Clock, method: str, calls: int
) -> None:
    args = {"user": slack.bot_user.id}
    for _ in range(calls):
        await client.api_call(method, params=args)
    assert await status(client.api_call(method, params=args)) == 429
    assert (await client.conversations_list())["ok"]
    clock.turn(60)
    assert (await client.api_call(method, params=args))["ok"]


async def test_rates_can_be_off_for_a_benchmark(document: Json) -> None:
    async with FakeSlack(Manifest.parse(document), rates=Rates(enabled=False)) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
        for _ in range(25):
            await client.users_list()


async def test_a_call_where_the_guard_forbids_it(slack: FakeSlack) -> None:
    inside: ContextVar[bool] = ContextVar("inside", default=False)

    def guard() -> None:
        assert not inside.get(), "inside a transaction"

    async with slack.make_session(guard) as session:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url, session=session)
        await client.team_info()
        inside.set(True)
        slack.expect_failure("where the guard forbids it")
        with pytest.raises(AssertionError, match="inside a transaction"):
            await client.team_info()
        inside.set(False)
    assert slack.call_names() == ["team.info"]


async def _use(document: Json, misuse: Callable[[FakeSlack], Any]) -> None:
    """A test that ends in an open context after ``misuse``."""
    async with FakeSlack(Manifest.parse(document)) as slack:
        misuse(slack)


@pytest.mark.parametrize(
    ("misuse", "words"),
    [
        (lambda slack: slack.fail("boom"), "the fake Slack objects:\n  boom"),
        (lambda slack: slack.expect_failure("boom"), "expected failure did not happen: boom"),
        (
            lambda slack: slack.faults.add(method="team.info", kind=Fault.DROP_AFTER),
            "fault drop_after on team.info never fired",
        ),
    ],
)
async def test_failures_end_the_context_with_an_error(
    document: Json, misuse: Callable[[FakeSlack], Any], words: str
) -> None:
    with pytest.raises(AssertionError, match=words):
        await _use(document, misuse)


async def test_an_error_of_the_test_itself_comes_first(document: Json) -> None:
    def misuse(slack: FakeSlack) -> None:
        slack.fail("boom")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        await _use(document, misuse)
    assert "boom" in caught.value.__notes__[0]


async def test_a_suite_can_gather_what_it_used(document: Json) -> None:
    scopes: set[str] = set()
    for method in ("team.info", "users.list"):
        async with FakeSlack(Manifest.parse(document), scopes_used=scopes) as slack:
            client = AsyncWebClient(token=slack.bot_token, base_url=slack.base_url)
            await client.api_call(method)
    assert {"team:read", "users:read"} <= scopes


async def test_an_error_inside_the_fake_is_told(
    slack: FakeSlack, client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack, "dm_channel", None)
    slack.expect_failure("the fake itself broke")
    lan = slack.add_user("Lan")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=lan.id, text="x", blocks=[section()])
