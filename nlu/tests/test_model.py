"""A small model, trained for real: what it answers, and what it does with odd input."""

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource

from nlu.components.intent_classifier import IntentClassifier
from nlu.components.language_identifier import LanguageIdentifier


def test_a_parse_has_the_shape_that_was_agreed(model: Any) -> None:
    [parsed] = model.parse(["there is a smell of gas in building 12, case C-2026-000123"])
    assert parsed["intent"] == {"name": "report_problem", "confidence": parsed["intent"]["confidence"]}
    assert parsed["intent_ranking"][0]["name"] == "report_problem"
    found = [(each["entity"], each["value"], each["start"], each["end"]) for each in parsed["entities"]]
    assert found == [("building", "12", 27, 38), ("case_number", "C-2026-000123", 45, 58)]
    assert {each["extractor"] for each in parsed["entities"]} == {"EntityExtractor"}
    assert parsed["category"]["name"] == "safety"
    assert parsed["urgent"] is True
    assert parsed["fallback"] is (parsed["intent"]["confidence"] < 0.5)
    assert parsed["language"]["name"] == "en"


def test_labels_come_out_with_their_slash(model: Any) -> None:
    [parsed] = model.parse(["which bin is for glass bottles"])
    assert parsed["intent"]["name"] == "faq/waste_sorting"
    assert {intent["name"] for intent in parsed["intent_ranking"]} == {"greet", "faq/waste_sorting", "report_problem"}


def test_what_was_learnt_carries_over_to_a_language_without_data(model: Any) -> None:
    [parsed] = model.parse(["in welchen Müll kommen alte Batterien"])
    assert parsed["intent"]["name"] == "faq/waste_sorting"


def test_noise_is_not_urgent(model: Any) -> None:
    [parsed] = model.parse(["my neighbour practises the drums every night"])
    assert parsed["urgent"] is False
    assert parsed["category"]["name"] == "noise"


def test_a_place_alone_is_not_urgent(model: Any) -> None:
    places = model.parse(["Building 12, third floor", "fire, building 12, third floor, help"])
    assert [parsed["urgent"] for parsed in places] == [False, True]


def test_a_slash_command_is_no_back_door(model: Any) -> None:
    [parsed] = model.parse(['/report_problem{"place": "here"}'])
    assert parsed["intent"]["confidence"] < 1
    assert parsed["entities"] == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_text_has_no_intent(model: Any, text: str) -> None:
    [parsed] = model.parse([text])
    assert parsed["intent"] == {"name": None, "confidence": 0.0}
    assert parsed["fallback"] is True
    assert parsed["urgent"] is False


@pytest.mark.parametrize("text", ["👍", "\0", "a\0b", "gas " * 2500, "\u202e\u2066 gaz", "字" * 10_000, "🏳️‍🌈" * 500])
def test_odd_text_gets_an_answer(model: Any, text: str) -> None:
    [parsed] = model.parse([text])
    assert parsed["intent"]["name"] in {"greet", "faq/waste_sorting", "report_problem"}


def test_a_batch_is_parsed_as_one_by_one(model: Any) -> None:
    texts = ["hello", "which bin", "fire help", "你好", ""]
    together = [parsed["intent"]["name"] for parsed in model.parse(texts)]
    assert together == [model.parse([text])[0]["intent"]["name"] for text in texts]


@pytest.mark.parametrize("component", [IntentClassifier, LanguageIdentifier])
def test_a_component_whose_files_are_missing_does_not_load(component: Any, tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    resource = Resource("train_component")
    context = ExecutionContext(GraphSchema({}), "a model")
    settings = component.get_default_config()
    with pytest.raises(ValueError, match="does not exist"):
        component.load(settings, storage, resource, context)
    with storage.write_to(resource):
        pass
    with pytest.raises(FileNotFoundError):
        component.load(settings, storage, resource, context)
