"""How a message of the transcript looks to the resident's side. Called by bot/channels/web/api.py and events.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.web.sessions import client_id_of
from knowledge.markup import escape, to_html, to_plain
from knowledge.models import Author, ChatMessage, InboxRow

UNDETERMINED = "und"  # BCP 47


async def client_ids(session: AsyncSession, messages: Sequence[ChatMessage]) -> Mapping[int, str]:
    """The clients' own ids of their messages, by inbox id."""
    mine = [message.inbox_id for message in messages if message.author == Author.RESIDENT]
    if not mine:
        return {}
    rows = await session.execute(select(InboxRow.id, InboxRow.vendor_id).where(InboxRow.id.in_(mine)))
    return {inbox_id: client_id_of(vendor_id) for inbox_id, vendor_id in rows}


def as_json(message: ChatMessage, token: str, clients: Mapping[int, str]) -> dict[str, Any]:
    """The object that docs/api.md describes. What residents write is shown as typed; the rest is in light markup."""
    typed = message.author == Author.RESIDENT
    shown: dict[str, Any] = {
        "id": message.number,
        "author": message.author,
        "text": message.text if typed else to_plain(message.text),
        "html": to_html(escape(message.text) if typed else message.text),
        "lang": message.language or UNDETERMINED,
        "at": message.created_at.isoformat(timespec="milliseconds"),
        "buttons": message.buttons,
    }
    if message.original:
        shown["original"] = to_plain(message.original)
    if message.origin:
        shown["origin"] = message.origin
    if message.photos:
        shown["photos"] = [f"/api/chat/{token}/photos/{photo}" for photo in message.photos]
    if message.inbox_id is not None and message.inbox_id in clients:
        shown["client_id"] = clients[message.inbox_id]
    return shown
