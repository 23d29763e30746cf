"""The webhook: only Telegram gets in, and what it was told we have, we have."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram import receive, routes
from bot.channels.telegram.gather import Update
from bot.channels.telegram.webhook import LARGEST_BODY, PATH, SECRET_HEADER, webhook_address
from bot.inbox import Inbox
from bot.stores.database import Database
from knowledge.models import InboxRow, InboxStatus
from knowledge.texts import Texts
from tests.channels.telegram.conftest import RESIDENT, SECRET, serving, settings_for, until
from tests.peers.telegram import TelegramServer


class ShakyInbox:
    """The database is away as often as `failures` says; counts the transactions."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.failures = 0
        self.transactions = 0

    async def accept(self, updates: Sequence[Update]) -> list[int | None]:
        self.transactions += 1
        if self.failures > 0:
            self.failures -= 1
            raise OperationalError("INSERT", {}, Exception("gone"))
        return await self._inbox.accept(updates)


@pytest.fixture
def shaky(inbox: Inbox) -> ShakyInbox:
    return ShakyInbox(inbox)


@pytest_asyncio.fixture
async def address(bot: Bot, shaky: ShakyInbox) -> AsyncIterator[str]:
    (route,) = routes(shaky, bot, SECRET)
    async with serving(route) as served:
        yield served


@pytest_asyncio.fixture
async def connected(telegram: TelegramServer, bot: Bot, texts: Texts, address: str) -> TelegramServer:
    settings = settings_for(telegram, telegram_webhook_url=address, telegram_webhook_secret=SECRET)
    await receive(bot, None, None, texts, settings)  # type: ignore[arg-type]  # neither is needed for a webhook
    return telegram


async def rows(database: Database) -> Sequence[InboxRow]:
    async with database.read() as session:
        return (await session.scalars(select(InboxRow).order_by(InboxRow.id))).all()


async def post(address: str, body: bytes, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(address + PATH, content=body, headers=headers)).status_code


async def test_updates_come_in(connected: TelegramServer, sqlite: Database) -> None:
    first = connected.say(RESIDENT, "こんにちは")
    second = connected.photo(RESIDENT, b"lift", "the lift")
    await until(lambda: connected.pending() == 0)
    text, photo = await rows(sqlite)
    assert (text.vendor_id.rpartition(":")[2], text.payload["text"], text.status) == (
        str(first),
        "こんにちは",
        InboxStatus.WAITING,
    )
    assert (photo.vendor_id.rpartition(":")[2], photo.payload["kind"], photo.payload["text"]) == (
        str(second),
        "photo",
        "the lift",
    )
    assert [attempt.status for attempt in connected.attempts()] == [200, 200]


async def test_what_telegram_is_told_at_the_start(connected: TelegramServer, texts: Texts) -> None:
    (call,) = connected.calls("setWebhook")
    assert call.params["url"].endswith(PATH)
    assert (call.params["secret_token"], call.params["max_connections"]) == (SECRET, "40")
    assert json.loads(call.params["allowed_updates"]) == ["message", "edited_message", "callback_query"]
    names = {name for name in connected.settings() if name.startswith("commands:")}
    assert names == {"commands:"} | {f"commands:{code}" for code in texts.languages[1:] if "-" not in code}
    assert [each["command"] for each in connected.settings()["commands:"]] == [
        "help", "cases", "language", "human", "cancel",
    ]  # fmt: skip


async def test_telegram_is_away_at_the_start(
    telegram: TelegramServer, bot: Bot, texts: Texts, address: str, sqlite: Database
) -> None:
    telegram.fail("500", methods=["setWebhook"])
    settings = settings_for(telegram, telegram_webhook_url=address + PATH, telegram_webhook_secret=SECRET)
    await receive(bot, None, None, texts, settings)  # type: ignore[arg-type]
    telegram.say(RESIDENT, "hello")
    await until(lambda: telegram.pending() == 0)
    assert len(await rows(sqlite)) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x"])
