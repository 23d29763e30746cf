"""`alley add-language`, `alley add-intent`, `alley add-staff`: the beginnings of what docs/how-to-add.md leads through.

The first two write into the files of the checkout below `root`, and check everything before they write anything.
"""

import asyncio
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
import yaml
from babel import Locale, UnknownLocaleError

from bot import logs
from bot.app import database_url
from bot.cli.nlu import ROOT
from bot.errors import AlleyError, ContentError
from bot.settings import Settings, load_settings
from bot.stores.database import Database
from knowledge import catalogues
from knowledge.languages import ELSE, Language, load_languages
from knowledge.migrate import migrate
from knowledge.register.staff import add_staff, normalised

# BCP 47 as far as Alley uses it: a language, its script, its region (RFC 5646, 2.1.1 for the case of the letters)
CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LABEL = re.compile(rf"(faq/)?{NAME.pattern}")
LOGIN = re.compile(r"\S{1,60}")
BUTTON_BYTES = 64  # Telegram's limit: an intent is offered as a button `go:<label>`
SHORTEST_PASSWORD = 8  # NIST SP 800-63B, 5.1.1.1

Direction = Literal["ltr", "rtl"]
Role = Literal["agent", "editor", "admin"]


def register(app: typer.Typer) -> None:
    app.command("add-language")(add_language_command)
    app.command("add-intent")(add_intent_command)
    app.command("add-staff")(add_staff_command)


def add_language_command(
    code: Annotated[str, typer.Argument(help="BCP 47, such as sw or zh-Hant")],
    name: Annotated[str | None, typer.Argument(help="the language's own name of itself; else Unicode's")] = None,
    english: Annotated[str | None, typer.Option(help="its English name; else Unicode's")] = None,
    direction: Annotated[Direction | None, typer.Option(help="else Unicode's")] = None,
) -> None:
    """Let Alley speak one more language: its entry and an empty catalogue of texts."""
    _report(add_language(ROOT, code, name, english, direction))
    catalogue = f"knowledge/locale/{code}/LC_MESSAGES/alley.po"
    problems = catalogues.check(ROOT / "knowledge" / "locale", ROOT)
    missing = sum(line.startswith(f"{ROOT / catalogue}:") for line in problems)
    typer.echo(
        f"Next:\n"
        f"  1. Translate {catalogue} ({missing} texts to do); `make check` lists them until it is complete.\n"
        f"  2. Write answers: knowledge/faq/{code}/<topic>.yaml. Until then residents read the English ones.\n"
        f"  3. Write training sentences: nlu/data/{code}/<label>.yml for every label, then `make train`.\n"
        f"docs/how-to-add.md shows each."
    )


def add_intent_command(
    label: Annotated[str, typer.Argument(help="snake_case, or faq/<topic>")],
    meaning: Annotated[str, typer.Option(help="one sentence: what it is, and what separates it from its neighbours")],
    dialogue: Annotated[str, typer.Option(help="the dialogue it goes to; that of faq/<topic> is faq")],
    entities: Annotated[str, typer.Option(help="those that matter to it, separated by commas")] = "",
) -> None:
    """Register one more intent in nlu/intents.yaml, and tell what to write for it."""
    named = [name.strip() for name in entities.split(",") if name.strip()]
    _report(add_intent(ROOT, label, meaning, dialogue, named))
    languages = sorted(folder.name for folder in (ROOT / "nlu" / "data").iterdir() if folder.is_dir())
    typer.echo(
        f"Next:\n"
        f"  1. Write its sentences: nlu/data/<language>/{label}.yml for {', '.join(languages)}.\n"
        f"     Until they are there, `make check` says `<language>: no sentences for {label}`. Then `make train`.\n"
        f"{_next_of_topic(label) if label.startswith('faq/') else _next_of_dialogue(label, dialogue)}"
        f"docs/how-to-add.md shows each."
    )


def add_staff_command(
    login: Annotated[str, typer.Argument(help="what they sign in with")],
    name: Annotated[str, typer.Argument(help="what colleagues and residents see")],
    language: Annotated[str, typer.Option(help="the one they read, such as zh")],
    role: Annotated[Role, typer.Option(help="agent answers chats, editor writes answers, admin does all")],
) -> None:
    """Let somebody sign in to the console; the password is asked for."""
    settings = load_settings()
    logs.set_up(settings.log_level)  # no traceback shows the values of variables: one will be the password
    check_staff(settings, login, name, language)
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < SHORTEST_PASSWORD:
        raise AlleyError(f"a password needs at least {SHORTEST_PASSWORD} characters")
    asyncio.run(_add_staff(settings, login, name, language, role, password))
    typer.echo(f"{normalised(login)} can sign in at /staff")


def add_language(
    root: Path, code: str, name: str | None = None, english: str | None = None, direction: Direction | None = None
) -> list[Path]:
    """Adds what is missing of the language and returns the files that changed; what is there stays as it is.

    Raises AlleyError, before anything is written, for a code that is none or that no locale is known of.
    """
    entry = _language(code, name, english, direction)
    file, folder = root / "knowledge" / "languages.yaml", root / "knowledge" / "locale"
    known, texts = load_languages(file), catalogues.extract(root)
    changed = []
    if code not in known:
        _write(file, _closed(_read(file)) + _dumped([entry.model_dump()]))
        changed.append(file)
    if code not in catalogues.find(folder):
        catalogues.write(folder, code, texts)
        changed.append(folder / code / "LC_MESSAGES" / "alley.po")
    return changed


