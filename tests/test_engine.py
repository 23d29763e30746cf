"""One turn: everything it does exists at once or not at all, whatever fails and whoever else is at it."""

import asyncio
import gc
import sqlite3
from collections.abc import Awaitable, Generator
from contextlib import closing
from functools import partial
from itertools import count
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from bot.errors import ChannelBusy, StateUnavailable
from bot.stores.state import RedisState
from dialogues.texts import _
from dialogues.turn import Entity, Kind, State, Understanding
from knowledge.models import (
    Author,
    Case,
    ChatMessage,
    Conversation,
    InboxRow,
    InboxStatus,
    OutboxRow,
    Photo,
    Staff,
    Takeover,
)
from knowledge.register import takeovers
from tests.fakes.answers import OPENING_HOURS
from tests.fakes.channel import FakeChannel
from tests.front_desk import FrontDesk, message
from tests.pictures import picture

HOURS = Understanding("faq/opening_hours", 0.95, language="en", language_confidence=0.99)
REPORT = Understanding("report_problem", 0.95, category="noise")
DANGER = Understanding("report_problem", 0.95, category="safety", urgent=True)
# a report of which everything is known; the button that hands it in opens the case
FILLED = {"description": "drilling", "urgent": False, "category": "noise", "place": "Lane 3", "photos": []}
AT_SUMMARY = State("report_problem", "decision", FILLED)
HAND_IN = {"kind": Kind.BUTTON, "value": "decision=open"}


@pytest.fixture
def desk(desk: FrontDesk) -> FrontDesk:
    desk.understander.sentences |= {"When do you open?": HOURS, "They drill at night": REPORT, "Fire!": DANGER}
    return desk


async def staff(desk: FrontDesk) -> int:
    async with desk.database.write() as session:
        member = Staff(login="li", name="Li", password_hash="-", language="zh", role="agent")
        session.add(member)
        await session.flush()
        return member.id


async def test_a_turn_from_message_to_outbox(desk: FrontDesk) -> None:
    await desk.answer(message("When do you open?"))
    (row,) = await desk.rows(InboxRow)
    (conversation,) = await desk.rows(Conversation)
    (reply,) = await desk.said(conversation.id)
    (outgoing,) = await desk.rows(OutboxRow)
    assert (row.status, row.attempts, row.error) == (InboxStatus.DONE, 1, None)
    assert row.done_at is not None
    assert (reply.text, reply.number, reply.author, reply.language) == (OPENING_HOURS, 2, Author.BOT, "en")
    assert (outgoing.message_id, outgoing.inbox_id, outgoing.conversation_id) == (reply.id, row.id, conversation.id)
    assert (await desk.said(conversation.id, Author.RESIDENT))[0].language == "en"
    assert ("outbox", conversation.id) in [await desk.signals.next_work(0.1) for _ in range(2)]


async def test_a_case_from_first_word_to_number(desk: FrontDesk) -> None:
    await desk.answer(message("They drill at night"))
    (conversation,) = await desk.rows(Conversation)
    assert await desk.state.load(conversation.id, 999) == State(
        "report_problem", "place", {"description": "They drill at night", "category": "noise", "urgent": False}
    )
    await desk.answer(message("Lane 3"))
    await desk.answer(message("", kind=Kind.BUTTON, value="photos=none"))
    assert await desk.rows(Case) == []
    await desk.answer(message("", **HAND_IN))
    (case,) = await desk.rows(Case)
    assert (case.description, case.category, case.place) == ("They drill at night", "noise", "Lane 3")
    assert case.number in (await desk.said(conversation.id))[-1].text
    assert await desk.state.load(conversation.id, 999) == State()
    assert "cases" in desk.signals.news


async def test_the_replies_language_follows_the_resident(desk: FrontDesk) -> None:
    desk.understander.sentences["Où en est mon dossier ?"] = Understanding(
        "help", 0.9, language="fr", language_confidence=0.99
    )
    await desk.answer(message("Où en est mon dossier ?"))
    (conversation,) = await desk.rows(Conversation)
    (reply,) = await desk.said(conversation.id)
    assert (conversation.language, reply.language) == ("fr", "fr")


async def test_a_typed_label_acts_as_its_button(desk: FrontDesk) -> None:
    conversation = await desk.open()
    await desk.answer(message("They drill at night"), message("Lane 3"))
    label = (await desk.said(conversation))[-1].buttons[0]["label"]
    asked = list(desk.understander.asked)
    await desk.answer(message(f"  {label.upper()} "))
    assert (await desk.state.load(conversation, 999)).awaiting == "decision"
    assert desk.understander.asked == asked


