"""Fixtures for the tests of the channels."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser
from redis.asyncio import Redis

from tests.browser import running_browser
from tests.channels.web_chat import WebChat, running_web_chat
from tests.front_desk import FrontDesk


@pytest_asyncio.fixture
async def chat(desk: FrontDesk, redis: Redis) -> AsyncIterator[WebChat]:
    async with running_web_chat(desk, redis) as chat:
        yield chat


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser
