"""Fourth in the pipeline: which of the registered intents a message has, with calibrated confidence."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.sentence_featurizer import stack_embeddings
from nlu.labels import from_rasa
from nlu.logistic import LogisticModel, fit_logistic


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Sets `intent` {name, confidence} and `intent_ranking`, the best first; both name labels as `faq/topic`."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: LogisticModel | None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking` is how many intents are reported."""
        return {"c": 20.0, "ranking": 10}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Called by Rasa before training."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Called by Rasa before serving. Raises when there is no trained model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LogisticModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every sentence that has an intent. Raises ValueError with fewer than two intents."""
        examples = training_data.intent_examples
        labels = [from_rasa(example.get(INTENT)) for example in examples]
        model = fit_logistic(stack_embeddings(examples), labels, self._config["c"]).model
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        self._model = model
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message; one without text keeps none."""
        if self._model is None:
            raise RuntimeError("the intent classifier was asked before it was trained")
        for message, row in zip(messages, self._model.probabilities(stack_embeddings(messages)), strict=True):
            order = row.argsort()[::-1][: self._config["ranking"]] if message.get(TEXT) else []
            ranking = [{"name": self._model.labels[i], "confidence": float(row[i])} for i in order]
            best = dict(ranking[0]) if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
