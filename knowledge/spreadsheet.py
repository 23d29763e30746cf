"""One spreadsheet for one translator: the answers and texts of a language beside the English ones, and back again.

Called by `alley knowledge export` and `import`. A sheet has a row for each piece of text: what it is, the English, the
translation, which alone is to be changed, and a hidden column that tells whether the English has changed meanwhile.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from babel.messages.catalog import Catalog
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import ValidationError

from bot.errors import ContentError
from knowledge import catalogues
from knowledge.answer_file import AnswerFile, Files, made_from, write_answer
from knowledge.languages import ELSE

ANSWERS, TEXTS, ABOUT = "answers", "texts", "about"
HEADINGS = ("what", "English", "translation", "source")
_WIDTHS = {"A": 34, "B": 80, "C": 80}


@dataclass(frozen=True)
class Piece:
    """`name` is `<topic>/<place>` of an answer, or the msgid of a text."""

    name: str
    english: str
    translation: str

    @property
    def source(self) -> str:
        return hashlib.sha256(self.english.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Change:
    """What an import would do: the answers and the texts that are new or different, by topic and msgid.

    `catalogue` is what the texts will be written into.
    """

    language: str
    answers: Mapping[str, AnswerFile]
    texts: Mapping[str, str]
    catalogue: Catalog


def export(path: Path, language: str, files: Files, catalogue: Catalog) -> int:
    """Writes the spreadsheet; returns how many pieces are in it."""
    book = Workbook()
    about = book.active
    assert isinstance(about, Worksheet)
    about.title = ABOUT
    about.append(("language", language))
    about.append(("", "Please change only the column `translation`, and keep {braces} and **."))
    pieces = {ANSWERS: list(_of_answers(files, language)), TEXTS: list(_of_texts(catalogue))}
    for kind, rows in pieces.items():
        _fill(book.create_sheet(kind), rows)
    book.save(path)
    return sum(map(len, pieces.values()))


def read(path: Path, files: Files, catalogue_of: Callable[[str], Catalog], today: date) -> Change:
    """What the spreadsheet changes; `catalogue_of` reads a language's.

    Raises ContentError with a line for every fault, naming sheet and row.
    """
    try:
        book = load_workbook(path, read_only=False)
        language = str(book[ABOUT]["B1"].value or "")
        rows = {kind: list(_rows(book[kind])) for kind in (ANSWERS, TEXTS)}
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        raise ContentError(f"{path} is no spreadsheet that `alley knowledge export` wrote: {error}") from error
    if not language or language == ELSE:
        raise ContentError(f"{path}: sheet {ABOUT}: no language that English is translated into")
    catalogue = catalogue_of(language)
    problems: list[str] = []
    answers = _changed_answers(rows[ANSWERS], files, language, today, problems)
    texts = _changed_texts(rows[TEXTS], catalogue, problems)
    if problems:
        raise ContentError("\n".join(f"{path}: {problem}" for problem in problems))
    return Change(language, answers, texts, catalogue)


def apply(change: Change, folder: Path, locale: Path) -> None:
    """Writes what changed, and nothing else."""
    for file in change.answers.values():
        write_answer(folder, change.language, file)
    if change.texts:
        for msgid, words in change.texts.items():
            message = change.catalogue.get(msgid)
            assert message is not None
            message.string = words
        catalogues.write(locale, change.language, change.catalogue)


def _of_answers(files: Files, language: str) -> Iterator[Piece]:
    for topic, by_language in sorted(files.items()):
        if ELSE in by_language:
            there = by_language[language].words if language in by_language else {}
            for place, english in by_language[ELSE].words.items():
                yield Piece(f"{topic}/{place}", english, there.get(place, ""))


def _of_texts(catalogue: Catalog) -> Iterator[Piece]:
    for message in catalogue:
        if message.id:
            yield Piece(str(message.id), str(message.id), str(message.string or ""))


def _fill(sheet: Worksheet, pieces: Sequence[Piece]) -> None:
    sheet.append(HEADINGS)
    for piece in pieces:
        sheet.append([piece.name, piece.english, piece.translation, piece.source])
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.data_type = "s" if cell.value is not None else cell.data_type  # "=…" is no formula here
        row[2].protection = Protection(locked=False)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["D"].hidden = True
    sheet.freeze_panes = "A2"


def _rows(sheet: Worksheet) -> Iterator[tuple[int, Piece, str]]:
    """Number, piece and the source it was made from."""
    for number, row in enumerate(sheet.iter_rows(min_row=2, max_col=4, values_only=True), start=2):
        name, english, translation, source = (str(cell or "").replace("\r\n", "\n") for cell in row)
        if name:
            yield number, Piece(name, english, translation.strip()), source


def _changed_answers(
    rows: Sequence[tuple[int, Piece, str]], files: Files, language: str, today: date, problems: list[str]
) -> dict[str, AnswerFile]:
    by_topic: dict[str, dict[str, tuple[int, Piece, str]]] = {}
    for row in rows:
        topic, _, place = row[1].name.partition("/")
        by_topic.setdefault(topic, {})[place] = row
    changed = {}
    for topic, found in by_topic.items():
        english = files.get(topic, {}).get(ELSE)
        if english is None:
            problems.append(f"sheet {ANSWERS}, row {next(iter(found.values()))[0]}: there is no topic {topic!r}")
        elif any(piece.translation for _number, piece, _source in found.values()):
            file = _answer(found, english, files[topic], language, today, problems)
            if file is not None:
                changed[topic] = file
    return changed


def _answer(
    found: Mapping[str, tuple[int, Piece, str]], english: AnswerFile, by_language: Mapping[str, AnswerFile],
    language: str, today: date, problems: list[str],
) -> AnswerFile | None:  # fmt: skip
    """The answer as the sheet has it; None when that is what is written already, or cannot be."""
    before = len(problems)
    for place, original in english.words.items():
        number, piece, source = found.get(place, (0, Piece("", "", ""), ""))
        if not number:
            problems.append(f"sheet {ANSWERS}: {english.topic}/{place} has no row: export it anew")
        elif not piece.translation:
            problems.append(
                f"sheet {ANSWERS}, row {number}: {piece.name} is not translated, but others of its topic are"
            )
        elif source != Piece("", original, "").source:
            problems.append(f"sheet {ANSWERS}, row {number}: the English of {piece.name} has changed: export it anew")
    if len(problems) > before:
        return None
    words = {place: piece.translation for place, (_number, piece, _source) in found.items()}
    there = by_language.get(language)
    if there is not None and there.words == {place: words[place] for place in english.words}:
        return None
    try:
        return _translated(english, words, made_from(by_language, language), today)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        problems.append(f"sheet {ANSWERS}: {english.topic}: {place}: {error.errors()[0]['msg']}")
        return None


def _translated(english: AnswerFile, words: Mapping[str, str], source: Any, today: date) -> AnswerFile:
    data = english.model_dump()
    data |= {"title": words["title"], "answer": words["answer"], "reviewed_on": today, "origin": "human"}
    for section in data["sections"]:
        section |= {part: words[f"sections.{section['id']}.{part}"] for part in ("title", "text")}
    data["sources"] = [words[f"sources.{number + 1}"] for number in range(len(english.sources))]
    data["questions"] = [words[f"questions.{number + 1}"] for number in range(len(english.questions))]
    return AnswerFile.model_validate(data | {"made_from": source})


def _changed_texts(rows: Sequence[tuple[int, Piece, str]], catalogue: Catalog, problems: list[str]) -> dict[str, str]:
    changed = {}
    for number, piece, _source in rows:
        message = catalogue.get(piece.name)
        if message is None:
            problems.append(f"sheet {TEXTS}, row {number}: the bot does not say {piece.name!r} any more")
        elif piece.translation and piece.translation != message.string:
            if set(catalogues.PLACEHOLDER.findall(piece.name)) != set(
                catalogues.PLACEHOLDER.findall(piece.translation)
            ):
                problems.append(f"sheet {TEXTS}, row {number}: has other {{placeholders}} than the English")
            changed[piece.name] = piece.translation
    return changed


def _blanks(words: str) -> set[str]:
    return set(catalogues.PLACEHOLDER.findall(words))
