"""Packs of one-on-ones in the demo, as the two see them in a browser."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from demo_process import DemoProcess
from playwright.async_api import expect
from slack_page import SlackPage

from bot import clock
from bot.demo.workspace import MANAGER

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

Browse = Callable[[str], AbstractAsyncContextManager[SlackPage]]

TO_NAIROBI = timedelta(hours=3)  # the squad's zone, in which `--at` is read
AT_WORK = time(9, 20)


def first_meeting(data: Path) -> tuple[datetime, str]:
    """The first planned meeting well within its manager's day, in Nairobi, and with whom."""
    (store,) = data.glob("*.db")
    with closing(sqlite3.connect(store)) as connection:
        rows = connection.execute(
            "SELECT o.starts_at, p.name FROM one_on_ones o JOIN people p ON p.id = o.person_id"
            " WHERE o.state = 'planned' ORDER BY o.starts_at"
        ).fetchall()
    for text, name in rows:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        if clock.to_local(at, MANAGER.zone).time() > AT_WORK:
            return at + TO_NAIROBI, name
    raise AssertionError(rows)


async def test_the_day_begins_with_packs_and_the_reminder_has_ones_own(
    slack_program: Path, free_port: int, tmp_path: Path, browse: Browse
) -> None:
    data = tmp_path / "demo"
    demo = DemoProcess(data, free_port, slack_program)
    async with demo:  # it plans the meetings
        await demo.stop(signal.SIGINT)
    day, person = first_meeting(data)

    before = f"{day - timedelta(minutes=9):%Y-%m-%dT%H:%M}"
    morning = DemoProcess(data, free_port, slack_program, "--at", before)
    async with morning, browse(morning.url) as slack:
        await slack.act_as(MANAGER.name)
        await slack.open_direct(MANAGER.name)
        packs = slack.message("Only you see this")
        await expect(packs).to_be_visible(timeout=60_000)
        await slack.picture("packs")
        await slack.click("Open pack", within=packs)
        await expect(slack.modal).to_contain_text("accepted", timeout=20_000)
        await slack.picture("pack")
        await slack.close_modal()
        await slack.act_as(person)
        await slack.open_direct(person)
        # Buttons in a window of the local Slack do nothing; the reminder's is in a message.
        await slack.click("My pack", within=slack.message("My pack"))
        await expect(slack.modal).to_contain_text("Only you see this", timeout=20_000)
        await slack.picture("mine")
        await morning.stop(signal.SIGINT)
    assert "Traceback" not in morning.output
