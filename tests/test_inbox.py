"""What is promised of the inbox: nothing lost once accepted, nothing twice, and the order in which it came."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.inbox import Inbox
from bot.messages import Unreadable
from bot.stores.database import Database
from dialogues.turn import Kind, Location
from knowledge.models import Author, ChatMessage, Conversation, InboxRow, InboxStatus
from tests.fakes.signals import FakeSignals
from tests.front_desk import FrontDesk, message


async def test_a_message_is_committed_before_it_is_acknowledged(desk: FrontDesk, database_url: str) -> None:
    assert await desk.receive(message("Bonjour", language="fr-CA", name="Aimée")) == [1]
    other = Database(database_url)  # sees only what is committed
    try:
        async with other.read() as session:
            conversation = (await session.scalars(select(Conversation))).one()
            row = (await session.scalars(select(InboxRow))).one()
            shown = (await session.scalars(select(ChatMessage))).one()
    finally:
        await other.close()
    assert (conversation.channel, conversation.address, conversation.name) == ("fake", "7", "Aimée")
    assert (row.status, row.conversation_id, row.payload["text"]) == (InboxStatus.WAITING, conversation.id, "Bonjour")
    assert (shown.number, shown.author, shown.text, shown.inbox_id) == (1, Author.RESIDENT, "Bonjour", row.id)
    assert await desk.signals.next_work(0.1) == ("inbox", conversation.id)
    assert desk.signals.news == [f"conversation:{conversation.id}"]


async def test_nothing_is_kept_when_the_commit_fails(desk: FrontDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("no more room")

    monkeypatch.setattr(desk.inbox, "_insert_new", fails)
    with pytest.raises(RuntimeError):
        await desk.receive(message())
    assert await desk.rows(InboxRow) == await desk.rows(Conversation) == []
    assert await desk.signals.next_work(0.01) is None


async def test_a_repeated_message_is_one(desk: FrontDesk) -> None:
    same = message(vendor_id="55")
    assert await desk.receive(same) == [1]
    assert await desk.receive(same, message(), same) == [None, 2, None]
    assert len(await desk.rows(InboxRow)) == len(await desk.rows(ChatMessage)) == 2


async def test_a_message_delivered_three_times_at_once_is_one(desk: FrontDesk) -> None:
    for number in range(10):
        same = message(vendor_id=f"triple-{number}", address=f"new-{number}")
        answers = await asyncio.gather(*(desk.receive(same) for _ in range(3)))
        assert sorted(answers, key=str) == [[1], [None], [None]]
    assert len(await desk.rows(InboxRow)) == 10


async def test_twenty_writers_at_once_leave_no_gap_and_keep_the_order(desk: FrontDesk) -> None:
    async def write(writer: int) -> list[int | None]:
        return [(await desk.receive(message(f"{writer}/{each}")))[0] for each in range(5)]

    numbers = await asyncio.gather(*(write(writer) for writer in range(20)))
    assert sorted(number for each in numbers for number in each) == list(range(1, 101))
    rows = await desk.rows(InboxRow)
    shown = {each.inbox_id: each.number for each in await desk.rows(ChatMessage)}
    assert [shown[row.id] for row in rows] == list(range(1, 101))  # what is handled first was shown first
    for writer, mine in enumerate(numbers):
        assert mine == sorted(mine), f"writer {writer} was overtaken by itself"


async def test_numbers_become_visible_in_their_order(desk: FrontDesk) -> None:
    """Whoever has read message n will never see a smaller number appear later."""

    async def watch() -> None:
        seen = 0
        while seen < 60:
            async with desk.database.read() as session:
                highest, many = (await session.execute(
                    select(func.coalesce(func.max(ChatMessage.number), 0), func.count()).select_from(ChatMessage)
                )).one()  # fmt: skip
            assert highest == many
            seen = highest

    async with asyncio.timeout(20):
        await asyncio.gather(watch(), *(desk.receive(message(str(each))) for each in range(60)))


async def test_batches_that_hold_the_same_chats_in_another_order_do_not_block_each_other(desk: FrontDesk) -> None:
    for _round in range(10):
        async with asyncio.timeout(10):
            await asyncio.gather(
                desk.receive(*(message(address=address) for address in "abcdef")),
                desk.receive(*(message(address=address) for address in "fedcba")),
            )
    assert len(await desk.rows(InboxRow)) == 120


async def test_an_unreadable_update_becomes_a_dead_letter_beside_the_others(desk: FrontDesk) -> None:
    broken = Unreadable("fake", "66", {"raw": '{"update_id": 66'}, "JSONDecodeError")
    assert await desk.receive(message(), broken, message()) == [1, None, 2]
    assert await desk.receive(broken) == [None]
    (dead,) = await desk.rows(InboxRow, InboxRow.status == InboxStatus.DEAD)
    assert (dead.vendor_id, dead.payload, dead.error) == ("66", broken.raw, "JSONDecodeError")
    assert dead.conversation_id is None
    assert dead.done_at is not None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("👍🏽 🏳️‍🌈 𠮷野家 ﷽ 𝒜", "👍🏽 🏳️‍🌈 𠮷野家 ﷽ 𝒜"),
        ("a\x00b", "ab"),
        ("lone \ud800 and \udfff", "lone  and "),
        ("line\nbreak\ttab", "line\nbreak\ttab"),
        ("x" * 4096, "x" * 4096),
    ],
    ids=["emoji", "nul", "surrogates", "whitespace", "long"],
)
async def test_any_text_arrives(desk: FrontDesk, typed: str, kept: str) -> None:
    assert await desk.receive(message(typed, name=typed[:50], value=typed[:20])) == [1]
    (row,) = await desk.rows(InboxRow)
    (shown,) = await desk.rows(ChatMessage)
    assert row.payload["text"] == shown.text == kept
    shown.text.encode()


async def test_a_long_name_is_cut_to_what_the_table_holds(desk: FrontDesk) -> None:
    assert await desk.receive(message(name="x" * 1000)) == [1]
    assert len((await desk.rows(Conversation))[0].name) == 200


async def test_what_a_channel_hands_over_comes_out_the_same(desk: FrontDesk) -> None:
    sent = message("here", photos=("p1", "p2"), location=Location(31.2, 121.4), kind=Kind.LOCATION, language="zh")
    await desk.receive(sent)
    (row,) = await desk.rows(InboxRow)
    assert type(sent).from_json(row.payload) == sent


@pytest.mark.parametrize(
    ("kind", "sign"), [(Kind.PHOTO, "📷"), (Kind.LOCATION, "📍"), (Kind.UNSUPPORTED, "📎"), (Kind.COMMAND, "help")]
)
async def test_a_message_without_words_stands_in_the_chat_all_the_same(desk: FrontDesk, kind: Kind, sign: str) -> None:
    await desk.receive(message("", kind=kind, value="help" if kind is Kind.COMMAND else ""))
    assert (await desk.rows(ChatMessage))[0].text == sign


@pytest.mark.parametrize(
    ("hint", "spoken"),
    [
        ("fr", "fr"), ("fr-CA", "fr"), ("pt_BR", "pt"),
        ("zh-CN", "zh"), ("zh-TW", "zh-Hant"), ("zh_hk", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"), ("zh-hant", "zh-Hant"), ("ZH", "zh"),
        ("sw", "en"), ("", "en"), (None, "en"), ("x" * 300, "en"),
    ],
)  # fmt: skip
async def test_the_vendors_hint_gives_the_first_language(database: Database, hint: str | None, spoken: str) -> None:
    inbox = Inbox(database, FakeSignals(), ("en", "fr", "pt", "zh", "zh-Hant"))
    await inbox.accept([message(language=hint)])
    async with database.read() as session:
        assert await session.scalar(select(Conversation.language)) == spoken


async def test_the_first_hint_stays(desk: FrontDesk) -> None:
    await desk.receive(message(language="fr"))
    await desk.receive(message(language="zh"))
    assert [each.language for each in await desk.rows(Conversation)] == ["fr"]


async def test_next_is_the_oldest_and_nothing_overtakes_what_is_put_off(desk: FrontDesk) -> None:
    await desk.receive(message("first"), message("second"))
    (conversation,) = await desk.rows(Conversation)
    first = await desk.inbox.next(conversation.id)
    assert first is not None
    assert first.payload["text"] == "first"
    await desk.inbox.postpone(first, 60, "NluUnavailable")
    assert await desk.inbox.next(conversation.id) is None
    assert await desk.inbox.waiting(10) == []
    await desk.make_due(InboxRow)
    again = await desk.inbox.next(conversation.id)
    assert again is not None
    assert (again.id, again.attempts, again.error) == (first.id, 1, "NluUnavailable")


async def test_waiting_names_each_conversation_once_the_oldest_first(desk: FrontDesk) -> None:
    await desk.receive(*(message(address=address) for address in "bacab"))
    by_address = {each.address: each.id for each in await desk.rows(Conversation)}
    assert await desk.inbox.waiting(10) == [by_address[address] for address in "bac"]
    assert await desk.inbox.waiting(2) == [by_address[address] for address in "ba"]
