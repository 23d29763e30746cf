"""Locks over all processes, in Redis: one worker a conversation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from bot.errors import StateUnavailable

HELD_SECONDS = 12  # a worker that dies leaves its conversations waiting for as long
RENEWED_SECONDS = 4


class RedisLocks:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        lock = self._redis.lock(f"alley:lock:{name}", timeout=HELD_SECONDS, blocking=False)
        try:
            held = await lock.acquire()
        except RedisError as error:
            raise StateUnavailable(type(error).__name__) from error
        if not held:
            yield False
            return
        renewal = asyncio.create_task(_renew(lock))
        try:
            yield True
        finally:
            renewal.cancel()
            with suppress(LockError, RedisError):
                await lock.release()


async def _renew(lock: Lock) -> None:
    """Until the lock is given back or lost."""
    with suppress(LockError, RedisError):
        while True:
            await asyncio.sleep(RENEWED_SECONDS)
            await lock.reacquire()
