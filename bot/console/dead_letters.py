"""What could not be handled or delivered: which, when and why, without residents' words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from bot.console.desk import Desk, Visit, page
from knowledge.models import Conversation, InboxRow, InboxStatus, OutboxRow, OutboxStatus

SHOWN = 100  # newest of each kind


@dataclass(frozen=True)
class DeadLetter:
    id: int
    channel: str
    conversation: int | None
    at: datetime
    error: str | None


async def show(desk: Desk, visit: Visit) -> Response:
    async with desk.database.read() as session:
        context = {
            "received": await _received(session),
            "sent": await _sent(session),
            "received_count": await _count(session, InboxRow, InboxStatus.DEAD),
            "sent_count": await _count(session, OutboxRow, OutboxStatus.DEAD),
        }
    return page(desk, visit, "dead_letters.html", **context)


async def _received(session: AsyncSession) -> Sequence[DeadLetter]:
    dead = select(InboxRow).where(InboxRow.status == InboxStatus.DEAD).order_by(InboxRow.id.desc()).limit(SHOWN)
    return [
        DeadLetter(row.id, row.channel, row.conversation_id, row.received_at, row.error)
        for row in await session.scalars(dead)
    ]


async def _sent(session: AsyncSession) -> Sequence[DeadLetter]:
    joined = select(OutboxRow, Conversation.channel).join(Conversation, Conversation.id == OutboxRow.conversation_id)
    dead = joined.where(OutboxRow.status == OutboxStatus.DEAD).order_by(OutboxRow.id.desc()).limit(SHOWN)
    return [
        DeadLetter(row.id, channel, row.conversation_id, row.created_at, row.error)
        for row, channel in await session.execute(dead)
    ]


async def _count(session: AsyncSession, table: type[InboxRow] | type[OutboxRow], status: str) -> int:
    return await session.scalar(select(func.count()).select_from(table).where(table.status == status)) or 0
