"""One conversation: all that was said in it, live, and where it stands with the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sse_starlette import ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.console.desk import Desk, Visit, fragment, page
from bot.console.live import stream
from bot.console.messages import Bubble, bubbles, resident_language, shown
from knowledge.models import Author, Case, ChatMessage, Conversation, Staff, Takeover
from knowledge.register import cases, takeovers

LISTENED = 50  # newest messages of a resident that tell their language


@dataclass(frozen=True)
class Standing:
    """Who has the conversation now; `sequence` numbers the next reply of the staff's, from 1."""

    conversation: Conversation
    takeover: Takeover | None
    holder: Staff | None
    language: str
    sequence: int
    is_mine: bool

    @property
    def version(self) -> str:
        """Changes with what the bar above the conversation shows."""
        takeover = self.takeover
        return f"{takeover.id if takeover else 0}-{takeover.claimed_by if takeover else 0}-{self.language}"


async def standing(session: AsyncSession, visit: Visit, number: int) -> Standing:
    """Raises HTTPException 404 when there is no such conversation."""
    conversation = await session.get(Conversation, number)
    if conversation is None:
        raise HTTPException(404)
    takeover = await takeovers.open_takeover(session, number)
    claimed_by = takeover.claimed_by if takeover else None
    holder = await session.get(Staff, claimed_by) if claimed_by else None
    heard = _by(number, Author.RESIDENT, ChatMessage).order_by(ChatMessage.number.desc()).limit(LISTENED)
    replies = await session.scalar(_by(number, Author.STAFF, func.count(ChatMessage.id)))
    return Standing(
        conversation=conversation,
        takeover=takeover,
        holder=holder,
        language=resident_language(conversation, (await session.scalars(heard)).all()),
        sequence=(replies or 0) + 1,
        is_mine=claimed_by == visit.staff.id,
    )


def _by(conversation: int, author: Author, wanted: Any) -> Select[Any]:
    return select(wanted).where(ChatMessage.conversation_id == conversation, ChatMessage.author == author)


async def show(desk: Desk, visit: Visit) -> Response:
    return await show_with(desk, visit)


async def show_with(
    desk: Desk, visit: Visit, status: int = 200, notice: str | None = None, draft: str = ""
) -> Response:
    """The page, with what must be said about what was just tried."""
    number = visit.number("id")
    async with desk.database.read() as session:
        stands = await standing(session, visit, number)
        said = await desk.transcript.since(session, number)
        view = await bubbles(session, visit, stands.conversation, said)
        reported: Sequence[Case] = await cases.cases_of(session, number)
    return page(
        desk, visit, "conversation.html", status, standing=stands, bubbles=view, cases=reported,
        last=said[-1].number if said else 0, notice=notice, draft=draft, problem=None,
    )  # fmt: skip


async def show_message(desk: Desk, visit: Visit) -> Response:
    """One message again: asked for while its photos are on their way."""
    async with desk.database.read() as session:
        message = await session.get(ChatMessage, visit.number("id"))
        if message is None:
            raise HTTPException(404)
        conversation = await session.get_one(Conversation, message.conversation_id)
        (bubble,) = await bubbles(session, visit, conversation, [message])
    return HTMLResponse(shown(desk, visit, bubble))


async def events(desk: Desk, visit: Visit) -> Response:
    number = visit.number("id")
    async with desk.database.read() as session:
        await standing(session, visit, number)
    return stream(desk, visit, f"conversation:{number}", Follower(desk, visit, number).look)


class Follower:
    """Remembers what one open page has been sent; the page itself passes over what it already shows."""

    def __init__(self, desk: Desk, visit: Visit, conversation: int) -> None:
        self._desk, self._visit, self._conversation = desk, visit, conversation
        given = visit.request.headers.get("last-event-id") or visit.request.query_params.get("after", "0")
        self._last = int(given) if given.isdecimal() else 0
        self._bar: str | None = None
        self._is_mine: bool | None = None

    async def look(self) -> list[ServerSentEvent]:
        async with self._desk.database.read() as session:
            stands = await standing(session, self._visit, self._conversation)
            said = await self._desk.transcript.since(session, self._conversation, self._last)
            view = await bubbles(session, self._visit, stands.conversation, said)
        return [*(self._said(bubble) for bubble in view), *self._changed(stands)]

    def _said(self, bubble: Bubble) -> ServerSentEvent:
        self._last = bubble.message.number
        html = shown(self._desk, self._visit, bubble)
        return ServerSentEvent(str(html), event="said", id=str(self._last))

    def _changed(self, stands: Standing) -> list[ServerSentEvent]:
        """The bar when it changes, the composer only when it comes or goes: it may hold an unsent reply."""
        found = []
        if stands.version != self._bar:
            self._bar = stands.version
            found.append(ServerSentEvent(self._part("_standing.html", stands), event="standing"))
        if stands.is_mine != self._is_mine:
            self._is_mine = stands.is_mine
            found.append(ServerSentEvent(self._part("_composer.html", stands), event="composer"))
        return found

    def _part(self, template: str, stands: Standing) -> str:
        return fragment(self._desk, self._visit, template, standing=stands, problem=None, draft="")
