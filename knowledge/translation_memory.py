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

type Session = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(frozen=True)
class Translation:
    text: str
    provider: str


@dataclass(frozen=True)
class Pair:
    """From which language into which, and with which version of the glossary."""

    source: str
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
                row = await translations.recall(session, _hash(text), pair.source, pair.target, pair.glossary)
        except SQLAlchemyError as error:
            log.warning("translation memory unavailable", error=type(error).__name__)
            return None
        return Translation(row.text, row.provider) if row else None

    async def remember(self, text: str, pair: Pair, translation: Translation) -> None:
        try:
            async with self._write() as session:
                await translations.remember(
                    session,
                    source_hash=_hash(text),
                    source=pair.source,
                    target=pair.target,
                    glossary=pair.glossary,
                    provider=translation.provider,
                    text=translation.text,
                )
        except SQLAlchemyError as error:
            log.warning("translation memory unavailable", error=type(error).__name__)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
