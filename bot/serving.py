"""Runs a built App in this process: the web server, the worker, Telegram's polling, until it is told to stop.

Called by bot/cli for `alley run`, `alley web` and `alley worker`.
"""

import asyncio
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from sse_starlette.sse import AppStatus

from bot.app import App
from bot.channels import telegram
from bot.errors import SettingError
from bot.web import create_web

STOP_SECONDS = 3  # for requests under way; event streams are cut


class _Server(uvicorn.Server):
    """Leaves the signals to us, since there is more to stop than the server, and tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


async def serve(app: App, *, web: bool, worker: bool, ready: Callable[[], None] = lambda: None) -> None:
    """Until SIGINT or SIGTERM, or until one of the parts fails."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    parts: dict[str, Coroutine[Any, Any, None]] = {}
    server = _Server(_configuration(app), ready) if web else None
    if server is not None:
        parts["web"] = server.serve()
        if app.bot is not None:
            parts["telegram"] = telegram.receive(app.bot, app.inbox, app.redis, app.texts, app.settings)
    if worker:
        parts["worker"] = app.worker.run()
    tasks = [asyncio.create_task(part, name=name) for name, part in parts.items()]
    stopping = asyncio.create_task(stop.wait())
    await _first_ended(tasks, stopping)
    if server is not None:
        AppStatus.should_exit = True  # ends the event streams, which would otherwise wait to be cut
        server.should_exit = True
    await _end(tasks)
    stopping.cancel()


def _configuration(app: App) -> uvicorn.Config:
    settings = app.settings
    return uvicorn.Config(
        create_web(app), host=settings.host, port=settings.port, log_level="warning", access_log=False,
        proxy_headers=True, forwarded_allow_ips=settings.trusted_proxies, timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
    )  # fmt: skip


async def _first_ended(tasks: list[asyncio.Task[None]], stopping: asyncio.Task[bool]) -> None:
    """Returns when it is time to stop: asked to, or a part has failed."""
    watched: set[asyncio.Task[Any]] = {stopping, *tasks}
    while not stopping.done():
        ended, watched = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        if any(task is not stopping and task.exception() is not None for task in ended):
            return
        if any(task.get_name() == "web" for task in ended):
            return


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Stops every part and raises what made one fail."""
    for task in tasks:
        if task.get_name() != "web":
            task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, SystemExit):
            raise SettingError("the address is in use already: choose another ALLEY_PORT")
        if isinstance(result, Exception):
            raise result
