"""Where messages wait. Channels put them in before they tell the vendor; bot/worker.py takes them out, in order."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot import metrics
from bot.messages import Incoming, Unreadable
from bot.ports import Signals
from bot.stores.database import Database
from dialogues.turn import Kind
from knowledge.languages import nearest
from knowledge.models import Author, ChatMessage, Conversation, InboxRow, InboxStatus, now

log = structlog.get_logger()

# How a message without words stands in the conversation
SIGNS = {Kind.PHOTO: "📷", Kind.LOCATION: "📍", Kind.UNSUPPORTED: "📎"}
LONGEST_NAME = 200
WRITE_TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo")


class Inbox:
    def __init__(self, database: Database, signals: Signals, languages: Sequence[str]) -> None:
        self._database = database
        self._signals = signals
        self._languages = languages
        self._insert = insert_sqlite if database.is_sqlite else insert_postgresql

    async def accept(self, updates: Sequence[Incoming | Unreadable]) -> list[int | None]:
        """Commits the updates; after that, and not before, the vendor may be told that we have them.

        Returns each one's message number in its conversation, None for a repeated or an unreadable one.
        """
        numbers: list[int | None] = []
        async with self._database.write() as session:
            conversations = await self._conversations(session, updates)
            for incoming in updates:
                if isinstance(incoming, Unreadable):
                    await self._bury(session, incoming)
                    numbers.append(None)
                else:
                    conversation = conversations[incoming.channel, incoming.address]
                    numbers.append(await self._insert_new(session, conversation, incoming))
        for conversation in conversations.values():
            await self._signals.work("inbox", conversation.id)
            await self._signals.changed(f"conversation:{conversation.id}")
        return numbers

    async def _bury(self, session: AsyncSession, update_: Unreadable) -> None:
        row = {
            "channel": update_.channel, "vendor_id": update_.vendor_id, "payload": update_.raw,
            "status": InboxStatus.DEAD, "error": update_.error, "done_at": now(),
        }  # fmt: skip
        await session.execute(self._insert(InboxRow).values(row).on_conflict_do_nothing())
        metrics.dead_letters.labels("inbox").inc()
        log.warning("update unreadable", channel=update_.channel, vendor_id=update_.vendor_id, error=update_.error)

    async def _conversations(
        self, session: AsyncSession, updates: Sequence[Incoming | Unreadable]
    ) -> dict[tuple[str, str], Conversation]:
        """The residents' conversations, locked until the commit, so that their messages are numbered as they commit.

        Locked in an order that is the same for all: two batches with the same residents would else block each other.
        """
        firsts: dict[tuple[str, str], Incoming] = {}
        for incoming in updates:
            if isinstance(incoming, Incoming):
                firsts.setdefault((incoming.channel, incoming.address), incoming)
        return {resident: await self._conversation(session, firsts[resident]) for resident in sorted(firsts)}

    async def _conversation(self, session: AsyncSession, incoming: Incoming) -> Conversation:
        mine = (Conversation.channel == incoming.channel) & (Conversation.address == incoming.address)
        found = await session.scalar(select(Conversation).where(mine).with_for_update())
        if found is None:
            row = {
                "channel": incoming.channel, "address": incoming.address, "is_group": incoming.is_group,
                "name": incoming.name and incoming.name[:LONGEST_NAME], "language": self._hinted(incoming.language),
            }  # fmt: skip
            await session.execute(self._insert(Conversation).values(row).on_conflict_do_nothing())
            found = (await session.scalars(select(Conversation).where(mine).with_for_update())).one()
        return found

    def _hinted(self, hint: str | None) -> str:
        """The nearest language to the vendor's hint that the bot speaks, else the first."""
        spoken = {code.casefold(): code for code in self._languages}
        wanted = (hint or "").replace("_", "-").casefold()
        wanted = "zh-hant" if wanted in WRITE_TRADITIONAL else wanted
        return spoken[nearest(wanted, spoken, self._languages[0].casefold())]

    async def _insert_new(self, session: AsyncSession, conversation: Conversation, incoming: Incoming) -> int | None:
        row = {
            "channel": incoming.channel, "vendor_id": incoming.vendor_id,
            "conversation_id": conversation.id, "payload": incoming.as_json(),
        }  # fmt: skip
        statement = self._insert(InboxRow).values(row).on_conflict_do_nothing().returning(InboxRow.id)
        inbox_id = await session.scalar(statement)
        if inbox_id is None:
            metrics.updates_repeated.labels(incoming.channel).inc()
            return None
        conversation.last_message += 1
        session.add(
            ChatMessage(
                conversation_id=conversation.id, number=conversation.last_message, author=Author.RESIDENT,
                inbox_id=inbox_id, text=incoming.text or SIGNS.get(incoming.kind, incoming.value),
                photos=list(incoming.photos),
            )
        )  # fmt: skip
        await session.flush()
        metrics.updates.labels(incoming.channel).inc()
        return conversation.last_message

    async def waiting(self, limit: int) -> list[int]:
        """Conversations that have a message to handle now, the longest waiting first."""
        first = select(InboxRow.conversation_id, func.min(InboxRow.id).label("first")).where(
            InboxRow.status == InboxStatus.WAITING, InboxRow.conversation_id.is_not(None)
        )
        oldest = first.group_by(InboxRow.conversation_id).subquery()
        due = (
            select(oldest.c.conversation_id)
            .join(InboxRow, InboxRow.id == oldest.c.first)
            .where(InboxRow.not_before <= now())
            .order_by(oldest.c.first)
            .limit(limit)
        )
        async with self._database.read() as session:
            return list(await session.scalars(due))

    async def next(self, conversation: int) -> InboxRow | None:
        """The conversation's oldest waiting message, None when there is none or it must not be tried yet."""
        oldest = (
            select(InboxRow)
            .where(InboxRow.conversation_id == conversation, InboxRow.status == InboxStatus.WAITING)
            .order_by(InboxRow.id)
            .limit(1)
        )
        async with self._database.read() as session:
            row = await session.scalar(oldest)
        return row if row is not None and row.not_before <= now() else None

    async def postpone(self, row: InboxRow, seconds: float, error: str) -> None:
        later = now() + timedelta(seconds=seconds)
        values = {"attempts": InboxRow.attempts + 1, "not_before": later, "error": error}
        async with self._database.write() as session:
            await session.execute(update(InboxRow).where(InboxRow.id == row.id).values(values))


async def close_row(session: AsyncSession, row: InboxRow, status: InboxStatus, error: str | None = None) -> bool:
    """Marks the row as handled within the turn's transaction; False when somebody else already did."""
    mine = (InboxRow.id == row.id) & (InboxRow.status == InboxStatus.WAITING)
    values = {"status": status, "done_at": now(), "error": error, "attempts": InboxRow.attempts + 1}
    result = await session.execute(update(InboxRow).where(mine).values(values).returning(InboxRow.id))
    return result.first() is not None
