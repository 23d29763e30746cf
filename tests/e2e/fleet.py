"""Alley's processes, which a test may kill: all in one (`alley run`), or in parts as on several machines.

Used by the end-to-end tests. The NLU service is given, and so are Valkey and the database where the parts are apart.
"""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Executable

from bot.stores.database import Database
from tests.alley import ALLEY, PATIENT, READY_SECONDS, ROOT, prepare
from tests.peers.telegram import TelegramServer
from tests.services import free_port

SECRET = "a-secret-of-the-webhook-that-is-long-enough"
WEBHOOK = "/telegram/webhook"


def wait_for[T](condition: Callable[[], T], otherwise: str, seconds: float = 20.0) -> T:
    """What the condition gives once it is true. Raises AssertionError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.03)
    raise AssertionError(f"{otherwise} within {seconds:.0f} s")


class Part:
    """One process of the program; it can be killed and started again, on the same address."""

    def __init__(self, name: str, settings: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._environment = {**os.environ, "ALLEY_PORT": str(self._port), **settings}
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, settings: Mapping[str, str]) -> None:
        """Settings that are known only now; before the start."""
        self._environment |= settings

    def start(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [ALLEY, self.name], env=self._environment, cwd=ROOT, stdout=output, stderr=output
            )

    def wait_until_ready(self) -> None:
        wait_for(self._is_ready, f"alley {self.name} was not ready: {self.log.read_text()[-2000:]}", READY_SECONDS)

    def _is_ready(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"alley {self.name} ended: {self.log.read_text()[-2000:]}")
        try:
            return bool(httpx.get(f"{self.url}/health", trust_env=False, timeout=5).json()["ready"])
        except (httpx.HTTPError, ValueError):
            return False

    def kill(self) -> None:
        """As `kill -9` does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()


class Fleet:
    """The parts that run on one database; `web` is the first that serves pages."""

    def __init__(self, parts: Sequence[Part], database_url: str) -> None:
        self.parts = parts
        self.database_url = database_url

    @property
    def web(self) -> Part:
        return next(part for part in self.parts if part.name != "worker")

    def named(self, name: str) -> list[Part]:
        return [part for part in self.parts if part.name == name]

    def log(self) -> str:
        return "".join(part.log.read_text() for part in self.parts)

    def rows(self, statement: Executable) -> list[Any]:
        """What is in the database now."""
        return asyncio.run(self._rows(statement))

    async def _rows(self, statement: Executable) -> list[Any]:
        database = Database(self.database_url)
        try:
            async with database.read() as session:
                return list((await session.execute(statement)).all())
        finally:
            await database.close()


@contextmanager
def running_fleet(
    data_dir: Path,
    settings: Mapping[str, str],
    *names: str,
    telegram: TelegramServer | None = None,
    webhook: bool = True,
) -> Iterator[Fleet]:
    """`names` of the parts, started and ready: "run", or any number of "web" and "worker".

    `settings` say where the NLU service is and, for the parts, Valkey and the database.
    """
    prepare(data_dir)
    common = {
        "ALLEY_DATA_DIR": str(data_dir),
        **PATIENT,
        **(telegram_settings(telegram) if telegram else {}),
        **settings,
    }
    parts = [Part(name, common, data_dir / f"{name}-{number}.log") for number, name in enumerate(names)]
    if telegram and webhook:
        for part in parts:  # all the same: the first web process is the one that Telegram is told of
            part.add(webhook_settings(parts[0].url))
    fleet = Fleet(parts, settings.get("ALLEY_DATABASE_URL", f"sqlite:///{data_dir / 'alley.db'}"))
    try:
        for part in parts:
            part.start()
        for part in parts:
            if part.name != "worker":
                part.wait_until_ready()
        if telegram:
            wait_for(lambda: listened_to(telegram), "nobody listens to Telegram", 30)
        yield fleet
    finally:
        for part in parts:
            part.stop()


def telegram_settings(telegram: TelegramServer) -> dict[str, str]:
    return {"ALLEY_TELEGRAM_TOKEN": telegram.token, "ALLEY_TELEGRAM_BASE_URL": telegram.url}


def webhook_settings(url: str) -> dict[str, str]:
    return {"ALLEY_TELEGRAM_WEBHOOK_URL": f"{url}{WEBHOOK}", "ALLEY_TELEGRAM_WEBHOOK_SECRET": SECRET}


def listened_to(telegram: TelegramServer) -> bool:
    """Whether the bot has introduced itself: it does so after it set the webhook or deleted an old one."""
    return bool(telegram.calls("setMyCommands"))


@contextmanager
def running_nlu(data_dir: Path) -> Iterator[dict[str, str]]:
    """`alley nlu` with the trained model; gives the settings that lead the other parts to it."""
    prepare(data_dir)
    port, token = free_port(), "a-token-of-the-tests"
    url = f"http://127.0.0.1:{port}"
    settings = {"ALLEY_NLU_URL": url, "ALLEY_NLU_TOKEN": token}
    environment = {**os.environ, "ALLEY_DATA_DIR": str(data_dir), "ALLEY_NLU_TOKEN": token, "PYTHONPATH": str(ROOT)}
    with (data_dir / "nlu.log").open("ab") as output:
        process = subprocess.Popen(
            [ALLEY, "nlu", "--port", str(port)], env=environment, cwd=ROOT, stdout=output, stderr=output
        )

    def is_ready() -> bool:
        try:
            return httpx.get(f"{url}/status", params={"token": token}, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    try:
        wait_for(is_ready, "the NLU service was not ready", READY_SECONDS)
        yield settings
    finally:
        process.terminate()
        process.wait(timeout=15)
