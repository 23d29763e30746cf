"""The held-out sentences: in shape, and not among those that the model is trained on."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
LABELS = set(yaml.safe_load((ROOT / "nlu" / "intents.yaml").read_text()))
HELD_OUT = sorted((ROOT / "tests" / "sentences").glob("*.tsv"))


def _plain(text: str) -> str:
    """Without case, spaces and punctuation; a sentence of signs alone stays itself."""
    return re.sub(r"[\W_]+", "", text.casefold()) or text.strip()


def _rows(path: Path) -> Iterator[tuple[str, str, str, str]]:
    for line in path.read_text().splitlines():
        text, label, category, urgent = line.split("\t")
        yield text, label, category, urgent


def _trained() -> set[str]:
    return {
        _plain(entry["text"] if isinstance(entry, dict) else str(entry))
        for path in (ROOT / "nlu" / "data").glob("*/**/*.yml")
        for entry in yaml.safe_load(path.read_text())
    }


def test_no_held_out_sentence_is_trained_on() -> None:
    trained = _trained()
    assert [text for path in HELD_OUT for text, *_rest in _rows(path) if _plain(text) in trained] == []


def test_every_label_is_registered_and_held_out() -> None:
    assert len(HELD_OUT) >= 26
    for path in HELD_OUT:
        assert {each for _text, label, *_rest in _rows(path) for each in label.split("|")} <= LABELS
    assert {label for path in HELD_OUT for _text, label, *_rest in _rows(path)} >= LABELS


def test_categories_and_urgency_belong_to_problems() -> None:
    for path in HELD_OUT:
        for _text, label, category, urgent in _rows(path):
            assert bool(category) == (label == "report_problem")
            assert urgent in ("", "urgent")
