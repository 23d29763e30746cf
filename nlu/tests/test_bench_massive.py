"""MASSIVE is read row by row, and the tables say what was measured."""

from pathlib import Path

import pytest

from nlu import bench_massive
from nlu.bench_massive import Result, measure, place, read_samples, read_tests, read_training, write_report


def test_a_row_is_a_text_and_an_intent(tmp_path: Path) -> None:
    file = tmp_path / "test.en-US.tsv"
    file.write_text("wake me at six\talarm_set\nit\u2028is dark, (really) [dark]\tiot_hue_lighton\n", encoding="utf-8")
    texts = ["wake me at six", "it\u2028is dark, (really) [dark]"]
    assert read_samples(file) == (texts, ["alarm_set", "iot_hue_lighton"])


@pytest.mark.parametrize("row", ["no intent", "\talarm_set", "text\t", "text\talarm_set\tmore", ""])
def test_another_row_is_refused(tmp_path: Path, row: str) -> None:
    file = tmp_path / "test.en-US.tsv"
    file.write_text(f"a text\talarm_set\n{row}\nanother\talarm_set\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"test\.en-US\.tsv:2: needs"):
        read_samples(file)


def test_the_data_are_whole() -> None:
    tests = read_tests()
    assert len(tests) == 52
    assert {len(texts) for texts, _ in tests.values()} == {595}
    intents = set(read_training("en-US")[1])
    assert len(intents) == 60
    for locale in bench_massive.TRAINED_ON:
        texts, labels = read_training(locale)
        assert len(texts) == 2020
        assert set(labels) == intents
        assert set(tests[locale][1]) <= intents


def test_accuracy_is_measured_by_locale() -> None:
    tests = {"en-US": (["a", "b"], ["x", "y"]), "sw-KE": (["c", "d"], ["x", "y"])}
    answers = {"en-US": ["x", "y"], "sw-KE": ["y", "y"]}
    assert measure(tests, lambda locale, texts: answers[locale]) == {"en-US": 1.0, "sw-KE": 0.5}


def _result(trained_on: str, seconds: float, *shares: float) -> Result:
    accuracy = dict(zip(("ar-SA", "en-US", "zh-CN"), shares, strict=True))
    return Result(trained_on, "2026-01-02", seconds, 2 * seconds, accuracy)


def test_the_tables_say_how_far_each_is_and_who_is_ahead() -> None:
    whole = _result("en-US", 50.4, 0.5, 0.9, 0.7)
    ours = [_result("en-US", 7.0, 0.4, 0.8, 0.6), _result("zh-CN", 8.0, 0.5, 0.6, 0.7)]
    rasas = [_result("en-US", 120.0, 0.1, 0.85, 0.05), _result("zh-CN", 130.0, 0.0, 0.1, 0.75)]
    lines = write_report(whole, ours, rasas).splitlines()
    assert "mean of 3 locales **70.0**, English" in " ".join(lines)
    assert "| en-US | Alley | 80.0 | 50.0 | 60.0 | 7 (14) |" in lines
    assert "| en-US | Rasa | 85.0 | 7.5 | 33.3 | 120 (240) |" in lines
    assert "| | ahead by | **-5.0** | **+42.5** | **+26.7** | |" in lines
    assert "| ar-SA | 50.0 | 40.0 | 10.0 | 50.0 | 0.0 |" in lines


def test_the_report_replaces_only_what_is_between_its_marks() -> None:
    once = place("first", "# Title\n\n## Another\n")
    assert once.startswith("# Title\n\n## Another\n")
    more = f"{once}\n## Later\n<!-- end -->\n"
    assert place("second", more) == more.replace("first", "second")
    assert place("first", once) == once


def test_without_rasas_side_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bench_massive.main() == 1
    assert "make bench-nlu" in capsys.readouterr().err
