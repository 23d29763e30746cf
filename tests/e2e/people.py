"""A resident at the chat's page and a member of staff at the console, each in a browser of their own.

Used by tests/e2e/test_browser.py and tests/e2e/pictures.py.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from playwright.async_api import Browser, Locator, Page, expect

from tests.alley import ROOT
from tests.browser import Watch

PATIENCE = 15_000  # milliseconds
expect.set_options(timeout=PATIENCE)
MORE_TABS = 60  # than any of the pages has
CASE_NUMBER = re.compile(r"C-\d{4}-\d{6}")
LEFT_EDGES = r"""element => {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode()); ) {
    const found = /C-\d{4}-\d{6}/.exec(node.data);
    if (!found) continue;
    return [...found[0]].map((_sign, place) => {
      const range = new Range();
      range.setStart(node, found.index + place);
      range.setEnd(node, found.index + place + 1);
      return range.getBoundingClientRect().left;
    });
  }
}"""


def password(login: str) -> str:
    staff = yaml.safe_load((ROOT / "knowledge" / "samples" / "staff.yaml").read_text())
    return str(next(person["password"] for person in staff if person["login"] == login))


async def opened(browser: Browser, watch: Watch, **options: Any) -> Page:
    """A page of somebody new."""
    context = await browser.new_context(base_url=watch.url, **options)
    context.set_default_timeout(PATIENCE)
    await watch.over(context)
    return await context.new_page()


@dataclass
class ResidentAtPage:
    page: Page

    @classmethod
    async def comes(cls, browser: Browser, watch: Watch, locale: str, **options: Any) -> "ResidentAtPage":
        resident = cls(await opened(browser, watch, locale=locale, **options))
        await resident.page.goto("/chat")
        return resident

    @property
    def replies(self) -> Locator:
        return self.page.locator(".message.bot, .message.staff")

    @property
    def last(self) -> Locator:
        return self.replies.last

    async def writes(self, text: str) -> None:
        await self.page.locator("#text").fill(text)
        await self.page.keyboard.press("Enter")

    async def presses(self, value: str) -> None:
        """The newest button that has this value."""
        await self.page.locator(f'.choices button[value="{value}"]').last.click()

    async def is_offered(self, value: str, times: int = 1) -> None:
        await expect(self.page.locator(f'.choices button[value="{value}"]')).to_have_count(times)

    async def hears(self, replies: int) -> Locator:
        """The last of that many replies of the centre's, when it is there."""
        await expect(self.replies).to_have_count(replies)
        return self.last

    async def tabs_to(self, target: Locator) -> None:
        for _ in range(MORE_TABS):
            if await target.evaluate("element => element === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"no way to {target} by keyboard")

    async def is_given_a_number(self) -> tuple[str, list[float]]:
        """The case's number in the last reply, and where on the screen each of its signs begins."""
        bubble = self.last.locator(".bubble")
        await expect(bubble).to_contain_text(CASE_NUMBER)
        [number] = CASE_NUMBER.findall(await bubble.inner_text())
        return number, await bubble.evaluate(LEFT_EDGES)

    async def said(self) -> list[str]:
        """What is on the page, all of it, in order."""
        return await self.page.locator(".message .bubble").all_inner_texts()


@dataclass
class StaffAtConsole:
    page: Page

    @classmethod
    async def comes(cls, browser: Browser, watch: Watch, login: str, **options: Any) -> "StaffAtConsole":
        staff = cls(await opened(browser, watch, **options))
        await staff.page.goto("/staff/login")
        await staff.page.locator("#login").fill(login)
        await staff.page.locator("#password").fill(password(login))
        await staff.page.locator("form.login button").click()
        await expect(staff.page.locator("#queue")).to_be_visible()
        return staff

    def waiting(self, words: str) -> Locator:
        """The chat in the queue in which a resident said this."""
        return self.page.locator("#queue .chat").filter(has_text=words)

    @property
    def composer(self) -> Locator:
        return self.page.locator("#reply")

    def bubble(self, words: str) -> Locator:
        return self.page.locator(".bubble").filter(has_text=words)

    async def takes(self, words: str) -> None:
        await self.waiting(words).locator("button.main").click()
        await expect(self.page).to_have_url(re.compile(r"/staff/conversations/\d+$"))
        await expect(self.composer).to_be_visible()

    async def writes(self, text: str) -> None:
        await self.composer.fill(text)
        await self.page.keyboard.press("Control+Enter")
        await expect(self.composer).to_have_value("")

    async def hands_back(self) -> None:
        await self.page.locator("#standing form button").click()
        await expect(self.page.locator("#queue")).to_be_visible()
