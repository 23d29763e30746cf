"""Fifth in the pipeline: what a message wants, what kind of problem it reports, and whether life may be in danger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classifier import Classifier, fit_classifier
from nlu.components.sentence_featurizer import stack_embeddings
from nlu.components.trained import TrainedComponent
from nlu.directions import find_directions
from nlu.entities import PLACES
from nlu.kinds import URGENT, Kinds, kind_of
from nlu.labels import from_rasa


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(TrainedComponent):
    """Sets `intent` {name, confidence}, `intent_ranking`, best first, `category` {name, confidence} and `urgent`.

    Labels are named as `faq/topic`. The category says something only when the intent is report_problem. Urgency is
    judged for every message, because a cry for help may look like any intent; a false alarm costs a line of text, a
    missed one perhaps a life.
    """

    _classifier: Classifier | None = None
    _kinds: Kinds
    _threshold = 1.0

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking` is how many intents are reported.

        `recall` is the share of urgent sentences, unseen in training, that the threshold of urgency must let through.
        """
        return {"ranking": 10, "recall": 0.96, "highest_threshold": 0.5, "lowest_threshold": 0.01}

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier. Raises ValueError when there are fewer than two intents."""
        examples = training_data.training_examples
        kinds = [kind_of(from_rasa(each.get(INTENT)), each.get("category"), each.get("urgent")) for each in examples]
        embeddings = stack_embeddings(examples)
        directions = find_directions(embeddings, [example.get("language") for example in examples])
        texts = [example.get(TEXT) for example in examples]
        self._classifier, unseen = fit_classifier(texts, embeddings, kinds, directions)
        if URGENT in self._classifier.classes:
            urgent = np.array([kinds[row] == URGENT for row in unseen.rows])
            danger = unseen.probabilities[urgent, self._classifier.classes.index(URGENT)]
            self._threshold = self._choose_threshold(danger)
        return self.keep()

    def _choose_threshold(self, danger: NDArray[np.float32]) -> float:
        lowest, highest = self._config["lowest_threshold"], self._config["highest_threshold"]
        return float(np.clip(np.quantile(danger, 1 - self._config["recall"]), lowest, highest))

    def save(self, folder: Path) -> None:
        """See TrainedComponent."""
        assert self._classifier is not None
        self._classifier.save(folder / "kinds")
        (folder / "threshold.json").write_text(json.dumps(self._threshold))

    def restore(self, folder: Path) -> None:
        """See TrainedComponent."""
        self._classifier = Classifier.load(folder / "kinds")
        self._kinds = Kinds(self._classifier.classes)
        self._threshold = json.loads((folder / "threshold.json").read_text())

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message; one without text has no intent and no category, and is not urgent."""
        if self._classifier is None:
            raise RuntimeError("the intent classifier was asked before it was trained")
        texts = [str(message.get(TEXT) or "") for message in messages]
        rows = self._classifier.probabilities(texts, stack_embeddings(messages))
        for message, row in zip(messages, rows, strict=True):
            self._set(message, row if message.get(TEXT) else None)
        return messages

    def _set(self, message: Message, row: NDArray[np.float32] | None) -> None:
        nothing: dict[str, Any] = {"name": None, "confidence": 0.0}
        ranking = [] if row is None else self._kinds.rank_intents(row)[: self._config["ranking"]]
        message.set(INTENT, dict(ranking[0]) if ranking else nothing, add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("category", nothing if row is None else self._kinds.find_category(row), add_to_output=True)
        # Cries for help name the place, so a place alone, which answers "where is it?", would look like one.
        is_urgent = row is not None and self._kinds.danger(row) >= self._threshold and not _is_only_a_place(message)
        message.set("urgent", is_urgent, add_to_output=True)


def _is_only_a_place(message: Message) -> bool:
    """Whether no word is left without the entities that name a place."""
    found = [entity for entity in message.get(ENTITIES, []) if entity["entity"] in PLACES]
    named = {position for entity in found for position in range(entity["start"], entity["end"])}
    return bool(found) and not any(c.isalnum() for i, c in enumerate(message.get(TEXT)) if i not in named)
