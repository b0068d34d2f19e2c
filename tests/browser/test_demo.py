"""The demo from its start to its end, and once more: what a newcomer sees in the first minutes."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from demo_process import DemoProcess
from playwright.async_api import expect
from slack_page import SlackPage

from bot.demo.workspace import (
    AUDITOR,
    CONTRIBUTORS,
    DIGEST_CHANNEL,
    MANAGER,
    QUESTIONS_CHANNEL,
    SQUAD_NAME,
    TEAM_CHANNEL,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

Browse = Callable[[str], AbstractAsyncContextManager[SlackPage]]

AMINA = CONTRIBUTORS[0]
CATEGORY = "Wrong main intent"
ANSWERED = "May the evidence of the two intents overlap?"
UNANSWERED = "Loyalty points were never booked to the account"
RULING = "complaint, for points are a promise of the shop that it did not keep."
NOTE = "The last sentence asks for her money back; that is a return request."


async def test_the_first_minutes_and_a_second_start(
    slack_program: Path, free_port: int, tmp_path: Path, browse: Browse
) -> None:
    demo = DemoProcess(tmp_path / "demo", free_port, slack_program)
    async with demo, browse(demo.url) as slack:
        task = demo.task
        await _audit(slack, task)
        await _acknowledge(slack, task)
        await _sit(slack)
        await _ask(slack)
        await _digest(slack)
        await _homes(slack, task)
        await _drop(slack, tmp_path / "demo" / "samples" / "new-work.csv")
        await demo.stop(signal.SIGINT)
    _said_no_more_than_it_should(demo.output)

    async with demo, browse(demo.url) as slack:
        assert demo.task != task
        assert "six weeks" not in demo.output
        await slack.act_as(AMINA.name)
        await slack.open_home()
        await expect(slack.home).to_contain_text(f"task {task} rejected")
        await demo.stop(signal.SIGTERM)
    _said_no_more_than_it_should(demo.output)


async def test_a_local_slack_that_dies_takes_the_bot_along(
    slack_program: Path, free_port: int, tmp_path: Path
) -> None:
    async with DemoProcess(tmp_path / "demo", free_port, slack_program) as demo:
        assert await demo.lose_slack() == 1
        assert "local Slack ended by itself" in demo.output
        assert "Traceback" not in demo.output


async def _audit(slack: SlackPage, task: str) -> None:
    await slack.act_as(AUDITOR.name)
    await slack.open_channel(TEAM_CHANNEL.name)
    await slack.say(f"/audit {task}")
    await slack.until_modal("Audit")
    await expect(slack.modal).not_to_contain_text(AMINA.name)
    await slack.picture("form")
    # A rejection without a finding is sent back, with the form as it was.
    await slack.tick("Verdict", "Reject")
    await slack.submit()
    await expect(slack.modal_errors.first).to_contain_text("needs at least one finding")
    await slack.choose("Category", CATEGORY)
    await slack.fill("Note", NOTE)
    await slack.submit()
    await slack.until_modal("Audit saved")
    await expect(slack.modal).to_contain_text(f"{AMINA.name} reads it now")
    await slack.picture("saved")
    await slack.close_modal()


async def _acknowledge(slack: SlackPage, task: str) -> None:
    await slack.act_as(AMINA.name)
    await slack.open_direct(AMINA.name)
    await expect(slack.message("Welcome")).to_contain_text("Who sees it")
    received = slack.message(task)
    await expect(received).to_contain_text(NOTE)
    await expect(received).to_contain_text(CATEGORY)
    await expect(received).to_contain_text("2.1 Choosing the main intent")
    await slack.picture("feedback")
    await slack.click("Acknowledge", within=received)
    await expect(received).to_contain_text("You acknowledged this")
    await expect(received.locator(".bk-button", has_text="Acknowledge")).to_have_count(0)
    await slack.picture("acknowledged")


async def _sit(slack: SlackPage) -> None:
    await slack.act_as(AUDITOR.name)
    await slack.open_channel(TEAM_CHANNEL.name)
    await slack.say("/audit start 2")
    await slack.until_modal("Audit")
    await expect(slack.modal).to_contain_text("1 of 2")
    await slack.submit()
    await expect(slack.modal).to_contain_text("2 of 2")
    await slack.picture("second-task")
    await slack.submit()
    await slack.until_modal("Done")
    await expect(slack.modal).to_contain_text("2 of 2 audited")
    await slack.picture("certificate")
    await slack.close_modal()
    await slack.act_as(AMINA.name)


async def _ask(slack: SlackPage) -> None:
    await slack.open_channel(TEAM_CHANNEL.name)
    await slack.say(f"/ask {ANSWERED}")
    answer = slack.message("4.5 Overlap")
    await expect(answer).to_be_visible()
    await slack.picture("answer")
    # The guidelines are silent here: a person is asked, without the asker's name.
    await slack.say(f"/ask {UNANSWERED}")
    silent = slack.message(UNANSWERED)
    await expect(silent).to_contain_text("do not answer")
    await slack.click("Ask a person", within=silent)
    await slack.until_modal("Ask a person")
    await slack.submit()
    await slack.until_modal("Asked")
    await expect(slack.modal).to_contain_text("An answer is due by")
    await slack.picture("asked")
    await slack.close_modal()
    await slack.act_as(MANAGER.name)
    await slack.open_channel(QUESTIONS_CHANNEL.name)
    post = slack.message(UNANSWERED)
    await expect(post).to_contain_text("asked without a name")
    await expect(post).not_to_contain_text(AMINA.name)
    await slack.click("Answer", within=post)
    await slack.until_modal("Answer")
    await slack.fill("The answer", RULING)
    await slack.submit()
    await slack.until_modal("Answer")
    await expect(slack.modal).to_contain_text("Sent to the one who asked")
    await slack.close_modal()
    await expect(post).to_contain_text(RULING)
    await slack.picture("question-answered")
    await slack.act_as(AMINA.name)
    await slack.open_direct(AMINA.name)
    await expect(slack.message(RULING)).to_contain_text(f"{MANAGER.name} answered")
    await slack.picture("answer-of-a-person")


async def _digest(slack: SlackPage) -> None:
    await slack.act_as(MANAGER.name)
    await slack.open_channel(TEAM_CHANNEL.name)
    await slack.say("/digest now")
    await expect(slack.message("on its way")).to_be_visible()
    await slack.open_channel(DIGEST_CHANNEL.name)
    digest = slack.message(f"{SQUAD_NAME}: quality digest")
    await expect(digest).to_contain_text("random audits")
    await expect(digest).to_contain_text("Most frequent errors")
    chart = slack.messages.locator(".file-image img")
    await expect(chart).to_be_visible(timeout=30_000)
    await expect(chart).to_have_attribute("alt", re.compile(r"\d+ ?%"))
    await slack.until_drawn(chart)
    await slack.picture("digest")


async def _homes(slack: SlackPage, task: str) -> None:
    await slack.open_home()
    await expect(slack.home).to_contain_text(SQUAD_NAME)
    await expect(slack.home).to_contain_text("Everybody has read their feedback")
    await slack.picture("home-of-the-manager")
    await slack.act_as(AMINA.name)
    await expect(slack.home).to_contain_text(f"task {task} rejected")
    await expect(slack.home).to_contain_text("Your last four weeks")
    await expect(slack.home).not_to_contain_text("For admins")
    await slack.picture("home-of-a-contributor")
    await slack.click("Help", within=slack.home)
    await slack.open_direct(AMINA.name)
    await expect(slack.message("What I can do for you")).to_contain_text("/timeoff")
    await expect(slack.message("What I can do for you")).not_to_contain_text("/squad")


async def _drop(slack: SlackPage, file: Path) -> None:
    await slack.act_as(MANAGER.name)
    await slack.open_direct(MANAGER.name)
    await slack.drop_file(file)
    looked_at = slack.message("24 would be new")
    await expect(looked_at).to_contain_text("yesterday, after lunch")
    await slack.picture("file")
    await slack.click("Import", within=looked_at)
    await expect(slack.message("Imported 25 submission rows")).to_contain_text("24 new")
    await slack.picture("imported")


def _said_no_more_than_it_should(output: str) -> None:
    """No traceback, no log line: each line is a sentence for the person in front of it."""
    assert output.rstrip().endswith("Muster and the local Slack have ended.")
    assert "Traceback" not in output
    assert not re.search(r"\[(warning|error|critical)", output, re.IGNORECASE), output
