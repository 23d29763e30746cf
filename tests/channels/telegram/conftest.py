"""A Telegram of our own, a bot that talks to it, and a database for what comes in."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram import make_bot
from bot.inbox import Inbox
from bot.settings import Settings
from bot.stores.database import Database
from tests.fakes.signals import FakeSignals
from tests.peers.telegram import TelegramServer, Timing

SECRET = "a-secret-of-more-than-thirty-two-characters"
RESIDENT = 7


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(timing=Timing(time_scale=0.02)) as server:
        server.add_user(RESIDENT, "ja", "Aiko")
        yield server


def settings_for(telegram: TelegramServer, **more: object) -> Settings:
    values = {"telegram_token": telegram.token, "telegram_base_url": telegram.url} | more
    return Settings(_env_file=None, **values)  # type: ignore[arg-type, call-arg]


@pytest_asyncio.fixture
async def bot(telegram: TelegramServer) -> AsyncIterator[Bot]:
    async with make_bot(settings_for(telegram)) as made:
        yield made


@pytest_asyncio.fixture
async def sqlite(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "alley.db")
    database = Database(f"sqlite:///{tmp_path / 'alley.db'}")
    yield database
    await database.close()


@pytest_asyncio.fixture
async def inbox(sqlite: Database) -> Inbox:
    return Inbox(sqlite, FakeSignals(), ("en", "ja", "zh"))


@asynccontextmanager
async def serving(route: Route) -> AsyncIterator[str]:
    """The address of a web server with this one route."""
    config = uvicorn.Config(Starlette(routes=[route]), port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


async def until(condition: Callable[[], bool] | Callable[[], Awaitable[bool]], seconds: float = 8.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        holds = condition()
        if holds if isinstance(holds, bool) else await holds:
            return
        assert time.monotonic() < deadline, "what was waited for did not happen"
        await asyncio.sleep(0.01)
