"""Translations for the reader, each asked for by the page itself, so that nothing waits for a translator."""

from collections.abc import Collection
from dataclasses import dataclass

from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.console.desk import Desk, Visit, fragment
from bot.console.messages import source_language
from bot.errors import TranslationFailed
from knowledge.models import Author, Case, ChatMessage, Conversation, Staff


@dataclass(frozen=True)
class Original:
    """`slot` is the place in the page that asked; `is_markup` that the text is in the light markup."""

    slot: str
    text: str
    language: str | None
    is_markup: bool = False


async def of_message(desk: Desk, visit: Visit) -> Response:
    number = visit.number("id")
    async with desk.database.read() as session:
        message = await session.get(ChatMessage, number)
        if message is None:
            raise HTTPException(404)
        writer = await session.get(Staff, message.staff_id) if message.staff_id is not None else None
        names = await _names(session, message.conversation_id)
    text = message.text if message.author != Author.STAFF else message.original or message.text
    language = source_language(message, writer)
    original = Original(f"translation-{number}", text, language, message.author != Author.RESIDENT)
    return await _answer(desk, visit, original, names)


async def of_case(desk: Desk, visit: Visit) -> Response:
    """Of a case's description; its place is shown as it was written, so that somebody finds it."""
    number = visit.number("id")
    async with desk.database.read() as session:
        case = await session.get(Case, number)
        if case is None:
            raise HTTPException(404)
        names = await _names(session, case.conversation_id)
    return await _answer(desk, visit, Original(f"case-{number}", case.description, case.language), names)


async def _names(session: AsyncSession, number: int) -> tuple[str, ...]:
    conversation = await session.get(Conversation, number)
    return conversation.names if conversation else ()


async def _answer(desk: Desk, visit: Visit, original: Original, names: Collection[str]) -> Response:
    try:
        found = await desk.translator.translate(
            original.text, original.language, visit.reader.wanted, (*names, visit.staff.name)
        )
    except TranslationFailed:
        shown = None
    else:
        shown = visit.reader.html(found.text) if original.is_markup else Markup(escape(found.text))  # noqa: S704
    html = fragment(desk, visit, "_translation.html", slot=original.slot, shown=shown, markup=original.is_markup)
    return HTMLResponse(html)
