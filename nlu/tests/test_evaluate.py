"""Accuracy is counted as the evaluation promises."""

from pathlib import Path
from typing import Any

import pytest

from nlu.evaluate import main
from nlu.evaluation.examples import Example, read_examples
from nlu.evaluation.measures import Detection, measure


def answer(intent: str, confidence: float = 0.9, **more: Any) -> dict[str, Any]:
    nothing = {"language": {"name": None}, "category": {"name": None}, "urgent": False}
    return {"intent": {"name": intent, "confidence": confidence}, **nothing, **more}


def words(text: str) -> int:
    return len(text.split())


def test_a_table_may_say_category_and_urgency(tmp_path: Path) -> None:
    lines = "it burns\treport_problem\tsafety\turgent\n\nhello\tgreet|help\nbye\tgoodbye\tsome note\n"
    (tmp_path / "en.tsv").write_text(lines, encoding="utf-8")
    assert read_examples(tmp_path) == [
        Example("en", "it burns", ("report_problem",), "safety", True),
        Example("en", "hello", ("greet", "help")),
        Example("en", "bye", ("goodbye",)),
    ]


def test_sentences_in_the_shape_of_the_training_data(tmp_path: Path) -> None:
    (tmp_path / "en" / "faq").mkdir(parents=True)
    (tmp_path / "en" / "faq" / "visa.yml").write_text("- {text: my visa, also: check_application}\n- 20260418\n")
    assert read_examples(tmp_path) == [
        Example("en", "my visa", ("faq/visa", "check_application")),
        Example("en", "20260418", ("faq/visa",)),
    ]


def test_a_line_without_a_label_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.tsv").write_text("hello\tgreet\nhello\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.tsv:2"):
        read_examples(tmp_path)


def test_each_language_counts_the_same() -> None:
    examples = [Example("en", "a", ("greet",))] * 3 + [Example("zh", "b", ("greet", "help"))]
    measures = measure(examples, [answer(name) for name in ("greet", "greet", "deny", "help")], words)
    assert measures.languages == {"en": pytest.approx(2 / 3), "zh": 1}
    assert measures.labels == {"greet": 0.75}
    assert measures.mean == pytest.approx(5 / 6)
    assert measures.confusions == [("greet", "deny", 1)]
    assert measures.cells["en", "greet"] == pytest.approx(2 / 3)


def test_what_is_found_and_what_is_missed() -> None:
    examples = [
        Example("en", "fire", ("report_problem",), "safety", True),
        Example("en", "noise", ("report_problem",), "noise"),
        Example("en", "weather", ("out_of_scope",)),
        Example("en", "hello", ("greet",)),
    ]
    answers = [
        answer("report_problem", urgent=True, category={"name": "safety"}),
        answer("report_problem", urgent=True, category={"name": "pets"}),
        answer("greet"),
        answer("out_of_scope"),
    ]
    measures = measure(examples, answers, words)
    assert measures.urgency == Detection(recall=1, precision=0.5)
    assert measures.out_of_scope == Detection(recall=0, precision=0)
    assert measures.category == 0.5


def test_a_confidence_is_compared_with_how_often_it_is_right() -> None:
    examples = [Example("en", "a", ("greet",))] * 4
    measures = measure(examples, [answer("greet", 0.5), answer("deny", 0.5), *[answer("greet", 0.95)] * 2], words)
    assert measures.calibration_error == pytest.approx(0.025)
    assert [(each.count, each.right) for each in measures.bins if each.count] == [(2, 0.5), (2, 1)]


def test_languages_are_asked_of_sentences_that_show_them() -> None:
    examples = [Example("en", "one two three", ("greet",)), Example("en", "ok", ("affirm",))]
    measures = measure(examples, [answer("greet", language={"name": "en"}), answer("affirm")], words)
    assert measures.identified == 1


def test_a_folder_without_sentences_is_an_error(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--model", str(archive)]) == 1
    assert "no sentences" in capsys.readouterr().err


def test_it_runs_the_trained_model(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "en.tsv").write_text("good morning everyone\tgreet\n", encoding="utf-8")
    assert main([str(tmp_path), "--model", str(archive.parent), "--json"]) == 0
    assert '"mean": 1.0' in capsys.readouterr().out
