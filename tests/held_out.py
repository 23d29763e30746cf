"""Reads sentence files, the held-out ones and those of the training data, which have the same shape."""

from collections.abc import Iterator
from pathlib import Path

import yaml

HELD_OUT = Path(__file__).parent / "sentences"


def read_entries(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Label and entry, of one language. Scalars stay as they are written: YAML would read "no" as false."""
    for path in sorted(folder.glob("**/*.yml")):
        label = str(path.relative_to(folder).with_suffix(""))
        for entry in yaml.load(path.read_text(), yaml.CBaseLoader):
            yield label, entry if isinstance(entry, dict) else {"text": entry}


def questions(language: str) -> Iterator[tuple[str, str]]:
    """Text and label of each held-out sentence of a language."""
    for label, entry in read_entries(HELD_OUT / language):
        yield entry["text"], label
