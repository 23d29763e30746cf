"""How fast messages may follow each other: the same rules in Redis and without it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.channels.telegram.rates import ALL, CHAT_GAP, GROUP_GAP, OVERALL_GAP, PASSING_GAP, OwnRates, TelegramRates

Reserve = Callable[[str, float], Awaitable[tuple[float, bool]]]
CLOSE = 0.03  # a real Redis has a real clock


class Kept:
    """One way of keeping the rates, with its two operations."""

    def __init__(self, rates: TelegramRates | OwnRates) -> None:
        self._rates = rates

    async def reserve(self, address: str, gap: float = CHAT_GAP) -> tuple[float, bool]:
        if isinstance(self._rates, OwnRates):
            return self._rates.reserve(address, gap)
        return await self._rates._next(address, gap)

    async def hold_back(self, address: str, seconds: float) -> None:
        if isinstance(self._rates, OwnRates):
            self._rates.hold_back(address, seconds)
        else:
            await self._rates.hold_back(address, seconds)


@pytest_asyncio.fixture(params=["redis", "memory"])
async def kept(request: pytest.FixtureRequest, redis: Redis) -> AsyncIterator[Kept]:
    yield Kept(TelegramRates(redis) if request.param == "redis" else OwnRates())


async def test_chats_take_their_turns_evenly(kept: Kept) -> None:
    turns = [await kept.reserve(str(chat)) for chat in range(100)]
    assert all(is_reserved for _wait, is_reserved in turns)
    for number, (wait, _reserved) in enumerate(turns):
        assert wait == pytest.approx(number * OVERALL_GAP, abs=0.5 if number else CLOSE)
    assert turns[-1][0] > 3.0


async def test_a_chat_waits_for_itself_and_takes_nobodys_turn(kept: Kept) -> None:
    assert await kept.reserve("7") == (pytest.approx(0, abs=CLOSE), True)
    for _ in range(50):
        wait, is_reserved = await kept.reserve("7")
        assert not is_reserved
        assert wait == pytest.approx(CHAT_GAP, abs=0.3)
    wait, is_reserved = await kept.reserve("8")
    assert is_reserved
    assert wait <= OVERALL_GAP


async def test_groups_wait_longer(kept: Kept) -> None:
    await kept.reserve("-100", GROUP_GAP)
    wait, is_reserved = await kept.reserve("-100", GROUP_GAP)
    assert not is_reserved
    assert 60 / (wait + CLOSE) < 20


async def test_a_refused_chat_is_held_back_alone(kept: Kept) -> None:
    await kept.hold_back("7", 9.0)
    wait, is_reserved = await kept.reserve("7")
    assert (is_reserved, wait) == (False, pytest.approx(9.0, abs=0.3))
    assert await kept.reserve("8") == (pytest.approx(0, abs=CLOSE), True)
    await kept.hold_back("7", 1.0)  # a shorter wait does not end a longer one
    assert (await kept.reserve("7"))[0] == pytest.approx(9.0, abs=0.5)


async def test_when_several_chats_are_refused_nobody_is_written_to(kept: Kept) -> None:
    for number, chat in enumerate(("1", "2", "2", "3")):
        assert (await kept.reserve(f"other {number}"))[0] < 1.0
        await kept.hold_back(chat, 5.0)
    wait, is_reserved = await kept.reserve("8")
    assert (is_reserved, wait) == (True, pytest.approx(5.0, abs=0.3))


async def test_nothing_is_left_behind(redis: Redis) -> None:
    rates = TelegramRates(redis)
    await rates.ready("7", is_group=False)
    await rates.pace()
    await rates.hold_back("7", 2.0)
    for key in await redis.keys("alley:{telegram}:*"):
        assert 0 < await redis.pttl(key) <= 62_000


async def test_two_processes_share_one_rate(redis: Redis) -> None:
    processes = [TelegramRates(redis), TelegramRates(redis)]
    began = time.monotonic()
    sent: list[float] = []

    async def send(number: int) -> None:
        await processes[number % 2].ready(str(number), is_group=False)
        sent.append(time.monotonic() - began)

    await asyncio.gather(*(send(number) for number in range(45)))
    assert sent[-1] > 44 * OVERALL_GAP - CLOSE
    assert max(sum(start <= moment < start + 1.0 for moment in sent) for start in sent) <= 30


async def test_what_was_held_up_goes_out_one_by_one(redis: Redis) -> None:
    """As many as a stalled process may have ready at one moment."""
    rates = TelegramRates(redis)
    began = time.monotonic()
    await asyncio.gather(*(rates.pace() for _ in range(20)))
    assert time.monotonic() - began > 19 * PASSING_GAP - CLOSE


async def test_one_chat_gets_one_message_a_second(redis: Redis) -> None:
    rates = TelegramRates(redis)
    began = time.monotonic()
    await asyncio.gather(*(rates.ready("7", is_group=False) for _ in range(3)))
    assert time.monotonic() - began >= 2 * 1.0


async def test_without_redis_the_rates_are_kept_in_memory() -> None:
    async with Redis(port=1) as nobody:
        rates = TelegramRates(nobody)
        began = time.monotonic()
        await rates.ready("7", is_group=False)
        looked = time.monotonic()
        assert looked - began < 1.5
        await rates.ready("8", is_group=False)  # without a new look at Redis
        assert time.monotonic() - looked < 0.2
        await rates.ready("7", is_group=False)
        assert time.monotonic() - looked >= 1.0
        await rates.hold_back("7", 60.0)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(rates.ready("7", is_group=False), 0.3)


async def test_a_redis_with_a_strange_value_does_not_stop_the_bot(redis: Redis) -> None:
    await redis.rpush(ALL, "not a moment")
    await asyncio.wait_for(TelegramRates(redis).ready("7", is_group=False), 1.0)


def test_memory_forgets_chats_that_are_free_again() -> None:
    moment = 0.0
    rates = OwnRates(lambda: moment)
    for number in range(10_050):
        moment += 1.0
        rates.reserve(str(number), CHAT_GAP)
    assert len(rates._chats) < 100
