"""One-on-ones set up, talked about and moved in the demo, as people see it in a browser."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from demo_process import DemoProcess
from playwright.async_api import expect
from slack_page import SlackPage

from bot.demo.workspace import CONTRIBUTORS, DIGEST_CHANNEL, MANAGER, TEAM_CHANNEL

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

Browse = Callable[[str], AbstractAsyncContextManager[SlackPage]]


async def test_the_plan_is_shown_before_it_holds(
    slack_program: Path, free_port: int, tmp_path: Path, browse: Browse
) -> None:
    demo = DemoProcess(tmp_path / "demo", free_port, slack_program)
    async with demo, browse(demo.url) as slack:
        await slack.act_as(MANAGER.name)
        await slack.open_channel(TEAM_CHANNEL.name)
        await slack.say("/oneonone setup")
        await slack.until_modal("One-on-ones")
        # What is chosen, ticked and typed beforehand is not sent from here.
        await slack.choose("How often", "every 2 weeks")
        await slack.choose("How long", "30 minutes")
        for day in ("Mon", "Tue", "Wed", "Thu", "Fri"):
            await slack.tick("On these days", day)
        await slack.fill("Between", "9:00-12:00")
        await slack.picture("form")
        await slack.submit()
        await slack.until_modal("The plan")
        await expect(slack.modal).to_contain_text("9 people every 2 weeks need 2.2 h a week")
        await slack.picture("plan")
        await slack.submit()
        await expect(slack.modal).to_contain_text("9 people have one-on-ones with you")
        await slack.picture("planned")
        await slack.close_modal()
        await slack.say("/oneonone")
        await expect(slack.message("Your one-on-ones")).to_be_visible(timeout=20_000)
        await slack.picture("list")
        await slack.act_as(CONTRIBUTORS[0].name)
        await slack.open_channel(DIGEST_CHANNEL.name)  # nothing of the manager is here
        await slack.say("/oneonone topic my hours in December")
        page = slack.message("only you see it")
        await expect(page).to_be_visible(timeout=20_000)
        await slack.picture("topic")
        await slack.click("Share", within=page)
        await expect(slack.message("yours, shared")).to_be_visible(timeout=20_000)
        await slack.say("/oneonone")
        await slack.click("Open", within=slack.message("Your one-on-ones"))
        await slack.until_modal("One-on-one")
        await slack.picture("page")
        await demo.stop(signal.SIGINT)
    assert "Traceback" not in demo.output