async def test_only_the_newest_buttons_can_be_typed(desk: FrontDesk) -> None:
    await desk.answer(message("hello", kind=Kind.COMMAND, value="start"))
    (conversation,) = await desk.rows(Conversation)
    old = (await desk.said(conversation.id))[-1].buttons[0]["label"]
    await desk.answer(message("When do you open?"))
    await desk.answer(message(old))
    assert desk.understander.asked[-1] == old


async def test_a_photo_is_kept_and_registered(desk: FrontDesk) -> None:
    desk.channel.photos["ref"] = picture()
    await desk.answer(message("", kind=Kind.PHOTO, photos=("ref",)))
    (photo,) = await desk.rows(Photo)
    (shown,) = await desk.rows(ChatMessage, ChatMessage.author == Author.RESIDENT)
    assert shown.photos == [photo.photo]
    assert photo.conversation_id == shown.conversation_id
    assert desk.photos.path(photo.photo).exists()


async def test_a_photo_that_is_none_gets_a_fitting_word(desk: FrontDesk) -> None:
    desk.channel.photos["ref"] = b"%PDF-1.7 and so on"
    await desk.answer(message("", kind=Kind.PHOTO, photos=("ref",)))
    (row,) = await desk.rows(InboxRow)
    assert row.status == InboxStatus.DONE
    assert "I can read text, photos and locations, but not this." in (await desk.said(row.conversation_id))[0].text
    assert await desk.rows(Photo) == []


async def test_a_photo_that_cannot_be_fetched_now_is_put_off(desk: FrontDesk) -> None:
    desk.channel.photos["ref"] = ChannelBusy("flood", retry_after=7)
    await desk.answer(message("", kind=Kind.PHOTO, photos=("ref",)))
    (row,) = await desk.waiting()
    assert (row.attempts, row.error) == (1, "ChannelBusy")
    assert 5 < (row.not_before - row.received_at).total_seconds() < 9


async def test_without_nlu_a_message_is_put_off_and_then_answered_without(desk: FrontDesk) -> None:
    desk.understander.down = True
    await desk.receive(message("When do you open?"))
    (row,) = await desk.waiting()
    for attempt in (1, 2):
        await desk.handle(row)
        (row,) = await desk.waiting()
        assert (row.attempts, row.error) == (attempt, "NluUnavailable")
        assert await desk.inbox.next(row.conversation_id) is None
    await desk.handle(row)
    assert await desk.waiting() == []
    (reply,) = await desk.said(row.conversation_id)
    assert "I did not understand" in reply.text
    assert reply.buttons[0]["value"] == "go:talk_to_human"


async def test_without_nlu_buttons_and_commands_work(desk: FrontDesk) -> None:
    desk.understander.down = True
    await desk.answer(message("", kind=Kind.COMMAND, value="start"))
    await desk.answer(message("", kind=Kind.BUTTON, value="go:faq/opening_hours"))
    assert await desk.waiting() == []
    assert (await desk.said(1))[-1].text == OPENING_HOURS


async def test_without_redis_a_message_waits_and_costs_no_try(desk: FrontDesk, monkeypatch: Any) -> None:
    async def away(*_: object) -> State:
        raise StateUnavailable("ConnectionError")

    await desk.receive(message("When do you open?"))
    (row,) = await desk.waiting()
    with monkeypatch.context() as patched:
        patched.setattr(desk.state, "load", away)
        for _again in range(5):
            with pytest.raises(StateUnavailable):
                await desk.handle(row)
    (row,) = await desk.waiting()
    assert (row.attempts, await desk.inbox.next(row.conversation_id) is not None) == (0, True)
    await desk.handle(row)
    assert await desk.waiting() == []


# Poison


