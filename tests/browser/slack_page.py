"""What a person does on local-slack's browser page, in the words a person would use.

The page shows one workspace as any of its people. Three things differ from Slack and are the
reason for the waits here: the modal belongs to the workspace and not to a person, ephemeral
messages show to everybody, and values that a form came with are not sent unless touched.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Self

from playwright.async_api import Locator, Page, Playwright, expect

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox",  # containers rarely allow Chromium's own
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)
_PATIENCE_MS = 10_000
_WINDOW = {"width": 1280, "height": 900}


def chromium_path() -> str | None:
    """Return the system's Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


class SlackPage:
    """One browser page on a local Slack."""

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page = page
        self._pictures = pictures
        self._taken = 0

    @classmethod
    async def launch(cls, playwright: Playwright, url: str, pictures: Path) -> Self:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
        )
        page = await browser.new_page(viewport=_WINDOW)
        page.set_default_timeout(_PATIENCE_MS)
        await page.goto(url)
        await expect(page.locator(".topbar-right .status").last).to_have_text("ui live")
        return cls(page, pictures)

    async def close(self) -> None:
        browser = self.page.context.browser
        if browser is not None:
            await browser.close()

    # --- going somewhere -------------------------------------------------------------------

    async def act_as(self, name: str) -> None:
        """Be the person with this real name from now on."""
        await self.page.locator("label.actas select").last.select_option(label=name)

    async def open_channel(self, name: str) -> None:
        await self.page.locator(".sidebar-item", has_text=f"#{name}").click()
        await expect(self.page.locator(".channel-title")).to_have_text(f"# {name}")

    async def open_direct(self, name: str) -> None:
        """Open the direct message that the bot has with the person of this real name."""
        item = self.page.locator(".sidebar-item", has=self.page.locator(".dot"), has_text=name)
        await item.first.click()
        await expect(self.page.locator(".channel-title")).to_have_text(name)

    async def open_home(self, app: str = "Muster") -> None:
        """Open the app's Home tab as the person one is, and wait until the bot has filled it."""
        item = self.page.locator(".sidebar-item", has=self.page.locator(".app-dot"), has_text=app)
        await item.click()
        await expect(self.home.locator(".blocks")).to_be_visible()

    # --- reading and writing ---------------------------------------------------------------

    @property
    def home(self) -> Locator:
        return self.page.locator(".home")

    @property
    def messages(self) -> Locator:
        """All messages on the page, oldest first."""
        return self.page.locator(".messages .msg")

    def message(self, text: str) -> Locator:
        """The newest message that holds `text`."""
        return self.messages.filter(has_text=text).last

    async def until_drawn(self, image: Locator) -> None:
        """Wait until a picture has arrived whole and is larger than an icon."""
        handle = await image.element_handle()
        await self.page.wait_for_function(
            "image => image.complete && image.naturalWidth > 300", arg=handle
        )

    async def say(self, text: str) -> None:
        """Type into the composer and send; a text that begins with a slash is a command.

        The button sends: Enter would take a suggestion while a name is being completed.
        """
        await self.page.locator(".composer-input").first.fill(text)
        await self.page.locator(".composer-send").first.click()

    async def drop_file(self, path: Path) -> None:
        """Attach a file to the composer and send it."""
        await self.page.locator(".composer input[type=file]").first.set_input_files(path)
        await expect(self.page.locator(".composer-attachment-remove")).to_be_visible()
        await self.page.locator(".composer-send").first.click()

    async def click(self, label: str, within: Locator | None = None) -> None:
        """Click a button of a message or of the Home tab by what it says."""
        place = within if within is not None else self.page.locator(".main")
        await place.locator(".bk-button", has_text=label).first.click()

    # --- forms -----------------------------------------------------------------------------

    @property
    def modal(self) -> Locator:
        return self.page.locator(".modal")

    @property
    def modal_errors(self) -> Locator:
        return self.page.locator(".modal-error")

    async def until_modal(self, title: str) -> None:
        await expect(self.modal.locator(".modal-title")).to_have_text(title)

    def field(self, label: str) -> Locator:
        """The input block of the open form whose label is `label`."""
        exact = self.page.locator(".bk-label").get_by_text(label, exact=True)
        return self.modal.locator(".bk-input", has=exact)

    async def fill(self, label: str, value: str) -> None:
        """Fill a text or date field; of several with one label the first."""
        await self.field(label).first.locator("input, textarea").fill(value)

    async def choose(self, label: str, option: str) -> None:
        """Choose in a select; of several fields with one label the first is meant."""
        await self.field(label).first.locator("select").select_option(label=option)

    async def tick(self, label: str, option: str) -> None:
        """Tick a checkbox or a radio button."""
        await self.field(label).locator("label", has_text=option).locator("input").check()

    async def submit(self) -> None:
        """Press the form's main button."""
        await self.modal.locator(".modal-foot .primary").click()

    async def close_modal(self) -> None:
        """Press the button beside the main one, or the only one: Cancel or Close."""
        await self.modal.locator(".modal-foot button:not(.primary)").click()
        await self.until_no_modal()

    async def until_no_modal(self) -> None:
        await expect(self.modal).to_have_count(0)

    # --- pictures --------------------------------------------------------------------------

    async def picture(self, name: str) -> Path:
        """Save what the page shows now as NN-name.png and return where."""
        self._taken += 1
        path = self._pictures / f"{self._taken:02d}-{name}.png"
        await self.page.screenshot(path=path)
        return path


def picture_folder(test: str, default: Path) -> Path:
    """Where a test's pictures go: below MUSTER_PICTURES if that is set, else `default`."""
    root = os.environ.get("MUSTER_PICTURES")
    folder = Path(root) / test if root else default
    folder.mkdir(parents=True, exist_ok=True)
    return folder
