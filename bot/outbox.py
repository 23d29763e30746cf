"""Delivers committed messages to residents of channels that push, in order, within the vendors' rates.

Called by bot/worker.py. A message reaches a resident twice only when we die between sending it and noting it: then
it is found half-way, sent again, counted and marked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import func, select, update

from bot import metrics
from bot.errors import ChannelBusy, Undeliverable
from bot.messages import Outgoing, OutgoingButton
from bot.ports import Channel, Locks
from bot.stores.database import Database
from knowledge.models import ChatMessage, Conversation, OutboxRow, OutboxStatus, now

log = structlog.get_logger()

OPEN = (OutboxStatus.WAITING, OutboxStatus.SENDING)
LEASE = timedelta(seconds=30)  # one that is being sent belongs to its sender for as long
LONGEST_WAIT = 60.0  # seconds between two tries
TRIES = 30


@dataclass(frozen=True)
class Delivery:
    row: OutboxRow
    message: ChatMessage
    conversation: Conversation

    @property
    def outgoing(self) -> Outgoing:
        buttons = tuple(OutgoingButton(each["label"], each["value"]) for each in self.message.buttons)
        message = self.message
        return Outgoing(message.text, message.language or "und", buttons, message.original, message.origin)


class Outbox:
    def __init__(self, database: Database, locks: Locks, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._locks = locks
        self._channels = channels

    async def waiting(self, limit: int) -> list[int]:
        """Conversations whose next message may be sent now, the longest waiting first.

        Those of a channel that is not there, since its token is not set for now, go on waiting.
        """
        firsts = select(func.min(OutboxRow.id).label("id")).join(Conversation)
        firsts = firsts.where(OutboxRow.status.in_(OPEN), Conversation.channel.in_(self._channels))
        oldest = firsts.group_by(OutboxRow.conversation_id).subquery()
        due = (
            select(OutboxRow.conversation_id)
            .join(oldest, oldest.c.id == OutboxRow.id)
            .where(OutboxRow.not_before <= now())
            .order_by(OutboxRow.id)
            .limit(limit)
        )
        async with self._database.read() as session:
            return list(await session.scalars(due))

    async def deliver(self, conversation: int) -> None:
        """Sends what waits for a conversation, unless another worker is doing it. Raises StateUnavailable."""
        async with self._locks.hold(f"outbox:{conversation}") as mine:
            while mine:
                delivery = await self._next(conversation)
                if delivery is None or not await self._send(delivery):
                    break

    async def _next(self, conversation: int) -> Delivery | None:
        oldest = (
            select(OutboxRow)
            .where(OutboxRow.conversation_id == conversation, OutboxRow.status.in_(OPEN))
            .order_by(OutboxRow.id)
            .limit(1)
        )
        async with self._database.read() as session:
            row = await session.scalar(oldest)
            if row is None or row.not_before > now():
                return None
            message = await session.get_one(ChatMessage, row.message_id)
            to = await session.get_one(Conversation, conversation)
        return Delivery(row, message, to) if to.channel in self._channels else None

    async def _send(self, delivery: Delivery) -> bool:
        """Whether the message is out of the way, so that the next may follow."""
        row, conversation = delivery.row, delivery.conversation
        channel, tried = self._channels[conversation.channel], row.attempts
        try:
            parts = channel.parts(delivery.outgoing)
            for number in range(row.parts_sent, len(parts)):
                await channel.ready(conversation.address, is_group=conversation.is_group)
                if not await self._take(row, number, channel.name):
                    return False
                await channel.deliver(conversation.address, parts[number])
        except ChannelBusy as error:
            return await self._put_off(row, conversation.channel, error)
        except Undeliverable as error:
            return await self._give_up(row, conversation.channel, str(error))
        except Exception as error:  # a defect of ours must not hold up for ever what comes after
            log.exception("delivery failed", outbox=row.id, error=type(error).__name__)
            row.attempts = max(row.attempts, tried + 1)  # also when it was not taken yet
            return await self._put_off(row, conversation.channel, ChannelBusy(type(error).__name__))
        await self._change(row, status=OutboxStatus.SENT, sent_at=now(), parts_sent=len(parts))
        metrics.deliveries.labels(conversation.channel, "sent").inc()
        return True

    async def _take(self, row: OutboxRow, part: int, channel: str) -> bool:
        """Notes that a piece is about to be sent; False when another worker has the row."""
        interrupted = row.status == OutboxStatus.SENDING and part == row.parts_sent
        repeated = row.perhaps_repeated or interrupted
        free = (OutboxRow.id == row.id) & (OutboxRow.attempts == row.attempts) & OutboxRow.status.in_(OPEN)
        values = {
            "status": OutboxStatus.SENDING, "parts_sent": part, "attempts": row.attempts + 1,
            "not_before": now() + LEASE, "perhaps_repeated": repeated,
        }  # fmt: skip
        async with self._database.write() as session:
            taken = await session.execute(update(OutboxRow).where(free).values(values).returning(OutboxRow.id))
            if taken.first() is None:
                return False
        if interrupted:
            metrics.perhaps_repeated.labels(channel).inc()
            log.warning("reply perhaps repeated", outbox=row.id)
        row.attempts += 1
        row.perhaps_repeated = repeated
        return True

    async def _put_off(self, row: OutboxRow, channel: str, error: ChannelBusy) -> bool:
        if row.attempts >= TRIES:
            return await self._give_up(row, channel, str(error))
        metrics.deliveries.labels(channel, "put_off").inc()
        wait = error.retry_after or min(2.0 ** min(row.attempts, 6), LONGEST_WAIT)
        # one that may have arrived stays half-way, and so will be marked when it is sent again
        status = OutboxStatus.SENDING if error.perhaps_sent else OutboxStatus.WAITING
        later = now() + timedelta(seconds=wait)
        await self._change(row, status=status, attempts=row.attempts, not_before=later, error=str(error))
        return False

    async def _give_up(self, row: OutboxRow, channel: str, error: str) -> bool:
        metrics.deliveries.labels(channel, "dead").inc()
        metrics.dead_letters.labels("outbox").inc()
        log.warning("reply undeliverable", outbox=row.id, error=error)
        await self._change(row, status=OutboxStatus.DEAD, error=error)
        return True

    async def _change(self, row: OutboxRow, **values: object) -> None:
        async with self._database.write() as session:
            await session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(**values))
