"""Takeovers: a resident wants a person, one of the staff claims the chat, either side ends it."""

from collections.abc import Sequence

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.models import Conversation, Staff, Takeover, now


async def open_takeover(session: AsyncSession, conversation: int) -> Takeover | None:
    """The one that waits or is claimed, if there is one."""
    return await session.scalar(select(Takeover).where(Takeover.open_for == conversation))


async def request(session: AsyncSession, conversation: int) -> None:
    """Puts the conversation into the queue, unless it is there."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    row = {"conversation_id": conversation, "open_for": conversation}
    await session.execute(insert(Takeover).values(row).on_conflict_do_nothing())


async def waiting(session: AsyncSession) -> Sequence[tuple[Takeover, Conversation]]:
    """The queue, longest waiting first."""
    joined = select(Takeover, Conversation).join(Conversation, Conversation.id == Takeover.conversation_id)
    queue = joined.where(Takeover.open_for.is_not(None), Takeover.claimed_by.is_(None)).order_by(Takeover.id)
    return [(takeover, conversation) for takeover, conversation in await session.execute(queue)]


async def place_in_queue(session: AsyncSession, conversation: int) -> int:
    """From 1; for one that is not in the queue yet, the place that it would get."""
    mine = await open_takeover(session, conversation)
    queue = select(func.count()).select_from(Takeover)
    queue = queue.where(Takeover.open_for.is_not(None), Takeover.claimed_by.is_(None))
    if mine is not None:
        queue = queue.where(Takeover.id < mine.id)
    return (await session.scalar(queue) or 0) + 1


async def claim(session: AsyncSession, takeover: int, staff: int) -> Staff | None:
    """Whoever has the chat now: `staff` when they won, another when that one was first, None when it has ended.

    Raises the conversation's `handovers`, so that a turn of the bot that is under way is done again, silently.
    """
    await _hold(session, select(Takeover.conversation_id).where(Takeover.id == takeover).scalar_subquery())
    free = (Takeover.id == takeover) & Takeover.open_for.is_not(None) & Takeover.claimed_by.is_(None)
    won = await session.execute(
        update(Takeover).where(free).values(claimed_by=staff, claimed_at=now()).returning(Takeover.conversation_id)
    )
    conversation = won.scalar_one_or_none()
    if conversation is not None:
        await _hand_over(session, conversation)
    holder = select(Staff).join(Takeover, Takeover.claimed_by == Staff.id)
    return await session.scalar(holder.where(Takeover.id == takeover, Takeover.open_for.is_not(None)))


async def end(session: AsyncSession, conversation: int, by: str) -> bool:
    """Gives the conversation back to the bot; `by` is "resident" or "staff". False when nothing was open."""
    await _hold(session, conversation)
    values = {"open_for": None, "ended_at": now(), "ended_by": by}
    ended = await session.execute(
        update(Takeover).where(Takeover.open_for == conversation).values(values).returning(Takeover.id)
    )
    if ended.first() is None:
        return False
    await _hand_over(session, conversation)
    return True


async def _hold(session: AsyncSession, conversation: int | ScalarSelect[int]) -> None:
    """The conversation's row first, as a turn's commit does: in another order the two would block each other."""
    await session.execute(select(Conversation.id).where(Conversation.id == conversation).with_for_update())


async def _hand_over(session: AsyncSession, conversation: int) -> None:
    raised = update(Conversation).where(Conversation.id == conversation)
    await session.execute(raised.values(handovers=Conversation.handovers + 1))
