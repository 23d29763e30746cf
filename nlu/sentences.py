"""Reads the training sentences below `nlu/data/`, and the questions of the centre's answers, which are some too.

Called by the importer, by training and by the registry check.

A file `data/<lang>/<label>.yml` is a YAML list of strings or of mappings `{text, category?, urgent?, also?}`; its label
is the path below the language's folder, so `data/en/faq/waste_sorting.yml` holds `faq/waste_sorting`. `also` names a
second label that is as right; held-out sentences (`tests/sentences/`, the same shape) may have one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"
ANSWERS = DATA.parent.parent / "knowledge" / "faq"
"""Where an editor who adds a question to an answer teaches the model that it is asked so."""

PLACE = "place"
"""Stands where a category does in training: a place and nothing more, the answer to "where is it?"."""
CATEGORIES = ("noise", "pets", "waste", "parking", "repair", "safety", "utilities", "management", "other")

_KEYS = {"text", "category", "urgent", "also"}
_BOOLEANS = {"true": True, "false": False}


class SentenceError(ValueError):
    """A data file is malformed. The message begins with `file:line:`."""


@dataclass(frozen=True)
class Sentence:
    """One training sentence and where it stands; `category` and `urgent` only say something for report_problem."""

    text: str
    label: str
    language: str
    category: str | None
    urgent: bool
    file: Path
    line: int
    also: str | None = None


def find_files(data: Path = DATA) -> Iterator[tuple[Path, str, str]]:
    """Every data file below `data` with its language and its label, in a fixed order."""
    for file in sorted(data.glob("*/**/*.yml")):
        language, *label = file.relative_to(data).with_suffix("").parts
        yield file, language, "/".join(label)


def read_sentences(data: Path = DATA) -> list[Sentence]:
    """All sentences below `data`. Raises SentenceError at the first malformed entry."""
    return [sentence for found in find_files(data) for sentence in read_file(*found)]


def read_questions(answers: Path = ANSWERS) -> list[Sentence]:
    """What people ask, of `<lang>/<topic>.yaml` below `answers`; each is a sentence of `faq/<topic>`."""
    found = []
    for file in sorted(answers.glob("*/*.yaml")):
        questions = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader).get("questions", ())
        label, language = f"faq/{file.stem}", file.parent.name
        found += [Sentence(str(text), label, language, None, False, file, 1) for text in questions]
    return found


def read_file(file: Path, language: str, label: str) -> list[Sentence]:
    """The sentences of one file. Raises SentenceError, naming file and line."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise SentenceError(f"{file}:1: not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SentenceError(f"{file}:{line}: not YAML: {error.problem}") from error
    if not isinstance(root, yaml.SequenceNode) or not root.value:
        raise SentenceError(f"{file}:1: must be a list of sentences")
    return [_read_entry(node, file, language, label) for node in root.value]


def _read_entry(node: yaml.Node, file: Path, language: str, label: str) -> Sentence:
    # Scalars are taken as they are written, because YAML would read the sentences `no` and `20260418` as other types.
    where = f"{file}:{node.start_mark.line + 1}"
    fields = {"text": node.value} if isinstance(node, yaml.ScalarNode) else _read_mapping(node, where)
    text, category, urgent = fields.get("text", "").strip(), fields.get("category"), fields.get("urgent", "false")
    if not text:
        raise SentenceError(f"{where}: an entry needs a text")
    if category is not None and category not in (*CATEGORIES, PLACE):
        raise SentenceError(f"{where}: no such category: {category!r}")
    if urgent.lower() not in _BOOLEANS:
        raise SentenceError(f"{where}: urgent must be true or false, not {urgent!r}")
    line, is_urgent, also = node.start_mark.line + 1, _BOOLEANS[urgent.lower()], fields.get("also")
    return Sentence(text, label, language, category, is_urgent, file, line, also)


def _read_mapping(node: yaml.Node, where: str) -> dict[str, str]:
    if not isinstance(node, yaml.MappingNode):
        raise SentenceError(f"{where}: an entry must be a sentence or a mapping with a text")
    fields: dict[str, str] = {}
    for key, value in node.value:
        if key.value not in _KEYS or not isinstance(value, yaml.ScalarNode):
            raise SentenceError(f"{where}: unknown key {key.value!r}; quote a sentence that contains ': '")
        fields[key.value] = value.value
    return fields
