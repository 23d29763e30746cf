"""How fast one session and one client address may write. Called by bot/channels/web/api.py."""

import asyncio
import ipaddress
import math
import time

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

REDIS_SECONDS = 1.0
WITHOUT_REDIS_SECONDS = 10.0  # before it is asked again after it failed


class Rates:
    """Counted in Redis, for all processes together; while it is out of reach, in this process's memory."""

    def __init__(self, redis: Redis, per_session: int, per_address: int) -> None:
        """The numbers are messages a minute."""
        pool: object = redis.connection_pool
        shared = RedisStorage(
            "async+redis://", implementation="redispy", key_prefix="alley:rates", connection_pool=pool  # type: ignore[arg-type]
        )  # fmt: skip
        self._shared = MovingWindowRateLimiter(shared)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._session = RateLimitItemPerMinute(per_session, namespace="session")
        self._address = RateLimitItemPerMinute(per_address, namespace="address")
        self._own_until = 0.0

    async def count_session(self, session: str) -> int:
        """Seconds to wait, 0 when the message may come; only then it is counted."""
        return await self._count(self._session, session)

    async def count_address(self, host: str) -> int:
        return await self._count(self._address, network_of(host))

    async def _count(self, limit: RateLimitItem, key: str) -> int:
        if time.monotonic() >= self._own_until:
            try:
                async with asyncio.timeout(REDIS_SECONDS):
                    return await _hit(self._shared, limit, key)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("rates kept in memory", error=type(error).__name__)
                self._own_until = time.monotonic() + WITHOUT_REDIS_SECONDS
        return await _hit(self._own, limit, key)


async def _hit(limiter: MovingWindowRateLimiter, limit: RateLimitItem, key: str) -> int:
    if await limiter.hit(limit, key):
        return 0
    window = await limiter.get_window_stats(limit, key)
    return max(1, math.ceil(window.reset_time - time.time()))


def network_of(host: str) -> str:
    """What counts as one address: in IPv6 a /64, which is what one customer is given; else the host itself."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)
