"""The gettext catalogues in knowledge/locale: loading for knowledge/texts.py, and their upkeep.

    python -m knowledge.catalogues extract     brings every catalogue up to date with the program's texts
    python -m knowledge.catalogues check       a line for each fault; called by `make check`

Nothing is compiled beforehand: the .po files are read at the start.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.errors import ContentError

FOLDER = Path(__file__).parent / "locale"
ROOT = Path(__file__).parent.parent
SOURCES = ("bot", "dialogues", "knowledge")
STAFF_SAYS = "bot/console/"  # what only staff read: a language has all of it, or none and they read English
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def load(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Translations by msgid, by language. One that lacks a placeholder is left out: better English than a hole.

    Raises ContentError.
    """
    return {
        language: {str(message.id): str(message.string) for message in read(folder, language) if _is_usable(message)}
        for language in find(folder)
    }


def find(folder: Path = FOLDER) -> list[str]:
    """The languages that have a catalogue."""
    return sorted(file.parent.parent.name for file in folder.glob("*/LC_MESSAGES/alley.po"))


def read(folder: Path, language: str) -> Catalog:
    """Raises ContentError, naming the file."""
    path = _file(folder, language)
    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise ContentError(f"{path} is no readable catalogue: {error}") from error


def read_current(folder: Path, language: str, template: Catalog) -> Catalog:
    """The language's catalogue with the texts of `template` and no others; all of them empty where it has none yet."""
    catalogue = read(folder, language) if _file(folder, language).exists() else Catalog()
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    return catalogue


def extract(root: Path = ROOT) -> Catalog:
    """Every text that the program marks with `_`, each with the files that say it."""
    with (root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    template = Catalog(project="Alley", charset="utf-8")
    for source in SOURCES:
        found = extract_from_dir(root / source, methods, options, keywords={"_": None}, comment_tags=("Translators:",))
        for name, _line, msgid, comments, context in found:
            place = (Path(source, name).as_posix(), 0)
            template.add(msgid, None, [place], auto_comments=comments, context=context)
    return template


def update(folder: Path = FOLDER, root: Path = ROOT) -> list[str]:
    """Adds new texts to every catalogue, untranslated, and moves those no longer said into its comments.

    Returns the languages whose file changed.
    """
    template = extract(root)
    changed = []
    for language in find(folder):
        catalogue = read_current(folder, language, template)
        if write(folder, language, catalogue):
            changed.append(language)
    return changed


def check(folder: Path = FOLDER, root: Path = ROOT) -> list[str]:
    """A line for each text that a catalogue lacks, has too much, or has with other placeholders.

    What only staff read may be missing altogether.
    """
    texts = [message for message in extract(root) if message.id]
    wanted = {str(message.id) for message in texts}
    for_staff = {str(message.id) for message in texts if is_for_staff(message)}
    return [
        f"{_file(folder, language)}: {problem}"
        for language in find(folder)
        for problem in _problems(read(folder, language), wanted, for_staff)
    ]


def is_for_staff(message: Message) -> bool:
    """Whether nothing but the console says it."""
    return all(place.startswith(STAFF_SAYS) for place, _line in message.locations)


def _problems(catalogue: Catalog, wanted: set[str], for_staff: set[str]) -> Iterator[str]:
    messages: Mapping[str, Message] = {str(message.id): message for message in catalogue if message.id}
    if not any(messages[msgid].string for msgid in messages.keys() & for_staff):
        wanted = wanted - for_staff
    for msgid in sorted(wanted - messages.keys()):
        yield f"lacks {msgid!r}: run `python -m knowledge.catalogues extract`"
    for msgid in sorted(messages.keys() - wanted - for_staff):
        yield f"has {msgid!r}, which the program no longer says"
    for msgid in sorted(messages.keys() & wanted):
        message = messages[msgid]
        if message.fuzzy:
            yield f"{msgid!r} is marked fuzzy"
        elif not message.string:
            yield f"{msgid!r} is not translated"
        elif not _is_usable(message):
            yield f"{msgid!r} is translated with other placeholders: {message.string!r}"


def _is_usable(message: Message) -> bool:
    if not message.id or not message.string or message.fuzzy:
        return False
    return set(PLACEHOLDER.findall(str(message.id))) == set(PLACEHOLDER.findall(str(message.string)))


def _file(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES" / "alley.po"


def write(folder: Path, language: str, catalogue: Catalog) -> bool:
    """In an order and with headers that do not change by themselves. False when the file says that already."""
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    buffer = BytesIO(header.encode())
    buffer.seek(0, SEEK_END)
    write_po(buffer, catalogue, width=100, sort_by_file=True, include_lineno=False, omit_header=True)
    path = _file(folder, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() == buffer.getvalue():
        return False
    path.write_bytes(buffer.getvalue())
    return True


def main(arguments: list[str]) -> int:
    """0 when all is well, 1 when `check` found faults, 2 for a wrong call."""
    match arguments:
        case ["extract"]:
            for language in update():
                print(f"{_file(FOLDER, language)} changed")
            return 0
        case ["check"]:
            problems = check()
            print("\n".join(problems) or f"{', '.join(find())}: complete")
            return 1 if problems else 0
    print("python -m knowledge.catalogues extract|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
