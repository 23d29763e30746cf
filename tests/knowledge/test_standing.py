from datetime import date

from knowledge.answer_file import AnswerFile, MadeFrom, made_from
from knowledge.standing import Standing, find_standings


def answer(words: str, **more: object) -> AnswerFile:
    fields = {"topic": "visa", "title": "Visa", "answer": words, "sources": ("law",), "origin": "human"}
    return AnswerFile.model_validate(fields | {"reviewed_on": date(2026, 11, 24)} | more)


def test_every_standing() -> None:
    english = answer("Ask.")
    by_language = {
        "en": english,
        "fr": answer("Demandez.", made_from=made_from({"en": english}, "fr")),
        "de": answer("Fragen Sie.", made_from=MadeFrom(language="en", content="0" * 12)),
        "sw": answer("Uliza.", origin="machine"),
    }
    rows = find_standings({"visa": by_language}, ["en", "fr", "de", "sw", "ha"])
    assert {row.language: row.standing for row in rows} == {
        "en": Standing.HUMAN, "fr": Standing.HUMAN, "de": Standing.OUTDATED, "sw": Standing.MACHINE,
        "ha": Standing.MISSING,
    }  # fmt: skip


def test_only_words_make_a_translation_old() -> None:
    english = answer("Ask.")
    same = english.model_copy(update={"reviewed_on": date(2027, 1, 1), "related": ("tax",), "questions": ("when",)})
    assert same.content_hash == english.content_hash
    assert answer("Ask us.").content_hash != english.content_hash
