"""A local Slack with the sample workspace, people to act in it, and a browser page on it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright
from slack_page import SlackPage, chromium_path, picture_folder

from bot.demo.control import LocalSlackControl
from bot.demo.install import install_local_slack
from bot.demo.local_slack import LocalSlack
from bot.demo.workspace import local_slack_config

# Where the demo keeps it too, so that it is fetched once.
_PROGRAM_FOLDER = Path(__file__).parents[2] / ".demo" / "slack"


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def local_slack(tmp_path: Path, free_port: int) -> AsyncIterator[LocalSlack]:
    """A fresh local Slack with the sample workspace; no bot in it yet."""
    program = await install_local_slack(_PROGRAM_FOLDER)
    async with LocalSlack(program, local_slack_config(), tmp_path / "slack", free_port) as slack:
        yield slack


@pytest.fixture
async def people(local_slack: LocalSlack) -> AsyncIterator[LocalSlackControl]:
    """Acts as the people of `local_slack`, without a browser."""
    async with LocalSlackControl(local_slack.url) as control:
        yield control


@pytest.fixture
async def slack_page(
    local_slack: LocalSlack, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[SlackPage]:
    """The browser page of `local_slack`."""
    if chromium_path() is None:
        pytest.fail("The browser tests need Chromium or Chrome on the PATH.", pytrace=False)
    pictures = picture_folder(request.node.name, tmp_path / "pictures")
    async with async_playwright() as playwright:
        page = await SlackPage.launch(playwright, local_slack.url, pictures)
        yield page
        await page.close()
