"""`alley knowledge`: what editors and translators do with the centre's answers and the bot's texts."""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from babel.messages.catalog import Catalog
from rich.console import Console
from rich.table import Table

from bot.errors import AlleyError
from bot.settings import load_settings
from knowledge import answers, catalogues, spreadsheet
from knowledge.answer_file import made_from, read_answers, write_answer
from knowledge.languages import ELSE, load_languages
from knowledge.standing import Row, Standing, find_standings

app = typer.Typer(
    no_args_is_help=True, help="The centre's answers: what is written, and the way to translators and back."
)

STYLES = {Standing.HUMAN: "green", Standing.MACHINE: "yellow", Standing.OUTDATED: "red", Standing.MISSING: "dim"}
Language = Annotated[str, typer.Argument(help="such as fr or zh-Hant")]


@app.command()
def check() -> None:
    """Tell what is wrong with the answers and the texts, a line for each; as `make check` does."""
    raise typer.Exit(max(answers.main(), catalogues.main(["check"])))


@app.command()
def status(
    language: Annotated[str | None, typer.Argument(help="tell each topic of this language")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print every topic of every language as JSON")] = False,
) -> None:
    """Tell what is written by people, translated by machine, outdated or missing, by language."""
    files = read_answers(_folder("faq"))
    languages = [language] if language else _languages()
    rows = list(find_standings(files, languages))
    if as_json:
        print(json.dumps([vars(row) for row in rows], ensure_ascii=False))
    elif language:
        _show([(row.topic, f"[{STYLES[row.standing]}]{row.standing}[/]") for row in rows], "topic", "answer")
    else:
        _show_languages(rows)


@app.command()
def confirm(
    language: Language, topics: Annotated[list[str], typer.Argument(help="the topics, or `all` that are outdated")]
) -> None:
    """Say that outdated answers fit the English ones of today: somebody has read, and perhaps changed, them."""
    folder = _folder("faq")
    files = read_answers(folder)
    outdated = [row.topic for row in find_standings(files, [language]) if row.standing is Standing.OUTDATED]
    for topic in outdated if topics == ["all"] else topics:
        file = files.get(topic, {}).get(language)
        if file is None:
            raise AlleyError(f"nothing is written on {topic!r} in {language}")
        current = {"made_from": made_from(files[topic], language), "reviewed_on": date.today()}
        if write_answer(folder, language, file.model_copy(update=current)):
            typer.echo(f"faq/{language}/{topic}.yaml: confirmed")


@app.command("export")
def export_command(language: Language, file: Annotated[Path, typer.Argument(help="an .xlsx to write")]) -> None:
    """Write one spreadsheet for a translator: every answer and text of LANGUAGE beside the English."""
    if language == ELSE or language not in load_languages(_folder("languages.yaml")):
        raise AlleyError(f"{language!r} is no language that is translated into; `alley add-language` adds one")
    count = spreadsheet.export(file, language, read_answers(_folder("faq")), _catalogue(language))
    typer.echo(f"{file}: {count} pieces")


@app.command("import")
def import_command(file: Annotated[Path, typer.Argument(help="the .xlsx that came back", exists=True)]) -> None:
    """Take a translator's spreadsheet over, all of it or, when something is wrong, nothing; only what changed."""
    change = spreadsheet.read(file, read_answers(_folder("faq")), _catalogue, date.today())
    spreadsheet.apply(change, _folder("faq"), catalogues.FOLDER)
    for topic in change.answers:
        typer.echo(f"faq/{change.language}/{topic}.yaml: changed")
    typer.echo(
        f"{len(change.answers)} answers and {len(change.texts)} texts changed; `alley knowledge check` reviews them"
    )


def _catalogue(language: str) -> Catalog:
    """With every text that the bot says, translated or not."""
    return catalogues.read_current(catalogues.FOLDER, language, catalogues.extract())


def _folder(name: str) -> Path:
    """Of the centre's own knowledge. The bot's texts are a part of the program, not of a centre."""
    return load_settings().knowledge_dir / name


def _languages() -> list[str]:
    return [language.code for language in load_languages(_folder("languages.yaml"))]


def _show(rows: list[tuple[str, ...]], *headings: str) -> None:
    table = Table(*headings, box=None)
    for row in rows:
        table.add_row(*row)
    Console(file=sys.stdout).print(table)


def _show_languages(rows: list[Row]) -> None:
    with_texts = {ELSE, *catalogues.find()}
    lines: list[tuple[str, ...]] = []
    for language in _languages():
        found = Counter(row.standing for row in rows if row.language == language)
        counts = (f"[{STYLES[each]}]{found[each] or '–'}[/]" for each in Standing)
        lines.append((language, *counts, "yes" if language in with_texts else "–"))
    _show(lines, "language", *Standing, "texts")
