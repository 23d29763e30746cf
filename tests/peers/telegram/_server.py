"""Puts the parts together and runs them on a free loopback port; what tests import."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Self

import uvicorn

from ._chats import ChatBook
from ._control import Control
from ._delivery import Delivery
from ._errors import Json
from ._faults import Faults
from ._http import Api
from ._methods import BotMethods
from ._post import Reply
from ._rules import FloodControl, Limits, Timing
from ._updates import UpdateQueue

# Of a token's form, and no real bot's.
TOKEN = "1000000001:fake-token-of-the-telegram-stand-in"


class _Uvicorn(uvicorn.Server):
    """Leaves the signals to whoever started it; a process of its own stops by them in `__main__`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class TelegramServer(Control):
    """One bot's Telegram. `with` runs it in a thread, `async with` in the running loop.

    `base_url` and `base_file_url` are what python-telegram-bot's `Bot` takes under these names. The control
    methods are plain functions in both cases; each runs on the server's loop, wherever it is called.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        limits: Limits | None = None,
        timing: Timing | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        timing, queue = timing or Timing(), UpdateQueue()
        book, flood = ChatBook(_bot_user(token)), FloodControl(limits or Limits())
        delivery = Delivery(queue, timing, self._on_reply)
        super().__init__(book, queue, BotMethods(book, flood), timing, delivery, flood, Faults())
        self.token = token
        self._api = Api(token, self)
        self._address = (host, port)
        self._serving: asyncio.Task[None] | None = None
        self._own_thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return "http://{}:{}".format(*self._address)

    @property
    def base_url(self) -> str:
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    async def start(self) -> None:
        """The port takes connections from then on; OSError when it is in use."""
        self._bind(asyncio.get_running_loop())
        listening = socket.create_server(self._address, backlog=2048)
        self._address = listening.getsockname()[:2]
        config = uvicorn.Config(
            self._api.app(), log_level="critical", access_log=False, lifespan="off",
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._uvicorn = _Uvicorn(config)
        self._serving = asyncio.create_task(self._uvicorn.serve([listening]))

    async def stop(self) -> None:
        """Ends polls and deliveries; what was recorded can still be read."""
        if self._serving is None:
            return
        self._uvicorn.should_exit = True
        await self.delivery.close()
        await self._serving
        self._serving = None
        self._bind(None)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    def __enter__(self) -> Self:
        loop = asyncio.new_event_loop()
        self._own_thread = threading.Thread(target=loop.run_forever, name="telegram-stand-in", daemon=True)
        self._own_thread.start()
        self._own_loop = loop
        asyncio.run_coroutine_threadsafe(self.start(), loop).result(timeout=10)
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self.stop(), self._own_loop).result(timeout=10)
        self._own_loop.call_soon_threadsafe(self._own_loop.stop)
        if self._own_thread is not None:
            self._own_thread.join(timeout=10)
        self._own_loop.close()

    async def _on_reply(self, reply: Reply) -> None:
        await self._api.reply_of_webhook(reply)


def _bot_user(token: str) -> Json:
    bot_id = int(token.partition(":")[0])
    return {"id": bot_id, "is_bot": True, "first_name": "Alley", "username": "alley_stand_in_bot"}
