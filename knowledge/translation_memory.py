"""Remembers translations in the database, so that nothing is translated twice. Called by knowledge/translation.py.

What it keeps was masked (knowledge/masking.py): no number, name or address of a resident's is in it.
"""

import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.register import translations

log = structlog.get_logger()

UNKNOWN = "und"  # BCP 47 for a language that is not known

type Session = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(frozen=True)
class Translation:
    text: str
    provider: str


@dataclass(frozen=True)
class Pair:
    """From which language, if it is known, into which, and with which version of the glossary."""

    source: str | None
    target: str
    glossary: str


class Memory(Protocol):
    """Never raises."""

    async def recall(self, text: str, pair: Pair) -> Translation | None: ...

    async def remember(self, text: str, pair: Pair, translation: Translation) -> None: ...


class DatabaseMemory:
    """Keeps translations in the database; `read` and `write` open sessions, as bot/stores/database.py does."""

    def __init__(self, read: Session, write: Session) -> None:
        self._read = read
        self._write = write

    async def recall(self, text: str, pair: Pair) -> Translation | None:
        try:
            async with self._read() as session:
                row = await translations.recall(session, **_key(text, pair))
        except SQLAlchemyError as error:
            log.warning("translation memory unavailable", error=type(error).__name__)
            return None
        return Translation(row.text, row.provider) if row else None

    async def remember(self, text: str, pair: Pair, translation: Translation) -> None:
        try:
            async with self._write() as session:
                await translations.remember(
                    session, **_key(text, pair), provider=translation.provider, text=translation.text
                )
        except SQLAlchemyError as error:
            log.warning("translation memory unavailable", error=type(error).__name__)


def _key(text: str, pair: Pair) -> dict[str, str]:
    """The columns of TranslationRow by which a translation is found."""
    source_hash = hashlib.sha256(text.encode()).hexdigest()
    source = pair.source or UNKNOWN
    return {"source_hash": source_hash, "source": source, "target": pair.target, "glossary": pair.glossary}
