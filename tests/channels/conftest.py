"""Fixtures for the tests of the channels."""

import shutil
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from redis.asyncio import Redis

from tests.channels.web_chat import WebChat, running_web_chat
from tests.front_desk import FrontDesk


@pytest_asyncio.fixture
async def chat(desk: FrontDesk, redis: Redis) -> AsyncIterator[WebChat]:
    async with running_web_chat(desk, redis) as chat:
        yield chat


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """The machine's own Chromium, else the one that Playwright has installed."""
    own = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
        yield browser
        await browser.close()
