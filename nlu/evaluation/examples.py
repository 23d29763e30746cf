"""Reads labelled sentences that measure a model; used by evaluation, the report and the encoder's comparison.

A folder holds them as `nlu/data` does (DIR/<lang>/<label>.yml), or as DIR/<lang>.tsv: text, label (`a|b` when both are
right), and, if they are there, the category of a problem and the word urgent; other columns say nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlu.sentences import CATEGORIES, find_files, read_file


@dataclass(frozen=True)
class Example:
    """One labelled sentence; any of `labels` is right."""

    language: str
    text: str
    labels: tuple[str, ...]
    category: str | None = None
    urgent: bool = False


def read_examples(folder: Path) -> list[Example]:
    """All sentences below the folder, in a fixed order. Raises ValueError, naming file and line, when one is malformed.

    Raises FileNotFoundError when there are none.
    """
    examples = [example for file in sorted(folder.glob("*.tsv")) for example in _read_table(file)]
    for found in find_files(folder):
        for each in read_file(*found):
            labels = (each.label, each.also) if each.also else (each.label,)
            examples.append(Example(each.language, each.text, labels, each.category, each.urgent))
    if not examples:
        raise FileNotFoundError(f"no sentences in {folder}: neither <lang>.tsv nor <lang>/<label>.yml")
    return examples


def _read_table(file: Path) -> Iterator[Example]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        text, label, category, urgent, *_ = [*line.split("\t"), "", "", ""]
        labels = tuple(part.strip() for part in label.split("|"))
        if not all(labels):
            raise ValueError(f"{file}:{number}: needs a text, a tab and a label")
        yield Example(file.stem, text, labels, category if category in CATEGORIES else None, urgent.strip() == "urgent")
