"""A Chromium for the tests that look at pages, and what must not happen in it. Used by tests/channels and tests/e2e."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright

from tests.setup import chromium

OWN_SCHEMES = ("blob", "data", "about")
REPORT_VIOLATIONS = (
    "addEventListener('securitypolicyviolation', (event) => "
    "console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`))"
)


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """The machine's own Chromium, else the one that Playwright has installed."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        await browser.close()


class Watch:
    """Notes what goes wrong in the pages of a context: errors on the console, in a script or against the content
    security policy, and requests to any other host than `url`'s. `expected` are parts of errors that a test provokes.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._host = urlsplit(url).netloc
        self.expected: list[str] = []
        self._seen: list[str] = []

    async def over(self, context: BrowserContext) -> None:
        await context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._seen.append(f"script: {error.error}"))
        context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN_SCHEMES and address.netloc != self._host:
            self._seen.append(f"request: {request.url}")

    @property
    def faults(self) -> list[str]:
        return [seen for seen in self._seen if not any(part in seen for part in self.expected)]


async def axe_report(page: Page) -> str:
    """What axe finds wrong with the page as it is now; empty when it finds nothing."""
    results = await Axe().run(page)
    return str(results.generate_report()) if results.violations_count else ""
