"""Messages that come at once are committed together, and none is answered for before it is kept."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.channels.telegram.gather import AT_ONCE, Gatherer, Update
from bot.inbox import Inbox
from bot.messages import Incoming, Unreadable
from bot.stores.database import Database
from dialogues.turn import Kind
from knowledge.models import ChatMessage, InboxRow, InboxStatus
from tests.fakes.signals import FakeSignals


def incoming(number: int, chat: int = 7, text: str = "hello") -> Incoming:
    return Incoming("telegram", str(number), str(chat), Kind.TEXT, text=text)


def away() -> OperationalError:
    return OperationalError("INSERT", {}, Exception("gone"))


class Watched:
    """An inbox that notes each transaction, after what the test wants to happen in it."""

    def __init__(self, inbox: Inbox | None = None) -> None:
        self.batches: list[list[str]] = []
        self.happens: Callable[[Sequence[Update]], object] = lambda updates: None
        self.seconds = 0.01
        self._inbox = inbox

    async def accept(self, updates: Sequence[Update]) -> list[int | None]:
        await asyncio.sleep(self.seconds)
        self.happens(updates)
        self.batches.append([update.vendor_id for update in updates])
        return await self._inbox.accept(updates) if self._inbox else [int(update.vendor_id) for update in updates]


async def test_what_comes_meanwhile_goes_together() -> None:
    inbox = Watched()
    gatherer = Gatherer(inbox)
    first = asyncio.create_task(gatherer.accept([incoming(0)]))
    await asyncio.sleep(0.001)
    rest = await asyncio.gather(*(gatherer.accept([incoming(number)]) for number in range(1, 31)))
    assert await first == [0]
    assert rest == [[number] for number in range(1, 31)]
    assert [len(batch) for batch in inbox.batches] == [1, 30]


async def test_transactions_have_an_end() -> None:
    inbox = Watched()
    numbers = await Gatherer(inbox).accept([incoming(number) for number in range(AT_ONCE + 5)])
    assert numbers == list(range(AT_ONCE + 5))
    assert [len(batch) for batch in inbox.batches] == [AT_ONCE, 5]


async def test_nobody_is_answered_while_the_database_is_away() -> None:
    inbox, gatherer = Watched(), None

    def fail(updates: Sequence[Update]) -> None:
        raise away()

    inbox.happens = fail
    gatherer = Gatherer(inbox)
    outcomes = await asyncio.gather(*(gatherer.accept([incoming(n)]) for n in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OperationalError] * 3
    inbox.happens = lambda updates: None
    assert await gatherer.accept([incoming(5)]) == [5]


async def test_one_that_spoils_the_transaction_is_taken_alone() -> None:
    inbox = Watched()

    def fail(updates: Sequence[Update]) -> None:
        if any(update.vendor_id == "1" for update in updates):
            raise away()

    inbox.happens = fail
    gatherer = Gatherer(inbox)
    outcomes = await asyncio.gather(*(gatherer.accept([incoming(n)]) for n in range(3)), return_exceptions=True)
    assert outcomes[0] == [0]
    assert outcomes[2] == [2]
    assert isinstance(outcomes[1], OperationalError)


async def test_whoever_gives_up_waiting_disturbs_nobody() -> None:
    inbox = Watched()
    gatherer = Gatherer(inbox)
    impatient = asyncio.create_task(gatherer.accept([incoming(1)]))
    patient = asyncio.create_task(gatherer.accept([incoming(2)]))
    await asyncio.sleep(0.001)
    impatient.cancel()
    assert await patient == [2]
    assert await gatherer.accept([incoming(3)]) == [3]


async def test_what_cannot_be_stored_is_a_dead_letter(database: Database) -> None:
    inbox = Watched(Inbox(database, FakeSignals(), ("en",)))

    def fail(updates: Sequence[Update]) -> None:
        if any(isinstance(update, Incoming) and update.text == "poison" for update in updates):
            raise ValueError("cannot be stored")

    inbox.happens = fail
    gatherer = Gatherer(inbox)
    poison = incoming(2, text="poison")
    assert await asyncio.gather(*(gatherer.accept([each]) for each in (incoming(1), poison, incoming(3)))) == [
        [1], [None], [2],
    ]  # fmt: skip
    async with database.read() as session:
        row = (await session.scalars(select(InboxRow).where(InboxRow.status == InboxStatus.DEAD))).one()
    assert (row.vendor_id, row.error) == ("2", "ValueError")
    assert "poison" in row.payload["raw"]


async def test_what_the_database_itself_refuses_is_a_dead_letter(database: Database) -> None:
    gatherer = Gatherer(Inbox(database, FakeSignals(), ("en",)))
    too_long = Incoming("telegram", "1", "7" * 200, Kind.TEXT, text="hello")
    await gatherer.accept([incoming(2), too_long])
    async with database.read() as session:
        statuses = {row.vendor_id: row.status for row in await session.scalars(select(InboxRow))}
    # SQLite minds no lengths
    assert statuses == {"2": InboxStatus.WAITING, "1": InboxStatus.WAITING if database.is_sqlite else InboxStatus.DEAD}


@pytest.mark.parametrize("processes", [1, 3])
async def test_the_same_update_many_times_at_once_is_kept_once(database: Database, processes: int) -> None:
    gatherers = [Gatherer(Inbox(database, FakeSignals(), ("en",))) for _ in range(processes)]
    calls = [
        gatherers[(number + copy) % processes].accept([incoming(number, chat=number % 7)])
        for number in range(60)
        for copy in range(3)
    ]
    outcomes = await asyncio.gather(*calls)
    kept = [number for numbers in outcomes for number in numbers if number is not None]
    assert len(kept) == 60
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(InboxRow)) == 60
        assert await session.scalar(select(func.count()).select_from(ChatMessage)) == 60


async def test_an_unreadable_one_goes_along() -> None:
    inbox = Watched()
    await Gatherer(inbox).accept([Unreadable("telegram", "9", {"raw": "{"}, "E"), incoming(1)])
    assert inbox.batches == [["9", "1"]]