async def test_only_telegram_gets_in(address: str, sqlite: Database, secret: str | None) -> None:
    update = {
        "update_id": 1,
        "message": {"text": "x", "date": 1, "message_id": 1, "chat": {"id": 7, "type": "private"}},
    }
    assert await post(address, json.dumps(update).encode(), secret) == 403
    assert await rows(sqlite) == []
    assert await post(address, json.dumps(update).encode()) == 200
    assert len(await rows(sqlite)) == 1


async def test_a_secret_that_is_no_ascii(address: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(address + PATH, content=b"{}", headers={SECRET_HEADER: "schlüssel".encode()})
    assert answer.status_code == 403


POISON = [b"", b"{", b"\xff\x00\xfe", b"[" * 100_000, b"[]", b"null", b'{"update_id": NaN}', b"9" * 5000,
          b'{"message": "\\ud800\\u0000"}', b'"' + b"x" * 2 * LARGEST_BODY + b'"']  # fmt: skip


@pytest.mark.parametrize("body", POISON, ids=range(len(POISON)))
async def test_poison_is_kept_and_never_comes_back(address: str, sqlite: Database, body: bytes) -> None:
    assert await post(address, body) == 200
    assert await post(address, body) == 200
    (row,) = await rows(sqlite)
    assert row.status == InboxStatus.DEAD
    assert row.error


async def test_an_update_that_was_not_kept_comes_again(
    connected: TelegramServer, shaky: ShakyInbox, sqlite: Database
) -> None:
    shaky.failures = 4  # each attempt fails twice: with the others, and alone
    connected.say(RESIDENT, "hello")
    await until(lambda: connected.pending() == 0)
    assert [attempt.status for attempt in connected.attempts()] == [503, 503, 200]
    assert len(await rows(sqlite)) == 1


async def test_each_update_three_times_at_once(connected: TelegramServer, sqlite: Database) -> None:
    connected.deliver_each(3)
    ids = connected.say_many((chat, f"message {number}") for number in range(5) for chat in range(100, 120))
    await until(lambda: connected.pending() == 0, 20.0)
    assert sorted(int(row.vendor_id.rpartition(":")[2]) for row in await rows(sqlite)) == ids
    assert len(connected.attempts()) == 300
    assert {attempt.status for attempt in connected.attempts()} == {200}


async def test_many_at_once_share_transactions(connected: TelegramServer, shaky: ShakyInbox, sqlite: Database) -> None:
    connected.say_many((chat, "hello") for chat in range(100, 500))
    await until(lambda: connected.pending() == 0, 20.0)
    assert len(await rows(sqlite)) == 400
    assert shaky.transactions < 200


async def test_a_pressed_button_stops_blinking(connected: TelegramServer, bot: Bot, sqlite: Database) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Pets", callback_data="pets")]])
    shown = await bot.send_message(RESIDENT, "What kind?", reply_markup=markup)
    connected.press(RESIDENT, shown.message_id, "pets")
    await until(lambda: len(connected.calls("answerCallbackQuery")) == 1)
    (row,) = await rows(sqlite)
    assert (row.payload["kind"], row.payload["value"], row.payload["text"]) == ("button", "pets", "Pets")
    assert connected.calls("answerCallbackQuery")[0].code == 200


async def test_a_press_that_cannot_be_acknowledged_is_kept(
    connected: TelegramServer, bot: Bot, sqlite: Database
) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Pets", callback_data="pets")]])
    shown = await bot.send_message(RESIDENT, "What kind?", reply_markup=markup)
    connected.fail("hang", methods=["answerCallbackQuery"], seconds=0.5)
    connected.press(RESIDENT, shown.message_id, "pets")
    await until(lambda: connected.pending() == 0, 0.4)
    assert len(await rows(sqlite)) == 1
    await asyncio.sleep(0.2)


def test_the_address_that_telegram_is_given() -> None:
    assert webhook_address("https://a.example") == "https://a.example/telegram/webhook"
    assert webhook_address("https://a.example/alley/") == "https://a.example/alley/telegram/webhook"
    assert webhook_address("https://a.example/telegram/webhook") == "https://a.example/telegram/webhook"
