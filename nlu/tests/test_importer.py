"""Rasa receives every sentence with an unsplit label."""

from pathlib import Path

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY

from nlu.importer import SentenceImporter
from nlu.labels import from_rasa, to_rasa
from nlu.sentences import SentenceError
from nlu.tests.conftest import write_sentences


def test_a_label_with_a_slash_is_never_split(data: Path) -> None:
    examples = SentenceImporter(data=data, answers=data).get_nlu_data().training_examples
    assert {from_rasa(example.get(INTENT)) for example in examples} == {"greet", "faq/waste_sorting", "report_problem"}
    assert all(example.get(INTENT_RESPONSE_KEY) is None for example in examples)
    assert not any("/" in example.get(INTENT) for example in examples)


def test_a_label_survives_its_respelling() -> None:
    assert from_rasa(to_rasa("faq/waste_sorting")) == "faq/waste_sorting"


def test_a_message_carries_language_category_and_urgency(data: Path) -> None:
    examples = SentenceImporter(data=data, answers=data).get_nlu_data().training_examples
    [gas] = [example for example in examples if "smell of gas" in example.get("text")]
    assert (gas.get("language"), gas.get("category"), gas.get("urgent")) == ("en", "safety", True)


def test_the_questions_of_an_answer_are_sentences_of_its_topic(data: Path, tmp_path: Path) -> None:
    answer = tmp_path / "fr" / "visa.yaml"
    answer.parent.mkdir()
    answer.write_text("topic: visa\nquestions:\n- puis-je rester un mois de plus\n")
    examples = SentenceImporter(data=data, answers=tmp_path).get_nlu_data().training_examples
    [asked] = [example for example in examples if example.get("language") == "fr"]
    assert from_rasa(asked.get(INTENT)) == "faq/visa"
    assert asked.get("text") == "puis-je rester un mois de plus"


def test_an_error_names_file_and_line(tmp_path: Path) -> None:
    file = write_sentences(tmp_path, "en/greet", ["hello", "a: b"])
    with pytest.raises(SentenceError, match=f"{file}:2: unknown key 'a'"):
        SentenceImporter(data=tmp_path, answers=tmp_path).get_nlu_data()
