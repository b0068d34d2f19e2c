"""An announcement and a session in the demo, as people see them in a browser."""

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


async def test_an_announcement_is_confirmed_and_a_session_answered(
    slack_program: Path, free_port: int, tmp_path: Path, browse: Browse
) -> None:
    demo = DemoProcess(tmp_path / "demo", free_port, slack_program)
    async with demo, browse(demo.url) as slack:
        await slack.act_as(MANAGER.name)
        await slack.open_channel(TEAM_CHANNEL.name)
        await slack.say("/announce From Monday on, parked bicycles are boxed alone.")
        post = slack.message("Announcement from")
        await expect(post).to_contain_text("have got it", timeout=30_000)
        await slack.picture("announced")
        await slack.say("/agenda session Parked bicycles")
        await slack.until_modal("Session")
        await slack.fill("Begins", "2027-03-11 14:00")
        await slack.fill("Ends", "15:00")
        await slack.choose("What for", "Training")
        await slack.choose("For whom", "The squad")
        await slack.picture("session_form")
        await slack.submit()
        await expect(slack.modal).to_contain_text("Planned", timeout=20_000)
        await slack.close_modal()
        session = slack.message("Training: Parked bicycles")
        await expect(session).to_contain_text("0 coming", timeout=30_000)
        reader = CONTRIBUTORS[0].name
        await slack.act_as(reader)
        await slack.open_channel(TEAM_CHANNEL.name)
        await slack.click("Got it", within=slack.message("Announcement from"))
        await expect(slack.message("Noted")).to_be_visible(timeout=20_000)
        await slack.picture("confirmed")
        await slack.click("I'm coming", within=slack.message("Training: Parked bicycles"))
        await expect(slack.message("you come to")).to_be_visible(timeout=20_000)
        await slack.picture("coming")
        await slack.act_as(MANAGER.name)
        await slack.open_channel(TEAM_CHANNEL.name)
        await slack.click("Details", within=slack.message("Announcement from"))
        await expect(slack.modal).to_contain_text(reader, timeout=20_000)
        await slack.picture("details")
        await demo.stop(signal.SIGINT)
    assert "Traceback" not in demo.output
