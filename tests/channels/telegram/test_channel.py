"""Writing to residents, and what becomes of Telegram's refusals."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from telegram import Bot
from telegram.error import ChatMigrated

from bot.channels.telegram import TelegramChannel, make_bot
from bot.channels.telegram.channel import keyboard
from bot.channels.telegram.rates import TelegramRates
from bot.errors import ChannelBusy, SettingError, Undeliverable, Unparsable
from bot.messages import Outgoing, OutgoingButton
from knowledge.texts import Texts
from tests.channels.telegram.conftest import RESIDENT, settings_for, until
from tests.peers.telegram import Limits, TelegramServer

AIKO = str(RESIDENT)


@pytest_asyncio.fixture
async def channel(bot: Bot, texts: Texts, redis: Redis) -> AsyncIterator[TelegramChannel]:
    yield TelegramChannel(bot, texts, TelegramRates(redis))


async def send(channel: TelegramChannel, outgoing: Outgoing, address: str = AIKO) -> None:
    for part in channel.parts(outgoing):
        await channel.ready(address, is_group=address.startswith("-"))
        await channel.deliver(address, part)


async def test_text_markup_and_buttons(channel: TelegramChannel, telegram: TelegramServer) -> None:
    buttons = tuple(OutgoingButton(label, label.lower()) for label in ("Noise", "Pets", "Water, power, gas, internet"))
    await send(channel, Outgoing("**Opening hours** & <more>\n- https://a.example", "en", buttons))
    (sent,) = telegram.messages(RESIDENT)
    assert sent.text == "Opening hours & <more>\n• https://a.example"
    assert [(entity["type"], entity["length"]) for entity in sent.entities] == [("bold", 13)]
    assert [[button.label for button in row] for row in sent.buttons] == [
        ["Noise", "Pets"], ["Water, power, gas, internet"],
    ]  # fmt: skip
    assert sent.buttons[0][1].data == "pets"
    assert telegram.calls("sendMessage")[0].params["link_preview_options"] == '{"is_disabled": true}'


async def test_a_long_text_comes_in_pieces_in_order(channel: TelegramChannel, telegram: TelegramServer) -> None:
    sentence = "This is sentence number {} of a long, long text. "
    text = "".join(sentence.format(number) for number in range(150))
    button = OutgoingButton("Thanks", "thanks")
    parts = channel.parts(Outgoing(text, "en", (button,)))
    assert [part.buttons for part in parts] == [(), (button,)]
    assert all(len(part.text) <= 4096 and part.text.endswith("text.") for part in parts)
    await send(channel, Outgoing(text, "en", (button,)))
    shown = telegram.messages(RESIDENT)
    assert " ".join(sent.text for sent in shown) == text.strip()
    assert shown[1].at - shown[0].at >= 1.0
    assert channel.parts(Outgoing("", "en", (button,))) == []


async def test_a_machine_translation_is_labelled(channel: TelegramChannel, telegram: TelegramServer) -> None:
    reply = Outgoing("Wir kommen *morgen*", "en", original="我们明天来 <3", origin="machine")
    await send(channel, reply)
    await send(channel, replace(reply, origin="human"))
    labelled, plain = telegram.messages(RESIDENT)
    assert labelled.text == "Wir kommen *morgen*\n\nTranslated automatically. The original:\n我们明天来 <3"
    assert [entity["type"] for entity in labelled.entities] == ["italic", "blockquote"]
    assert plain.text == "Wir kommen *morgen*"


async def test_markup_that_telegram_refuses_is_sent_without(channel: TelegramChannel, telegram: TelegramServer) -> None:
    await channel.deliver(AIKO, Outgoing("<b>Tom &amp; <moon>Aiko</b>", "en"))
    assert [(sent.text, sent.entities) for sent in telegram.messages(RESIDENT)] == [("Tom & Aiko", [])]


async def test_telegram_asks_to_wait(channel: TelegramChannel, telegram: TelegramServer) -> None:
    telegram.fail("429", retry_after=2)
    with pytest.raises(ChannelBusy) as caught:
        await channel.deliver(AIKO, Outgoing("hello", "en"))
    assert caught.value.retry_after == 2.0
    began = time.monotonic()
    await send(channel, Outgoing("hello", "en"))
    assert time.monotonic() - began >= 1.9
    assert len(telegram.messages(RESIDENT)) == 1


async def test_rates_are_kept_where_telegram_is_strict(channel: TelegramChannel, telegram: TelegramServer) -> None:
    telegram.flood.limits = Limits(chat_burst=1)
    for number in range(3):
        await send(channel, Outgoing(str(number), "en"))
    assert telegram.breaches() == []
    assert [sent.text for sent in telegram.messages(RESIDENT)] == ["0", "1", "2"]


@pytest.mark.parametrize("trouble", ["500", "drop", "hang"])
async def test_telegram_is_out_of_order(channel: TelegramChannel, telegram: TelegramServer, trouble: str) -> None:
    telegram.fail(trouble, seconds=0.1)  # type: ignore[arg-type]
    with pytest.raises(ChannelBusy) as caught:
        await channel.deliver(AIKO, Outgoing("hello", "en"))
    assert caught.value.retry_after is None


async def test_nobody_answers_or_the_token_is_wrong(telegram: TelegramServer, texts: Texts, redis: Redis) -> None:
    for change in ({"telegram_base_url": "http://127.0.0.1:1"}, {"telegram_token": "5:wrong"}):
        async with make_bot(settings_for(telegram, **change)) as bot:
            channel = TelegramChannel(bot, texts, TelegramRates(redis))
            with pytest.raises(ChannelBusy):
                await channel.deliver(AIKO, Outgoing("hello", "en"))
            with pytest.raises(ChannelBusy):
                await channel.fetch("some file")
            await channel.typing(AIKO)


@pytest.mark.parametrize("token", [None, "no token", "12:with space", "abc:def"])
async def test_what_is_no_token(telegram: TelegramServer, token: str | None) -> None:
    with pytest.raises(SettingError, match="ALLEY_TELEGRAM_TOKEN"):
        async with make_bot(settings_for(telegram, telegram_token=token)):
            pass


async def test_a_resident_who_is_gone(channel: TelegramChannel, telegram: TelegramServer) -> None:
    telegram.block(RESIDENT)
    with pytest.raises(Undeliverable, match="blocked"):
        await channel.deliver(AIKO, Outgoing("hello", "en"))
    with pytest.raises(Undeliverable, match="not found"):
        await channel.deliver("99", Outgoing("hello", "en"))
    telegram.block(RESIDENT, False)
    with pytest.raises(Undeliverable, match=r"(?i)button_data_invalid"):
        await channel.deliver(AIKO, Outgoing("hello", "en", (OutgoingButton("label", "x" * 65),)))


async def test_a_group_that_got_a_new_id(texts: Texts, redis: Redis) -> None:
    class MovedBot:
        def __init__(self) -> None:
            self.sent: list[object] = []

        async def send_message(self, address: object, *_arguments: object, **_more: object) -> None:
            if address == "-5":
                raise ChatMigrated(-1005)
            self.sent.append(address)

    bot = MovedBot()
    channel = TelegramChannel(bot, texts, TelegramRates(redis))  # type: ignore[arg-type]
    await channel.deliver("-5", Outgoing("hello", "en"))
    assert bot.sent == [-1005]


async def test_typing_never_raises_and_keeps_nobody_waiting(channel: TelegramChannel, telegram: TelegramServer) -> None:
    telegram.fail("hang", methods=["sendChatAction"], seconds=1.0)
    began = time.monotonic()
    await channel.typing(AIKO)
    await channel.typing("99")
    await channel.typing(AIKO)
    assert time.monotonic() - began < 0.2
    await until(lambda: [call.code for call in telegram.calls("sendChatAction")].count(200) == 1)


async def test_a_photo_is_fetched(channel: TelegramChannel, telegram: TelegramServer, bot: Bot, texts: Texts) -> None:
    telegram.photo(RESIDENT, b"\xff\xd8 the lift", "the lift")
    (update,) = await bot.get_updates()
    assert update.message is not None
    photo = update.message.photo[-1].file_id
    assert await channel.fetch(photo) == b"\xff\xd8 the lift"
    with pytest.raises(Unparsable):
        await channel.fetch("no such file")
    telegram.fail("500", methods=["getFile"])
    with pytest.raises(ChannelBusy):
        await channel.fetch(photo)


async def test_a_photo_that_telegram_no_longer_has(
    telegram: TelegramServer, bot: Bot, texts: Texts, redis: Redis
) -> None:
    telegram.photo(RESIDENT, b"lift")
    (update,) = await bot.get_updates()
    assert update.message is not None
    elsewhere = Bot(telegram.token, base_url=telegram.base_url, base_file_url=f"{telegram.url}/nowhere")
    channel = TelegramChannel(elsewhere, texts, TelegramRates(redis))
    with pytest.raises(Unparsable):
        await channel.fetch(update.message.photo[-1].file_id)


def test_rows_of_buttons() -> None:
    def rows(*labels: str) -> list[list[str]]:
        markup = keyboard([OutgoingButton(label, "value") for label in labels])
        return [[button.text for button in row] for row in markup.inline_keyboard] if markup else []

    assert rows() == []
    assert rows("Yes", "No", "Perhaps") == [["Yes", "No"], ["Perhaps"]]
    assert rows("Yes", "A label that needs a row of its own", "No") == [
        ["Yes"], ["A label that needs a row of its own"], ["No"],
    ]  # fmt: skip
    assert rows("办理居住证的进度查询", "是") == [["办理居住证的进度查询"], ["是"]]
