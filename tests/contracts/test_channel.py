"""Channel: what a message becomes on its way to a resident, and how a vendor's trouble is told."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.channels.telegram import TelegramChannel, make_bot
from bot.channels.telegram.rates import TelegramRates
from bot.channels.web import WebChannel
from bot.errors import ChannelBusy, Undeliverable, Unparsable
from bot.messages import Outgoing, OutgoingButton
from bot.ports import Channel
from bot.settings import Settings
from bot.stores.photos import Photos
from knowledge.texts import Texts
from tests.fakes.channel import FakeChannel
from tests.peers.telegram import TelegramServer, Timing
from tests.pictures import picture

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
BUTTONS = (OutgoingButton("Yes, hand it in", "decision=open"), OutgoingButton("取消", "decision=cancel"))
LONG = "\n\n".join(f"Paragraph {number}. " + "Die Straße ist gesperrt. 道路封闭。" * 30 for number in range(12))


@dataclass
class Reached:
    """A channel, and what a test can see of its other side."""

    channel: Channel
    address: str
    photo: Callable[[bytes], Any]  # an Incoming's reference to these bytes
    arrived: Callable[[], list[tuple[str, list[str]]]] | None = None  # texts and labels; None when nothing is pushed
    block: Callable[[], object] | None = None
    flood: Callable[[], object] | None = None


@asynccontextmanager
async def fake(**_: Any) -> AsyncIterator[Reached]:
    channel = FakeChannel(part_length=1000)
    kept = iter(range(100))

    def photo(data: bytes) -> str:
        reference = f"photo-{next(kept)}"
        channel.photos[reference] = data
        return reference

    def arrived() -> list[tuple[str, list[str]]]:
        return [(part.text, [button.label for button in part.buttons]) for _address, part in channel.sent]

    yield Reached(
        channel, "7", photo, arrived,
        lambda: channel.troubles.append(Undeliverable("blocked")),
        lambda: channel.troubles.append(ChannelBusy("flood", retry_after=3)),
    )  # fmt: skip


@asynccontextmanager
async def web(tmp_path: Path, **_: Any) -> AsyncIterator[Reached]:
    photos = Photos(tmp_path / "photos", megabytes=5)
    yield Reached(WebChannel(photos), "a session's hash", photos.keep)


@asynccontextmanager
async def telegram(redis: Redis, texts: Texts, **_: Any) -> AsyncIterator[Reached]:
    async with TelegramServer(timing=Timing(time_scale=0.02)) as server:
        server.add_user(7, "de", "Jonas")

        def photo(data: bytes) -> str:
            update = server.queue.get(server.photo(7, data))
            return str(update.body["message"]["photo"][-1]["file_id"])

        def arrived() -> list[tuple[str, list[str]]]:
            return [
                (sent.text, [button.label for row in sent.buttons for button in row]) for sent in server.messages(7)
            ]

        settings = Settings(_env_file=None, telegram_token=server.token, telegram_base_url=server.url)  # type: ignore[call-arg]
        async with make_bot(settings) as bot:
            yield Reached(
                TelegramChannel(bot, texts, TelegramRates(redis)), "7", photo, arrived,
                lambda: server.block(7), lambda: server.fail("429", retry_after=3),
            )  # fmt: skip


@pytest_asyncio.fixture(params=[fake, web, telegram], ids=["fake", "web", "telegram"])
async def reached(request: pytest.FixtureRequest, redis: Redis, texts: Texts, tmp_path: Path) -> AsyncIterator[Reached]:
    async with request.param(redis=redis, texts=texts, tmp_path=tmp_path) as found:
        yield found


@pytest_asyncio.fixture(params=[fake, telegram], ids=["fake", "telegram"])
async def pushing(request: pytest.FixtureRequest, redis: Redis, texts: Texts, tmp_path: Path) -> AsyncIterator[Reached]:
    """One that delivers; the web's residents fetch."""
    async with request.param(redis=redis, texts=texts, tmp_path=tmp_path) as found:
        yield found


async def deliver(reached: Reached, outgoing: Outgoing) -> None:
    for part in reached.channel.parts(outgoing):
        await reached.channel.ready(reached.address, is_group=False)
        await reached.channel.deliver(reached.address, part)


async def test_it_has_a_name_and_says_whether_it_delivers(reached: Reached) -> None:
    assert reached.channel.name
    assert reached.channel.pushes is (reached.arrived is not None)


async def test_a_short_message_is_one_part_with_its_buttons(reached: Reached) -> None:
    (part,) = reached.channel.parts(Outgoing("Guten Tag", "de", BUTTONS))
    assert (part.text, part.language, part.buttons) == ("Guten Tag", "de", BUTTONS)


async def test_the_buttons_of_a_long_message_are_on_its_last_part(reached: Reached) -> None:
    parts = reached.channel.parts(Outgoing(LONG, "de", BUTTONS))
    assert [part.buttons for part in parts] == [*(() for _ in parts[1:]), BUTTONS]
    assert "".join("".join(part.text.split()) for part in parts) == "".join(LONG.split())


async def test_parts_are_the_same_each_time(reached: Reached) -> None:
    """An interrupted delivery goes on with the part whose number it kept."""
    outgoing = Outgoing(LONG, "de", BUTTONS)
    assert reached.channel.parts(outgoing) == reached.channel.parts(outgoing)


async def test_delivering_and_typing_raise_nothing(reached: Reached) -> None:
    await reached.channel.typing(reached.address)
    await deliver(reached, Outgoing("Guten Tag", "de", BUTTONS))


async def test_a_photo_can_be_fetched(reached: Reached) -> None:
    reference = reached.photo(picture())
    fetched = await reached.channel.fetch(reference if isinstance(reference, str) else await reference)
    assert fetched[:2] == b"\xff\xd8"


async def test_a_photo_that_is_not_there_is_unparsable(reached: Reached) -> None:
    with pytest.raises(Unparsable):
        await reached.channel.fetch("no-such-photo")


async def test_what_is_delivered_arrives(pushing: Reached) -> None:
    assert pushing.arrived is not None
    await deliver(pushing, Outgoing("Guten Tag & 你好 <3", "de", BUTTONS))
    assert pushing.arrived() == [("Guten Tag & 你好 <3", [button.label for button in BUTTONS])]


async def test_a_resident_who_blocked_us_is_undeliverable(pushing: Reached) -> None:
    assert pushing.block is not None
    pushing.block()
    with pytest.raises(Undeliverable):
        await deliver(pushing, Outgoing("Guten Tag", "de"))


async def test_a_busy_vendor_says_when_to_come_back(pushing: Reached) -> None:
    assert pushing.flood is not None
    assert pushing.arrived is not None
    pushing.flood()
    with pytest.raises(ChannelBusy) as busy:
        await deliver(pushing, Outgoing("Guten Tag", "de"))
    assert busy.value.retry_after == 3
    assert not busy.value.perhaps_sent
    assert pushing.arrived() == []
