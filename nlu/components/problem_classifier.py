"""Fifth in the pipeline: what kind of problem a message reports, and whether life may be in danger."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.sentence_featurizer import stack_embeddings
from nlu.logistic import LogisticModel, fit_logistic

logger = logging.getLogger(__name__)

_URGENT, _CALM = "urgent", "calm"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ProblemClassifier(GraphComponent):
    """Sets `category` {name, confidence} and `urgent`.

    The category says something only when the intent is report_problem. Urgency is judged for every message, because
    a cry for help may look like any intent; a false alarm costs a line of text, a missed one perhaps a life.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._category: LogisticModel | None = None
        self._urgency: LogisticModel | None = None
        self._threshold = 1.0

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`recall` is the share of urgent sentences, unseen in training, that the threshold must let through."""
        return {"c": 10.0, "recall": 0.98, "highest_threshold": 0.5, "lowest_threshold": 0.05}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ProblemClassifier:
        """Called by Rasa before training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ProblemClassifier:
        """Called by Rasa before serving. Raises when there is no trained model."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._category = LogisticModel.load(folder / "category")
            component._urgency = LogisticModel.load(folder / "urgency")
            component._threshold = json.loads((folder / "threshold.json").read_text())
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both. Raises ValueError when the data know fewer than two categories or nothing urgent."""
        examples = training_data.training_examples
        problems = [example for example in examples if example.get("category")]
        c = self._config["c"]
        categories = [example.get("category") for example in problems]
        self._category = fit_logistic(stack_embeddings(problems), categories, c).model
        self._train_urgency(examples)
        with self._storage.write_to(self._resource) as folder:
            self._save(folder)
        return self._resource

    def _train_urgency(self, examples: list[Message]) -> None:
        labels = [_URGENT if example.get("urgent") else _CALM for example in examples]
        fit = fit_logistic(stack_embeddings(examples), labels, self._config["c"], balanced=True)
        urgent = np.array([label == _URGENT for label in labels])
        unseen = fit.unseen[urgent, fit.model.labels.index(_URGENT)]
        lowest, highest = self._config["lowest_threshold"], self._config["highest_threshold"]
        self._urgency = fit.model
        self._threshold = float(np.clip(np.quantile(unseen, 1 - self._config["recall"]), lowest, highest))

    def _save(self, folder: Path) -> None:
        for name, model in (("category", self._category), ("urgency", self._urgency)):
            assert model is not None
            (folder / name).mkdir(exist_ok=True)
            model.save(folder / name)
        (folder / "threshold.json").write_text(json.dumps(self._threshold))

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message; one without text has no category and is not urgent."""
        if self._category is None or self._urgency is None:
            raise RuntimeError("the problem classifier was asked before it was trained")
        embeddings = stack_embeddings(messages)
        urgency = self._urgency.probabilities(embeddings)[:, self._urgency.labels.index(_URGENT)]
        for message, row, danger in zip(messages, self._category.probabilities(embeddings), urgency, strict=True):
            best = int(row.argmax())
            category = {"name": self._category.labels[best], "confidence": float(row[best])}
            written = bool(message.get(TEXT))
            nothing = {"name": None, "confidence": 0.0}
            message.set("category", category if written else nothing, add_to_output=True)
            message.set("urgent", written and bool(danger >= self._threshold), add_to_output=True)
        return messages
