"""Claiming a chat and giving it back to the bot."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from bot.console.conversation import show_with
from bot.console.desk import Desk, Visit, go_to
from bot.messages import Outgoing, OutgoingButton
from dialogues.courtesy import SERVICES, offers
from dialogues.texts import _
from knowledge.models import Author, Conversation, Staff
from knowledge.register import takeovers

BACK = _("You are talking to the bot again. What can I do for you?")


async def lock(session: AsyncSession, conversation: int) -> Conversation | None:
    """The conversation, held until the commit: first of all rows in every transaction, as bot/engine.py does."""
    return await session.scalar(select(Conversation).where(Conversation.id == conversation).with_for_update())


async def is_held_by(session: AsyncSession, conversation: int, staff: int) -> bool:
    takeover = await takeovers.open_takeover(session, conversation)
    return takeover is not None and takeover.claimed_by == staff


async def claim(desk: Desk, visit: Visit) -> Response:
    number = visit.number("id")
    async with desk.database.write() as session:
        holder = await _claim(session, number, visit.staff.id)
    if holder is None:
        notice = visit.reader.words(_("Nobody waits for a person in this chat any more."))
        return await show_with(desk, visit, 409, notice)
    if holder.id != visit.staff.id:
        notice = visit.reader.words(_("{name} was first and has this chat now.", name=holder.name))
        return await show_with(desk, visit, 409, notice)
    for topic in ("queue", f"conversation:{number}"):
        await desk.signals.changed(topic)
    return go_to(f"/staff/conversations/{number}")


async def _claim(session: AsyncSession, conversation: int, staff: int) -> Staff | None:
    if await lock(session, conversation) is None:
        return None
    takeover = await takeovers.open_takeover(session, conversation)
    return await takeovers.claim(session, takeover.id, staff) if takeover else None


async def hand_back(desk: Desk, visit: Visit) -> Response:
    """The bot itself tells the resident, in their language, that it is back."""
    number = visit.number("id")
    async with desk.database.write() as session:
        conversation = await lock(session, number)
        if conversation is None or not await is_held_by(session, number, visit.staff.id):
            done = False
        else:
            done = await takeovers.end(session, number, by="staff")
            await desk.transcript.say(session, number, _back(desk, conversation.language), Author.BOT)
    if not done:
        return await show_with(desk, visit, 409, visit.reader.words(_("You do not have this chat any more.")))
    await desk.announce(number, "queue")
    return go_to("/staff")


def _back(desk: Desk, language: str) -> Outgoing:
    buttons = tuple(
        OutgoingButton(desk.texts.render(button.label, language), button.value) for button in offers(*SERVICES, "help")
    )
    return Outgoing(desk.texts.render(BACK, language), language, buttons)
