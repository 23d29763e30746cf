"""The processes that `alley run` starts beside itself: Valkey and the NLU service. Called by bot/cli/run.py.

A child that ends is started again; none outlives us, not even a `kill -9` of ours (on Linux).
"""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from bot.errors import AlleyError

log = structlog.get_logger()

STOP_SECONDS = 5.0
READY_SECONDS = 60.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Service:
    """A program to keep running; `is_ready` says whether it answers."""

    name: str
    command: Sequence[str]
    is_ready: Callable[[], Awaitable[bool]]
    log_file: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@asynccontextmanager
async def kept_running(service: Service) -> AsyncIterator[None]:
    """Starts the service, waits until it is ready, starts it again when it ends, stops it at the exit."""
    process = await _start(service)
    keeper: asyncio.Task[None] | None = None
    children = [process]
    try:
        await _wait_until_ready(service, process)
        keeper = asyncio.create_task(_keep(service, children), name=service.name)
        yield
    finally:
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        await _stop(children[0])


async def _keep(service: Service, children: list[asyncio.subprocess.Process]) -> None:
    pause = 0.5
    while True:
        code = await children[0].wait()
        log.error("service ended", service=service.name, code=code, restart_in=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 30.0)
        children[0] = await _start(service)


async def _start(service: Service) -> asyncio.subprocess.Process:
    service.log_file.parent.mkdir(parents=True, exist_ok=True)
    with service.log_file.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *service.command, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            env={**os.environ, **service.environment}, start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip


def _die_with_parent() -> None:
    """In the child: ask Linux for a SIGTERM when the parent is gone. Elsewhere there is no such thing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def _wait_until_ready(service: Service, process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not await service.is_ready():
                if process.returncode is not None:
                    raise AlleyError(f"{service.name} ended at its start; see {service.log_file}")
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise AlleyError(f"{service.name} was not ready after {READY_SECONDS:.0f} s; see {service.log_file}") from error


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
