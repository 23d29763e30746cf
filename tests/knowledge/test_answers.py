import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from bot.errors import ContentError
from knowledge import answer_file
from knowledge import answers as module
from knowledge.answers import Answers
from knowledge.centre import Centre
from knowledge.glossary import Glossary, load_glossary
from knowledge.texts import Texts

TUESDAY = datetime(2026, 11, 24, 2, tzinfo=UTC)
TODAY = date(2026, 11, 25)
WRITTEN = set("en zh zh-Hant ja ko fr de es pt it ru ar vi th tr hi id uk pl nl".split())  # noqa: SIM905


@pytest.fixture
def answers(centre: Centre, texts: Texts) -> Answers:
    return Answers(centre, texts, clock=lambda: TUESDAY)


@pytest.fixture
def glossary(centre: Centre) -> Glossary:
    return load_glossary(centre)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(answer_file.FOLDER, tmp_path / "faq"))


def test_the_shipped_answers_are_in_order(answers: Answers, glossary: Glossary) -> None:
    assert answers.check(glossary) == []
    assert answers.languages[0] == "en"
    assert {language for by_language in answers.files.values() for language in by_language} == WRITTEN
    assert all(set(by_language) == WRITTEN for by_language in answers.files.values())


def test_no_shipped_answer_shows_a_placeholder(answers: Answers) -> None:
    for topic, by_language in answers.files.items():
        for language, file in by_language.items():
            for section in (None, *(part.id for part in file.sections)):
                found = answers.find(topic, language, section)
                assert found is not None
                assert "{" not in found.prose.text


def test_find(answers: Answers) -> None:
    found = answers.find("opening_hours", "en")
    assert found is not None
    assert found.prose.text.startswith("**Opening hours**\n\nWe are open now, until 17:30.\n\n- Monday to Friday")
    assert (found.prose.language, found.prose.origin) == ("en", "human")
    assert [section for section, _title in found.sections] == ["holidays", "before", "outside_hours"]
    assert found.related == ("location", "contact", "emergency_numbers")
    assert found.actions == ("book_appointment", "talk_to_human")


def test_a_section(answers: Answers) -> None:
    found = answers.find("opening_hours", "zh", "holidays")
    whole = answers.find("opening_hours", "zh")
    assert found is not None
    assert whole is not None
    assert found.prose.text.startswith("**节假日**\n\n春节")
    assert found.sections == whole.sections
    assert answers.find("opening_hours", "zh", "gone") == whole


@pytest.mark.parametrize(("language", "written"), [("zh-Hans", "zh"), ("fr-CA", "fr"), ("sw", "en"), ("ar", "ar")])
def test_the_nearest_language(answers: Answers, language: str, written: str) -> None:
    found = answers.find("location", language)
    assert found is not None
    assert found.prose.language == written


def test_nothing_is_written(answers: Answers) -> None:
    assert answers.find("weather", "en") is None


