"""What is promised of the outbox: in order, once, and whatever may have arrived twice is counted and marked."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot import metrics
from bot.errors import ChannelBusy, Undeliverable
from bot.messages import Outgoing, OutgoingButton
from knowledge.models import Author, Conversation, OutboxRow, OutboxStatus, now
from tests.fakes.channel import FakeChannel
from tests.fakes.locks import LostLocks
from tests.front_desk import FrontDesk


async def say(desk: FrontDesk, *texts: str, address: str = "7", **more: Any) -> int:
    """Commits messages to a resident; returns the conversation."""
    found = await desk.rows(Conversation, Conversation.address == address)
    conversation = found[0].id if found else await desk.open(address)
    async with desk.database.write() as session:
        for text in texts:
            await desk.transcript.say(session, conversation, Outgoing(text, "en", **more), Author.BOT)
    return conversation


async def outbox(desk: FrontDesk) -> list[OutboxRow]:
    return list(await desk.rows(OutboxRow))


async def test_everything_is_sent_in_order_and_once(desk: FrontDesk) -> None:
    conversation = await say(desk, "one", "two", "three")
    await say(desk, "other", address="8")
    assert await desk.outbox.waiting(10) == [conversation, conversation + 1]
    await desk.outbox.deliver(conversation)
    await desk.outbox.deliver(conversation)
    assert desk.channel.texts("7") == ["one", "two", "three"]
    assert desk.channel.texts("8") == []
    rows = [row for row in await outbox(desk) if row.conversation_id == conversation]
    assert {row.status for row in rows} == {OutboxStatus.SENT}
    assert all(row.sent_at is not None and not row.perhaps_repeated for row in rows)
    assert await desk.outbox.waiting(10) == [conversation + 1]


async def test_all_of_a_message_arrives(desk: FrontDesk) -> None:
    conversation = await say(
        desk, "Bonjour", buttons=(OutgoingButton("Oui", "a=yes"),), original="Hello", origin="machine"
    )
    await desk.outbox.deliver(conversation)
    ((address, sent),) = desk.channel.sent
    assert address == "7"
    assert sent == Outgoing("Bonjour", "en", (OutgoingButton("Oui", "a=yes"),), "Hello", "machine")


async def test_a_busy_vendor_is_asked_again_when_it_says(desk: FrontDesk) -> None:
    conversation = await say(desk, "one", "two")
    desk.channel.troubles.append(ChannelBusy("flood", retry_after=17))
    before = now()
    await desk.outbox.deliver(conversation)
    assert desk.channel.sent == []
    first, second = await outbox(desk)
    assert (first.status, first.error, second.status) == (OutboxStatus.WAITING, "flood", OutboxStatus.WAITING)
    assert timedelta(seconds=16) < first.not_before - before < timedelta(seconds=20)
    assert await desk.outbox.waiting(10) == []
    await desk.outbox.deliver(conversation)  # the second must not overtake it
    assert desk.channel.sent == []
    await desk.make_due(OutboxRow)
    await desk.outbox.deliver(conversation)
    assert desk.channel.texts("7") == ["one", "two"]
    assert not (await outbox(desk))[0].perhaps_repeated


async def test_without_a_time_it_waits_longer_each_time_and_gives_up_at_last(desk: FrontDesk) -> None:
    conversation = await say(desk, "one", "two")
    desk.channel.troubles.extend([ChannelBusy("away")] * 30)
    waits = []
    for _try in range(30):
        await desk.make_due(OutboxRow)
        before = now()
        await desk.outbox.deliver(conversation)
        waits.append((await outbox(desk))[0].not_before - before)
    assert waits[0] < waits[1] < waits[2] < waits[8] < timedelta(seconds=70)
    assert [row.status for row in await outbox(desk)] == [OutboxStatus.DEAD, OutboxStatus.SENT]
    assert desk.channel.texts("7") == ["two"]


async def test_what_cannot_be_delivered_is_a_dead_letter_and_the_rest_follows(desk: FrontDesk) -> None:
    conversation = await say(desk, "one", "two")
    desk.channel.troubles.append(Undeliverable("blocked"))
    await desk.outbox.deliver(conversation)
    dead, sent = await outbox(desk)
    assert (dead.status, dead.error, sent.status) == (OutboxStatus.DEAD, "blocked", OutboxStatus.SENT)
    assert desk.channel.texts("7") == ["two"]


async def test_a_defect_of_ours_does_not_hold_up_a_chat_for_ever(desk: FrontDesk) -> None:
    conversation = await say(desk, "poison", "two")
    desk.channel.troubles.extend([ZeroDivisionError()] * 30)
    for _try in range(30):
        await desk.make_due(OutboxRow)
        await desk.outbox.deliver(conversation)
    dead, sent = await outbox(desk)
    assert (dead.status, dead.error, sent.status) == (OutboxStatus.DEAD, "ZeroDivisionError", OutboxStatus.SENT)


async def test_a_message_that_cannot_be_cut_into_parts_is_given_up_too(desk: FrontDesk, monkeypatch: Any) -> None:
    conversation = await say(desk, "poison", "two")
    parts = desk.channel.parts
    monkeypatch.setattr(desk.channel, "parts", lambda out: parts(out) if out.text != "poison" else 1 / 0)
    for _try in range(31):
        await desk.make_due(OutboxRow)
        await desk.outbox.deliver(conversation)
    assert [row.status for row in await outbox(desk)] == [OutboxStatus.DEAD, OutboxStatus.SENT]


async def test_one_that_perhaps_arrived_is_marked(desk: FrontDesk) -> None:
    conversation = await say(desk, "one")
    desk.channel.troubles.append(ChannelBusy("timed out", perhaps_sent=True))
    await desk.outbox.deliver(conversation)
    await desk.make_due(OutboxRow)
    await desk.outbox.deliver(conversation)
    assert [(row.status, row.perhaps_repeated) for row in await outbox(desk)] == [(OutboxStatus.SENT, True)]


async def test_messages_of_a_channel_that_is_gone_wait_without_an_error(desk: FrontDesk) -> None:
    """The administrator starts once without the token."""
    conversation = await say(desk, "one")
    without = desk.another(channel=FakeChannel("another"))
    assert await without.outbox.waiting(10) == []
    await without.outbox.deliver(conversation)
    assert [row.status for row in await outbox(desk)] == [OutboxStatus.WAITING]
    await desk.outbox.deliver(conversation)
    assert desk.channel.texts("7") == ["one"]


async def test_an_interrupted_delivery_is_repeated_counted_and_marked(desk: FrontDesk) -> None:
    conversation = await say(desk, "one", "two")
    desk.channel.troubles.append(asyncio.CancelledError())  # we die between sending it and noting it
    with pytest.raises(asyncio.CancelledError):
        await desk.outbox.deliver(conversation)
    (row, _next) = await outbox(desk)
    assert (row.status, row.perhaps_repeated) == (OutboxStatus.SENDING, False)
    await desk.outbox.deliver(conversation)
    assert desk.channel.sent == [], "it may still be another's: its lease has not ended"
    counted = metrics.perhaps_repeated.labels("fake")._value.get()
    await desk.make_due(OutboxRow)
    await desk.outbox.deliver(conversation)
    assert desk.channel.texts("7") == ["one", "two"]
    assert [each.perhaps_repeated for each in await outbox(desk)] == [True, False]
    assert metrics.perhaps_repeated.labels("fake")._value.get() == counted + 1


async def test_parts_go_on_where_they_stopped(desk: FrontDesk) -> None:
    desk.channel = FakeChannel(part_length=3)
    desk = desk.another()
    conversation = await say(desk, "abcdefgh", "next", buttons=(OutgoingButton("Yes", "y"),))
    desk.channel.troubles.extend([None, ChannelBusy("flood")])
    await desk.outbox.deliver(conversation)
    assert desk.channel.texts("7") == ["abc"]
    row = (await outbox(desk))[0]
    assert (row.status, row.parts_sent) == (OutboxStatus.WAITING, 1)
    await desk.make_due(OutboxRow)
    await desk.outbox.deliver(conversation)
    assert desk.channel.texts("7") == ["abc", "def", "gh", "nex", "t"]
    assert [bool(part.buttons) for _address, part in desk.channel.sent] == [False, False, True, False, True]
    assert not any(each.perhaps_repeated for each in await outbox(desk))


async def test_of_an_interrupted_message_only_the_part_under_way_is_repeated(desk: FrontDesk) -> None:
    desk = desk.another(channel=FakeChannel(part_length=3))
    conversation = await say(desk, "abcdefgh")
    desk.channel.troubles.extend([None, asyncio.CancelledError()])
    with pytest.raises(asyncio.CancelledError):
        await desk.outbox.deliver(conversation)
    await desk.make_due(OutboxRow)
    await desk.outbox.deliver(conversation)
    assert desk.channel.texts("7") == ["abc", "def", "gh"]
    assert [each.perhaps_repeated for each in await outbox(desk)] == [True]


async def test_two_workers_never_send_the_same(desk: FrontDesk) -> None:
    """Their locks exclude nobody, as a lost lock does: the database is the judge."""

    async def a_moment() -> None:
        await asyncio.sleep(0.01)

    first = desk.another(locks=LostLocks())
    first.channel.meanwhile = a_moment
    second = first.another()
    for round_ in range(15):
        conversation = await say(desk, "one", "two", address=f"two-{round_}")
        await asyncio.gather(first.outbox.deliver(conversation), second.outbox.deliver(conversation))
        await first.outbox.deliver(conversation)
        assert first.channel.texts(f"two-{round_}") == ["one", "two"]
    assert not any(row.perhaps_repeated for row in await outbox(desk))


async def test_while_one_worker_has_a_chat_another_leaves_it_alone(desk: FrontDesk, tmp_path: Path) -> None:
    conversation = await say(desk, "one")
    other = desk.another()

    async def other_comes_by() -> None:
        await other.outbox.deliver(conversation)

    desk.channel.meanwhile = other_comes_by
    await desk.outbox.deliver(conversation)
    assert desk.channel.texts("7") == ["one"]


async def test_what_nobody_finished_is_waiting_again_after_its_lease(desk: FrontDesk) -> None:
    conversation = await say(desk, "one")
    async with desk.database.write() as session:
        lease = {"status": OutboxStatus.SENDING, "attempts": 1, "not_before": now() + timedelta(seconds=0.2)}
        await session.execute(update(OutboxRow).values(lease))
    assert await desk.outbox.waiting(10) == []
    await asyncio.sleep(0.25)
    assert await desk.outbox.waiting(10) == [conversation]
