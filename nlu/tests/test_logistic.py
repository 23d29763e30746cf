"""The classifier learns, knows how sure it is, and never answers untrained."""

from pathlib import Path

import numpy as np
import pytest

from nlu.logistic import LogisticModel, fit_logistic


def _cloud(spread: float) -> tuple[np.ndarray, list[str]]:
    generator = np.random.default_rng(1)
    centres = generator.normal(size=(3, 16))
    targets = np.arange(300) % 3
    return centres[targets] + spread * generator.normal(size=(300, 16)), [f"label {t}" for t in targets]


def test_it_learns_and_survives_disk(tmp_path: Path) -> None:
    x, labels = _cloud(0.3)
    model = fit_logistic(x, labels, c=10).model
    model.save(tmp_path)
    loaded = LogisticModel.load(tmp_path)
    probabilities = loaded.probabilities(x)
    assert [loaded.labels[i] for i in probabilities.argmax(axis=1)] == labels
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(probabilities, model.probabilities(x))


def test_two_labels(tmp_path: Path) -> None:
    x, labels = _cloud(0.3)
    two = [i for i, label in enumerate(labels) if label != "label 2"]
    model = fit_logistic(x[two], [labels[i] for i in two], c=10).model
    assert [model.labels[i] for i in model.probabilities(x[two]).argmax(axis=1)] == [labels[i] for i in two]


def test_confidence_is_how_often_it_is_right_on_what_it_has_not_seen() -> None:
    x, labels = _cloud(2.5)
    fit = fit_logistic(x, labels, c=100)
    right = np.mean([fit.model.labels[i] == label for i, label in zip(fit.unseen.argmax(axis=1), labels, strict=True)])
    assert 0.5 < right < 0.95
    assert abs(fit.unseen.max(axis=1).mean() - right) < 0.05


def test_one_label_is_refused() -> None:
    with pytest.raises(ValueError, match="needs two labels"):
        fit_logistic(np.eye(3), ["a", "a", "a"], c=1)


def test_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LogisticModel.load(tmp_path)
