"""Translates what residents and staff write to each other, and what is not written in a resident's language yet.

Made by bot/app.py; behind bot/ports.Translator. A text goes line by line: masked (masking.py), asked of the memory,
then of one provider after the other; where one lost or damaged what was hidden, the words around it go by themselves.
"""

import asyncio
import re
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress

from bot.errors import TranslationFailed
from knowledge.glossary import Glossary
from knowledge.masking import TOKEN, Masked, mask
from knowledge.provider_line import Line
from knowledge.providers import find_provider
from knowledge.translation_memory import Memory, Pair, Translation

DEADLINE = 3.0  # seconds, for all providers together
NOBODY = "none"  # the provider of what needs no translation
_LINE = re.compile(r"(?P<begin>[ \t]*(?:[-•] |\d+\. )?)(?P<words>.*?)(?P<end>[ \t]*)", re.DOTALL)


class TranslatorChain:
    """`names` are of `libretranslate`, `google`, `mymemory`, in the order of preference; none at all is allowed.

    `urls` are the providers' addresses, where they are not the usual ones; LibreTranslate has no usual one.
    `observe` is told the provider and the outcome of each attempt: "done", "refused" (it has no translation),
    "failed", "busy" (no call was free in time), "resting" or "damaged" (what was hidden did not come back).
    """

    def __init__(
        self,
        names: Sequence[str],
        memory: Memory | None = None,
        glossary: Glossary | None = None,
        *,
        urls: Mapping[str, str] | None = None,
        libretranslate_key: str = "",
        deadline: float = DEADLINE,
        observe: Callable[[str, str], None] = lambda provider, outcome: None,
    ) -> None:
        """Raises SettingError for an unknown provider, or for LibreTranslate without an address."""
        addresses = urls or {}
        self._services = [Line(find_provider(name, addresses.get(name), libretranslate_key), observe) for name in names]
        self._memory = memory
        self._glossary = glossary or Glossary({})
        self._deadline = deadline
        self._observe = observe
        self._remembering: set[asyncio.Task[None]] = set()

    @property
    def is_there(self) -> bool:
        """Whether there is anybody to ask."""
        return bool(self._services)

    async def translate(self, text: str, source: str | None, target: str, names: Collection[str] = ()) -> Translation:
        """Within the deadline; `names` are what residents and staff are called. Raises TranslationFailed.

        A text that is in the target language already, or has no words in it, comes back as it is.
        """
        if source == target:
            return Translation(text, NOBODY)
        end = time.monotonic() + self._deadline
        pair = Pair(source, target, self._glossary.version)
        done = await _all([self._translate_line(line, pair, names, end) for line in text.split("\n")])
        providers = [line.provider for line in done if line.provider != NOBODY]
        return Translation("\n".join(line.text for line in done), providers[0] if providers else NOBODY)

    async def close(self) -> None:
        """Waits for what is still being remembered. Calls that hang are left to themselves: they end soon."""
        await asyncio.gather(*self._remembering)

    async def _translate_line(self, line: str, pair: Pair, names: Collection[str], end: float) -> Translation:
        parts = _LINE.fullmatch(line)
        assert parts is not None
        masked = mask(parts["words"], names, lambda words: self._glossary.find(words, pair.source, pair.target))
        if not any(map(has_words, masked.pieces)):
            return Translation(f"{parts['begin']}{masked.join(masked.pieces)}{parts['end']}", NOBODY)
        whole = await self._translate_words(masked.text, pair, end)
        words = masked.restore(whole.text)
        if words is None:
            self._observe(whole.provider, "damaged")
            words = await self._translate_around(masked, pair, end)
        return Translation(f"{parts['begin']}{words}{parts['end']}", whole.provider)

    async def _translate_around(self, masked: Masked, pair: Pair, end: float) -> str:
        """Each piece by itself. Less fluent, but what was hidden stands where it stood."""
        return masked.join(await _all([self._translate_piece(piece, pair, end) for piece in masked.pieces]))

    async def _translate_piece(self, piece: str, pair: Pair, end: float) -> str:
        words = piece.strip()
        if not has_words(words):
            return piece
        translated = (await self._translate_words(words, pair, end)).text.strip()
        if TOKEN.search(translated):
            raise TranslationFailed("a provider put something that was hidden where nothing was")
        at = piece.index(words)
        return f"{piece[:at]}{translated}{piece[at + len(words) :]}"

    async def _translate_words(self, words: str, pair: Pair, end: float) -> Translation:
        known = await self._recall(words, pair)
        if known is not None:
            return known
        translation = await self._ask(words, pair, end)
        self._remember(words, pair, translation)
        return translation

    async def _recall(self, words: str, pair: Pair) -> Translation | None:
        """A memory that is slow must leave time to ask."""
        if self._memory is None:
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(self._deadline / 4):
                return await self._memory.recall(words, pair)
        return None

    async def _ask(self, words: str, pair: Pair, end: float) -> Translation:
        """One that hangs has half of the time that is left, so that the next one has its chance."""
        for number, service in enumerate(self._services, start=1):
            left = end - time.monotonic()
            seconds = left if number == len(self._services) else left / 2
            translated = await service.translate(words, pair.source, pair.target, seconds)
            if translated is not None:
                return Translation(translated, service.provider.name)
        raise TranslationFailed("no provider has translated it" if self._services else "there are no providers")

    def _remember(self, words: str, pair: Pair, translation: Translation) -> None:
        """Beside the answer, which does not wait for the database."""
        if self._memory is not None:
            task = asyncio.create_task(self._memory.remember(words, pair, translation))
            self._remembering.add(task)
            task.add_done_callback(self._remembering.discard)


def has_words(text: str) -> bool:
    """Whether there is a letter in it: what else there is, is the same in every language."""
    return any(map(str.isalpha, text))


async def _all[Result](calls: Sequence[Coroutine[None, None, Result]]) -> list[Result]:
    """At the same time; when one fails, the others are not waited for."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
