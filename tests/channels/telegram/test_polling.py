"""Polling: a batch is kept before it is confirmed, and one process of many asks."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from telegram import Bot
from telegram.error import Conflict

from bot.channels.telegram import polling
from bot.channels.telegram.gather import Accepting
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import Poller
from bot.errors import StateUnavailable
from bot.inbox import Inbox
from bot.ports import Locks
from bot.stores.database import Database
from knowledge.models import InboxRow, InboxStatus
from knowledge.texts import Texts
from tests.channels.telegram.conftest import RESIDENT, until
from tests.channels.telegram.test_webhook import ShakyInbox
from tests.fakes.locks import FakeLocks, LostLocks
from tests.peers.telegram import TelegramServer


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "TURN_SECONDS", 0.05)
    monkeypatch.setattr(polling, "CONFLICT_SECONDS", 0.1)


@asynccontextmanager
async def running(
    bot: Bot, inbox: Accepting, texts: Texts, locks: Locks | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(Poller(Intake(bot, inbox), texts, locks or FakeLocks()).run())
    yield task
    task.cancel()
    await asyncio.wait([task], timeout=1.0)
    assert task.cancelled()


async def rows(database: Database) -> Sequence[InboxRow]:
    async with database.read() as session:
        return (await session.scalars(select(InboxRow).order_by(InboxRow.id))).all()


async def count(database: Database) -> int:
    return len(await rows(database))


async def test_updates_come_in_and_are_confirmed(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    before = telegram.say(RESIDENT, "before the start")
    async with running(bot, inbox, texts):
        await until(lambda: telegram.pending() == 0)
        after = telegram.say_many((chat, "hello") for chat in range(100, 250))
        await until(lambda: telegram.pending() == 0)
        telegram.photo(RESIDENT, b"lift")
        await until(lambda: telegram.pending() == 0)
    assert [int(row.vendor_id.rpartition(":")[2]) for row in await rows(sqlite)] == [before, *after, after[-1] + 1]
    assert "commands:ja" in telegram.settings()


async def test_a_webhook_set_earlier_is_taken_away(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    await bot.set_webhook("http://127.0.0.1:1/old")
    telegram.say(RESIDENT, "hello")
    async with running(bot, inbox, texts):
        await until(lambda: telegram.pending() == 0)
    assert await count(sqlite) == 1


async def test_nothing_is_confirmed_before_it_is_kept(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    shaky = ShakyInbox(inbox)
    shaky.failures = 2
    telegram.say(RESIDENT, "hello")
    async with running(bot, shaky, texts):
        await until(lambda: shaky.failures == 0)
        assert telegram.pending() == 1
        await until(lambda: telegram.pending() == 0)
    assert await count(sqlite) == 1


async def test_killed_at_any_moment_nothing_is_lost(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    ids = telegram.say_many((100 + number, "hello") for number in range(300))
    for moment in range(12):
        async with running(bot, inbox, texts):
            await asyncio.sleep(0.005 * moment)
    async with running(bot, inbox, texts):
        await until(lambda: telegram.pending() == 0)
    assert sorted(int(row.vendor_id.rpartition(":")[2]) for row in await rows(sqlite)) == ids


async def test_each_update_three_times_in_a_batch(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    telegram.deliver_each(3)
    telegram.say_many((RESIDENT, str(number)) for number in range(50))
    async with running(bot, inbox, texts):
        await until(lambda: telegram.pending() == 0)
    assert [row.payload["text"] for row in await rows(sqlite)] == [str(number) for number in range(50)]


async def test_one_broken_update_does_not_take_the_others_along(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    telegram.say(RESIDENT, "before")
    telegram.raw_update({"message": {"text": "\x00\ud800", "chat": 5}})
    telegram.say(RESIDENT, "after")
    async with running(bot, inbox, texts):
        await until(lambda: telegram.pending() == 0)
    by_id = sorted(await rows(sqlite), key=lambda row: int(row.vendor_id.rpartition(":")[2]))
    assert [row.status for row in by_id] == [
        InboxStatus.WAITING, InboxStatus.DEAD, InboxStatus.WAITING,
    ]  # fmt: skip


async def test_telegram_is_away_for_a_while(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    telegram.fail("500", times=1, methods=["deleteWebhook", "getUpdates"])
    telegram.fail("429", times=1, methods=["getUpdates"], retry_after=1)
    telegram.say(RESIDENT, "hello")
    async with running(bot, inbox, texts):
        await until(lambda: telegram.pending() == 0)
    assert await count(sqlite) == 1


async def test_somebody_else_asks_with_our_token(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    with capture_logs() as logs:
        async with running(bot, inbox, texts):
            await until(lambda: any(each["event"] == "telegram is polled" for each in logs))
            await asyncio.sleep(0.1)
            with suppress(Conflict):  # ours comes back, and ends theirs
                await bot.get_updates(timeout=1)
            await until(lambda: any("somebody else" in str(each["event"]) for each in logs))
            telegram.say(RESIDENT, "hello")
            await until(lambda: telegram.pending() == 0)
            await bot.set_webhook("http://127.0.0.1:1/of-somebody-else")
            telegram.say(RESIDENT, "hello again")
            await until(lambda: telegram.pending() == 0)
    assert await count(sqlite) == 2


async def test_one_process_of_three_asks(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    locks = FakeLocks()
    with capture_logs() as logs:
        async with running(bot, inbox, texts, locks) as first, running(bot, inbox, texts, locks):
            telegram.say(RESIDENT, "one")
            await until(lambda: telegram.pending() == 0)
            first.cancel()
            telegram.say(RESIDENT, "two")
            await until(lambda: telegram.pending() == 0)
    assert [each["event"] for each in logs].count("telegram is polled") == 2
    assert not [each for each in logs if each["log_level"] == "error"]
    assert await count(sqlite) == 2


async def test_without_locks_two_processes_lose_nothing(
    telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts
) -> None:
    async with running(bot, inbox, texts, LostLocks()), running(bot, inbox, texts, LostLocks()):
        for number in range(5):
            telegram.say(RESIDENT, str(number))
            await asyncio.sleep(0.05)
        await until(lambda: telegram.pending() == 0)
    assert sorted(row.payload["text"] for row in await rows(sqlite)) == list("01234")


async def test_redis_is_away(telegram: TelegramServer, bot: Bot, inbox: Inbox, sqlite: Database, texts: Texts) -> None:
    class Away(FakeLocks):
        looks = 0

        @asynccontextmanager
        async def hold(self, name: str) -> AsyncIterator[bool]:
            Away.looks += 1
            if Away.looks < 3:
                raise StateUnavailable("ConnectionError")
            async with super().hold(name) as mine:
                yield mine

    telegram.say(RESIDENT, "hello")
    async with running(bot, inbox, texts, Away()):
        await until(lambda: telegram.pending() == 0)
    assert await count(sqlite) == 1
