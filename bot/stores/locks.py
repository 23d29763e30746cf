"""Locks over all processes, in Redis: one worker a conversation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import LockError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import StateUnavailable

HELD_SECONDS = 12  # a worker that dies leaves its conversations waiting for as long
RENEWED_SECONDS = 4


class RedisLocks:
    def __init__(
        self, redis: Redis, held_seconds: float = HELD_SECONDS, renewed_seconds: float = RENEWED_SECONDS
    ) -> None:
        self._redis = redis
        self._held_seconds = held_seconds
        self._renewed_seconds = renewed_seconds

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        lock = self._redis.lock(f"alley:lock:{name}", timeout=self._held_seconds, blocking=False)
        try:
            held = await lock.acquire()
        except RedisError as error:
            raise StateUnavailable(type(error).__name__) from error
        if not held:
            yield False
            return
        renewal = asyncio.create_task(_renew(lock, self._renewed_seconds))
        try:
            yield True
        finally:
            renewal.cancel()
            with suppress(LockError, RedisError):
                await lock.release()


async def _renew(lock: Lock, seconds: float) -> None:
    """Until the lock is given back or lost; Redis may be away for a moment."""
    with suppress(LockError):
        while True:
            await asyncio.sleep(seconds)
            with suppress(RedisConnectionError, RedisTimeoutError):
                await lock.reacquire()
