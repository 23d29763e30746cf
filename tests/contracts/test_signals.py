"""Signals: work for one taker, news for every listener; lost ones are allowed, invented ones are not."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.errors import StateUnavailable
from bot.ports import Signals
from bot.stores import signals as redis_signals
from bot.stores.signals import RedisSignals
from tests.fakes.signals import FakeSignals
from tests.services import Valkey


@pytest_asyncio.fixture(params=["fake", "redis"])
async def signals(request: pytest.FixtureRequest, redis: Redis) -> AsyncIterator[Signals]:
    if request.param == "fake":
        yield FakeSignals()
        return
    real = RedisSignals(redis)
    yield real
    await real.close()


async def until_heard(signals: Signals, topic: str, listener: AsyncIterator[bool]) -> None:
    """Calls until it is heard: a subscription takes a moment to begin."""
    async with asyncio.timeout(10):
        while True:
            await signals.changed(topic)
            if await anext(listener):
                return


async def test_work_comes_in_order(signals: Signals) -> None:
    await signals.work("inbox", 7)
    await signals.work("outbox", 8)
    assert await signals.next_work(1) == ("inbox", 7)
    assert await signals.next_work(1) == ("outbox", 8)
    assert await signals.next_work(0.05) is None


async def test_each_call_goes_to_one_taker(signals: Signals) -> None:
    async def take() -> list[tuple[str, int]]:
        taken = []
        while (work := await signals.next_work(0.3)) is not None:
            taken.append(work)
        return taken

    takers = [asyncio.create_task(take()) for _ in range(3)]
    for conversation in range(30):
        await signals.work("inbox", conversation)
    taken = await asyncio.gather(*takers)
    assert sorted(work for each in taken for work in each) == [("inbox", number) for number in range(30)]


async def test_news_reach_every_listener_of_the_topic(signals: Signals) -> None:
    async with (
        signals.listen("conversation:1", 0.2) as first,
        signals.listen("conversation:1", 0.2) as second,
        signals.listen("conversation:2", 0.2) as other,
    ):
        await until_heard(signals, "conversation:1", first)
        assert await anext(second)
        assert not await anext(other)
        assert not await anext(first)


async def test_a_listener_hears_nothing_once_in_a_while(signals: Signals) -> None:
    async with signals.listen("queue", 0.05) as listener:
        assert [await anext(listener) for _ in range(3)] == [False, False, False]


async def test_news_between_two_looks_are_not_lost(signals: Signals) -> None:
    async with signals.listen("cases", 0.2) as listener:
        await until_heard(signals, "cases", listener)
        await signals.changed("cases")
        await asyncio.sleep(0.2)
        assert await anext(listener)


async def test_two_processes_hear_each_other(redis: Redis) -> None:
    here, there = RedisSignals(redis), RedisSignals(redis)
    async with here.listen("queue", 0.2) as listener:
        await until_heard(there, "queue", listener)
    await there.work("inbox", 3)
    assert await here.next_work(1) == ("inbox", 3)
    await here.close()


async def test_calls_that_nobody_takes_are_not_piled_up(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_signals, "WORK_KEPT", 5)
    signals = RedisSignals(redis)
    for conversation in range(20):
        await signals.work("inbox", conversation)
    assert [await signals.next_work(0.1) for _ in range(6)] == [*(("inbox", n) for n in range(15, 20)), None]


async def test_redis_may_go_and_come_back(own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_signals, "RECONNECT_SECONDS", 0.1)
    async with Redis.from_url(own_valkey.url) as client:
        signals = RedisSignals(client)
        async with signals.listen("queue", 0.1) as listener:
            await until_heard(signals, "queue", listener)
            own_valkey.kill()
            await signals.changed("queue")  # neither raises: a signal is a courtesy
            await signals.work("inbox", 1)
            with pytest.raises(StateUnavailable):
                await signals.next_work(0.1)
            assert not await anext(listener)
            own_valkey.start()
            await until_heard(signals, "queue", listener)
            await signals.work("inbox", 2)
            assert await signals.next_work(1) == ("inbox", 2)
        await signals.close()


async def test_a_quiet_hour_does_not_end_the_subscription(own_valkey: Valkey) -> None:
    """The client gives up on a silent server after its timeout; a subscription is silent for longer."""
    async with Redis.from_url(own_valkey.url, socket_timeout=0.3) as client:
        signals = RedisSignals(client)
        async with signals.listen("queue", 0.2) as listener:
            await until_heard(signals, "queue", listener)
            await asyncio.sleep(1)
            await signals.changed("queue")
            assert await anext(listener)
        await signals.close()
