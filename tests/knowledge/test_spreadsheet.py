import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from openpyxl import load_workbook

from bot.errors import ContentError
from knowledge import answer_file, catalogues, spreadsheet
from knowledge.answer_file import dump, read_answers

TODAY = date(2026, 11, 25)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(answer_file.FOLDER, tmp_path / "faq"))


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    return Path(shutil.copytree(catalogues.FOLDER, tmp_path / "locale"))


def catalogue(language: str) -> Catalog:
    return catalogues.read(catalogues.FOLDER, language)


@pytest.fixture
def sheet(tmp_path: Path, folder: Path) -> Path:
    path = tmp_path / "fr.xlsx"
    assert spreadsheet.export(path, "fr", read_answers(folder), catalogue("fr")) > 800
    return path


def edit(path: Path, kind: str, name: str, change: Callable[[Any], Any], column: int = 3) -> int:
    """Changes one cell, as a translator does, and returns its row."""
    book = load_workbook(path)
    row = next(row for row in book[kind].iter_rows(min_row=2) if row[0].value == name)
    row[column - 1].value = change(row[column - 1].value)
    book.save(path)
    return int(row[0].row)


def test_what_nobody_changed_changes_nothing(sheet: Path, folder: Path) -> None:
    change = spreadsheet.read(sheet, read_answers(folder), catalogue, TODAY)
    assert (change.language, dict(change.answers), dict(change.texts)) == ("fr", {}, {})


def test_only_what_changed_is_written(sheet: Path, folder: Path, locale: Path) -> None:
    edit(sheet, "answers", "visa/sections.overstay.title", lambda _words: "Séjour trop long")
    edit(sheet, "texts", "Send", lambda _words: "Expédier")
    before = {path: path.read_bytes() for path in (*folder.rglob("*.yaml"), *locale.rglob("*.po"))}
    change = spreadsheet.read(sheet, read_answers(folder), catalogue, TODAY)
    spreadsheet.apply(change, folder, locale)
    changed = [path for path, content in before.items() if path.read_bytes() != content]
    assert sorted(changed) == [folder / "fr" / "visa.yaml", locale / "fr" / "LC_MESSAGES" / "alley.po"]
    file = read_answers(folder)["visa"]["fr"]
    assert "Séjour trop long" in [section.title for section in file.sections]
    assert (file.reviewed_on, file.origin) == (TODAY, "human")
    assert catalogues.load(locale)["fr"]["Send"] == "Expédier"


def test_a_new_language_comes_back_whole_or_a_topic_at_a_time(tmp_path: Path, folder: Path) -> None:
    files, path = read_answers(folder), tmp_path / "sw.xlsx"
    spreadsheet.export(path, "sw", files, catalogue("sw"))
    for place, english in files["location"]["en"].words.items():
        edit(path, "answers", f"location/{place}", lambda _none, words=english: f"sw {words}"[:28])
    change = spreadsheet.read(path, files, catalogue, TODAY)
    assert set(change.answers) == {"location"}
    made = change.answers["location"].made_from
    assert made is not None
    assert (made.language, made.content) == ("en", files["location"]["en"].content_hash)


@pytest.mark.parametrize(
    ("kind", "name", "change", "column", "problem"),
    [
        ("answers", "visa/answer", lambda _words: "x" * 701, 3, "visa: answer: String should have at most 700"),
        (
            "answers",
            "visa/answer",
            lambda _words: None,
            3,
            "visa/answer is not translated, but others",
        ),
        ("answers", "visa/answer", lambda _hash: "0" * 12, 4, "the English of visa/answer has changed: export it anew"),
        ("answers", "visa/answer", lambda _name: "vista/answer", 1, "there is no topic 'vista'"),
        ("texts", "Missing: {document}", lambda _words: "Manque", 3, "has other {placeholders} than the English"),
        ("texts", "Send", lambda _name: "Sent", 1, "the bot does not say 'Sent' any more"),
    ],
)
def test_a_fault_is_told_with_its_row_and_nothing_is_taken(
    sheet: Path, folder: Path, kind: str, name: str, change: Callable[[Any], Any], column: int, problem: str
) -> None:
    row = edit(sheet, kind, name, change, column)
    with pytest.raises(ContentError) as caught:
        spreadsheet.read(sheet, read_answers(folder), catalogue, TODAY)
    assert problem in str(caught.value)
    assert "at most" in problem or f"row {row}" in str(caught.value)


def test_what_is_no_spreadsheet_of_ours(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "fr.xlsx"
    path.write_text("Bonjour")
    with pytest.raises(ContentError, match="no spreadsheet that"):
        spreadsheet.read(path, read_answers(folder), catalogue, TODAY)


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "fr.xlsx"
    texts = catalogue("fr")
    message = texts.get("Send")
    assert message is not None
    message.string = "=1+1"
    spreadsheet.export(path, "fr", read_answers(folder), texts)
    row = next(row for row in load_workbook(path)["texts"].iter_rows() if row[0].value == "Send")
    assert (row[2].value, row[2].data_type) == ("=1+1", "s")


def test_every_shipped_answer_is_in_the_one_style(folder: Path) -> None:
    for topic, by_language in read_answers(folder).items():
        for language, file in by_language.items():
            assert (folder / language / f"{topic}.yaml").read_text(encoding="utf-8") == dump(file)
