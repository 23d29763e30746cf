"""Signals within one process, and signals that are all lost."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FakeSignals:
    """`news` keeps the topics that were announced."""

    def __init__(self) -> None:
        self.news: list[str] = []
        self._work: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)

    async def work(self, kind: str, conversation: int) -> None:
        self._work.put_nowait((kind, conversation))

    async def next_work(self, seconds: float) -> tuple[str, int] | None:
        try:
            async with asyncio.timeout(seconds):
                return await self._work.get()
        except TimeoutError:
            return None

    async def changed(self, topic: str) -> None:
        self.news.append(topic)
        for event in self._listeners[topic]:
            event.set()

    @asynccontextmanager
    async def listen(self, topic: str, seconds: float) -> AsyncIterator[AsyncIterator[bool]]:
        event = asyncio.Event()
        self._listeners[topic].add(event)
        try:
            yield _changes(event, seconds)
        finally:
            self._listeners[topic].discard(event)


async def _changes(event: asyncio.Event, seconds: float) -> AsyncIterator[bool]:
    while True:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            yield False
        else:
            event.clear()
            yield True


class LostSignals(FakeSignals):
    """Nobody ever hears of anything."""

    async def work(self, kind: str, conversation: int) -> None:
        pass

    async def changed(self, topic: str) -> None:
        pass
