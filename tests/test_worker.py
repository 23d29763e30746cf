"""The workers together, on a real Valkey: the order of a chat, chats in parallel, and nothing lost when Redis is."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from redis.asyncio import Redis

from bot import worker as bot_worker
from bot.stores.database import Database
from bot.stores.locks import RedisLocks
from bot.stores.signals import RedisSignals
from bot.stores.state import RedisState
from dialogues.turn import Entity, Understanding
from knowledge.models import InboxRow, InboxStatus, OutboxRow, OutboxStatus
from tests.fakes.signals import LostSignals
from tests.front_desk import FrontDesk, message
from tests.services import Valkey


def numbered(number: int) -> tuple[str, Understanding]:
    """A question whose answer repeats the number in it."""
    case = f"C-2026-{number:06d}"
    return f"what about {case}", Understanding("check_case", 0.95, entities=(Entity("case_number", case),))


@pytest.fixture
def desk(desk: FrontDesk) -> FrontDesk:
    desk.understander.sentences |= dict(numbered(number) for number in range(100))
    return desk


@asynccontextmanager
async def process(desk: FrontDesk, database_url: str, redis_url: str) -> AsyncIterator[FrontDesk]:
    """A worker process: it shares nothing with another but the database, Redis, and where replies arrive."""
    async with AsyncExitStack() as closing:
        database = Database(database_url)
        closing.push_async_callback(database.close)
        client = await closing.enter_async_context(Redis.from_url(redis_url, socket_connect_timeout=2))
        signals = RedisSignals(client)
        closing.push_async_callback(signals.close)
        yield desk.another(
            database=database, state=RedisState(client), signals=signals,
            locks=RedisLocks(client, held_seconds=2, renewed_seconds=0.5),
        )  # fmt: skip


@asynccontextmanager
async def working(*desks: FrontDesk) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(desk.worker.run()) for desk in desks]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended


@asynccontextmanager
async def four_workers(desk: FrontDesk, database_url: str, redis_url: str) -> AsyncIterator[Sequence[FrontDesk]]:
    async with AsyncExitStack() as closing:
        desks = [await closing.enter_async_context(process(desk, database_url, redis_url)) for _ in range(4)]
        await closing.enter_async_context(working(*desks))
        yield desks


async def all_done(desk: FrontDesk, seconds: float = 40) -> None:
    """Every message handled and every reply delivered."""
    async with asyncio.timeout(seconds):
        while await desk.waiting() or await desk.rows(OutboxRow, OutboxRow.status.not_in(("sent", "dead"))):
            await asyncio.sleep(0.02)


async def assert_each_answered_once_in_order(desk: FrontDesk, chats: Sequence[str], many: int) -> None:
    assert {row.status for row in await desk.rows(InboxRow)} == {InboxStatus.DONE}
    outgoing = await desk.rows(OutboxRow)
    assert {row.status for row in outgoing} == {OutboxStatus.SENT}
    assert len(outgoing) == len({row.inbox_id for row in outgoing}) == many * len(chats)
    for chat in chats:
        told = [text.split("C-2026-")[1][:6] for text in desk.channel.texts(chat)]
        assert told == [f"{number:06d}" for number in range(many)]


async def test_fifty_messages_of_a_chat_over_four_workers(desk: FrontDesk, database_url: str, valkey: Valkey) -> None:
    desk.understander.seconds = 0.005
    async with four_workers(desk, database_url, valkey.url) as desks:
        for number in range(50):
            await desks[number % 4].receive(message(numbered(number)[0]))
        await all_done(desk)
    await assert_each_answered_once_in_order(desk, ["7"], 50)


async def test_chats_are_answered_side_by_side(desk: FrontDesk, database_url: str, valkey: Valkey) -> None:
    desk.understander.seconds = 0.5
    async with process(desk, database_url, valkey.url) as one, working(one):
        await one.receive(*(message(numbered(0)[0], f"chat-{chat}") for chat in range(20)))
        await all_done(desk)
    assert desk.understander.most_at_once >= 10
    await assert_each_answered_once_in_order(desk, [f"chat-{chat}" for chat in range(20)], 1)


async def test_the_sweep_finds_what_no_signal_told(desk: FrontDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_worker, "SWEEP_SECONDS", 0.1)
    deaf = desk.another(signals=LostSignals())
    async with working(deaf):
        for chat in range(5):
            await deaf.receive(*(message(numbered(number)[0], f"chat-{chat}") for number in range(3)))
        await all_done(desk, 20)
    await assert_each_answered_once_in_order(desk, [f"chat-{chat}" for chat in range(5)], 3)


async def test_what_was_left_by_a_dead_worker_is_found(desk: FrontDesk, database_url: str, valkey: Valkey) -> None:
    await desk.receive(*(message(numbered(number)[0]) for number in range(3)))
    async with process(desk, database_url, valkey.url) as one, working(one):
        await all_done(desk)
    await assert_each_answered_once_in_order(desk, ["7"], 3)


async def test_what_is_put_off_is_taken_up_again(desk: FrontDesk) -> None:
    desk.understander.down = True
    async with working(desk):
        await desk.receive(message(numbered(0)[0]), message(numbered(1)[0]))
        async with asyncio.timeout(10):
            while (await desk.rows(InboxRow))[0].attempts == 0:
                await asyncio.sleep(0.02)
        desk.understander.down = False
        await all_done(desk, 20)
    await assert_each_answered_once_in_order(desk, ["7"], 2)


async def test_a_worker_that_stops_finishes_what_it_began(desk: FrontDesk) -> None:
    desk.understander.seconds = 0.3
    async with working(desk):
        await desk.receive(message(numbered(0)[0]))
        async with asyncio.timeout(10):
            while not desk.understander.asked:
                await asyncio.sleep(0.01)
    assert [row.status for row in await desk.rows(InboxRow)] == [InboxStatus.DONE]


CHATS = ("a", "b", "c")


async def test_redis_wiped_in_the_middle(desk: FrontDesk, database_url: str, own_valkey: Valkey) -> None:
    desk.understander.seconds = 0.005
    async with four_workers(desk, database_url, own_valkey.url) as desks, Redis.from_url(own_valkey.url) as client:
        for number in range(20):
            await desks[number % 4].receive(*(message(numbered(number)[0], chat) for chat in CHATS))
            if number % 5 == 4:
                await client.flushall()
        await all_done(desk)
    await assert_each_answered_once_in_order(desk, CHATS, 20)


async def test_redis_killed_and_restarted_in_the_middle(desk: FrontDesk, database_url: str, own_valkey: Valkey) -> None:
    desk.understander.seconds = 0.005
    async with four_workers(desk, database_url, own_valkey.url) as desks:
        for number in range(20):
            if number == 8:
                own_valkey.kill()
            await desks[number % 4].receive(*(message(numbered(number)[0], chat) for chat in CHATS))
            if number == 12:
                await asyncio.sleep(0.5)
                own_valkey.start()
        await all_done(desk)
    await assert_each_answered_once_in_order(desk, CHATS, 20)
    assert {row.attempts for row in await desk.rows(InboxRow)} == {1}
