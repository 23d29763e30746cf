"""A web conversation's token: unguessable, the only way in, and known to the resident's side alone."""

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.web.channel import WebChannel
from knowledge.models import Conversation

HASH_PART = 35  # hex digits of the address within a vendor id, which has room for 100 characters


def new_token() -> str:
    return secrets.token_urlsafe(32)


def address_of(token: str) -> str:
    """What is kept of a token: whoever reads the database cannot open a conversation with it."""
    return hashlib.sha256(token.encode()).hexdigest()


async def find(session: AsyncSession, token: str) -> Conversation | None:
    mine = (Conversation.channel == WebChannel.name) & (Conversation.address == address_of(token))
    found: Conversation | None = await session.scalar(select(Conversation).where(mine))
    return found


def vendor_id_of(address: str, client_id: str | None) -> str:
    """Unique within the channel; the same when a client posts a message again under its own id."""
    return f"{address[:HASH_PART]}:{client_id or secrets.token_urlsafe(16)}"


def client_id_of(vendor_id: str) -> str:
    return vendor_id.partition(":")[2]
