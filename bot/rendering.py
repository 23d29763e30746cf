"""Puts what a dialogue said into words in the resident's language. Called by bot/engine.py.

What nobody has written in that language is translated by machine, and says so; when no translator answers in time, it
stays in the language that it is written in.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace

import structlog

from bot.errors import TranslationFailed
from bot.messages import Outgoing, OutgoingButton
from bot.ports import Translator
from dialogues.effects import Say
from dialogues.texts import Prose, Text, Words, _
from knowledge.languages import nearest
from knowledge.texts import Texts, language_name

log = structlog.get_logger()

NOT_WRITTEN = _("This answer is not written in your language yet; here it is in another ({language}):").msgid


class Renderer:
    """`languages` are those that the bot can speak: with a translator, more than are written."""

    def __init__(self, texts: Texts, translator: Translator, languages: Sequence[str]) -> None:
        self._texts = texts
        self._translator = translator
        self.languages = tuple(languages)

    def as_written(self, said: Say, language: str) -> Outgoing:
        """Without a translator's help."""
        prose = said.text if isinstance(said.text, Prose) else None
        return Outgoing(
            text=self._texts.render(said.text, language),
            language=self._written_in(said.text, language),
            buttons=tuple(
                OutgoingButton(self._texts.render(button.label, language), button.value) for button in said.buttons
            ),
            original=prose.original if prose else None,
            origin=prose.origin if prose else None,
        )

    async def render(self, said: Say, language: str, names: Collection[str] = ()) -> Outgoing:
        """`names` are people's, which no translator may see."""
        written = self.as_written(said, language)
        if self._is_written(said.text, language):
            return written
        try:
            shown = [(said.text, written.text)]
            shown += [(button.label, as_is.label) for button, as_is in zip(said.buttons, written.buttons, strict=True)]
            text, *labels = await asyncio.gather(*(self._put(*each, language, names) for each in shown))
        except TranslationFailed as error:
            log.info("said in another language", wanted=language, error=str(error))
            return replace(written, text=self._noted(said, written, language))
        buttons = tuple(OutgoingButton(label, button.value) for label, button in zip(labels, said.buttons, strict=True))
        return Outgoing(text, language, buttons, original=written.text, origin="machine")

    async def _put(self, words: Words, shown: str, language: str, names: Collection[str]) -> str:
        """What `words` are shown as, in `language`."""
        if self._is_written(words, language):
            return shown
        source = self._written_in(words, language)
        return (await self._translator.translate(shown, source, language, names)).text

    def _noted(self, said: Say, written: Outgoing, language: str) -> str:
        """An answer in another language is excused; the bot's own few words are not."""
        if not isinstance(said.text, Prose):
            return written.text
        spoken = self._texts.nearest(language)
        note = Text(NOT_WRITTEN, {"language": language_name(written.language, spoken)})
        return f"{self._texts.render(note, spoken)}\n\n{written.text}"

    def _written_in(self, words: Words, language: str) -> str:
        return words.language if isinstance(words, Prose) else self._texts.nearest(language)

    def _is_written(self, words: Words, language: str) -> bool:
        written = self._written_in(words, language)
        return nearest(language, (written,), "") == written
