"""What the tests of the fake share: a small manifest, a clock to turn, a bot that may do much."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.kit import Clock, Post
from tests.fakes.slack import FakeSlack, Manifest

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Muster"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "muster"},
        "slash_commands": [{"command": "/audit", "description": "Audit"}],
        "shortcuts": [
            {"name": "Ask", "type": "message", "callback_id": "ask_about", "description": "Ask"},
            {"name": "Ask", "type": "global", "callback_id": "ask", "description": "Ask"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("commands", "chat:write", "app_mentions:read", "team:read", "usergroups:read"),
                *("channels:read", "channels:history", "channels:join"),
                *("groups:read", "groups:history", "im:read", "im:write", "im:history"),
                *("users:read", "users:read.email", "files:read", "files:write"),
            ]
        }
    },
    "settings": {
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {
            "bot_events": ["app_home_opened", "app_mention", "message.im", "team_join"]
        },
    },
}


@pytest.fixture
def document() -> dict[str, Any]:
    """A manifest to change before it is parsed."""
    return copy.deepcopy(MANIFEST)


@pytest.fixture
def clock() -> Clock:
    return Clock(1_790_000_000.0)


@pytest.fixture
async def slack(clock: Clock, document: dict[str, Any]) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(Manifest.parse(document), now=clock) as fake:
        yield fake


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    """The real client, which never retries by itself."""
    return AsyncWebClient(
        token=slack.bot_token, base_url=slack.base_url, retry_handlers=[], timeout=5
    )


@pytest.fixture
def app(slack: FakeSlack, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, signing_secret=slack.signing_secret)


@pytest.fixture
def post(client: AsyncWebClient) -> Post:
    """Posts as a good bot does; keyword arguments override."""

    async def run(channel: str, text: str = "hello", **more: Any) -> object:
        quiet = {"unfurl_links": False, "unfurl_media": False}
        return await client.chat_postMessage(channel=channel, text=text, **{**quiet, **more})

    return run
