"""The web chat on a port of its own, with a worker behind it. Used by the tests of the interface and of the page."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from redis.asyncio import Redis
from starlette.applications import Starlette

from bot.channels.web import WebChannel, routes
from bot.settings import Settings
from bot.stores.photos import Photos
from knowledge.languages import load_languages
from tests.front_desk import FrontDesk

PLENTY = 10_000  # messages a minute


@dataclass
class WebChat:
    desk: FrontDesk
    client: httpx.AsyncClient
    url: str

    async def post(self, fields: object) -> httpx.Response:
        """JSON as a program would write it that cares little for Unicode."""
        body = json.dumps(fields).encode()
        return await self.client.post("/api/chat", content=body, headers={"content-type": "application/json"})

    async def open(self, text: str, **fields: Any) -> str:
        """Returns the token of a conversation that begins with `text`."""
        answer = await self.post({"text": text, **fields})
        assert answer.status_code == 202
        return str(answer.json()["session"])

    async def messages(self, token: str, after: int = 0, at_least: int = 0) -> list[dict[str, Any]]:
        """What the conversation has, when it has that many."""
        async with asyncio.timeout(8):
            while True:
                answer = await self.client.get(f"/api/chat/{token}/messages", params={"after": after})
                messages: list[dict[str, Any]] = answer.raise_for_status().json()
                if len(messages) >= at_least:
                    return messages
                await asyncio.sleep(0.02)


@asynccontextmanager
async def running_web_chat(
    desk: FrontDesk, redis: Redis, per_session: int = PLENTY, per_address: int = PLENTY
) -> AsyncIterator[WebChat]:
    """`desk` with the web chat as its channel."""
    photos = Photos(desk.folder / "photos", desk.centre.photos.megabytes)
    desk = desk.another(channel=WebChannel(photos))
    settings = Settings(
        _env_file=None, chat_messages_per_minute=per_session, chat_messages_per_minute_and_address=per_address
    )
    web = routes(
        desk.database, desk.inbox, desk.transcript, desk.signals, photos, redis, desk.texts, desk.centre,
        load_languages(), settings,
    )  # fmt: skip
    server = _Server(
        uvicorn.Config(Starlette(routes=web), port=0, log_level="critical", timeout_graceful_shutdown=1, lifespan="off")
    )
    tasks = [asyncio.create_task(server.serve()), asyncio.create_task(desk.worker.run())]
    await server.listening.wait()
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as client:
            yield WebChat(desk, client, url)
            server.should_exit = True
            await tasks[0]
    finally:
        server.should_exit = True
        tasks[1].cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


class _Server(uvicorn.Server):
    """Leaves the signals to the tests' own process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listening.set()
