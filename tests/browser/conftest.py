"""A local Slack with the sample workspace, people to act in it, and a browser page on it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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
async def slack_program() -> Path:
    """The local Slack's program, fetched if it is not there."""
    return await install_local_slack(_PROGRAM_FOLDER)


@pytest.fixture
async def local_slack(
    slack_program: Path, tmp_path: Path, free_port: int
) -> AsyncIterator[LocalSlack]:
    """A fresh local Slack with the sample workspace; no bot in it yet."""
    config = local_slack_config()
    async with LocalSlack(slack_program, config, tmp_path / "slack", free_port) as slack:
        yield slack


@pytest.fixture
async def people(local_slack: LocalSlack) -> AsyncIterator[LocalSlackControl]:
    """Acts as the people of `local_slack`, without a browser."""
    async with LocalSlackControl(local_slack.url) as control:
        yield control


@pytest.fixture
def browse(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[str], AbstractAsyncContextManager[SlackPage]]:
    """Opens a browser page on the local Slack at an address: `async with browse(url) as page`."""
    pictures = picture_folder(request.node.name, tmp_path / "pictures")

    @asynccontextmanager
    async def browse(url: str) -> AsyncIterator[SlackPage]:
        if chromium_path() is None:
            pytest.fail("The browser tests need Chromium or Chrome on the PATH.", pytrace=False)
        async with async_playwright() as playwright:
            page = await SlackPage.launch(playwright, url, pictures)
            yield page
            await page.close()

    return browse


@pytest.fixture
async def slack_page(
    local_slack: LocalSlack, browse: Callable[[str], AbstractAsyncContextManager[SlackPage]]
) -> AsyncIterator[SlackPage]:
    """The browser page of `local_slack`."""
    async with browse(local_slack.url) as page:
        yield page
