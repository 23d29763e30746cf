"""The inside of the program, put together for one test as bot/app.py does it for all, with fakes where it may."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from bot.engine import Engine
from bot.inbox import Inbox
from bot.messages import Incoming, Unreadable
from bot.outbox import Outbox
from bot.perform import Knowledge
from bot.ports import Locks, Signals, StateStore, Translator
from bot.rendering import Renderer
from bot.stores.database import Database
from bot.stores.photos import Photos
from bot.transcript import Transcript
from bot.worker import Worker
from dialogues.turn import Kind
from knowledge.centre import Centre
from knowledge.models import Author, ChatMessage, Conversation, InboxRow, InboxStatus, OutboxRow, now
from knowledge.texts import Texts
from knowledge.translation import TranslatorChain
from tests.fakes.answers import FakeAnswers
from tests.fakes.channel import FakeChannel
from tests.fakes.locks import FakeLocks
from tests.fakes.signals import FakeSignals
from tests.fakes.state import FakeState
from tests.fakes.understander import FakeUnderstander

_vendor_ids = count(1)


def message(text: str = "hello", address: str = "7", **more: Any) -> Incoming:
    """What a channel would hand over; with a vendor id of its own unless it is given one."""
    more = {"vendor_id": str(next(_vendor_ids)), "kind": Kind.TEXT, "channel": "fake"} | more
    return Incoming(text=text, address=address, **more)


@dataclass
class FrontDesk:
    """One process of the program; `another()` is a second one on the same stores."""

    database: Database
    folder: Path
    texts: Texts
    centre: Centre
    state: StateStore = field(default_factory=FakeState)
    locks: Locks = field(default_factory=FakeLocks)
    signals: Signals = field(default_factory=FakeSignals)
    understander: FakeUnderstander = field(default_factory=FakeUnderstander)
    translator: Translator = field(default_factory=lambda: TranslatorChain([]))
    channel: FakeChannel = field(default_factory=FakeChannel)

    def __post_init__(self) -> None:
        channels = {self.channel.name: self.channel}
        self.photos = Photos(self.folder / "photos", megabytes=5)
        self.transcript = Transcript({self.channel.name} if self.channel.pushes else ())
        self.inbox = Inbox(self.database, self.signals, self.texts.languages)
        knowledge = Knowledge(self.database, FakeAnswers(), self.centre, "a secret")
        self.engine = Engine(
            self.inbox, self.state, self.understander, knowledge,
            Renderer(self.texts, self.translator, self.texts.languages), self.transcript, channels, self.photos,
            self.signals, [("en", "English"), ("fr", "Français")],
        )  # fmt: skip
        self.outbox = Outbox(self.database, self.locks, channels)
        self.worker = Worker(self.inbox, self.engine, self.outbox, self.locks, self.signals)

    def another(self, **parts: Any) -> "FrontDesk":
        return replace(self, **parts)

    async def receive(self, *updates: Incoming | Unreadable) -> list[int | None]:
        return await self.inbox.accept(updates)

    async def handle(self, row: InboxRow) -> None:
        """One try of a message, whatever was put off; `row` is read anew, as a worker does."""
        await self.engine.handle((await self.rows(InboxRow, InboxRow.id == row.id))[0])

    async def answer(self, *updates: Incoming) -> None:
        """Receives and handles, one message after another."""
        await self.receive(*updates)
        for row in await self.waiting():
            await self.handle(row)

    async def waiting(self) -> Sequence[InboxRow]:
        return await self.rows(InboxRow, InboxRow.status == InboxStatus.WAITING)

    async def open(self, address: str = "7", **values: Any) -> int:
        """A conversation that is there already; returns its id."""
        async with self.database.write() as session:
            conversation = Conversation(channel=self.channel.name, address=address, **values)
            session.add(conversation)
            await session.flush()
            return conversation.id

    async def rows(self, table: type[Any], *conditions: Any) -> Sequence[Any]:
        async with self.database.read() as session:
            return (await session.scalars(select(table).where(*conditions).order_by(table.id))).all()

    async def said(self, conversation: int, author: Author = Author.BOT) -> list[ChatMessage]:
        mine = (ChatMessage.conversation_id == conversation) & (ChatMessage.author == author)
        return sorted(await self.rows(ChatMessage, mine), key=lambda each: each.number)

    async def make_due(self, table: type[InboxRow] | type[OutboxRow]) -> None:
        """What was put off may be tried at once."""
        async with self.database.write() as session:
            await session.execute(update(table).values(not_before=now() - timedelta(seconds=1)))
