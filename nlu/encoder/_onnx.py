"""Writes an ONNX model file; used by `_conversion.py`.

The package `onnx` (67 MB) is not needed for that: a model is a protobuf message, and the fields used here are numbered
as in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Shape = Sequence[str | int]

_CONTRIBUTED = "com.microsoft"
"""Where onnxruntime keeps the operators that are not in the standard."""
_IR_VERSION, _OPSET = 10, 21
_ELEMENTS = {np.dtype(np.float32): 1, np.dtype(np.int8): 3, np.dtype(np.int64): 7}
_FLOAT, _INTEGER = 1, 2


class Graph:
    """A model under construction. Values go by their names; an empty name leaves an optional input out."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._names = 0

    def constant(self, array: NDArray[np.float32] | NDArray[np.int8] | NDArray[np.int64]) -> str:
        """Add a constant and return its name."""
        (name,) = self._make_names(1)
        fields = [_integer(1, size) for size in array.shape]
        fields += [_integer(2, _ELEMENTS[array.dtype]), _text(8, name), _message(9, array.tobytes())]
        self._parts.append(_message(5, *fields))
        return name

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: int | float) -> str:
        """Add a node of ONNX's standard operators and return the name of its only output."""
        (name,) = self._add_node(operator, inputs, 1, domain, attributes)
        return name

    def contribute(self, operator: str, *inputs: str, **attributes: int | float) -> str:
        """Like `add`, for an operator of onnxruntime's own."""
        return self.add(operator, *inputs, domain=_CONTRIBUTED, **attributes)

    def split(self, value: str, parts: int) -> list[str]:
        """Cut the last dimension into equal parts and return their names."""
        return self._add_node("Split", (value,), parts, "", {"axis": -1, "num_outputs": parts})

    def serialise(self, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> bytes:
        """The model file. Inputs and outputs are 32-bit floats; a size that varies is given by a name."""
        ends = [_message(11, *_describe(name, shape)) for name, shape in inputs.items()]
        ends += [_message(12, *_describe(name, shape)) for name, shape in outputs.items()]
        opsets = (_integer(2, _OPSET),), (_text(1, _CONTRIBUTED), _integer(2, 1))
        return b"".join(
            (
                _integer(1, _IR_VERSION),
                *(_message(8, *opset) for opset in opsets),
                _message(7, *self._parts, _text(2, "encoder"), *ends),
            )
        )

    def _add_node(
        self, operator: str, inputs: Sequence[str], outputs: int, domain: str, attributes: dict[str, int | float]
    ) -> list[str]:
        names = self._make_names(outputs)
        fields = [_text(1, name) for name in inputs] + [_text(2, name) for name in names] + [_text(4, operator)]
        fields += [_message(5, *_describe_attribute(*attribute)) for attribute in attributes.items()]
        self._parts.append(_message(1, *fields, _text(7, domain)))
        return names

    def _make_names(self, count: int) -> list[str]:
        self._names += count
        return [f"v{number}" for number in range(self._names - count, self._names)]


def _describe_attribute(name: str, value: int | float) -> tuple[bytes, ...]:
    if isinstance(value, float):
        return _text(1, name), _key(2, 5) + np.float32(value).tobytes(), _integer(20, _FLOAT)
    return _text(1, name), _integer(3, value), _integer(20, _INTEGER)


def _describe(name: str, shape: Shape) -> tuple[bytes, bytes]:
    sizes = [_message(1, _text(2, size) if isinstance(size, str) else _integer(1, size)) for size in shape]
    tensor = _message(1, _integer(1, _ELEMENTS[np.dtype(np.float32)]), _message(2, *sizes))
    return _text(1, name), _message(2, tensor)


def _text(field: int, text: str) -> bytes:
    return _message(field, text.encode())


def _message(field: int, *parts: bytes) -> bytes:
    return b"".join((_key(field, 2), _varint(sum(map(len, parts))), *parts))


def _integer(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    digits = bytearray()
    while value > 127:
        digits.append(value & 127 | 128)
        value >>= 7
    return bytes([*digits, value])
