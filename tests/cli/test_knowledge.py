"""`alley knowledge` as an editor types it, on a copy of the knowledge."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.nlu import ROOT
from bot.errors import AlleyError
from knowledge.answer_file import read_answers


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("ALLEY_KNOWLEDGE_DIR", str(copy))
    monkeypatch.setenv("COLUMNS", "200")
    return Path(copy)


def call(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["knowledge", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def outdate(folder: Path) -> None:
    path = folder / "faq" / "en" / "visa.yaml"
    path.write_text(path.read_text().replace("title: Visa", "title: Any visa", 1))


def test_the_status_of_all_languages(folder: Path) -> None:
    lines = {line.split()[0]: line.split()[1:] for line in call("status").splitlines()}
    assert lines["language"] == ["human", "machine", "outdated", "missing", "texts"]
    assert lines["fr"] == ["27", "–", "–", "–", "yes"]
    assert lines["sw"] == ["–", "–", "–", "27", "yes"]
    assert lines["ha"] == ["–", "–", "–", "27", "–"]


def test_an_answer_that_grew_old_and_is_confirmed(folder: Path) -> None:
    outdate(folder)
    rows = json.loads(call("status", "--json"))
    assert {"language": "fr", "topic": "visa", "standing": "outdated"} in rows
    assert {"language": "fr", "topic": "tax", "standing": "human"} in rows
    assert call("confirm", "fr", "all").splitlines() == ["faq/fr/visa.yaml: confirmed"]
    assert "outdated" not in call("status", "fr")
    assert "outdated" in call("status", "de")


def test_out_to_a_translator_and_back(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "fr.xlsx"
    assert "pieces" in call("export", "fr", str(sheet))
    before = read_answers(folder / "faq")
    assert call("import", str(sheet)).startswith("0 answers and 0 texts changed")
    assert read_answers(folder / "faq") == before


def test_what_cannot_be_exported(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(AlleyError, match="no language that is translated into"):
        call("export", "en", str(tmp_path / "en.xlsx"))


def test_the_check_is_that_of_the_answers_and_the_texts(folder: Path) -> None:
    assert "in order" in call("check")
