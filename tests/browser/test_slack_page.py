"""The harness itself, proven with a small bot: whatever fails here is not Muster's fault."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_page import SlackPage
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.control import LocalSlackControl
from bot.demo.local_slack import LocalSlack
from bot.demo.workspace import (
    APP_TOKEN,
    BOT_TOKEN,
    CONTRIBUTORS,
    DIGEST_CHANNEL,
    MANAGER,
    TEAM_CHANNEL,
)

pytestmark = pytest.mark.browser

AMINA = CONTRIBUTORS[0]
# The smallest valid PNG: one white pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def _form() -> dict[str, Any]:
    note = {"type": "plain_text_input", "action_id": "note"}
    options = [{"text": _plain("error"), "value": "e"}, {"text": _plain("warning"), "value": "w"}]
    severity = {"type": "static_select", "action_id": "severity", "options": options}
    return {
        "type": "modal",
        "callback_id": "finding",
        "title": _plain("Record a finding"),
        "submit": _plain("Save"),
        "blocks": [
            {"type": "input", "block_id": "note", "label": _plain("Note"), "element": note},
            {"type": "input", "block_id": "kind", "label": _plain("Severity"), "element": severity},
        ],
    }


def _finding(note: str) -> list[dict[str, Any]]:
    button = {"type": "button", "action_id": "seen", "value": "1", "text": _plain("Acknowledge")}
    return [
        {"type": "section", "block_id": "text", "text": _plain(note)},
        {"type": "actions", "block_id": "buttons", "elements": [button]},
    ]


def _small_bot(client: AsyncWebClient) -> AsyncApp:
    app = AsyncApp(client=client)

    @app.command("/finding")
    async def command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=_form())

    @app.view("finding")
    async def submitted(ack: AsyncAck, view: dict[str, Any]) -> None:
        note = view["state"]["values"]["note"]["note"]["value"]
        if len(note) < 5:
            await ack(response_action="errors", errors={"note": "Say what was wrong."})
            return
        await ack()
        await client.chat_postMessage(channel=AMINA.id, text=note, blocks=_finding(note))

    @app.action("seen")
    async def seen(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        place = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**place, text="Acknowledged", blocks=[])

    @app.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        blocks = [{"type": "header", "text": _plain(f"Home of {event['user']}")}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("message")
    async def message(event: dict[str, Any], say: AsyncSay) -> None:
        for file in event.get("files", []):
            await say(text=f"Got {file['name']}")

    @app.event("file_shared")
    async def file_shared() -> None: ...

    return app


@pytest.fixture
async def client(
    local_slack: LocalSlack, people: LocalSlackControl
) -> AsyncIterator[AsyncWebClient]:
    """The small bot's client; the bot is connected."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=local_slack.api_url)
    handler = AsyncSocketModeHandler(_small_bot(client), APP_TOKEN)
    await handler.connect_async()
    await people.until_connected()
    yield client
    await handler.close_async()


@pytest.mark.usefixtures("client")
async def test_command_form_message_button(slack_page: SlackPage) -> None:
    await slack_page.act_as(MANAGER.name)
    await slack_page.open_channel(TEAM_CHANNEL.name)
    await slack_page.say("/finding")
    await slack_page.until_modal("Record a finding")
    await slack_page.fill("Note", "bad")
    await slack_page.choose("Severity", "warning")
    await slack_page.submit()
    await expect(slack_page.modal_errors).to_have_text("note: Say what was wrong.")
    await slack_page.picture("error")

    await slack_page.fill("Note", "The second intent is missing.")
    await slack_page.submit()
    await slack_page.until_no_modal()
    await slack_page.act_as(AMINA.name)
    await slack_page.open_direct(AMINA.name)
    received = slack_page.message("The second intent is missing.")
    await expect(received).to_be_visible()
    await slack_page.picture("message")

    await slack_page.click("Acknowledge", within=received)
    await expect(slack_page.message("Acknowledged")).to_be_visible()
    await expect(slack_page.messages).to_have_count(1)
    await slack_page.picture("acknowledged")


@pytest.mark.usefixtures("client")
async def test_home_belongs_to_who_looks(slack_page: SlackPage) -> None:
    await slack_page.open_home()
    await expect(slack_page.home).to_contain_text(f"Home of {MANAGER.id}")
    await slack_page.act_as(AMINA.name)
    await expect(slack_page.home).to_contain_text(f"Home of {AMINA.id}")
    await slack_page.picture("home")


@pytest.mark.usefixtures("client")
async def test_a_dropped_file_reaches_the_bot(slack_page: SlackPage, tmp_path: Path) -> None:
    file = tmp_path / "work.csv"
    file.write_text("task,contributor\n", encoding="utf-8")
    await slack_page.open_direct(MANAGER.name)
    await slack_page.drop_file(file)
    await expect(slack_page.message("Got work.csv")).to_be_visible()
    await slack_page.picture("file")


async def test_an_uploaded_picture_shows_with_its_words(
    slack_page: SlackPage, client: AsyncWebClient
) -> None:
    await client.files_upload_v2(
        channel=DIGEST_CHANNEL.id,
        content=PIXEL,
        filename="chart.png",
        title="Quality by week",
        alt_txt="Quality rose from 91 to 95 percent.",
        initial_comment="Kestrel this week",
    )
    await slack_page.open_channel(DIGEST_CHANNEL.name)
    picture = slack_page.message("Kestrel this week").locator(".file-image img")
    await expect(picture).to_have_attribute("alt", "Quality rose from 91 to 95 percent.")
    assert await picture.evaluate("image => image.naturalWidth") == 1
    await slack_page.picture("chart")


@pytest.mark.usefixtures("client")
async def test_people_without_a_browser(people: LocalSlackControl) -> None:
    async with people.ui() as ui:
        await people.command(MANAGER.id, TEAM_CHANNEL.id, "/finding")
        await ui.until_modal()
        values = {"note": {"note": {"type": "plain_text_input", "value": "Span too wide."}}}
        await ui.submit(MANAGER.id, values)
        await ui.until_closed()
    holds_note = lambda message: message["text"] == "Span too wide."  # noqa: E731
    received = await people.until_message(AMINA.direct_id, holds_note)
    await people.click(AMINA.id, received, "seen")
    await people.until_message(AMINA.direct_id, lambda message: message["text"] == "Acknowledged")
