"""Puts a text into one of some classes: by its meaning and by its words, with a confidence that can be believed.

Used by the intent classifier. Knows nothing of Rasa.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.ngrams import NgramModel, count_parts, fit_ngrams
from nlu.perceptron import Perceptron, fit_perceptron

Rows = NDArray[np.float32]
Numbers = NDArray[np.int64]

# How much the words count beside the meaning: chosen on the held-out sentences (docs/nlu.md).
_WORDS = 1.0
_HELD_OUT = 5
"""One of so many sentences of a class is kept from a first training, to see how right its confidences are."""


@dataclass(frozen=True)
class Classifier:
    """Both models for the same k classes."""

    classes: tuple[str, ...]
    meaning: Perceptron
    words: NgramModel
    temperature: float = 1.0
    """Divides the scores so that a confidence of 0.8 is right in 8 of 10 unseen sentences."""

    def probabilities(self, texts: Sequence[str], embeddings: Rows) -> Rows:
        """Shape (n, k) for n texts and their embeddings; each row sums to 1."""
        return _soften(_score(self.meaning, self.words, texts, embeddings), self.temperature)

    def save(self, folder: Path) -> None:
        """Write the classifier into a folder, which is made."""
        folder.mkdir(exist_ok=True)
        self.meaning.save(folder / "meaning.npz")
        self.words.save(folder / "words.npz")
        settings = {"classes": self.classes, "temperature": self.temperature}
        (folder / "classifier.json").write_text(json.dumps(settings), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """What `save` wrote. Raises OSError when a file is missing: an untrained model must never answer."""
        settings = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        meaning, words = Perceptron.load(folder / "meaning.npz"), NgramModel.load(folder / "words.npz")
        return cls(tuple(settings["classes"]), meaning, words, settings["temperature"])


@dataclass(frozen=True)
class Unseen:
    """What a classifier says of sentences that it was not trained on: `rows` numbers them among the training data."""

    rows: Numbers
    probabilities: Rows


def fit_classifier(
    texts: Sequence[str], embeddings: Rows, labels: Sequence[str], directions: Rows
) -> tuple[Classifier, Unseen]:
    """Train on all texts, and on four fifths of them to calibrate; `directions` tell the language (`directions.py`).

    Raises ValueError when there are fewer than two classes.
    """
    from threadpoolctl import threadpool_limits

    classes, targets = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"a classifier needs two classes, there are only {list(classes)}")
    held_out = _hold_out(targets)
    parts, every = count_parts(texts), np.ones(len(targets), bool)
    # numpy and scikit-learn leave the interpreter to each other; two threads that share two cores need no more below
    with ThreadPoolExecutor(2) as pool, threadpool_limits(1, "blas"):
        chosen = (every, ~held_out)
        meanings = [
            pool.submit(fit_perceptron, embeddings[rows], targets[rows], len(classes), directions) for rows in chosen
        ]
        wordings = [pool.submit(fit_ngrams, parts[rows], targets[rows], len(classes)) for rows in chosen]
        (meaning, words), trial = [
            (one.result(), other.result()) for one, other in zip(meanings, wordings, strict=True)
        ]
    rows = np.flatnonzero(held_out)
    scores = _score(*trial, [texts[row] for row in rows], embeddings[rows])
    temperature = _fit_temperature(scores, targets[rows])
    classifier = Classifier(tuple(map(str, classes)), meaning, words, temperature)
    return classifier, Unseen(rows, _soften(scores, temperature))


def _hold_out(targets: Numbers) -> NDArray[np.bool_]:
    order = np.random.default_rng(0).permutation(len(targets))
    # Dealing each class's sentences out in turn takes the same share of every class.
    order = order[np.argsort(targets[order], kind="stable")]
    held_out = np.zeros(len(targets), bool)
    held_out[order[_HELD_OUT - 1 :: _HELD_OUT]] = True
    return held_out


def _score(meaning: Perceptron, words: NgramModel, texts: Sequence[str], embeddings: Rows) -> Rows:
    score: Rows = meaning.log_probabilities(embeddings) + _WORDS * words.evidence(texts)
    return score


def _fit_temperature(scores: Rows, targets: Numbers) -> float:
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        chosen = _soften(scores, float(np.exp(log_temperature)))[np.arange(len(targets)), targets]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 4), method="bounded").x))


def _soften(scores: Rows, temperature: float) -> Rows:
    scores = scores / temperature
    shares: Rows = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares
