"""The day's agenda in the demo, as people see it in a browser: posted, added to, noted, done."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from demo_process import DemoProcess
from playwright.async_api import expect
from slack_page import SlackPage

from bot.demo.workspace import CONTRIBUTORS, MANAGER, TEAM_CHANNEL

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

Browse = Callable[[str], AbstractAsyncContextManager[SlackPage]]

# A Tuesday, just before the agenda of the sample's sync at ten in Nairobi.
BEFORE = "2026-12-01T09:29:00+03:00"


async def test_an_agenda_is_posted_added_to_and_noted(
    slack_program: Path, free_port: int, tmp_path: Path, browse: Browse
) -> None:
    demo = DemoProcess(tmp_path / "demo", free_port, slack_program, "--at", BEFORE)
    async with demo, browse(demo.url) as slack:
        await slack.act_as(CONTRIBUTORS[0].name)
        await slack.open_channel(TEAM_CHANNEL.name)
        await slack.say("/agenda add Are half-hidden signs <labelled> & counted?")
        await expect(slack.message("It is on the agenda")).to_be_visible(timeout=20_000)
        post = slack.message("Notes and actions")
        await expect(post).to_contain_text("half-hidden signs", timeout=120_000)
        await slack.picture("agenda")
        await slack.click("Add a topic", within=post)
        await slack.until_modal("Add a topic")
        await slack.fill("What is it about?", "Lunch on Friday")
        await slack.picture("topic_form")
        await slack.submit()
        await expect(slack.modal).to_contain_text("It is on the agenda", timeout=20_000)
        await slack.close_modal()
        await expect(post).to_contain_text("Lunch on Friday", timeout=30_000)
        await slack.act_as(MANAGER.name)
        await slack.open_channel(TEAM_CHANNEL.name)
        await slack.click("Notes and actions", within=post)
        await slack.until_modal("Notes and actions")
        await slack.fill("What was decided?", "Half-hidden signs are labelled.")
        await slack.picture("notes_form")
        await slack.submit()
        await expect(slack.modal).to_contain_text("Saved", timeout=20_000)
        await slack.close_modal()
        await expect(post).to_contain_text("Decided", timeout=30_000)
        await slack.picture("noted")
        await slack.say("/agenda")
        await expect(slack.message("Lunch on Friday").last).to_be_visible(timeout=20_000)
        await slack.picture("list")
        await demo.stop(signal.SIGINT)
    assert "Traceback" not in demo.output
