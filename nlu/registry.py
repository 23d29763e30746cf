"""`python -m nlu.registry` checks the registry of intents against the data; called by `make check` and by training."""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.entities import NAMES
from nlu.sentences import DATA, Sentence, SentenceError, find_files, read_file

REGISTRY = Path(__file__).parent / "intents.yaml"

ENTITIES = frozenset(NAMES)
_FIELDS = {"meaning", "dialogue", "entities"}


@dataclass(frozen=True)
class Intent:
    """One label: what separates it from its neighbours, the dialogue it goes to and the entities that matter to it."""

    label: str
    meaning: str
    dialogue: str
    entities: tuple[str, ...]


def read_registry(file: Path = REGISTRY) -> dict[str, Intent]:
    """The intents by label. Raises ValueError, naming file and label, when an entry is malformed."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(entries, dict):
        raise ValueError(f"{file}: must be a mapping of labels")
    return {label: _read_intent(file, label, entry) for label, entry in entries.items()}


def _read_intent(file: Path, label: str, entry: dict[str, object]) -> Intent:
    if not isinstance(entry, dict) or set(entry) != _FIELDS:
        raise ValueError(f"{file}: {label}: needs exactly {', '.join(sorted(_FIELDS))}")
    entities = entry["entities"]
    if not isinstance(entities, list) or not ENTITIES.issuperset(entities):
        raise ValueError(f"{file}: {label}: entities must be a list from {', '.join(sorted(ENTITIES))}")
    return Intent(label, str(entry["meaning"]), str(entry["dialogue"]), tuple(entities))


def find_problems(registry: Path = REGISTRY, data: Path = DATA) -> list[str]:
    """One line for each fault: malformed files, labels that are not registered, labels that lack sentences."""
    try:
        intents = read_registry(registry)
    except (ValueError, yaml.YAMLError) as error:
        return [str(error)]
    problems: list[str] = []
    sentences: list[Sentence] = []
    for file, language, label in find_files(data):
        if label not in intents:
            problems.append(f"{file}: the label {label!r} is not registered in {registry.name}")
        try:
            sentences += read_file(file, language, label)
        except SentenceError as error:
            problems.append(str(error))
    return problems + _find_gaps(intents, sentences) + _find_conflicts(sentences)


def _find_gaps(intents: dict[str, Intent], sentences: list[Sentence]) -> list[str]:
    languages = sorted({sentence.language for sentence in sentences})
    present = {(sentence.language, sentence.label) for sentence in sentences}
    if not languages:
        return ["there are no training sentences"]
    gaps = {language: [label for label in intents if (language, label) not in present] for language in languages}
    lines = [f"{language}: no sentences for {', '.join(missing)}" for language, missing in gaps.items() if missing]
    uncategorised = [s for s in sentences if (s.category is None) == (s.label == "report_problem")]
    return lines + [f"{s.file}:{s.line}: a category belongs to report_problem and nowhere else" for s in uncategorised]


def _find_conflicts(sentences: list[Sentence]) -> list[str]:
    """A sentence that stands twice, in one language and under two labels, teaches nothing."""
    labels: dict[tuple[str, str], Counter[str]] = {}
    for sentence in sentences:
        labels.setdefault((sentence.language, sentence.text.casefold()), Counter())[sentence.label] += 1
    return [
        f"{language}: {text!r} stands under {', '.join(sorted(found))}"
        for (language, text), found in labels.items()
        if len(found) > 1
    ]


def main() -> int:
    """0 when all is well, else 1 after a line for each problem."""
    problems = find_problems()
    for problem in problems:
        print(problem)
    if not problems:
        sentences = [s for found in find_files() for s in read_file(*found)]
        languages = {sentence.language for sentence in sentences}
        print(f"{len(read_registry())} labels, {len(languages)} languages, {len(sentences)} sentences: in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
