"""The commands that add a language, an intent, a member of staff: on a copy of the checkout, never on itself."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.add import add_intent, add_language
from bot.cli.nlu import ROOT
from bot.errors import AlleyError
from bot.stores.database import Database
from knowledge import catalogues
from knowledge.languages import load_languages
from knowledge.register.staff import sign_in
from nlu.registry import find_problems

PARTS = ("bot", "dialogues", "knowledge")
PASSWORD = "three plain words"
LANGUAGE = {"code": "ca", "name": "Català", "english": "Catalan", "direction": "ltr"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "nlu" / "data" / "en").mkdir(parents=True)
    for file in ("babel.cfg", "nlu/intents.yaml"):
        shutil.copy(ROOT / file, root / file)
    shutil.rmtree(root / "knowledge" / "locale" / "ca", ignore_errors=True)
    languages = root / "knowledge" / "languages.yaml"
    kept = [line for line in languages.read_text().splitlines(keepends=True) if "code: ca," not in line]
    languages.write_text("".join(kept))
    return root


@pytest.fixture
def unchanged(root: Path) -> Iterator[None]:
    before = content(root)
    yield
    assert content(root) == before


def content(root: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}


def missing(root: Path, code: str = "ca") -> list[str]:
    """What `make check` says about the language's catalogue."""
    folder = root / "knowledge" / "locale"
    return [line for line in catalogues.check(folder, root) if line.startswith(f"{folder / code}/")]


def entries(root: Path) -> list[dict[str, str]]:
    return yaml.safe_load((root / "knowledge" / "languages.yaml").read_text())


def test_a_language_gets_its_line_and_an_empty_catalogue(root: Path) -> None:
    languages, catalogue = root / "knowledge" / "languages.yaml", catalogue_of(root)
    before = languages.read_text()
    assert add_language(root, "ca") == [languages, catalogue]
    assert languages.read_text() == before + "- {code: ca, name: Català, english: Catalan, direction: ltr}\n"
    messages = [message for message in catalogues.read(root / "knowledge" / "locale", "ca") if message.id]
    assert {message.id for message in messages} == {each.id for each in catalogues.extract(root) if each.id}
    assert not any(message.string or message.fuzzy for message in messages)


def catalogue_of(root: Path) -> Path:
    return root / "knowledge" / "locale" / "ca" / "LC_MESSAGES" / "alley.po"


def test_check_lists_every_text_until_all_are_translated(root: Path) -> None:
    add_language(root, "ca")
    folder = root / "knowledge" / "locale"
    catalogue = catalogues.read(folder, "ca")
    messages = [message for message in catalogue if message.id and not catalogues.is_for_staff(message)]
    assert len(missing(root)) == len(messages)
    assert all(line.endswith("is not translated") for line in missing(root))
    for message in messages[1:]:
        message.string = message.id
    catalogues.write(folder, "ca", catalogue)
    assert missing(root) == [f"{catalogue_of(root)}: {messages[0].id!r} is not translated"]
    messages[0].string = messages[0].id
    catalogues.write(folder, "ca", catalogue)
    assert missing(root) == []


def test_a_language_added_twice_is_there_once_and_keeps_what_was_translated(root: Path) -> None:
    add_language(root, "ca", "Català")
    catalogue = catalogue_of(root)
    catalogue.write_text(catalogue.read_text().replace('msgid "Noise"\nmsgstr ""', 'msgid "Noise"\nmsgstr "Soroll"'))
    before = content(root)
    assert add_language(root, "ca", "Another name", "Another", "rtl") == []
    assert content(root) == before
    assert 'msgstr "Soroll"' in catalogue.read_text()


def test_what_extraction_would_write_is_there_already(root: Path) -> None:
    add_language(root, "ca")
    assert "ca" not in catalogues.update(root / "knowledge" / "locale", root)


def test_a_language_that_is_named_already_gets_its_catalogue_alone(root: Path) -> None:
    assert "sq" in load_languages(root / "knowledge" / "languages.yaml")
    assert add_language(root, "sq") == [root / "knowledge" / "locale" / "sq" / "LC_MESSAGES" / "alley.po"]


