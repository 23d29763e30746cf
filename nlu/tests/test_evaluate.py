"""Accuracy is counted as the evaluation promises."""

from pathlib import Path

import pytest

from nlu.evaluate import Example, main, measure_accuracy, read_examples


def test_columns_after_the_label_are_ignored(tmp_path: Path) -> None:
    file = tmp_path / "en.tsv"
    file.write_text("it burns\treport_problem\tsafety\turgent\n\nhello\tgreet|help\n", encoding="utf-8")
    assert list(read_examples(file)) == [
        Example("en", "it burns", ("report_problem",)),
        Example("en", "hello", ("greet", "help")),
    ]


def test_a_line_without_a_label_is_named(tmp_path: Path) -> None:
    file = tmp_path / "en.tsv"
    file.write_text("hello\tgreet\nhello\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.tsv:2"):
        list(read_examples(file))


def test_each_language_counts_the_same() -> None:
    examples = [Example("en", "a", ("greet",))] * 3 + [Example("zh", "b", ("greet", "help"))]
    accuracy = measure_accuracy(examples, ["greet", "greet", "deny", "help"])
    assert accuracy.languages == {"en": pytest.approx(2 / 3), "zh": 1}
    assert accuracy.labels == {"greet": 0.75}
    assert accuracy.mean == pytest.approx(5 / 6)


def test_a_folder_without_sentences_is_an_error(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--model", str(archive)]) == 1
    assert "no sentences" in capsys.readouterr().err


def test_it_runs_the_trained_model(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "en.tsv").write_text("good morning everyone\tgreet\n", encoding="utf-8")
    assert main([str(tmp_path), "--model", str(archive.parent), "--json"]) == 0
    assert '"mean": 1.0' in capsys.readouterr().out
