"""First in the pipeline: which language a message is written in, or that it does not show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.trained import TrainedComponent
from nlu.language import LanguageDetector, LanguageWords


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(TrainedComponent):
    """Sets `language` {name, confidence}; the name is None where the text does not show it.

    A message's metadata may say which `languages` are likelier, such as that of the conversation so far.
    """

    _words: LanguageWords | None = None
    _detector: LanguageDetector | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold` is the lowest confidence at which a language is named."""
        return {"threshold": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of each language."""
        examples = training_data.training_examples
        self._words = LanguageWords.fit((example.get(TEXT), example.get("language")) for example in examples)
        return self.keep()

    def save(self, folder: Path) -> None:
        """See TrainedComponent."""
        assert self._words is not None
        self._words.save(folder)

    def restore(self, folder: Path) -> None:
        """See TrainedComponent."""
        self._words = LanguageWords.load(folder)
        self._detector = LanguageDetector(self._words, self._config["threshold"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Identify each message's language."""
        if self._detector is None:
            raise RuntimeError("the language identifier was asked before it was trained")
        for message in messages:
            expected = (message.get("metadata") or {}).get("languages", ())
            guess = self._detector.detect(message.get(TEXT) or "", expected)
            message.set("language", {"name": guess.name, "confidence": guess.confidence}, add_to_output=True)
        return messages
