"""How far the answers are written in each language. Called by `alley knowledge status`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.answer_file import Files, changed_source


class Standing(StrEnum):
    HUMAN = "human"
    MACHINE = "machine"
    OUTDATED = "outdated"  # what it was made from has changed since
    MISSING = "missing"


@dataclass(frozen=True)
class Row:
    language: str
    topic: str
    standing: Standing


def find_standings(files: Files, languages: Sequence[str]) -> Iterator[Row]:
    """Of every topic in every language."""
    for language in languages:
        for topic, by_language in files.items():
            file = by_language.get(language)
            if file is None:
                standing = Standing.MISSING
            elif changed_source(file, by_language) is not None:
                standing = Standing.OUTDATED
            else:
                standing = Standing(file.origin)
            yield Row(language, topic, standing)
