"""The first room: who waits for a person, the longest first; one's own open chats and the colleagues'."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sse_starlette import ServerSentEvent
from starlette.responses import HTMLResponse, Response

from bot.console.desk import Desk, Visit, fragment, page
from bot.console.live import stream
from knowledge.models import Author, ChatMessage, Conversation, Staff, Takeover

EXCERPT = 160  # characters


@dataclass(frozen=True)
class OpenChat:
    """`words` is what the resident said first since they asked for a person, else what they said last before."""

    takeover: Takeover
    conversation: Conversation
    holder: Staff | None
    words: ChatMessage | None
    unanswered: bool

    @property
    def excerpt(self) -> str:
        text = self.words.text if self.words else ""
        return text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"


async def show(desk: Desk, visit: Visit) -> Response:
    return page(desk, visit, "queue.html", **await _context(desk, visit))


async def events(desk: Desk, visit: Visit) -> Response:
    shown = ""

    async def look() -> Sequence[ServerSentEvent]:
        nonlocal shown
        before, shown = shown, fragment(desk, visit, "_queue.html", **await _context(desk, visit))
        return [] if shown == before else [ServerSentEvent(shown, event="queue")]

    return stream(desk, visit, "queue", look)


async def waiting(desk: Desk, visit: Visit) -> Response:
    """How many wait, for the other rooms' navigation."""
    count = select(func.count()).select_from(Takeover)
    async with desk.database.read() as session:
        number = await session.scalar(count.where(Takeover.open_for.is_not(None), Takeover.claimed_by.is_(None)))
    return HTMLResponse(fragment(desk, visit, "_waiting.html", number=number or 0))


async def _context(desk: Desk, visit: Visit) -> dict[str, object]:
    async with desk.database.read() as session:
        chats = await open_chats(session)
    holders = [(chat.holder.id if chat.holder else None, chat) for chat in chats]
    return {
        "waiting": [chat for holder, chat in holders if holder is None],
        "mine": [chat for holder, chat in holders if holder == visit.staff.id],
        "others": [chat for holder, chat in holders if holder not in (None, visit.staff.id)],
    }


async def open_chats(session: AsyncSession) -> Sequence[OpenChat]:
    """All that wait or are claimed, longest first."""
    words, last = aliased(ChatMessage), aliased(ChatMessage)
    open_ = (
        select(Takeover, Conversation, Staff, words, last.author)
        .join(Conversation, Conversation.id == Takeover.open_for)
        .outerjoin(Staff, Staff.id == Takeover.claimed_by)
        .outerjoin(words, (words.conversation_id == Conversation.id) & (words.number == _first_words()))
        .outerjoin(last, (last.conversation_id == Conversation.id) & (last.number == Conversation.last_message))
        .order_by(Takeover.id)
    )
    return [
        OpenChat(takeover, conversation, holder, said, author == Author.RESIDENT)
        for takeover, conversation, holder, said, author in await session.execute(open_)
    ]


def _first_words() -> ColumnElement[int]:
    after, before = aliased(ChatMessage), aliased(ChatMessage)
    first = _theirs(after).where(after.created_at > Takeover.requested_at).order_by(after.number)
    latest = _theirs(before).where(before.created_at <= Takeover.requested_at).order_by(before.number.desc())
    return func.coalesce(first.limit(1).scalar_subquery(), latest.limit(1).scalar_subquery())


def _theirs(message: type[ChatMessage]) -> Select[Any]:
    mine = (message.conversation_id == Takeover.open_for) & (message.author == Author.RESIDENT)
    return select(message.number).where(mine).correlate(Takeover)
