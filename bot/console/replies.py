"""A reply of the staff's: translated into the resident's language, said once, and sent."""

from dataclasses import dataclass
from enum import Enum

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, Response

from bot.console.conversation import Standing, show_with, standing
from bot.console.desk import Desk, Visit, fragment, go_to
from bot.console.handover import is_held_by, lock
from bot.errors import TranslationFailed
from bot.messages import Outgoing
from dialogues.texts import _
from knowledge.markup import escape
from knowledge.models import Author, ChatMessage

log = structlog.get_logger()

LONGEST = 4000  # characters


class Outcome(Enum):
    SAID = "said"
    REPEATED = "repeated"  # the same reply is there already: a double click, or a retry after a lost answer
    OVERTAKEN = "overtaken"  # another reply was written meanwhile, in another window
    NOT_MINE = "not mine"


@dataclass(frozen=True)
class Draft:
    """`sequence` numbers the staff's replies in a conversation: a form carries it, so that it is said once."""

    text: str
    sequence: int


async def reply(desk: Desk, visit: Visit) -> Response:
    number = visit.number("id")
    draft, problem = await _read(visit)
    if problem is not None:
        return await _refuse(desk, visit, draft, problem, 422)
    async with desk.database.read() as session:
        stands = await standing(session, visit, number)
        outcome = await _judge(session, visit, number, draft)
    if outcome is Outcome.SAID:
        outgoing = await translated(desk, visit, draft.text, stands)
        outcome = await _say(desk, visit, number, draft, outgoing)
    match outcome:
        case Outcome.NOT_MINE:
            problem = visit.reader.words(_("This was not sent: you do not have this chat any more."))
        case Outcome.OVERTAKEN:
            problem = visit.reader.words(
                _("This was not sent: another reply went out meanwhile. Please look at it first.")
            )
        case _:
            await desk.announce(number, "queue")
            return await _sent(desk, visit)
    return await _refuse(desk, visit, draft, problem, 409)


async def _read(visit: Visit) -> tuple[Draft, str | None]:
    """The reply in the form, and what is wrong with it."""
    form = await visit.request.form()
    text = str(form.get("text") or "").replace("\r\n", "\n").replace("\0", "").strip()
    given = str(form.get("sequence") or "")
    draft = Draft(text, int(given) if given.isdecimal() else 0)
    if not text:
        return draft, visit.reader.words(_("There is nothing to send yet."))
    if len(text) > LONGEST:
        return draft, visit.reader.words(_("This is too long: at most {number} characters.", number=LONGEST))
    return draft, None


async def translated(desk: Desk, visit: Visit, text: str, stands: Standing) -> Outgoing:
    """In the resident's language or, when no translator answers, as written and marked by having no origin."""
    written, language = escape(text), stands.language
    if visit.reader.reads(language):
        return Outgoing(written, visit.staff.language, origin="human")
    names = (*stands.conversation.names, visit.staff.name)
    try:
        translation = await desk.translator.translate(text, visit.staff.language, language, names)
    except TranslationFailed as error:
        log.warning("reply not translated", conversation=visit.number("id"), target=language, error=str(error))
        return Outgoing(written, visit.staff.language)
    return Outgoing(escape(translation.text), language, original=written, origin="machine")


async def _judge(session: AsyncSession, visit: Visit, number: int, draft: Draft) -> Outcome:
    """What became, or may become, of a draft."""
    mine = (ChatMessage.conversation_id == number) & (ChatMessage.author == Author.STAFF)
    replies = (await session.scalars(select(ChatMessage).where(mine).order_by(ChatMessage.number))).all()
    if draft.sequence < 1:
        return Outcome.OVERTAKEN
    if draft.sequence <= len(replies):
        there = replies[draft.sequence - 1]
        same = there.staff_id == visit.staff.id and (there.original or there.text) == escape(draft.text)
        return Outcome.REPEATED if same else Outcome.OVERTAKEN
    return Outcome.SAID if await is_held_by(session, number, visit.staff.id) else Outcome.NOT_MINE


async def _say(desk: Desk, visit: Visit, number: int, draft: Draft, outgoing: Outgoing) -> Outcome:
    """The one transaction: judged again while nobody else can write in the conversation."""
    async with desk.database.write() as session:
        await lock(session, number)
        outcome = await _judge(session, visit, number, draft)
        if outcome is Outcome.SAID:
            await desk.transcript.say(session, number, outgoing, Author.STAFF, staff=visit.staff.id)
    return outcome


async def _sent(desk: Desk, visit: Visit) -> Response:
    """An empty composer; the message itself comes with the conversation's events."""
    if not visit.by_htmx:
        return go_to(f"/staff/conversations/{visit.number('id')}")
    return await _composer(desk, visit, 200, None, "")


async def _refuse(desk: Desk, visit: Visit, draft: Draft, problem: str, status: int) -> Response:
    if not visit.by_htmx:
        return await show_with(desk, visit, status, problem, draft.text)
    return await _composer(desk, visit, status, problem, draft.text)


async def _composer(desk: Desk, visit: Visit, status: int, problem: str | None, draft: str) -> Response:
    async with desk.database.read() as session:
        stands: Standing = await standing(session, visit, visit.number("id"))
    html = fragment(desk, visit, "_composer.html", standing=stands, problem=problem, draft=draft)
    return HTMLResponse(html, status)