def change(folder: Path, language: str, **fields: object) -> None:
    path = folder / language / "location.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | fields, allow_unicode=True))


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"answer": "x" * 701}, "answer: String should have at most 700"),
        ({"answer": " "}, "answer: String should have at least 1"),
        ({"sources": []}, "sources: Tuple should have at least 1"),
        ({"origin": "parrot"}, "origin: Input should be 'human' or 'machine'"),
        ({"actions": ["dance"]}, "actions.0"),
        ({"topic": "locations"}, "topic: is 'locations', but the file is named 'location'"),
        ({"sections": [{"id": "a", "title": "A", "text": "x" * 901}]}, "sections.0.text"),
        ({"sections": [{"id": "a", "title": "A", "text": "x"}] * 2}, "two sections have the same id"),
    ],
)
def test_a_malformed_file_stops_the_start(
    centre: Centre, texts: Texts, folder: Path, fields: dict[str, object], rule: str
) -> None:
    change(folder, "fr", **fields)
    with pytest.raises(ContentError, match=r"fr/location\.yaml: ") as caught:
        Answers(centre, texts, folder)
    assert rule in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"answer": "at {adress}"}, "answer: unknown placeholder adress"),
        ({"answer": "**a"}, "answer: a ** has no partner"),
        ({"answer": "open {hours_week}"}, "must stand on a line of its own"),
        ({"sections": []}, "sections: [], but the English answer has"),
        ({"related": ["contact"]}, "related: ['contact'], but the English answer has"),
        ({"actions": []}, "actions: [], but the English answer has"),
        ({"sources": ["a", "b", "c"]}, "sources: 3, but the English answer has"),
        ({"reviewed_on": date(2025, 11, 1)}, "more than a year ago"),
        ({"reviewed_on": date(2026, 12, 1)}, "has not come yet"),
        ({"related": ["weather"]}, "related: faq/weather is no intent"),
        ({"questions": ["where"]}, "questions: 1, but at least 3"),
        ({"answer": "where? see https://example.org"}, "links: ['https://example.org'], but the English answer has"),
        ({"related": ["location"]}, "related: location is this answer itself"),
    ],
)
def test_faults(centre: Centre, texts: Texts, folder: Path, fields: dict[str, object], problem: str) -> None:
    change(folder, "fr", **fields)
    problems = Answers(centre, texts, folder).check(Glossary({}), TODAY)
    assert any(line.startswith("faq/fr/location.yaml: ") and problem in line for line in problems)


def test_a_topic_that_nobody_wrote(centre: Centre, texts: Texts, folder: Path) -> None:
    for file in folder.glob("*/contact.yaml"):
        file.unlink()
    problems = Answers(centre, texts, folder).check(Glossary({}), TODAY)
    assert "faq/fr/location.yaml: related: nothing is written on contact" in problems


def test_an_official_term_and_its_chinese_name(centre: Centre, texts: Texts, folder: Path, glossary: Glossary) -> None:
    path = folder / "fr" / "dog_licence.yaml"
    path.write_text(
        path.read_text().replace("certificat d’enregistrement du chien", "papier").replace("养犬登记证", "")
    )
    problems = Answers(centre, texts, folder).check(glossary, TODAY)
    name = "certificat d’enregistrement du chien"
    assert f"faq/fr/dog_licence.yaml: the term 'dog_licence' is not called {name!r}" in problems
    assert "faq/fr/dog_licence.yaml: 养犬登记证 is missing, which residents can show" in problems


def outdate(folder: Path, topic: str) -> None:
    """The English answer changes, its translations do not."""
    path = folder / "en" / f"{topic}.yaml"
    path.write_text(path.read_text().replace("answer: |\n", "answer: |\n  New since today.\n\n"))


def test_an_answer_that_is_out_of_date_shows_the_current_one(centre: Centre, texts: Texts, folder: Path) -> None:
    outdate(folder, "tax")
    answers = Answers(centre, texts, folder)
    found = answers.find("tax", "fr")
    assert found is not None
    assert found.prose.language == "fr"
    own, _, current = found.prose.text.partition("⚠️")
    assert "New since today" not in own
    assert "(anglais)" in current
    assert "New since today." in current
    other = answers.find("visa", "fr")
    assert other is not None
    assert "⚠️" not in other.prose.text


def test_a_topic_needs_english_and_an_intent(centre: Centre, texts: Texts, folder: Path) -> None:
    content = yaml.safe_load((folder / "fr" / "location.yaml").read_text()) | {"topic": "weather"}
    (folder / "fr" / "weather.yaml").write_text(yaml.safe_dump(content))
    problems = Answers(centre, texts, folder).check(Glossary({}), TODAY)
    assert any(line.startswith("faq/en/weather.yaml is missing") for line in problems)
    assert any("topic: faq/weather is no intent" in line for line in problems)


def test_a_folder_without_answers(centre: Centre, texts: Texts, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="has no answers"):
        Answers(centre, texts, tmp_path)


def test_the_command() -> None:
    assert module.main() == 0