@pytest.mark.parametrize(
    ("arguments", "entry"),
    [
        (("ckb",), {"code": "ckb", "name": "کوردیی ناوەندی", "english": "Central Kurdish", "direction": "rtl"}),
        (("no", "Norsk"), {"code": "no", "name": "Norsk", "english": "Norwegian", "direction": "ltr"}),
        (("ca", " Català, o:\n x "), LANGUAGE | {"name": "Català, o: x"}),
        (("ca", None, "Catalan, my", "rtl"), LANGUAGE | {"english": "Catalan, my", "direction": "rtl"}),
        (("es-419",), {"code": "es-419", "name": "Español (Latinoamérica)", "english": "Spanish (Latin America)"}),
    ],
)
def test_names_and_direction_are_unicodes_unless_they_are_told(
    root: Path, arguments: tuple[str, ...], entry: dict[str, str]
) -> None:
    add_language(root, *arguments)
    assert entry.items() <= entries(root)[-1].items()
    assert arguments[0] in load_languages(root / "knowledge" / "languages.yaml")


def test_a_file_that_ends_without_a_line_break(root: Path) -> None:
    languages = root / "knowledge" / "languages.yaml"
    languages.write_text(languages.read_text().rstrip("\n"))
    add_language(root, "ca")
    assert entries(root)[-1] == LANGUAGE


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("xx", "know no language 'xx'"),
        ("zh_Hant", "no BCP 47 code"),
        ("CA", "no BCP 47 code"),
        ("catalan", "no BCP 47 code"),
        ("../ca", "no BCP 47 code"),
        ("", "no BCP 47 code"),
        ("en", "needs no catalogue"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_wrong_code_changes_nothing(root: Path, code: str, problem: str) -> None:
    with pytest.raises(AlleyError, match=problem):
        add_language(root, code)


@pytest.mark.parametrize("names", [("  ", None), (None, ""), ("", "")])
@pytest.mark.usefixtures("unchanged")
def test_an_empty_name_changes_nothing(root: Path, names: tuple[str | None, str | None]) -> None:
    with pytest.raises(AlleyError, match="must not be empty"):
        add_language(root, "ca", *names)


def test_an_intent_stands_after_the_last_of_its_kind(root: Path) -> None:
    registry = root / "nlu" / "intents.yaml"
    before = registry.read_text()
    labels = list(yaml.safe_load(before))
    topic = next(place for place, label in enumerate(labels) if label.startswith("faq/"))
    assert add_intent(root, "ask_for_song", "Wants a song. A joke is out_of_scope.", "sing", ["date"]) == [registry]
    add_intent(root, "faq/song_book", "Which songs there are.", "faq", [])
    after = registry.read_text()
    assert list(yaml.safe_load(after)) == [*labels[:topic], "ask_for_song", *labels[topic:], "faq/song_book"]
    song = "  meaning: Wants a song. A joke is out_of_scope.\n  dialogue: sing\n  entities: [date]\n"
    book = "faq/song_book:\n  meaning: Which songs there are.\n  dialogue: faq\n  entities: []\n"
    assert after.endswith(book)
    assert after.replace(f"ask_for_song:\n{song}", "").removesuffix(book) == before


def test_check_names_the_languages_without_sentences_until_they_are_written(root: Path) -> None:
    registry, data = root / "nlu" / "intents.yaml", root / "nlu" / "data"
    shutil.copytree(ROOT / "nlu" / "data", data, dirs_exist_ok=True)
    assert find_problems(registry, data) == []
    add_intent(root, "ask_for_song", "Wants a song: now!", "sing", [])
    languages = sorted(folder.name for folder in data.iterdir())
    assert find_problems(registry, data) == [f"{language}: no sentences for ask_for_song" for language in languages]
    for language in languages:
        (data / language / "ask_for_song.yml").write_text(f"- sing me something in {language}\n")
    assert find_problems(registry, data) == []


@pytest.mark.parametrize(
    ("label", "dialogue", "entities", "problem"),
    [
        ("greet", "sing", [], "is in nlu/intents.yaml already"),
        ("faq/visa", "faq", [], "is in nlu/intents.yaml already"),
        ("Sing", "sing", [], "is no label"),
        ("sing-song", "sing", [], "is no label"),
        ("sing__song", "sing", [], "is no label"),
        ("", "sing", [], "is no label"),
        ("faq/", "faq", [], "is no label"),
        ("faq/a/b", "faq", [], "is no label"),
        ("songs/sing", "sing", [], "is no label"),
        ("sing\n", "sing", [], "is no label"),
        ("x" * 62, "sing", [], "is no label"),
        ("sing", "Sing", [], "is no name of a dialogue"),
        ("faq/song", "sing", [], "the dialogue of faq/<topic> is faq"),
        ("sing", "faq", [], "the dialogue of faq/<topic> is faq"),
        ("sing", "sing", ["date", "melody"], "no intent has the entity melody"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_wrong_intent_changes_nothing(
    root: Path, label: str, dialogue: str, entities: list[str], problem: str
) -> None:
    with pytest.raises(AlleyError, match=problem):
        add_intent(root, label, "Wants a song.", dialogue, entities)


@pytest.mark.usefixtures("unchanged")
def test_an_intent_needs_a_meaning(root: Path) -> None:
    with pytest.raises(AlleyError, match="--meaning must not be empty"):
        add_intent(root, "sing", " \n", "sing", [])


@pytest.fixture
def in_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The commands work on the copy."""
    monkeypatch.setattr("bot.cli.add.ROOT", root)
    return root


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), input=typed)
    return result.exit_code, f"{result.output}{result.exception or ''}"


def test_the_command_tells_how_many_texts_are_left(in_root: Path) -> None:
    code, printed = run("add-language", "ca")
    assert code == 0
    assert "knowledge/languages.yaml: added\nknowledge/locale/ca/LC_MESSAGES/alley.po: added\n" in printed
    assert f"({len(missing(in_root))} texts to do)" in printed
    assert "nothing changed" in run("add-language", "ca")[1]


@pytest.mark.parametrize(
    ("label", "dialogue", "told"),
    [("sing", "song", "INTENTS of dialogues/router.py"), ("faq/song_book", "faq", "knowledge/faq/en/song_book.yaml")],
)
def test_the_command_tells_what_is_to_be_written(in_root: Path, label: str, dialogue: str, told: str) -> None:
    code, printed = run("add-intent", label, "--meaning", "Wants a song.", "--dialogue", dialogue)
    assert code == 0
    assert f"nlu/data/<language>/{label}.yml" in printed
    assert told in printed


@pytest.mark.usefixtures("in_root", "unchanged")
def test_a_direction_that_is_none() -> None:
    assert run("add-language", "ca", "--direction", "up")[0] == 2


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Returns the database's address."""
    url = f"sqlite:///{tmp_path / 'staff.db'}"
    monkeypatch.setenv("ALLEY_DATABASE_URL", url)
    return url


def add_staff(login: str = "Li.Wei", *, language: str = "zh", role: str = "agent", typed: str = "") -> tuple[int, str]:
    typed = typed or f"{PASSWORD}\n{PASSWORD}\n"
    return run("add-staff", login, "李伟", "--language", language, "--role", role, typed=typed)


def signed_in(url: str, password: str) -> tuple[str, str, str, str] | None:
    async def look() -> tuple[str, str, str, str] | None:
        database = Database(url)
        async with database.read() as session:
            found = await sign_in(session, "li.wei", password)
        await database.close()
        return (found.login, found.name, found.language, found.role) if found else None

    return asyncio.run(look())


def test_staff_can_sign_in_and_their_password_is_never_shown(settings: str) -> None:
    code, printed = add_staff(role="editor")
    assert code == 0, printed
    assert PASSWORD not in printed
    assert signed_in(settings, PASSWORD) == ("li.wei", "李伟", "zh", "editor")
    assert signed_in(settings, "another") is None


def test_a_login_belongs_to_one(settings: str) -> None:
    add_staff()
    code, printed = add_staff("li.wei", language="en", typed="another word\nanother word\n")
    assert code == 1
    assert "somebody has the login li.wei already" in printed
    assert signed_in(settings, PASSWORD) == ("li.wei", "李伟", "zh", "agent")


def test_a_password_typed_differently_is_asked_for_again(settings: str) -> None:
    code, _printed = add_staff(typed=f"{PASSWORD}\nthree plain worms\n{PASSWORD}\n{PASSWORD}\n")
    assert code == 0
    assert signed_in(settings, PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"typed": "short\nshort\n"}, "at least 8 characters"),
        ({"login": "li wei"}, "is no login"),
        ({"login": ""}, "is no login"),
        ({"language": "xx"}, "is not in languages.yaml"),
        ({"role": "king"}, "'king' is not one of"),
    ],
)
def test_wrong_staff_are_not_added(settings: str, wrong: dict[str, str], problem: str) -> None:
    code, printed = add_staff(**wrong)
    assert code != 0
    assert problem in printed
    assert not Path(settings.removeprefix("sqlite:///")).exists()