async def test_poison_becomes_a_dead_letter_with_an_apology(desk: FrontDesk, monkeypatch: Any) -> None:
    conversation = await desk.open(language="fr")
    await desk.state.save(conversation, 0, State(), AT_SUMMARY)

    async def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    await desk.receive(message("", **HAND_IN))
    (row,) = await desk.waiting()
    with monkeypatch.context() as patched:
        patched.setattr("knowledge.register.cases.open_case", breaks)  # after the state was saved
        for _try in range(3):
            assert (await desk.rows(InboxRow))[0].status == InboxStatus.WAITING
            await desk.handle(row)
    (row,) = await desk.rows(InboxRow)
    assert (row.status, row.error, row.attempts) == (InboxStatus.DEAD, "ZeroDivisionError", 3)
    (reply,) = await desk.said(conversation)
    apology = _(
        "I am sorry, something went wrong on our side with this message (reference {reference}). "
        "Please try again in other words, or speak to a person.",
        reference=str(row.id),
    )
    assert reply.text == desk.texts.render(apology, "fr") != desk.texts.render(apology, "en")
    assert reply.buttons[0]["value"] == "go:talk_to_human"
    assert len(await desk.rows(OutboxRow)) == 1
    assert await desk.rows(Case) == []
    assert await desk.state.load(conversation, 999) == AT_SUMMARY
    await desk.answer(message("", **HAND_IN))  # the resident tries again, and it works
    assert len(await desk.rows(Case)) == 1


async def test_a_payload_from_another_world_is_a_dead_letter(desk: FrontDesk) -> None:
    await desk.receive(message("fine"))
    async with desk.database.write() as session:
        (await session.scalars(select(InboxRow))).one().payload = {"kind": "hologram"}
    (row,) = await desk.waiting()
    for _try in range(3):
        await desk.handle(row)
    assert (await desk.rows(InboxRow))[0].status == InboxStatus.DEAD
    assert "something went wrong" in (await desk.said(row.conversation_id))[0].text


async def test_what_follows_poison_is_answered(desk: FrontDesk, monkeypatch: Any) -> None:
    async def breaks(text: str) -> Understanding:
        raise RuntimeError(text) if text == "poison" else LookupError if text == "" else _Told(text)

    monkeypatch.setattr(desk.understander, "understand", breaks)
    await desk.receive(message("poison"), message("", kind=Kind.COMMAND, value="start"))
    for _try in range(3):
        await desk.make_due(InboxRow)
        row = await desk.inbox.next(1)
        assert row is not None
        await desk.engine.handle(row)
    row = await desk.inbox.next(1)
    assert row is not None
    await desk.engine.handle(row)
    assert [each.status for each in await desk.rows(InboxRow)] == [InboxStatus.DEAD, InboxStatus.DONE]


# Twice


async def test_a_turn_handled_twice_opens_one_case(desk: FrontDesk) -> None:
    conversation = await desk.open()
    await desk.state.save(conversation, 0, State(), AT_SUMMARY)
    await desk.receive(message("", **HAND_IN))
    (row,) = await desk.waiting()
    for _again in range(3):
        await desk.engine.handle(row)
    assert len(await desk.rows(Case)) == len(await desk.said(conversation)) == 1


async def test_two_engines_at_once_open_one_case(desk: FrontDesk) -> None:
    """As when a lock was lost."""
    other = desk.another()
    for chat in range(20):
        conversation = await desk.open(address=f"twice-{chat}")
        await desk.state.save(conversation, 0, State(), AT_SUMMARY)
        await desk.receive(message("", f"twice-{chat}", **HAND_IN))
        (row,) = await desk.waiting()
        await asyncio.gather(desk.engine.handle(row), other.engine.handle(row))
        assert len(await desk.rows(Case)) == len(await desk.rows(OutboxRow)) == chat + 1
        assert await desk.state.load(conversation, 999_999) == State()


async def test_a_stalled_engine_does_not_bring_back_an_old_state(desk: FrontDesk) -> None:
    """It handled the first message for so long that its lock was lost and another worker did that and the next."""
    await desk.receive(message("They drill at night"))
    (first,) = await desk.waiting()
    stalled = desk.another(understander=type(desk.understander)(desk.understander.sentences))
    stalled.understander.seconds = 0.5
    slow = asyncio.create_task(stalled.engine.handle(first))
    await asyncio.sleep(0.1)
    await desk.engine.handle(first)
    await desk.answer(message("Lane 3"))
    await slow
    assert (await desk.state.load(first.conversation_id, 999)).awaiting == "photos"
    assert len(await desk.said(first.conversation_id)) == 2


# Dead at any point


class _Told(Exception):
    pass


