"""The held-out sentences: in shape, enough of them, and neither among nor near those that the model is trained on."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from tests.content.nearness import Neighbourhood, plain
from tests.held_out import HELD_OUT, read_entries

ROOT = Path(__file__).parent.parent.parent
LABELS = set(yaml.safe_load((ROOT / "nlu" / "intents.yaml").read_text()))
TRAINED = ROOT / "nlu" / "data"
LANGUAGES = sorted(folder.name for folder in HELD_OUT.iterdir())
MAIN = {
    "en", "zh", "zh-Hant", "ja", "ko", "fr", "de", "es", "pt", "it", "ru", "ar", "vi", "th", "tr", "hi", "id", "uk",
    "pl", "nl",
}  # fmt: skip
CATEGORIES = 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_held_out_sentence_is_trained_on_or_nearly(language: str) -> None:
    trained = Neighbourhood(entry["text"] for _label, entry in read_entries(TRAINED / language))
    near = [(entry["text"], trained.near(entry["text"])) for _label, entry in read_entries(HELD_OUT / language)]
    assert [pair for pair in near if pair[1] is not None] == []


def test_a_near_sentence_is_found() -> None:
    trained = Neighbourhood(["Where does the old sofa go on Sundays?", "ok"])
    assert trained.near("where does the old sofa go on sunday") is not None
    assert trained.near("OK!") is not None
    assert trained.near("where does the old lamp of my aunt go") is None


def test_no_sentence_is_held_out_twice() -> None:
    for language in LANGUAGES:
        texts = Counter(plain(entry["text"]) for _label, entry in read_entries(HELD_OUT / language))
        assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_held_out_often_enough(language: str) -> None:
    counts = Counter(label for label, _entry in read_entries(HELD_OUT / language))
    least = 3 if language in MAIN else 1
    assert {label: counts[label] for label in LABELS if counts[label] < least} == {}
    assert set(counts) <= LABELS


@pytest.mark.parametrize("language", sorted(folder.name for folder in TRAINED.iterdir()))
def test_every_label_is_trained_often_enough(language: str) -> None:
    counts: defaultdict[str, int] = defaultdict(int)
    categories = set()
    for label, entry in read_entries(TRAINED / language):
        counts[label] += 1
        categories.add(entry.get("category", "none"))
    least = 40 if language in ("en", "zh") else 20 if language in MAIN else 6
    assert {label: counts[label] for label in LABELS if counts[label] < least} == {}
    usual = sorted(counts.values())[len(counts) // 2]
    assert counts["out_of_scope"] >= 2 * usual
    assert len(categories - {"none"}) == CATEGORIES


def test_categories_and_urgency_belong_to_problems() -> None:
    for language in LANGUAGES:
        for label, entry in read_entries(HELD_OUT / language):
            assert ("category" in entry) == (label == "report_problem"), entry
            assert entry.get("category") == "safety" or "urgent" not in entry, entry
            assert entry.get("also", label) in LABELS
