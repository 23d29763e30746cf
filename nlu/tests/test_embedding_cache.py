"""Only what is new is encoded."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlu.embedding_cache import EmbeddingCache


class _CountingEncoder:
    dimension = 2

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.seen += texts
        return np.array([[len(text), ord(text[0])] for text in texts], dtype=np.float32)


def test_known_texts_are_not_encoded_again(tmp_path: Path) -> None:
    encoder, cache = _CountingEncoder("one"), EmbeddingCache(tmp_path / "deep" / "cache.sqlite")
    cache.encode(encoder, ["a", "bb"])
    vectors = cache.encode(encoder, ["bb", "ccc", "a"])
    assert encoder.seen == ["a", "bb", "ccc"]
    np.testing.assert_array_equal(vectors, [[2, ord("b")], [3, ord("c")], [1, ord("a")]])


def test_another_encoder_shares_nothing(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "cache.sqlite")
    cache.encode(_CountingEncoder("one"), ["a"])
    other = _CountingEncoder("other")
    cache.encode(other, ["a"])
    assert other.seen == ["a"]