class Stopped:
    """Awaits something and cancels it at the given one of the moments at which it waits for the world."""

    def __init__(self, work: Awaitable[object], moment: int) -> None:
        self._work = work.__await__()
        self._moment = moment

    def __await__(self) -> Generator[Any, Any, None]:
        go_on = partial(next, self._work)
        for moment in count(1):
            try:
                waited_for = go_on()
            except StopIteration:
                return
            if moment == self._moment:
                task = asyncio.current_task()
                assert task is not None
                task.cancel()
            try:
                yield waited_for
                go_on = partial(next, self._work)
            except asyncio.CancelledError as stop:
                go_on = partial(self._work.throw, stop)


async def stopped(work: Awaitable[object], moment: int) -> bool:
    """Whether it was stopped before its end."""

    async def run() -> None:
        await Stopped(work, moment)

    (result,) = await asyncio.gather(asyncio.create_task(run()), return_exceptions=True)
    assert result is None or isinstance(result, asyncio.CancelledError)
    return result is not None


async def let_go(desk: FrontDesk) -> None:
    """With a process goes its lock on SQLite's file; here the statement that held it must be collected first."""
    async with asyncio.timeout(10):
        while desk.database.is_sqlite:
            with closing(sqlite3.connect(str(desk.database.engine.url.database), timeout=0)) as probe:
                try:
                    probe.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError:
                    gc.collect()
                    await asyncio.sleep(0.02)


