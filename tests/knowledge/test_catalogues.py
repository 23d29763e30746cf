import shutil
from pathlib import Path

import pytest

from bot.errors import ContentError
from knowledge import catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def test_the_shipped_catalogues_are_complete() -> None:
    assert {"zh", "ja", "ko", "fr", "es", "ar"} <= set(catalogues.find(catalogues.FOLDER))
    assert catalogues.check() == []
    assert catalogues.main(["check"]) == 0


def test_extraction_finds_the_dialogues() -> None:
    found = {str(message.id): message for message in catalogues.extract()}
    assert "From now on I speak English." in found
    assert ("dialogues/names.py", 0) in found["Noise"].locations


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A program of two texts, one of them on a page."""
    for source in catalogues.SOURCES:
        (tmp_path / source / "templates").mkdir(parents=True)
    shutil.copy(catalogues.ROOT / "babel.cfg", tmp_path)
    (tmp_path / "dialogues" / "a.py").write_text('x = _("Hello {name}", name=1)\ny = t("nothing")\n')
    (tmp_path / "bot" / "templates" / "b.html").write_text('<p>{{ _("Page of {centre}", centre=c) }}</p>')
    return tmp_path


def write(root: Path, body: str) -> Path:
    folder = root / "locale"
    path = folder / "xx" / "LC_MESSAGES" / "alley.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + body)
    return folder


GOOD = 'msgid "Hello {name}"\nmsgstr "Hej {name}"\n\nmsgid "Page of {centre}"\nmsgstr "Sida: {centre}"\n'


def test_a_complete_catalogue(root: Path) -> None:
    assert catalogues.check(write(root, GOOD), root) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("Hej {name}", ""), "is not translated"),
        (("Hej {name}", "Hej {nome}"), "other placeholders"),
        (('msgid "Hello', '#, fuzzy\nmsgid "Hello'), "is marked fuzzy"),
        (("Page of", "Pages of"), "lacks 'Page of {centre}'"),
        (("Page of", "Pages of"), "has 'Pages of {centre}', which the program no longer says"),
    ],
)
def test_faults(root: Path, change: tuple[str, str], problem: str) -> None:
    problems = catalogues.check(write(root, GOOD.replace(*change)), root)
    assert any(problem in line for line in problems)


def test_update_adds_and_retires_and_then_changes_nothing(root: Path) -> None:
    folder = write(root, GOOD.replace("Page of", "Pages of"))
    assert catalogues.update(folder, root) == ["xx"]
    text = (folder / "xx" / "LC_MESSAGES" / "alley.po").read_text()
    assert 'msgid "Page of {centre}"\nmsgstr ""' in text
    assert '#~ msgid "Pages of {centre}"' in text
    assert 'msgstr "Hej {name}"' in text
    assert catalogues.update(folder, root) == []


def test_a_translation_with_a_hole_is_not_used(root: Path) -> None:
    assert catalogues.load(write(root, GOOD.replace("Hej {name}", "Hej"))) == {
        "xx": {"Page of {centre}": "Sida: {centre}"}
    }


def test_an_unreadable_catalogue_is_named(root: Path) -> None:
    with pytest.raises(ContentError, match=r"xx/LC_MESSAGES/alley\.po"):
        catalogues.load(write(root, "Bonjour\n"))


@pytest.mark.parametrize("arguments", [["what"], [], ["check", "again"]])
def test_a_wrong_call(arguments: list[str]) -> None:
    assert catalogues.main(arguments) == 2
