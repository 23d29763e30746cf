"""Classifies by the meaning of a text, which its embedding holds; one half of `nlu/classifier.py`.

One hidden layer in plain numpy: a framework for it would be larger than the rest of the server.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.directions import remove_directions

Rows = NDArray[np.float32]

_HIDDEN = 896
# How often each sentence is seen, and how many at once: where there are many, fewer steps are enough.
_MANY = 30_000
_FEW_ROUNDS, _MANY_ROUNDS = (12, 256), (8, 512)
_RATE = 3e-3
_DECAY = 0.01
_DROPPED_INPUTS, _DROPPED_HIDDEN = 0.1, 0.5
_SMOOTHING = 0.1
"""The share of each target that is spread over all labels: neighbours do overlap, and some sentences lie between."""
_FIRST, _SECOND = 0.9, 0.999  # Adam's memories of the gradient and of its square


@dataclass(frozen=True)
class Perceptron:
    """For embeddings of dimension d and k labels."""

    mean: Rows
    """Shape (d,), taken off each embedding."""
    layers: tuple[Rows, Rows, Rows, Rows]
    """Weights (d, h), bias (h,), weights (h, k), bias (k,)."""

    def log_probabilities(self, embeddings: Rows) -> Rows:
        """Shape (n, k) for embeddings of shape (n, d)."""
        inner, inner_bias, outer, outer_bias = self.layers
        scores = np.maximum((embeddings - self.mean) @ inner + inner_bias, 0) @ outer + outer_bias
        scores -= scores.max(axis=1, keepdims=True)
        normalised: Rows = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return normalised

    def save(self, file: Path) -> None:
        np.savez(file, self.mean, *self.layers)

    @classmethod
    def load(cls, file: Path) -> "Perceptron":
        """What `save` wrote. Raises OSError when the file is missing: an untrained model must never answer."""
        with np.load(file, allow_pickle=False) as arrays:
            mean, *layers = arrays.values()
        return cls(mean, tuple(layers))


def fit_perceptron(embeddings: Rows, targets: NDArray[np.int64], k: int, unseen: Rows) -> Perceptron:
    """Adam with decoupled weight decay and a rate that falls to nothing; the same data give the same model.

    `unseen` are directions that it must not see (`nlu/directions.py`). `targets` holds a number below k for each row.
    """
    chance = np.random.default_rng(0)
    mean = embeddings.mean(axis=0)
    # One scale for all dimensions, so that the settings mean the same for every encoder.
    scale = np.float32(np.sqrt(embeddings.shape[1]) / np.linalg.norm(embeddings - mean, axis=1).mean())
    x = remove_directions((embeddings - mean) * scale, unseen)
    layers = _begin(x.shape[1], k, chance)
    steps = [Adam(layer) for layer in layers]
    batches = list(_deal(len(x), chance))
    for number, batch in enumerate(batches):
        rate = _RATE * (1 - number / len(batches))
        gradients = _find_gradients(layers, x[batch], targets[batch], chance)
        for step, gradient in zip(steps, gradients, strict=True):
            step.take(gradient, rate)
    inner, *others = layers
    # What is done to embeddings here is done by the weights from now on.
    inner = remove_directions(inner.T * scale, unseen).T
    return Perceptron(mean, (inner, *others))  # type: ignore[arg-type]


def _begin(d: int, k: int, chance: np.random.Generator) -> list[Rows]:
    def draw(rows: int, columns: int, variance: float) -> Rows:
        drawn: Rows = chance.standard_normal((rows, columns), np.float32) * np.float32(np.sqrt(variance))
        return drawn

    return [
        draw(d, _HIDDEN, 2 / d), np.zeros(_HIDDEN, np.float32),
        draw(_HIDDEN, k, 1 / _HIDDEN), np.zeros(k, np.float32),
    ]  # fmt: skip


def _deal(count: int, chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    epochs, batch = _MANY_ROUNDS if count >= _MANY else _FEW_ROUNDS
    for _ in range(epochs):
        order = chance.permutation(count)
        yield from (order[start : start + batch] for start in range(0, count, batch))


def _find_gradients(
    layers: list[Rows], x: Rows, targets: NDArray[np.int64], chance: np.random.Generator
) -> tuple[Rows, ...]:
    """Of the cross entropy with smoothed targets, some inputs and hidden units left out."""
    inner, inner_bias, outer, outer_bias = layers
    x = x * _keep(x.shape, _DROPPED_INPUTS, chance)
    hidden = np.maximum(x @ inner + inner_bias, 0)
    kept = _keep(hidden.shape, _DROPPED_HIDDEN, chance)
    dropped = hidden * kept
    scores = dropped @ outer + outer_bias
    error = np.exp(scores - scores.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error -= np.float32(_SMOOTHING / error.shape[1])
    error[np.arange(len(x)), targets] -= np.float32(1 - _SMOOTHING)
    error /= len(x)
    back = (error @ outer.T) * kept * (hidden > 0)
    return x.T @ back, back.sum(axis=0), dropped.T @ error, error.sum(axis=0)


def _keep(shape: tuple[int, ...], dropped: float, chance: np.random.Generator) -> Rows:
    # A byte says it well enough, and is drawn four times as fast.
    kept: Rows = (chance.integers(256, size=shape, dtype=np.uint8) >= 256 * dropped) / np.float32(1 - dropped)
    return kept


class Adam:
    """Moves one array towards less error; weights shrink a little with each step, biases do not."""

    def __init__(self, array: Rows) -> None:
        self._array = array
        self._decay = _DECAY if array.ndim > 1 else 0.0
        self._mean, self._square = np.zeros_like(array), np.zeros_like(array)
        self._taken = 0

    def take(self, gradient: NDArray[Any], rate: float) -> None:
        self._taken += 1
        self._mean += (1 - _FIRST) * (gradient - self._mean)
        self._square += (1 - _SECOND) * (gradient * gradient - self._square)
        mean, square = self._mean / (1 - _FIRST**self._taken), self._square / (1 - _SECOND**self._taken)
        self._array -= np.float32(rate) * (mean / (np.sqrt(square) + np.float32(1e-8)) + self._decay * self._array)