TURNS = [
    pytest.param(AT_SUMMARY, message("", **HAND_IN), State(), 1, id="opens a case"),
    pytest.param(
        State("report_problem", "place", {"description": "drilling", "urgent": False, "category": "noise"}),
        message("Lane 3"),
        State(
            "report_problem", "photos",
            {"description": "drilling", "urgent": False, "category": "noise", "place": "Lane 3"},
        ),
        0,
        id="goes on",
    ),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:The garbage collector is trying to clean up")  # see let_go
@pytest.mark.parametrize(("before", "sent", "after", "cases"), TURNS)
async def test_a_turn_that_dies_at_any_point_is_done_once(
    desk: FrontDesk, redis: Redis, before: State, sent: Any, after: State, cases: int
) -> None:
    desk = desk.another(state=RedisState(redis))
    step, died = 0, True
    while died:
        step += 1
        address = f"died-{step}"
        conversation = await desk.open(address)
        await desk.state.save(conversation, 0, State(), before)
        await desk.receive(message(sent.text, address, kind=sent.kind, value=sent.value))
        (row,) = await desk.waiting()
        died = await stopped(desk.another().engine.handle(row), step)
        await let_go(desk)
        row = (await desk.rows(InboxRow, InboxRow.id == row.id))[0]
        if row.status == InboxStatus.WAITING:
            await desk.another().engine.handle(row)
        mine = Case.conversation_id == conversation
        assert len(await desk.rows(Case, mine)) == cases, f"died at {step}"
        assert len(await desk.said(conversation)) == 1, f"died at {step}"
        assert len(await desk.rows(OutboxRow, OutboxRow.conversation_id == conversation)) == 1
        assert await desk.state.load(conversation, row.id + 1) == after, f"died at {step}"
    assert step > (7 if desk.database.is_sqlite else 20)  # so much to wait for: on PostgreSQL, each statement


@pytest.mark.parametrize("where", ["state.load", "state.save", "transcript.say", "signals.work", "signals.changed"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_error_anywhere_is_tried_again_and_done_once(
    desk: FrontDesk, monkeypatch: Any, where: str, when: str
) -> None:
    conversation = await desk.open()
    await desk.state.save(conversation, 0, State(), AT_SUMMARY)
    await desk.receive(message("", **HAND_IN))
    (row,) = await desk.waiting()
    part, name = where.split(".")
    real = getattr(getattr(desk, part), name)

    async def breaks(*arguments: Any, **named: Any) -> object:
        result = await real(*arguments, **named) if when == "after" else None
        raise RuntimeError(f"{when} {where}, {result is None}")

    with monkeypatch.context() as patched:
        patched.setattr(getattr(desk, part), name, breaks)
        await desk.handle(row)
    row = (await desk.rows(InboxRow))[0]
    committed = part == "signals"
    assert row.status == (InboxStatus.DONE if committed else InboxStatus.WAITING)
    await desk.handle(row)
    assert len(await desk.rows(Case)) == len(await desk.said(conversation)) == len(await desk.rows(OutboxRow)) == 1
    assert await desk.state.load(conversation, 999) == State()


# A person takes over


async def claim(desk: FrontDesk, takeover: int, member: int) -> int:
    """Returns the number of the newest message when the person has the chat."""
    async with desk.database.write() as session:
        winner = await takeovers.claim(session, takeover, member)
        assert winner is not None
        mine = select(Conversation.last_message).join(Takeover, Takeover.conversation_id == Conversation.id)
        return (await session.scalars(mine.where(Takeover.id == takeover))).one()


async def in_queue(desk: FrontDesk, *addresses: str) -> list[int]:
    """Conversations that wait for a person; returns the ids of their takeovers."""
    async with desk.database.write() as session:
        for address in addresses:
            session.add(conversation := Conversation(channel=desk.channel.name, address=address))
            await session.flush()
            await takeovers.request(session, conversation.id)
    return [each.id for each in await desk.rows(Takeover)]


async def test_the_queue_hears_of_what_is_said_to_a_person(desk: FrontDesk) -> None:
    """It shows the words of those who wait, and which of the open chats want an answer."""
    (takeover,) = await in_queue(desk, "7")
    desk.signals.news.clear()
    await desk.answer(message("Is anybody there?", "7"))
    assert "queue" in desk.signals.news
    await claim(desk, takeover, await staff(desk))
    desk.signals.news.clear()
    await desk.answer(message("Hello?", "7"))
    assert "queue" in desk.signals.news


async def test_the_bot_is_silent_while_a_person_is_there(desk: FrontDesk) -> None:
    (takeover,) = await in_queue(desk, "7")
    await claim(desk, takeover, await staff(desk))
    await desk.answer(message("When do you open?"), message("Fire!"), message("", kind=Kind.COMMAND, value="start"))
    assert await desk.waiting() == []
    assert await desk.rows(ChatMessage, ChatMessage.author == Author.BOT) == []
    assert desk.understander.asked == []


async def test_no_word_of_the_bots_after_a_claim(desk: FrontDesk) -> None:
    """200 times, a person claims the chat while the bot is about to speak."""
    member = await staff(desk)
    chats = [f"race-{race}" for race in range(200)]
    queue = await in_queue(desk, *chats)
    await desk.receive(*(message("Fire!", chat) for chat in chats))

    async def claims(race: int) -> int:
        await asyncio.sleep(race % 20 / 2000)
        return await claim(desk, queue[race], member)

    newest = {}
    for race, row in enumerate(await desk.waiting()):
        newest[row.conversation_id], _done = await asyncio.gather(claims(race), desk.engine.handle(row))
    assert await desk.waiting() == []
    said = await desk.rows(ChatMessage, ChatMessage.author == Author.BOT)
    assert [each.id for each in said if each.number > newest[each.conversation_id]] == []
    assert 0 < len(said) < 200  # both have won some


async def test_both_ends_of_a_takeover_at_once(desk: FrontDesk) -> None:
    """The resident goes back to the bot while staff claim and give back: neither blocks the other."""
    member = await staff(desk)
    chats = [f"end-{race}" for race in range(30)]
    queue = await in_queue(desk, *chats)
    await desk.receive(*(message("", chat, kind=Kind.BUTTON, value="go:end_takeover") for chat in chats))

    async def claims_and_ends(takeover: int, conversation: int) -> None:
        async with desk.database.write() as session:
            await takeovers.claim(session, takeover, member)
        async with desk.database.write() as session:
            await takeovers.end(session, conversation, "staff")

    for takeover, row in zip(queue, await desk.waiting(), strict=True):
        await asyncio.gather(claims_and_ends(takeover, row.conversation_id), desk.engine.handle(row))
    assert {(row.status, row.attempts) for row in await desk.rows(InboxRow)} == {(InboxStatus.DONE, 1)}
    assert await desk.rows(Takeover, Takeover.open_for.is_not(None)) == []


async def test_a_channel_that_does_not_push_gets_no_outbox(desk: FrontDesk) -> None:
    desk = desk.another(channel=FakeChannel(pushes=False))
    await desk.answer(message("When do you open?"))
    assert await desk.rows(OutboxRow) == []
    assert [each.text for each in await desk.said(1)] == [OPENING_HOURS]


async def test_numbers_in_words_reach_the_dialogue(desk: FrontDesk) -> None:
    desk.understander.sentences["C-2026-000042?"] = Understanding(
        "check_case", 0.9, entities=(Entity("case_number", "C-2026-000042"),)
    )
    await desk.answer(message("C-2026-000042?"))
    assert "C-2026-000042" in (await desk.said(1))[0].text
