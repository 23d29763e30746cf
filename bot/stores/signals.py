"""Signals over Redis: work for one of the workers (a list), news for everybody who listens (publish/subscribe).

A signal is a courtesy: whoever waits for one also looks into the database now and then, so Redis may lose them.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.errors import StateUnavailable

log = structlog.get_logger()

WORK = "alley:work"
NEWS = "alley:news"
WORK_KEPT = 10_000  # calls that nobody takes are not piled up for ever
RECONNECT_SECONDS = 1.0


class RedisSignals:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._relay: asyncio.Task[None] | None = None

    async def work(self, kind: str, conversation: int) -> None:
        with suppress(RedisError):
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.rpush(WORK, f"{kind}:{conversation}")
                pipe.ltrim(WORK, -WORK_KEPT, -1)
                await pipe.execute()

    async def next_work(self, seconds: float) -> tuple[str, int] | None:
        try:
            found = await self._redis.blpop([WORK], timeout=seconds)
        except RedisError as error:
            raise StateUnavailable(type(error).__name__) from error
        if found is None:
            return None
        kind, _colon, conversation = bytes(found[1]).decode().partition(":")  # type: ignore[arg-type]
        return kind, int(conversation)

    async def changed(self, topic: str) -> None:
        with suppress(RedisError):
            await self._redis.publish(NEWS, topic)

    @asynccontextmanager
    async def listen(self, topic: str, seconds: float) -> AsyncIterator[AsyncIterator[bool]]:
        if self._relay is None or self._relay.done():
            self._relay = asyncio.create_task(self._pass_on(), name="signals")
        event = asyncio.Event()
        self._listeners[topic].add(event)
        try:
            yield _changes(event, seconds)
        finally:
            self._listeners[topic].discard(event)
            if not self._listeners[topic]:
                del self._listeners[topic]

    async def _pass_on(self) -> None:
        """One subscription for the whole process, passed on to those who listen; outlives a restart of Redis."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(NEWS)
                    async for message in subscription.listen():
                        for event in self._listeners.get(message["data"].decode(), ()):
                            event.set()
            except RedisError as error:
                log.warning("signals interrupted", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def close(self) -> None:
        if self._relay is not None:
            self._relay.cancel()
            with suppress(asyncio.CancelledError):
                await self._relay


async def _changes(event: asyncio.Event, seconds: float) -> AsyncIterator[bool]:
    while True:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            yield False
            continue
        event.clear()
        yield True
