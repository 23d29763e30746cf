"""Takes work: messages out of the inbox into the engine, committed replies out of the outbox to the channels.

A signal names a conversation that has something to do; a sweep finds what a lost signal did not tell. Several
workers, in one process or many, share the work: a conversation is one worker's at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.engine import Engine
from bot.errors import StateUnavailable
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.ports import Locks, Signals

log = structlog.get_logger()

SWEEP_SECONDS = 1.0
AT_ONCE = 32  # turns of different conversations
DELIVERIES = 500  # conversations that may wait for a vendor's rates at once


class Worker:
    def __init__(self, inbox: Inbox, engine: Engine, outbox: Outbox, locks: Locks, signals: Signals) -> None:
        self._inbox = inbox
        self._engine = engine
        self._outbox = outbox
        self._locks = locks
        self._signals = signals
        self._kinds: dict[str, tuple[Callable[[int], Awaitable[None]], asyncio.Semaphore]] = {
            "inbox": (self._converse, asyncio.Semaphore(AT_ONCE)),
            "outbox": (self._outbox.deliver, asyncio.Semaphore(DELIVERIES)),
        }
        self._again: dict[tuple[str, int], bool] = {}  # what is under way, and whether it was called for meanwhile
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until it is cancelled; then what is under way is finished first."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._follow_signals())
                group.create_task(self._sweep())
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=5)

    async def _follow_signals(self) -> None:
        while True:
            try:
                work = await self._signals.next_work(SWEEP_SECONDS)
            except StateUnavailable:
                await asyncio.sleep(SWEEP_SECONDS)
                continue
            if work is not None:
                self._begin(*work)

    async def _sweep(self) -> None:
        while True:
            try:
                for conversation in await self._inbox.waiting(AT_ONCE):
                    self._begin("inbox", conversation)
                for conversation in await self._outbox.waiting(DELIVERIES):
                    self._begin("outbox", conversation)
            except Exception as error:  # the database may be away for a while; the sweep is what finds its way back
                log.exception("sweep failed", error=type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    def _begin(self, kind: str, conversation: int) -> None:
        if (kind, conversation) in self._again:
            self._again[kind, conversation] = True
            return
        self._again[kind, conversation] = False
        task = asyncio.create_task(self._do(kind, conversation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _do(self, kind: str, conversation: int) -> None:
        do, at_once = self._kinds[kind]
        try:
            async with at_once:
                await do(conversation)
        except StateUnavailable as error:
            log.warning("work put off", kind=kind, conversation=conversation, error=str(error))
        except Exception as error:
            log.exception("work failed", kind=kind, conversation=conversation, error=type(error).__name__)
        finally:
            if self._again.pop((kind, conversation)):
                self._begin(kind, conversation)

    async def _converse(self, conversation: int) -> None:
        """The conversation's messages, one after another, in the order they came."""
        while True:
            async with self._locks.hold(f"conversation:{conversation}") as mine:
                if not mine:
                    return
                row = await self._inbox.next(conversation)
                if row is not None:
                    await self._engine.handle(row)
            # looked for without the lock: for one that came while it was held, other workers were waved away
            if await self._inbox.next(conversation) is None:
                return
