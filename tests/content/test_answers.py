"""The answers as texts: each in its own language's letters, and none left in English."""

import re

import pytest

from knowledge.answer_file import AnswerFile, read_answers

FILES = read_answers()
LANGUAGES = sorted({language for by_language in FILES.values() for language in by_language})
LONG = 5  # words: shorter lines may be the same in two languages
LETTERS = {
    "ar": r"[\u0600-\u06ff]", "hi": r"[\u0900-\u097f]", "ja": r"[\u3040-\u30ff\u3400-\u9fff]", "ko": r"[\uac00-\ud7af]",
    "ru": r"[\u0400-\u04ff]", "th": r"[\u0e00-\u0e7f]", "uk": r"[\u0400-\u04ff]", "zh": r"[\u3400-\u9fff]",
    "zh-Hant": r"[\u3400-\u9fff]",
}  # fmt: skip
FOREIGN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.-]+")  # Latin words
SHOWN = re.compile(r"[\u3400-\u9fff]+")  # Chinese that residents can show
SHARE = 0.9
# Ukrainian has no ы, э, ъ or ё, Russian no і, ї, є or ґ
NOT_OF = {"uk": "[ыэъё]", "ru": "[іїєґ]"}


def told(file: AnswerFile) -> str:
    return "\n".join(file.words.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_left_in_english(language: str) -> None:
    if language == "en":
        return
    for topic, by_language in FILES.items():
        english = {line.strip() for line in told(by_language["en"]).split("\n") if len(line.split()) >= LONG}
        assert english.isdisjoint(line.strip() for line in told(by_language[language]).split("\n")), topic


@pytest.mark.parametrize("language", LETTERS)
def test_an_answer_is_in_its_own_letters(language: str) -> None:
    """Names, apps and Chinese words apart, which stand in the English answer too."""
    for topic, by_language in FILES.items():
        text = told(by_language[language])
        names = set(FOREIGN.findall(told(by_language["en"]))) | set(FOREIGN.findall(told(by_language["zh"])))
        rest = " ".join(word for word in re.split(f"({FOREIGN.pattern})", text) if word not in names)
        if language not in ("zh", "zh-Hant", "ja"):
            rest = SHOWN.sub("", rest)
        letters = [letter for letter in rest if letter.isalpha()]
        own = [letter for letter in letters if re.match(LETTERS[language], letter)]
        assert len(own) >= SHARE * len(letters), (topic, set(FOREIGN.findall(rest)))


@pytest.mark.parametrize("language", NOT_OF)
def test_neighbours_are_not_mixed_up(language: str) -> None:
    for topic, by_language in FILES.items():
        assert not re.search(NOT_OF[language], told(by_language[language]).casefold()), topic


def test_simplified_and_traditional_characters_are_not_mixed_up() -> None:
    simplified, traditional = "们这证办给请么许将", "們這證辦給請麼許將"
    for topic, by_language in FILES.items():
        assert not set(simplified) & set(told(by_language["zh-Hant"])), topic
        assert not set(traditional) & set(told(by_language["zh"])), topic
