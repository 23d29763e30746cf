"""The classifier learns from meaning and from words, knows how sure it is, and never answers untrained."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nlu.classifier import Classifier, fit_classifier
from nlu.directions import find_directions, remove_directions
from nlu.kinds import URGENT, Kinds, kind_of
from nlu.ngrams import count_parts, fit_ngrams

Rows = NDArray[np.float32]
NONE = np.zeros((0, 16), np.float32)
WORDS = ("lift", "dog", "visa")


def cloud(spread: float, count: int = 300) -> tuple[Rows, list[str], NDArray[np.int64]]:
    """Embeddings around three centres, and their labels."""
    chance = np.random.default_rng(1)
    targets = np.arange(count) % 3
    x = chance.normal(size=(3, 16))[targets] + spread * chance.normal(size=(count, 16))
    return x.astype(np.float32), [f"label {t}" for t in targets], targets


def test_it_learns_from_meaning_and_survives_disk(tmp_path: Path) -> None:
    x, labels, _ = cloud(0.3)
    classifier, _unseen = fit_classifier([""] * 300, x, labels, NONE)
    classifier.save(tmp_path / "kept")
    loaded = Classifier.load(tmp_path / "kept")
    probabilities = loaded.probabilities([""] * 300, x)
    assert [loaded.classes[i] for i in probabilities.argmax(axis=1)] == labels
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(probabilities, classifier.probabilities([""] * 300, x), rtol=1e-4)


def test_it_learns_from_words_where_the_meaning_says_nothing() -> None:
    targets = np.arange(300) % 3
    texts = [f"about the {WORDS[target]} again" for target in targets]
    words = fit_ngrams(count_parts(texts), targets, 3)
    assert list(words.evidence(["a dog", "VISA?", "lifts"]).argmax(axis=1)) == [1, 2, 0]


def test_unknown_words_leave_it_to_the_meaning() -> None:
    x, labels, targets = cloud(0.3)
    classifier, _unseen = fit_classifier([f"about the {WORDS[target]} again" for target in targets], x, labels, NONE)
    unknown = classifier.words.evidence(["电梯坏了"])
    assert np.ptp(unknown) < 0.1
    assert np.ptp(classifier.words.evidence(["the dog"])) > 1


def test_two_classes() -> None:
    x, labels, targets = cloud(0.3)
    two = np.flatnonzero(targets != 2)
    texts = [f"about the {WORDS[targets[row]]}" for row in two]
    classifier, _unseen = fit_classifier(texts, x[two], [labels[row] for row in two], NONE)
    rows = classifier.probabilities(texts, x[two]).argmax(axis=1)
    assert [classifier.classes[i] for i in rows] == [labels[row] for row in two]


def test_confidence_is_how_often_it_is_right_on_what_it_has_not_seen() -> None:
    x, labels, _ = cloud(2.5, 1500)
    classifier, unseen = fit_classifier([""] * 1500, x, labels, NONE)
    best = unseen.probabilities.argmax(axis=1)
    right = np.mean([classifier.classes[i] == labels[row] for i, row in zip(best, unseen.rows, strict=True)])
    assert 0.5 < right < 0.95
    assert abs(unseen.probabilities.max(axis=1).mean() - right) < 0.05


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="needs two classes"):
        fit_classifier(["t"] * 3, np.eye(16, dtype=np.float32)[:3], ["a"] * 3, NONE)


def test_a_class_with_a_single_sentence_is_learnt() -> None:
    x, labels, _ = cloud(0.3)
    x = np.vstack([x, 9 * np.ones((1, 16), np.float32)])
    classifier, _unseen = fit_classifier([""] * 301, x, [*labels, "rare"], NONE)
    assert "rare" in classifier.classes


def test_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Classifier.load(tmp_path)


def test_what_tells_the_language_is_found_and_removed() -> None:
    chance = np.random.default_rng(3)
    meanings, places = chance.normal(size=(5, 64)), 5 * chance.normal(size=(40, 64))
    places = places @ np.linalg.qr(chance.normal(size=(64, 8)))[0] @ np.eye(8, 64)  # in eight directions
    x = np.array([meaning + place for place in places for meaning in meanings], np.float32)
    languages = [f"language {number}" for number in range(40) for _ in meanings]
    rest = remove_directions(x, find_directions(x, languages))
    spread = rest.reshape(40, 5, 64).std(axis=0).max()
    assert spread < 0.01
    assert find_directions(x, ["one"] * len(x)).shape == (0, 64)


def test_kinds_of_problems_are_one_intent() -> None:
    kinds = Kinds([kind_of("greet", None, False), kind_of("report_problem", "noise", False), URGENT])
    row = np.array([0.4, 0.35, 0.25], np.float32)
    assert kinds.rank_intents(row)[0] == {"name": "report_problem", "confidence": pytest.approx(0.6)}
    assert kinds.find_category(row)["name"] == "noise"
    assert kinds.danger(row) == pytest.approx(0.25)
    assert Kinds(["greet", "deny"]).find_category(np.array([0.5, 0.5], np.float32))["name"] is None
