"""Locks: one holder at a time, over all processes, for as long as it takes."""

import asyncio
from collections.abc import Iterator

import pytest
from redis.asyncio import Redis

from bot.errors import StateUnavailable
from bot.ports import Locks
from bot.stores.locks import RedisLocks
from tests.fakes.locks import FakeLocks
from tests.services import Valkey

QUICK = {"held_seconds": 0.6, "renewed_seconds": 0.15}


@pytest.fixture(params=["fake", "redis"])
def locks(request: pytest.FixtureRequest) -> Iterator[Locks]:
    yield FakeLocks() if request.param == "fake" else RedisLocks(request.getfixturevalue("redis"), **QUICK)


async def test_one_holder_at_a_time(locks: Locks) -> None:
    async with locks.hold("a") as first, locks.hold("a") as second, locks.hold("b") as other:
        assert (first, second, other) == (True, False, True)
    async with locks.hold("a") as again:
        assert again


async def test_whoever_did_not_get_it_releases_nothing(locks: Locks) -> None:
    async with locks.hold("a") as mine:
        async with locks.hold("a"):
            pass
        async with locks.hold("a") as third:
            assert (mine, third) == (True, False)


async def test_it_is_given_back_after_an_error(locks: Locks) -> None:
    with pytest.raises(ZeroDivisionError):
        async with locks.hold("a"):
            raise ZeroDivisionError
    async with locks.hold("a") as mine:
        assert mine


async def test_it_is_given_back_when_the_holder_is_cancelled(locks: Locks) -> None:
    async def hold_for_ever() -> None:
        async with locks.hold("a"):
            await asyncio.Event().wait()

    holder = asyncio.create_task(hold_for_ever())
    await asyncio.sleep(0.1)
    holder.cancel()
    await asyncio.gather(holder, return_exceptions=True)
    async with locks.hold("a") as mine:
        assert mine


async def test_of_many_at_once_one_gets_it(locks: Locks) -> None:
    async def hold() -> bool:
        async with locks.hold("a") as mine:
            await asyncio.sleep(0.2)
            return mine

    assert sum(await asyncio.gather(*(hold() for _ in range(20)))) == 1


async def test_it_is_kept_for_longer_than_it_lasts(locks: Locks) -> None:
    async with locks.hold("a") as mine:
        for _look in range(6):
            await asyncio.sleep(0.2)
            async with locks.hold("a") as other:
                assert (mine, other) == (True, False)


async def test_a_dead_holders_lock_ends_by_itself(redis: Redis) -> None:
    await redis.lock("alley:lock:a", timeout=0.3).acquire()  # and nobody renews it
    locks = RedisLocks(redis, **QUICK)
    async with locks.hold("a") as mine:
        assert not mine
    await asyncio.sleep(0.4)
    async with locks.hold("a") as mine:
        assert mine


async def test_a_lost_lock_is_not_taken_from_its_new_holder(redis: Redis) -> None:
    locks = RedisLocks(redis, **QUICK)
    async with locks.hold("a"):
        await redis.flushall()
        async with locks.hold("a") as second:
            await asyncio.sleep(0.4)  # the first one's renewal comes by
            async with locks.hold("a") as third:
                assert (second, third) == (True, False)
    async with locks.hold("a") as after:
        assert after


async def test_the_renewal_survives_a_restart_of_redis(own_valkey: Valkey) -> None:
    async with Redis.from_url(own_valkey.url) as client:
        locks = RedisLocks(client, held_seconds=3, renewed_seconds=0.2)
        async with locks.hold("a"):
            own_valkey.kill()
            await asyncio.sleep(0.5)
            own_valkey.start()
            await asyncio.sleep(3.2)
            async with locks.hold("a") as other:
                assert not other


async def test_without_redis_it_says_so(own_valkey: Valkey) -> None:
    async with Redis.from_url(own_valkey.url) as client:
        locks = RedisLocks(client, **QUICK)
        own_valkey.kill()
        with pytest.raises(StateUnavailable):
            async with locks.hold("a"):
                pass


async def test_redis_going_away_does_not_harm_the_holder(own_valkey: Valkey) -> None:
    async with Redis.from_url(own_valkey.url) as client, RedisLocks(client, **QUICK).hold("a") as mine:
        own_valkey.kill()
        assert mine
