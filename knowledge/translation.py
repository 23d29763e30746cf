"""Translates what residents and staff write to each other. Made by bot/app.py; behind bot/ports.Translator."""

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import TranslationFailed
from knowledge.providers import NotTranslated, Provider, find_provider
from knowledge.register import translations
from knowledge.threads import Threads

log = structlog.get_logger()

DEADLINE = 3.0  # seconds, for all providers together
FAILURES = 3  # in a row, then a provider rests
REST = 60.0  # seconds
AT_ONCE = 16  # calls of one provider
UNKNOWN = "und"  # BCP 47 for a language that is not known
NOBODY = "none"  # the provider of what needs no translation

type Session = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(frozen=True)
class Translation:
    text: str
    provider: str


class Memory(Protocol):
    """Remembers translations; never raises."""

    async def recall(self, text: str, source: str, target: str) -> Translation | None: ...

    async def remember(self, text: str, source: str, target: str, translation: Translation) -> None: ...


class TranslatorChain:
    """Asks the memory, then one provider after the other, within one deadline.

    `names` are of `libretranslate`, `google`, `mymemory`, in the order of preference; none at all is allowed.
    `urls` are the providers' addresses, where they are not the usual ones; LibreTranslate has no usual one.
    `observe` is told the provider and the outcome of each attempt: "done", "refused" (it has no translation),
    "failed", "busy" (no call was free in time) or "resting".
    """

    def __init__(
        self,
        names: Sequence[str],
        memory: Memory | None = None,
        *,
        urls: Mapping[str, str] | None = None,
        libretranslate_key: str = "",
        deadline: float = DEADLINE,
        observe: Callable[[str, str], None] = lambda provider, outcome: None,
    ) -> None:
        """Raises SettingError for an unknown provider, or for LibreTranslate without an address."""
        addresses = urls or {}
        self._lines = [Line(find_provider(name, addresses.get(name), libretranslate_key), observe) for name in names]
        self._memory = memory
        self._deadline = deadline
        self._remembering: set[asyncio.Task[None]] = set()

    async def translate(self, text: str, source: str | None, target: str) -> Translation:
        """Within the deadline. Raises TranslationFailed.

        A text that is in the target language already, or has no words in it, comes back as it is.
        """
        if source == target or not has_words(text):
            return Translation(text, NOBODY)
        end = time.monotonic() + self._deadline
        known = await self._recall(text, source or UNKNOWN, target)
        if known is not None:
            return known
        translation = await self._ask(text, source, target, end)
        self._remember(text, source or UNKNOWN, target, translation)
        return translation

    async def close(self) -> None:
        """Waits for what is still being remembered. Calls that hang are left to themselves: they end soon."""
        await asyncio.gather(*self._remembering)

    async def _recall(self, text: str, source: str, target: str) -> Translation | None:
        """A memory that is slow must leave time to ask."""
        if self._memory is None:
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(self._deadline / 4):
                return await self._memory.recall(text, source, target)
        return None

    async def _ask(self, text: str, source: str | None, target: str, end: float) -> Translation:
        """One that hangs has half of the time that is left, so that the next one has its chance."""
        for number, line in enumerate(self._lines, start=1):
            left = end - time.monotonic()
            seconds = left if number == len(self._lines) else left / 2
            translated = await line.translate(text, source, target, seconds)
            if translated is not None:
                return Translation(translated, line.provider.name)
        raise TranslationFailed("no provider has translated it" if self._lines else "there are no providers")

    def _remember(self, text: str, source: str, target: str, translation: Translation) -> None:
        """Beside the answer, which does not wait for the database."""
        if self._memory is not None:
            task = asyncio.create_task(self._memory.remember(text, source, target, translation))
            self._remembering.add(task)
            task.add_done_callback(self._remembering.discard)


class Line:
    """The way to one provider: a few calls at once, and none for a while when it fails again and again."""

    def __init__(self, provider: Provider, observe: Callable[[str, str], None]) -> None:
        self.provider = provider
        self._observe = observe
        self._threads = Threads(f"translation-{provider.name}", AT_ONCE)
        self._failures = 0
        self._rests_until = 0.0

    async def translate(self, text: str, source: str | None, target: str, seconds: float) -> str | None:
        """None when it did not work out."""
        if not self.provider.takes(text):
            return None
        if not self._may_try():
            self._observe(self.provider.name, "resting")
            return None
        begun = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                answer = await self._threads.run(lambda: self.provider.translate(text, source, target), begun)
        except NotTranslated:
            self._note("refused")
        except TimeoutError:
            self._note("failed" if begun.is_set() else "busy")
        except Exception as error:  # whatever a vendor's library throws; its text may hold residents' words
            log.warning("translation failed", provider=self.provider.name, error=type(error).__name__)
            self._note("failed")
        else:
            self._note("done")
            return answer
        return None

    def _may_try(self) -> bool:
        """After its rest one call tries it out, while the others go on resting."""
        if self._failures < FAILURES:
            return True
        if time.monotonic() < self._rests_until:
            return False
        self._rests_until = time.monotonic() + REST
        return True

    def _note(self, outcome: str) -> None:
        self._observe(self.provider.name, outcome)
        if outcome in ("done", "refused"):
            self._failures = 0
        elif outcome == "failed":
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = time.monotonic() + REST


class DatabaseMemory:
    """Keeps translations in the database; `read` and `write` open sessions, as bot/stores/database.py does."""

    def __init__(self, read: Session, write: Session) -> None:
        self._read = read
        self._write = write

    async def recall(self, text: str, source: str, target: str) -> Translation | None:
        try:
            async with self._read() as session:
                row = await translations.recall(session, _hash(text), source, target)
        except SQLAlchemyError as error:
            log.warning("translation memory unavailable", error=type(error).__name__)
            return None
        return Translation(row.text, row.provider) if row else None

    async def remember(self, text: str, source: str, target: str, translation: Translation) -> None:
        try:
            async with self._write() as session:
                await translations.remember(
                    session, _hash(text), source, target, translation.text, translation.provider
                )
        except SQLAlchemyError as error:
            log.warning("translation memory unavailable", error=type(error).__name__)


def has_words(text: str) -> bool:
    """Whether there is a word in it that is no number, code or address: those are the same in every language."""
    return any(_is_word(word) for word in text.split())


def _is_word(word: str) -> bool:
    if "@" in word or "://" in word:
        return False
    letters = re.findall(r"[^\W\d_]", word)
    is_code = any(sign.isdigit() for sign in word) and all(sign.isascii() for sign in letters)
    return bool(letters) and not is_code


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
