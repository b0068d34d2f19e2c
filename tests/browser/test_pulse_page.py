"""A poll in the demo, from its form to its results, as people see it in a browser."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from demo_process import DemoProcess
from playwright.async_api import expect
from slack_page import SlackPage

from bot.demo.workspace import AUDITOR, CONTRIBUTORS, MANAGER, TEAM_CHANNEL

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

Browse = Callable[[str], AbstractAsyncContextManager[SlackPage]]


async def test_a_poll_is_asked_answered_and_read(
    slack_program: Path, free_port: int, tmp_path: Path, browse: Browse
) -> None:
    demo = DemoProcess(tmp_path / "demo", free_port, slack_program)
    async with demo, browse(demo.url) as slack:
        await slack.act_as(MANAGER.name)
        await slack.open_channel(TEAM_CHANNEL.name)
        await slack.say("/pulse new")
        await slack.until_modal("A new poll")
        await slack.picture("form")
        # What is ticked beforehand does not show here.
        await slack.tick("Ask together", "Kestrel")
        await slack.tick("Who sees the results", "the squad")
        await slack.tick("Who sees the results", "its managers")
        await slack.choose("Nothing is shown below so many replies", "3")
        await slack.submit()
        await expect(slack.modal).to_contain_text("closes")
        await slack.picture("made")
        await slack.close_modal()
        for person in (AUDITOR, *CONTRIBUTORS[:3]):
            await _answer(slack, person.name, picture=person is AUDITOR)
        await slack.act_as(MANAGER.name)
        await slack.open_channel(TEAM_CHANNEL.name)
        await slack.say("/pulse close")
        await expect(slack.message("Poll of")).to_contain_text("95 %", timeout=20_000)
        await slack.picture("results")
        await slack.act_as(AUDITOR.name)
        await slack.open_direct(AUDITOR.name)
        await expect(slack.message("This poll is closed")).to_be_visible(timeout=20_000)
        await slack.picture("closed")
        await demo.stop(signal.SIGINT)
    assert "Traceback" not in demo.output


async def _answer(slack: SlackPage, name: str, *, picture: bool) -> None:
    await slack.act_as(name)
    await slack.open_direct(name)
    asked = slack.message("A few questions")
    await expect(asked).to_be_visible(timeout=30_000)
    await slack.click("4" if picture else "2", within=asked)
    if picture:
        await slack.picture("answered")
