"""The report's figures, and what makes the check fail."""

from pathlib import Path

import pytest

from nlu import report
from nlu.evaluation import figures
from nlu.evaluation.examples import Example
from nlu.evaluation.figures import Figure
from nlu.evaluation.measures import measure
from nlu.evaluation.page import write_page
from nlu.tests.test_evaluate import answer, words


@pytest.fixture
def examples() -> list[Example]:
    return [Example("en", "hello there you", ("greet",)), Example("ja", "gas!", ("report_problem",), "safety", True)]


def test_a_figure_may_fall_by_half_a_point_and_two_sentences() -> None:
    committed = {"mean": Figure(0.95, 1000), "accuracy ja": Figure(0.95, 50), "urgency": Figure(1.0, 100)}
    now = {"mean": Figure(0.944, 1000), "accuracy ja": Figure(0.906, 50), "urgency": Figure(0.98, 100)}
    assert figures.find_falls(committed, now) == []
    worse = {"mean": Figure(0.942, 1000), "accuracy ja": Figure(0.90, 50)}
    assert figures.find_falls(committed, worse) == [
        "mean: fell from 95.0% to 94.2%",
        "accuracy ja: fell from 95.0% to 90.0%",
        "urgency: was 100.0%, is not measured any more",
    ]


def test_figures_survive_the_file(tmp_path: Path, examples: list[Example]) -> None:
    measures = measure(examples, [answer("greet"), answer("report_problem", urgent=True)], words)
    found = figures.collect(measures, examples)
    figures.write(found, tmp_path / "nlu.json")
    assert figures.read(tmp_path / "nlu.json") == {
        name: Figure(round(figure.share, 4), figure.of) for name, figure in found.items()
    }
    assert found["urgency recall"] == Figure(1.0, 1)
    assert found["accuracy ja"] == Figure(1.0, 1)


def test_the_page_is_whole(tmp_path: Path, examples: list[Example]) -> None:
    write_page(measure(examples, [answer("greet"), answer("deny <b>")], words), tmp_path / "nlu.html")
    page = (tmp_path / "nlu.html").read_text()
    assert page.count("<svg") == page.count("</svg>") == 3
    assert page.count("<text") == page.count("</text>")
    assert "deny &lt;b&gt;" in page


def test_what_people_wrote_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "nlu.md"
    text.write_text("before\n<!-- make nlu-report -->\nold\n<!-- end nlu-report -->\nafter\n")
    monkeypatch.setattr(report, "_TEXT", text)
    report._write_text("new")
    assert text.read_text() == "before\n<!-- make nlu-report -->\nnew\n<!-- end nlu-report -->\nafter\n"
