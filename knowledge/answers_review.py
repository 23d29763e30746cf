"""What can be wrong with answers that are each well-formed. Called by knowledge/answers.py."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from bot.errors import ContentError
from knowledge.catalogues import PLACEHOLDER
from knowledge.languages import ELSE

if TYPE_CHECKING:
    from knowledge.answers import AnswerFile

REGISTRY = Path(__file__).parent.parent / "nlu" / "intents.yaml"
A_YEAR = 366  # days


def find_problems(
    files: Mapping[str, Mapping[str, "AnswerFile"]], placeholders: Collection[str], today: date
) -> list[str]:
    """A line for each. Raises ContentError when the registry of intents cannot be read."""
    intents = _intents()
    problems: list[str] = []
    for topic, by_language in files.items():
        if ELSE not in by_language:
            problems.append(f"faq/{ELSE}/{topic}.yaml is missing; the other languages follow the English answer")
        for language, file in by_language.items():
            found = [*_by_itself(file, placeholders, today), *_links(file, intents, files)]
            if ELSE in by_language:
                found += _unlike(file, by_language[ELSE])
            problems += [f"faq/{language}/{topic}.yaml: {problem}" for problem in found]
    return problems


def _by_itself(file: "AnswerFile", placeholders: Collection[str], today: date) -> Iterator[str]:
    texts = {"title": file.title, "answer": file.answer}
    texts |= {f"sections.{section.id}": f"{section.title}\n{section.text}" for section in file.sections}
    for field, text in texts.items():
        unknown = sorted(set(PLACEHOLDER.findall(text)) - set(placeholders))
        if unknown:
            yield f"{field}: unknown placeholder {', '.join(unknown)}"
        if "{hours_week}" in text and "{hours_week}" not in text.split("\n"):
            yield f"{field}: {{hours_week}} is a list: it must stand on a line of its own"
        if text.count("**") % 2:
            yield f"{field}: a ** has no partner"
    if file.reviewed_on > today:
        yield f"reviewed_on: {file.reviewed_on} has not come yet"
    if (today - file.reviewed_on).days > A_YEAR:
        yield f"reviewed_on: {file.reviewed_on} is more than a year ago: review the answer"


def _links(
    file: "AnswerFile", intents: Collection[str], files: Mapping[str, Mapping[str, "AnswerFile"]]
) -> Iterator[str]:
    """A button must lead somewhere."""
    if f"faq/{file.topic}" not in intents:
        yield f"topic: faq/{file.topic} is no intent of nlu/intents.yaml"
    for topic in file.related:
        if f"faq/{topic}" not in intents:
            yield f"related: faq/{topic} is no intent of nlu/intents.yaml"
        elif topic not in files:
            yield f"related: nothing is written on {topic}"
        elif topic == file.topic:
            yield f"related: {topic} is this answer itself"
    for action in file.actions:
        if action not in intents:
            yield f"actions: {action} is no dialogue of nlu/intents.yaml"


def _unlike(file: "AnswerFile", english: "AnswerFile") -> Iterator[str]:
    """Every language has the same buttons and answers the same questions."""
    shapes = {
        "sections": ([section.id for section in file.sections], [section.id for section in english.sections]),
        "related": (list(file.related), list(english.related)),
        "actions": (list(file.actions), list(english.actions)),
        "sources": (len(file.sources), len(english.sources)),
    }
    for field, (found, wanted) in shapes.items():
        if found != wanted:
            yield f"{field}: {found}, but the English answer has {wanted}"


def _intents() -> frozenset[str]:
    """The labels, and the names of the dialogues, of the registry."""
    try:
        entries = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
        return frozenset(entries) | frozenset(str(entry["dialogue"]) for entry in entries.values())
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise ContentError(f"{REGISTRY} is no readable registry of intents") from error
