"""Second in the pipeline: words, also in scripts that are written without spaces."""

from __future__ import annotations

import threading
from typing import Any

import icu
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MultilingualTokenizer(Tokenizer):
    """Splits at ICU's word boundaries.

    ICU brings dictionaries for Chinese, Japanese, Thai, Lao, Khmer and Burmese and follows Unicode's rules
    (UAX #29) for everything else; it maps its data from disk and splits a message in some ten microseconds.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._local = threading.local()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What Rasa's Tokenizer asks for: an intent's name is never split."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of one message, without spaces and punctuation unless there is nothing else."""
        text: str = message.get(attribute)
        spans = self._split(text)
        words = [(start, end) for start, end in spans if any(c.isalnum() for c in text[start:end])]
        return [Token(text[start:end], start) for start, end in words or spans]

    def _split(self, text: str) -> list[tuple[int, int]]:
        # A break iterator holds a position, so each thread has its own.
        if not hasattr(self._local, "breaks"):
            self._local.breaks = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
        breaks = self._local.breaks
        breaks.setText(text)
        index = _code_point_index(text)
        ends = [index[end] for end in breaks]
        spans = zip([0, *ends], ends, strict=False)
        return [(start, end) for start, end in spans if not text[start:end].isspace()]


def count_words(text: str) -> int:
    """How many words a text has, in any script."""
    return len(MultilingualTokenizer(MultilingualTokenizer.get_default_config()).tokenize(Message({TEXT: text}), TEXT))


def _code_point_index(text: str) -> list[int] | range:
    """ICU counts UTF-16 units; this maps such a position to Python's."""
    if text.isascii() or max(text) < "\U00010000":
        return range(len(text) + 1)
    index = []
    for position, character in enumerate(text):
        index += [position] * (2 if character >= "\U00010000" else 1)
    return [*index, len(text)]
