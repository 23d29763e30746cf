"""What can be wrong with answers that are each well-formed. Called by knowledge/answers.py."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.errors import ContentError
from knowledge.answer_file import AnswerFile, Files
from knowledge.catalogues import PLACEHOLDER
from knowledge.glossary import Glossary
from knowledge.languages import ELSE, nearest

REGISTRY = Path(__file__).parent.parent / "nlu" / "intents.yaml"
A_YEAR = 366  # days
FEWEST_QUESTIONS = 3
_LINK = re.compile(r"https?://\S+")
_SHOWN = re.compile(r"\(([\u3400-\u9fff]{2,})\)")  # what the resident can show
CHINESE = "zh"


@dataclass(frozen=True)
class Review:
    """What answers are held against; `placeholders` are those that are known."""

    files: Files
    glossary: Glossary
    placeholders: Collection[str]
    today: date

    def find_problems(self) -> list[str]:
        """A line for each. Raises ContentError when the registry of intents cannot be read."""
        intents = _intents()
        problems: list[str] = []
        for topic, by_language in self.files.items():
            if ELSE not in by_language:
                problems.append(f"faq/{ELSE}/{topic}.yaml is missing; the other languages follow the English answer")
            official = self._official(by_language[ELSE]) if ELSE in by_language else {}
            for language, file in by_language.items():
                found = [*self._by_itself(file), *self._links(file, intents)]
                if ELSE in by_language and language != ELSE:
                    found += [*_unlike(file, by_language[ELSE]), *self._terms(file, language, official)]
                problems += [f"faq/{language}/{topic}.yaml: {problem}" for problem in found]
        return problems

    def _by_itself(self, file: AnswerFile) -> Iterator[str]:
        for field, text in file.words.items():
            unknown = sorted(set(PLACEHOLDER.findall(text)) - set(self.placeholders))
            if unknown:
                yield f"{field}: unknown placeholder {', '.join(unknown)}"
            if "{hours_week}" in text and "{hours_week}" not in text.split("\n"):
                yield f"{field}: {{hours_week}} is a list: it must stand on a line of its own"
            if text.count("**") % 2:
                yield f"{field}: a ** has no partner"
        if len(file.questions) < FEWEST_QUESTIONS:
            yield f"questions: {len(file.questions)}, but at least {FEWEST_QUESTIONS} tell how people ask it"
        if file.reviewed_on > self.today:
            yield f"reviewed_on: {file.reviewed_on} has not come yet"
        if (self.today - file.reviewed_on).days > A_YEAR:
            yield f"reviewed_on: {file.reviewed_on} is more than a year ago: review the answer"

    def _links(self, file: AnswerFile, intents: Collection[str]) -> Iterator[str]:
        """A button must lead somewhere."""
        if f"faq/{file.topic}" not in intents:
            yield f"topic: faq/{file.topic} is no intent of nlu/intents.yaml"
        for topic in file.related:
            if f"faq/{topic}" not in intents:
                yield f"related: faq/{topic} is no intent of nlu/intents.yaml"
            elif topic not in self.files:
                yield f"related: nothing is written on {topic}"
            elif topic == file.topic:
                yield f"related: {topic} is this answer itself"
        for action in file.actions:
            if action not in intents:
                yield f"actions: {action} is no dialogue of nlu/intents.yaml"

    def _official(self, english: AnswerFile) -> dict[str, str | None]:
        """The Chinese names that the English answer shows, each with the term of the glossary that it stands for."""
        told = _told(english)
        shown: dict[str, str | None] = dict.fromkeys(_SHOWN.findall(told))
        for term in self.glossary.named(told, ELSE):
            name = self.glossary.official(term, CHINESE)
            if name in shown:
                shown[name] = term
        return shown

    def _terms(self, file: AnswerFile, language: str, official: Mapping[str, str | None]) -> Iterator[str]:
        """What the English answer shows with its Chinese name has its official name here, and is shown too."""
        told = _told(file)
        wanted = {term for term in official.values() if term} & self.glossary.terms.get(language, {}).keys()
        for term in sorted(wanted - self.glossary.named(told, language)):
            yield f"the term {term!r} is not called {self.glossary.official(term, language)!r}"
        if nearest(language, (CHINESE,), "") != CHINESE:
            yield from (f"{name} is missing, which residents can show" for name in sorted(official) if name not in told)


def _told(file: AnswerFile) -> str:
    return "\n".join([file.title, file.answer, *(f"{part.title}\n{part.text}" for part in file.sections)])


def _unlike(file: AnswerFile, english: AnswerFile) -> Iterator[str]:
    """Every language has the same buttons, answers the same questions, and fills in the same blanks."""
    shapes = {
        "sections": ([section.id for section in file.sections], [section.id for section in english.sections]),
        "related": (list(file.related), list(english.related)),
        "actions": (list(file.actions), list(english.actions)),
        "sources": (len(file.sources), len(english.sources)),
        "placeholders": (_found(PLACEHOLDER, file), _found(PLACEHOLDER, english)),
        "links": (_found(_LINK, file), _found(_LINK, english)),
    }
    for field, (found, wanted) in shapes.items():
        if found != wanted:
            yield f"{field}: {found}, but the English answer has {wanted}"


def _found(pattern: re.Pattern[str], file: AnswerFile) -> list[str]:
    return sorted({match.group() for match in pattern.finditer(_told(file))})


def _intents() -> frozenset[str]:
    """The labels, and the names of the dialogues, of the registry."""
    try:
        entries = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
        return frozenset(entries) | frozenset(str(entry["dialogue"]) for entry in entries.values())
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise ContentError(f"{REGISTRY} is no readable registry of intents") from error
