"""Classifies by a text's words and parts of words; used for intents (`nlu/classifier.py`) and for languages.

The encoder knows what words mean in a hundred languages, but not each name, each slang and each spelling that residents
use; a word seen in training is strong evidence where the encoder is weak.
"""

import re
from binascii import crc32
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 2**18
"""Parts are told apart by a hash; two that share a number are rarely in the same text."""

_SHORTEST, _LONGEST = 2, 5
_WORD = re.compile(r"\w+")
_CHARACTERS = 1000
_ALPHA = 1e-6
# What a label that the words speak against keeps, so that they alone never rule it out.
_LEAST = 1e-3
# How steeply the evidence falls with what is unknown in a text: half of it known counts a sixteenth.
_DOUBT = 4

Rows = NDArray[np.float32]


def find_parts(text: str) -> NDArray[np.int64]:
    """Sorted numbers, each once, of the text's words, its pairs of words, and their pieces of 2 to 5 characters."""
    words = _WORD.findall(text[:_CHARACTERS].casefold())
    return np.array(sorted({crc32(part.encode("utf-8", "replace")) % BUCKETS for part in _cut(words)}), np.int64)


def _cut(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield f"={word}"
        edged = f" {word} "
        for size in range(_SHORTEST, _LONGEST + 1):
            for start in range(len(edged) - size + 1):
                yield edged[start : start + size]
    for first, second in pairwise(words):
        yield f"={first} {second}"


@dataclass(frozen=True)
class NgramModel:
    """One logistic regression a label (k of them) on which parts a text has, each weighed by how rare it is."""

    rarity: Rows
    """Shape (BUCKETS,)."""
    weights: NDArray[np.float16]
    """Shape (BUCKETS, k), in half precision: 28 MB for 54 classes."""
    bias: Rows
    """Shape (k,)."""

    def evidence(self, texts: Sequence[str]) -> Rows:
        """Shape (len(texts), k): logarithms of each label's share, near 0 for a text whose parts are unknown."""
        weighed = [self.weigh(text) for text in texts]
        return np.stack([known * np.log(shares + np.float32(_LEAST)) for shares, known in weighed])

    def weigh(self, text: str) -> tuple[Rows, float]:
        """Each label's share, shape (k,), and how far the text is known: 1 when training had all of its parts."""
        parts = find_parts(text)
        values = self.rarity[parts]
        squares = values * values
        total = squares.sum() or np.float32(1)
        scores = (values / np.sqrt(total)) @ self.weights[parts].astype(np.float32) + self.bias
        shares = 1 / (1 + np.exp(-scores))
        known = squares[values < self.rarity.max()].sum() / total
        return shares / shares.sum(), float(known) ** _DOUBT

    def save(self, file: Path) -> None:
        np.savez_compressed(file, rarity=self.rarity, weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, file: Path) -> "NgramModel":
        """What `save` wrote. Raises OSError when the file is missing."""
        with np.load(file, allow_pickle=False) as arrays:
            return cls(arrays["rarity"], arrays["weights"], arrays["bias"])


def count_parts(texts: Sequence[str]) -> Any:
    """A sparse matrix of shape (len(texts), BUCKETS), 1 where a text has the part."""
    from scipy.sparse import csr_matrix

    parts = [find_parts(text) for text in texts]
    ends = np.cumsum([0, *map(len, parts)])
    return csr_matrix((np.ones(ends[-1]), np.concatenate(parts), ends), shape=(len(texts), BUCKETS))


def fit_ngrams(counts: Any, targets: NDArray[np.int64], k: int, rounds: int = 4) -> NgramModel:
    """From what `count_parts` gave; `targets` holds a number below k for each text, and each number must occur.

    More rounds hardly change anything.
    """
    # Only training needs scikit-learn, which costs the server half a second and 60 MB.
    from sklearn.linear_model import SGDClassifier
    from sklearn.preprocessing import normalize

    frequency = np.asarray(counts.sum(axis=0)).ravel()
    rarity = (np.log((1 + counts.shape[0]) / (1 + frequency)) + 1).astype(np.float32)
    weighed = normalize(counts.multiply(rarity).tocsr())
    model = SGDClassifier(loss="log_loss", alpha=_ALPHA, max_iter=rounds, tol=None, random_state=0, n_jobs=-1)
    model.fit(weighed, targets)
    weights, bias = model.coef_, model.intercept_
    if k == 2:  # scikit-learn then keeps one row, which speaks for the second label and against the first
        weights, bias = np.vstack([-weights, weights]), np.r_[-bias, bias]
    return NgramModel(rarity, weights.T.astype(np.float16), bias.astype(np.float32))
