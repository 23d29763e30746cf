"""Third in the pipeline: one embedding a message, from the encoder that `config.yml` names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.embedding_cache import EmbeddingCache
from nlu.encoder import Encoder, load_encoder

_ORIGIN = "SentenceFeaturizer"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(GraphComponent):
    """Sets one dense sentence feature of shape (1, encoder.dimension)."""

    def __init__(self, encoder: Encoder, cache: EmbeddingCache | None, longest: int) -> None:
        self._encoder = encoder
        self._cache = cache
        self._longest = longest

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`folder` keeps what the encoder makes for itself, `cache` the embeddings of training sentences.

        `longest` is in characters: a message's purpose shows early, and time grows with the length.
        """
        return {
            "encoder": "auto",
            "folder": "var/encoder",
            "cache": "var/cache/embeddings.sqlite",
            "longest": 1000,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Called by Rasa. Raises ValueError for an unknown encoder."""
        cache = EmbeddingCache(Path(config["cache"])) if execution_context.model_id is None else None
        return cls(load_encoder(config["encoder"], Path(config["folder"])), cache, config["longest"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed every training sentence, through the cache on disk."""
        examples = training_data.training_examples
        texts = [self._prepare(example) for example in examples]
        vectors = self._cache.encode(self._encoder, texts) if self._cache else self._encoder.encode(texts)
        for example, vector in zip(examples, vectors, strict=True):
            _set_embedding(example, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Embed the messages of one request."""
        vectors = self._encoder.encode([self._prepare(message) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            _set_embedding(message, vector)
        return messages

    def _prepare(self, message: Message) -> str:
        return str(message.get(TEXT) or "")[: self._longest].encode("utf-8", "replace").decode()


def _set_embedding(message: Message, vector: NDArray[np.float32]) -> None:
    message.add_features(Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, _ORIGIN))


def stack_embeddings(messages: list[Message]) -> NDArray[np.float32]:
    """The embeddings that this component set, shape (len(messages), dimension)."""
    rows = [f.features for m in messages for f in m.features if f.origin == _ORIGIN]
    return np.concatenate(rows)
