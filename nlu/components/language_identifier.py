"""First in the pipeline: which language a message is written in, or that it does not show."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.language import LanguageDetector
from nlu.lexicon import Lexicon


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Sets `language` {name, confidence}; the name is None where the text does not show it."""

    def __init__(self, storage: ModelStorage, resource: Resource, detector: LanguageDetector | None) -> None:
        self._storage = storage
        self._resource = resource
        self._detector = detector

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold` is the lowest confidence at which a language is named."""
        return {"threshold": 0.35}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Called by Rasa before training."""
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """Called by Rasa before serving. Raises when there is no trained lexicon."""
        with model_storage.read_from(resource) as folder:
            lexicon = Lexicon.load(folder)
        return cls(model_storage, resource, LanguageDetector(lexicon, config["threshold"]))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of each language."""
        examples = training_data.training_examples
        lexicon = Lexicon.fit((example.get(TEXT), example.get("language")) for example in examples)
        with self._storage.write_to(self._resource) as folder:
            lexicon.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Identify each message's language."""
        if self._detector is None:
            raise RuntimeError("the language identifier was asked before it was trained")
        for message in messages:
            guess = self._detector.detect(message.get(TEXT) or "")
            message.set("language", {"name": guess.name, "confidence": guess.confidence}, add_to_output=True)
        return messages
