"""The registry and the data keep each other in step, and what ships is in order."""

from pathlib import Path

import pytest

from nlu.registry import find_problems, main, read_registry
from nlu.tests.conftest import write_sentences

_ENTRY = "{label}:\n  meaning: m\n  dialogue: d\n  entities: []\n"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    file = tmp_path / "intents.yaml"
    file.write_text("".join(_ENTRY.format(label=label) for label in ("greet", "faq/visa")))
    return file


def test_every_label_with_sentences_in_every_language_is_in_order(tmp_path: Path, registry: Path) -> None:
    for name in ("en/greet", "en/faq/visa", "zh/greet", "zh/faq/visa"):
        write_sentences(tmp_path / "data", name, [f"a sentence of {name}"])
    assert find_problems(registry, tmp_path / "data") == []


def test_a_label_without_sentences_is_named_with_its_language(tmp_path: Path, registry: Path) -> None:
    for name in ("en/greet", "en/faq/visa", "zh/greet"):
        write_sentences(tmp_path / "data", name, [f"a sentence of {name}"])
    assert find_problems(registry, tmp_path / "data") == ["zh: no sentences for faq/visa"]


def test_an_unregistered_label_is_named(tmp_path: Path, registry: Path) -> None:
    for name in ("en/greet", "en/faq/visa", "en/gret"):
        write_sentences(tmp_path / "data", name, [f"a sentence of {name}"])
    [problem] = find_problems(registry, tmp_path / "data")
    assert "gret.yml: the label 'gret' is not registered" in problem


def test_a_malformed_file_does_not_hide_the_others(tmp_path: Path, registry: Path) -> None:
    write_sentences(tmp_path / "data", "en/greet", ["a: b"])
    problems = find_problems(registry, tmp_path / "data")
    assert any("greet.yml:1" in problem for problem in problems)
    assert any("unknown key" in problem for problem in problems)


def test_one_sentence_under_two_labels_is_a_problem(tmp_path: Path, registry: Path) -> None:
    write_sentences(tmp_path / "data", "en/greet", ["Visa please"])
    write_sentences(tmp_path / "data", "en/faq/visa", ["visa please"])
    assert find_problems(registry, tmp_path / "data") == ["en: 'visa please' stands under faq/visa, greet"]


def test_a_registry_entry_needs_all_its_fields(tmp_path: Path) -> None:
    file = tmp_path / "intents.yaml"
    file.write_text("greet:\n  meaning: m\n")
    assert find_problems(file, tmp_path) == [f"{file}: greet: needs exactly dialogue, entities, meaning"]


def test_the_registry_that_ships_holds_the_45_labels() -> None:
    labels = read_registry()
    assert len(labels) == 45
    assert sum(label.startswith("faq/") for label in labels) == 27
    assert {intent.dialogue for label, intent in labels.items() if label.startswith("faq/")} == {"faq"}


def test_what_ships_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().out
