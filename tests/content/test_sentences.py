"""The held-out sentences: in shape, enough of them, and neither among nor near those that the model is trained on."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import pytest

from nlu.evaluation.acceptance import GUARDED, HELD_OUT
from nlu.registry import read_registry
from nlu.sentences import CATEGORIES, DATA, PLACE, Sentence, read_questions, read_sentences
from tests.alley import ROOT
from tests.content.nearness import Neighbourhood, plain


def _by_language(sentences: Iterable[Sentence]) -> dict[str, list[Sentence]]:
    found: defaultdict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        found[sentence.language].append(sentence)
    return found


LABELS = set(read_registry())
TRAINED = _by_language([*read_sentences(DATA), *read_questions()])
MEASURED = _by_language(read_sentences(ROOT / HELD_OUT))


@pytest.mark.parametrize("language", MEASURED)
def test_no_held_out_sentence_is_trained_on_or_nearly(language: str) -> None:
    trained = Neighbourhood(sentence.text for sentence in TRAINED[language])
    near = [(sentence.text, trained.near(sentence.text)) for sentence in MEASURED[language]]
    assert [pair for pair in near if pair[1] is not None] == []


def test_a_near_sentence_is_found() -> None:
    trained = Neighbourhood(["Where does the old sofa go on Sundays?", "ok"])
    assert trained.near("where does the old sofa go on sunday") is not None
    assert trained.near("OK!") is not None
    assert trained.near("where does the old lamp of my aunt go") is None


def test_no_sentence_is_held_out_twice() -> None:
    for sentences in MEASURED.values():
        texts = Counter(plain(sentence.text) for sentence in sentences)
        assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("language", MEASURED)
def test_every_label_is_held_out_often_enough(language: str) -> None:
    counts = Counter(sentence.label for sentence in MEASURED[language])
    least = 3 if language in GUARDED else 1
    assert {label: counts[label] for label in LABELS if counts[label] < least} == {}
    assert set(counts) <= LABELS


@pytest.mark.parametrize("language", TRAINED)
def test_every_label_is_trained_often_enough(language: str) -> None:
    counts = Counter(sentence.label for sentence in TRAINED[language])
    least = 40 if language in ("en", "zh") else 20 if language in GUARDED else 6
    assert {label: counts[label] for label in LABELS if counts[label] < least} == {}
    usual = sorted(counts.values())[len(counts) // 2]
    assert counts["out_of_scope"] >= 3 * usual
    assert {sentence.category for sentence in TRAINED[language]} == {*CATEGORIES, PLACE, None}


def test_categories_and_urgency_belong_to_problems() -> None:
    for sentence in (sentence for sentences in MEASURED.values() for sentence in sentences):
        assert (sentence.category is not None) == (sentence.label == "report_problem"), sentence
        assert sentence.category == "safety" or not sentence.urgent, sentence
        assert (sentence.also or sentence.label) in LABELS
