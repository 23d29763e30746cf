"""Last in the pipeline: says when the best intent is too uncertain to act upon."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Fallback(GraphComponent):
    """Sets `fallback`. The intent stays the best one, so that the dialogue can still ask "did you mean"."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The lowest confidence that is acted upon."""
        return {"threshold": 0.5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Fallback:
        """Called by Rasa."""
        return cls(config["threshold"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark each message."""
        for message in messages:
            message.set("fallback", message.get(INTENT)["confidence"] < self._threshold, add_to_output=True)
        return messages
