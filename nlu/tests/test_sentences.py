"""Data files are read as people write them, and what is malformed is named with file and line."""

from pathlib import Path

import pytest

from nlu.sentences import SentenceError, read_sentences
from nlu.tests.conftest import write_sentences


def test_label_is_the_path_below_the_language(tmp_path: Path) -> None:
    write_sentences(tmp_path, "en/faq/waste_sorting", ["which bin"])
    [sentence] = read_sentences(tmp_path)
    assert (sentence.label, sentence.language, sentence.line) == ("faq/waste_sorting", "en", 1)


def test_a_mapping_carries_category_and_urgency(tmp_path: Path) -> None:
    write_sentences(tmp_path, "en/report_problem", ["{text: gas!, category: safety, urgent: true}", "noise again"])
    first, second = read_sentences(tmp_path)
    assert (first.text, first.category, first.urgent) == ("gas!", "safety", True)
    assert (second.category, second.urgent) == (None, False)


@pytest.mark.parametrize("word", ["no", "yes", "on", "20260418", "1.5", "null", "~"])
def test_words_that_yaml_would_take_for_something_else_stay_words(tmp_path: Path, word: str) -> None:
    write_sentences(tmp_path, "en/deny", [word])
    assert [sentence.text for sentence in read_sentences(tmp_path)] == [word]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("Question: which bin", "unknown key 'Question'"),
        ("{category: noise}", "needs a text"),
        ("{text: drums, category: music}", "no such category: 'music'"),
        ("{text: drums, category: noise, urgent: perhaps}", "urgent must be true or false"),
        ("[a, b]", "must be a sentence or a mapping"),
        ("{text: drums", "not YAML"),
        ("''", "needs a text"),
    ],
)
def test_a_malformed_entry_is_named_with_its_file_and_line(tmp_path: Path, entry: str, complaint: str) -> None:
    file = write_sentences(tmp_path, "en/report_problem", ["one", "two", entry])
    with pytest.raises(SentenceError, match=complaint) as caught:
        read_sentences(tmp_path)
    name, line, _ = str(caught.value).split(":", 2)
    assert name == str(file)
    assert int(line) in (3, 4)  # an unclosed bracket shows at the end of the file


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "greet.yml").write_text("hello: world\n")
    with pytest.raises(SentenceError, match=r"greet\.yml:1: must be a list"):
        read_sentences(tmp_path)
