"""What was said in a conversation, in order; and the way of a new message into it and into the outbox."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Outgoing
from knowledge.models import Author, ChatMessage, Conversation, OutboxRow


class Transcript:
    """`pushing` names the channels whose messages must be delivered; the others' residents fetch them."""

    def __init__(self, pushing: Collection[str]) -> None:
        self._pushing = pushing

    async def say(
        self,
        session: AsyncSession,
        conversation: int,
        outgoing: Outgoing,
        author: Author,
        *,
        inbox_row: int | None = None,
        staff: int | None = None,
    ) -> ChatMessage:
        """Adds a message of the bot's or the staff's; it is committed, and sent, with the caller's transaction."""
        channel, number = await _next_number(session, conversation)
        message = ChatMessage(
            conversation_id=conversation, number=number, author=author, staff_id=staff,
            text=outgoing.text, language=outgoing.language, original=outgoing.original, origin=outgoing.origin,
            buttons=[{"label": button.label, "value": button.value} for button in outgoing.buttons],
        )  # fmt: skip
        session.add(message)
        await session.flush()
        if channel in self._pushing:
            session.add(OutboxRow(conversation_id=conversation, message_id=message.id, inbox_id=inbox_row))
        return message

    async def since(self, session: AsyncSession, conversation: int, number: int = 0) -> Sequence[ChatMessage]:
        """The messages after the one with this number, oldest first."""
        mine = (ChatMessage.conversation_id == conversation) & (ChatMessage.number > number)
        return (await session.scalars(select(ChatMessage).where(mine).order_by(ChatMessage.number))).all()


async def _next_number(session: AsyncSession, conversation: int) -> tuple[str, int]:
    raised = (
        update(Conversation)
        .where(Conversation.id == conversation)
        .values(last_message=Conversation.last_message + 1)
        .returning(Conversation.channel, Conversation.last_message)
    )
    channel, number = (await session.execute(raised)).one()
    return channel, number
