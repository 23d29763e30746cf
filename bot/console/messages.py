"""A conversation's messages as the console shows them: whose, in which language, translated or still to be."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.desk import Desk, Visit, fragment
from dialogues.language import ELSE
from knowledge.models import Author, ChatMessage, Conversation, Photo, Staff

ENOUGH = 20  # signs in a language before it is believed to be the resident's


@dataclass(frozen=True)
class Bubble:
    """`language` is None when nobody knows. `pending`: its photos are not fetched from the vendor yet.

    `untranslated`: staff wrote it, and it went out as written because no translator could be reached.
    """

    message: ChatMessage
    writer: str | None
    language: str | None
    photos: Sequence[str]
    pending: bool
    readable: bool
    untranslated: bool

    @property
    def is_resident(self) -> bool:
        return self.message.author == Author.RESIDENT

    @property
    def has_words(self) -> bool:
        return any(sign.isalpha() for sign in self.message.text)


async def bubbles(
    session: AsyncSession, visit: Visit, conversation: Conversation, messages: Sequence[ChatMessage]
) -> list[Bubble]:
    kept = set(await session.scalars(select(Photo.photo).where(Photo.conversation_id == conversation.id)))
    wrote = {message.staff_id for message in messages if message.staff_id is not None}
    staff = {person.id: person for person in await session.scalars(select(Staff).where(Staff.id.in_(wrote)))}
    return [_bubble(visit, conversation, message, kept, staff) for message in messages]


def _bubble(
    visit: Visit, conversation: Conversation, message: ChatMessage, kept: set[str], staff: Mapping[int, Staff]
) -> Bubble:
    writer = staff.get(message.staff_id) if message.staff_id is not None else None
    language = source_language(message, writer)
    photos = [photo for photo in message.photos if photo in kept]
    return Bubble(
        message=message,
        writer=writer.name if writer else None,
        language=language,
        photos=photos,
        pending=len(photos) < len(message.photos),
        readable=visit.reader.reads(language or conversation.language),
        untranslated=message.author == Author.STAFF and message.origin is None,
    )


def source_language(message: ChatMessage, writer: Staff | None) -> str | None:
    """The language of what is shown as the original; of a translated reply, its writer's."""
    if message.author == Author.STAFF and message.original is not None:
        return writer.language if writer else None
    return None if message.language == "und" else message.language


def resident_language(conversation: Conversation, messages: Sequence[ChatMessage]) -> str:
    """What a resident reads: what the bot speaks with them or, when it only fell back to English, their own."""
    signs: Counter[str] = Counter()
    for message in messages:
        if message.author == Author.RESIDENT and message.language is not None:
            signs[message.language] += len(message.text)
    if conversation.language_chosen or conversation.language != ELSE or not signs:
        return conversation.language
    found, number = signs.most_common(1)[0]
    return found if number >= ENOUGH else conversation.language


def shown(desk: Desk, visit: Visit, bubble: Bubble) -> Markup:
    """As an item of the conversation."""
    return Markup(fragment(desk, visit, "_message.html", bubble=bubble))  # noqa: S704  the template escapes
