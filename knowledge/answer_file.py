"""One answer on disk: knowledge/faq/<language>/<topic>.yaml, read, checked by itself, and written.

Called by knowledge/answers.py and by the editors' tools (spreadsheet.py, `alley knowledge`).
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from bot.errors import ContentError
from knowledge import content
from knowledge.languages import ELSE

FOLDER = Path(__file__).parent / "faq"
ANSWER_LENGTH = 700
SECTION_LENGTH = 900

type Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
type Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
type Action = Literal["open_case", "check_application", "check_case", "talk_to_human", "book_appointment"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(_Frozen):
    """A part of an answer that is read when it is asked for; `id` is the same in every language."""

    id: Name
    title: Words
    text: Annotated[Words, Field(max_length=SECTION_LENGTH)]


class MadeFrom(_Frozen):
    """The answer that this one was translated from: its language, and the `content_hash` it had by then."""

    language: Literal["en", "zh"]
    content: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]


class AnswerFile(_Frozen):
    """One topic in one language. `origin` says whether a person wrote it; `questions` are how people ask it."""

    topic: Name
    title: Words
    answer: Annotated[Words, Field(max_length=ANSWER_LENGTH)]
    sections: Annotated[tuple[Section, ...], Field(max_length=6)] = ()
    related: tuple[Name, ...] = ()
    actions: tuple[Action, ...] = ()
    sources: Annotated[tuple[Words, ...], Field(min_length=1)]
    questions: tuple[Words, ...] = ()
    reviewed_on: date
    origin: Literal["human", "machine"]
    made_from: MadeFrom | None = None

    @field_validator("sections")
    @classmethod
    def _differ(cls, sections: tuple[Section, ...]) -> tuple[Section, ...]:
        if len({section.id for section in sections}) < len(sections):
            raise ValueError("two sections have the same id")
        return sections

    @property
    def content_hash(self) -> str:
        """Of the words that a translation is made from: it changes when a translation may have to."""
        words = [
            self.title,
            self.answer,
            *(word for part in self.sections for word in (part.id, part.title, part.text)),
        ]
        return hashlib.sha256("\0".join(words).encode()).hexdigest()[:12]

    def part(self, section: str | None) -> tuple[str, str]:
        """Title and text of a section; of an unknown one, and of none, the whole answer's."""
        found = next((part for part in self.sections if part.id == section), None)
        return (found.title, found.text) if found else (self.title, self.answer)

    @property
    def words(self) -> dict[str, str]:
        """Everything that a translator translates, by the name of its place: `answer`, `sections.late.text`, ..."""
        parts = {"title": self.title, "answer": self.answer}
        for section in self.sections:
            parts |= {f"sections.{section.id}.title": section.title, f"sections.{section.id}.text": section.text}
        parts |= {f"sources.{number}": source for number, source in enumerate(self.sources, start=1)}
        return parts | {f"questions.{number}": question for number, question in enumerate(self.questions, start=1)}


type Files = Mapping[str, Mapping[str, AnswerFile]]
"""By topic and language."""


def read_answers(folder: Path = FOLDER) -> dict[str, dict[str, AnswerFile]]:
    """All of them, by topic and language. Raises ContentError, naming the file and what is wrong with it."""
    answers: dict[str, dict[str, AnswerFile]] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        file = content.read(path, AnswerFile)
        if file.topic != path.stem:
            raise ContentError(f"{path}: topic: is {file.topic!r}, but the file is named {path.stem!r}")
        answers.setdefault(file.topic, {})[path.parent.name] = file
    if not answers:
        raise ContentError(f"{folder}: has no answers")
    return answers


def write_answer(folder: Path, language: str, file: AnswerFile) -> bool:
    """In the one style that all of them have. False when the file says that already."""
    path = folder / language / f"{file.topic}.yaml"
    text = dump(file)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def changed_source(file: AnswerFile, by_language: Mapping[str, AnswerFile]) -> AnswerFile | None:
    """The answer that `file` was translated from, when it has changed since."""
    source = by_language.get(file.made_from.language) if file.made_from else None
    is_same = source is None or file.made_from is None or source.content_hash == file.made_from.content
    return None if is_same else source


def made_from(by_language: Mapping[str, AnswerFile], language: str) -> MadeFrom | None:
    """What an answer in `language` is translated from when somebody translates it now."""
    source = by_language.get(ELSE)
    return MadeFrom(language=ELSE, content=source.content_hash) if source and language != ELSE else None


class _OneLine(list[Any]):
    """A list, and below a mapping, that is written on one line."""


class _OneLineMapping(dict[str, Any]):
    pass


class _Dumper(yaml.SafeDumper):
    pass


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent)
_Dumper.add_representer(
    _OneLine, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)
)
_Dumper.add_representer(
    _OneLineMapping, lambda dumper, items: dumper.represent_mapping("tag:yaml.org,2002:map", items, flow_style=True)
)


def dump(file: AnswerFile) -> str:
    """As YAML that a person likes to edit: texts as blocks, in the order of the model's fields."""
    data = file.model_dump(exclude_none=True)
    data["answer"] += "\n"
    for section in data["sections"]:
        section["text"] += "\n"
    data |= {"sections": list(data["sections"]), "sources": list(file.sources), "questions": list(file.questions)}
    data |= {"related": _OneLine(file.related), "actions": _OneLine(file.actions)}
    if file.made_from is not None:
        data["made_from"] = _OneLineMapping(data["made_from"])
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6)