def add_intent(root: Path, label: str, meaning: str, dialogue: str, entities: list[str]) -> list[Path]:
    """Adds the intent after the last of its kind in the registry, and returns the registry.

    Raises AlleyError, before anything is written, for what is malformed or registered already.
    """
    file = root / "nlu" / "intents.yaml"
    text = _read(file)
    _check_intent(yaml.safe_load(text), label, dialogue, entities)
    entry = {"meaning": _one_line("--meaning", meaning), "dialogue": dialogue, "entities": entities}
    end = _end_of_kind(text, label)
    _write(file, _closed(text[:end]) + _dumped({label: entry}) + text[end:])
    return [file]


def check_staff(settings: Settings, login: str, name: str, language: str) -> None:
    """Raises AlleyError."""
    if not LOGIN.fullmatch(normalised(login)):
        raise AlleyError(f"{login!r} is no login: up to 60 characters without a space")
    if not name.strip() or len(name) > 200:
        raise AlleyError("a name has between 1 and 200 characters")
    if language not in load_languages(settings.knowledge_dir / "languages.yaml"):
        raise AlleyError(f"{language!r} is not in languages.yaml; `alley add-language` adds a language")


async def _add_staff(settings: Settings, login: str, name: str, language: str, role: str, password: str) -> None:
    database = Database(database_url(settings))
    try:
        await migrate(database.engine)
        async with database.write() as session:
            added = await add_staff(
                session, login=login, name=name.strip(), password=password, language=language, role=role
            )
    finally:
        await database.close()
    if added is None:
        raise AlleyError(f"somebody has the login {normalised(login)} already")


def _language(code: str, name: str | None, english: str | None, direction: Direction | None) -> Language:
    if code == ELSE:
        raise AlleyError(f"{ELSE} is what the texts are written in: it needs no catalogue")
    if not CODE.fullmatch(code):
        raise AlleyError(f"{code!r} is no BCP 47 code as Alley writes them, such as sw, zh-Hant or pt-BR")
    try:
        locale = Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise AlleyError(f"Unicode's locale data know no language {code!r}, so Alley cannot write its dates") from error
    endonym = locale.get_display_name() or code
    return Language(
        code=code,
        name=_one_line("NAME", endonym[0].upper() + endonym[1:] if name is None else name),
        english=_one_line("--english", locale.get_display_name(ELSE) or code if english is None else english),
        direction=direction or ("rtl" if locale.text_direction == "rtl" else "ltr"),
    )


def _check_intent(registry: Any, label: str, dialogue: str, entities: list[str]) -> None:
    if not LABEL.fullmatch(label) or len(f"go:{label}") > BUTTON_BYTES:
        raise AlleyError(f"{label!r} is no label: snake_case or faq/<topic>, {BUTTON_BYTES - 3} characters at most")
    if label in registry:
        raise AlleyError(f"{label} is in nlu/intents.yaml already")
    if not NAME.fullmatch(dialogue):
        raise AlleyError(f"{dialogue!r} is no name of a dialogue: snake_case, as its module")
    if label.startswith("faq/") != (dialogue == "faq"):
        raise AlleyError("the dialogue of faq/<topic> is faq, and no other label goes there")
    known = sorted({entity for entry in registry.values() for entity in entry["entities"]})
    unknown = [entity for entity in entities if entity not in known]
    if unknown:
        raise AlleyError(f"no intent has the entity {', '.join(unknown)}; there are {', '.join(known)}")


def _end_of_kind(text: str, label: str) -> int:
    """Where the last entry ends that is an FAQ topic, or that is none, as `label` is."""
    kind = "faq/" if label.startswith("faq/") else "(?!faq/)"
    entries = list(re.finditer(rf"^{kind}\w[^\n]*:\n(?:[ \t]+\S[^\n]*(?:\n|\Z))+", text, re.MULTILINE))
    return entries[-1].end() if entries else len(text)


def _next_of_topic(label: str) -> str:
    topic = label.removeprefix("faq/")
    return (
        f"  2. Give it a name in dialogues/names.py, then `make texts` and translate it.\n"
        f"  3. Write its answer: knowledge/faq/en/{topic}.yaml; until then residents are offered a person.\n"
    )


def _next_of_dialogue(label: str, dialogue: str) -> str:
    return (
        f"  2. Let it start the dialogue {dialogue}: a line in INTENTS of dialogues/router.py.\n"
        f"     Until then the tests of the wiring fail. Is it to be a button, name it in dialogues/names.py.\n"
    )


def _report(changed: list[Path]) -> None:
    for file in changed:
        typer.echo(f"{file.relative_to(ROOT)}: added")
    if not changed:
        typer.echo("It is there already: nothing changed.")


def _one_line(field: str, words: str) -> str:
    line = " ".join(words.split())
    if not line:
        raise AlleyError(f"{field} must not be empty")
    return line


def _dumped(data: object) -> str:
    """YAML in the style of our files: what holds only plain values stands on one line."""
    return yaml.safe_dump(data, default_flow_style=None, allow_unicode=True, sort_keys=False, width=10**6)


def _closed(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{file} cannot be read: {error}") from error


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
