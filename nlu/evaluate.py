"""`python -m nlu.evaluate DIR [--json] [--model PATH]`: how often the trained model is right on labelled sentences.

Reads DIR/<lang>.tsv with the columns text and label; further columns are ignored. A label may be `a|b` when both
count. Called by a person and by `alley nlu evaluate`; runs the graph that the server runs, without HTTP.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from nlu.archive import MODELS, find_model
from nlu.quiet import prepare_process

_BATCH = 64


@dataclass(frozen=True)
class Example:
    """One labelled sentence; any of `labels` is right."""

    language: str
    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Accuracy:
    """Shares between 0 and 1. A sentence with several labels counts for the first of them."""

    languages: dict[str, float]
    labels: dict[str, float]
    mean: float
    """Over languages, each counting the same."""


def main(arguments: list[str] | None = None) -> int:
    """0 when there was something to evaluate, else 1 with a line that says why."""
    options = _read_arguments(arguments)
    try:
        archive = find_model(options.model)
        examples = [example for file in sorted(options.folder.glob("*.tsv")) for example in read_examples(file)]
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if not examples:
        print(f"no sentences in {options.folder}/*.tsv", file=sys.stderr)
        return 1
    accuracy = measure_accuracy(examples, _predict(archive, examples))
    print(json.dumps(vars(accuracy), ensure_ascii=False) if options.json else _format(accuracy))
    return 0


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu.evaluate", description="Measure a trained model.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="holds <lang>.tsv files: text, label")
    parser.add_argument("--json", action="store_true", help='print {"languages", "labels", "mean"}')
    parser.add_argument("--model", type=Path, default=MODELS, metavar="PATH", help="archive or folder (%(default)s)")
    return parser.parse_args(arguments)


def read_examples(file: Path) -> Iterator[Example]:
    """The sentences of one language. Raises ValueError, naming file and line, when a line has no label."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        text, _, rest = line.partition("\t")
        labels = tuple(label.strip() for label in rest.partition("\t")[0].split("|"))
        if not all(labels):
            raise ValueError(f"{file}:{number}: needs a text, a tab and a label")
        yield Example(file.stem, text, labels)


def _predict(archive: Path, examples: list[Example]) -> list[str]:
    prepare_process()
    from nlu.model import Model

    model = Model(archive)
    texts = [example.text for example in examples]
    batches = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
    return [parsed["intent"]["name"] for batch in batches for parsed in model.parse(batch)]


def measure_accuracy(examples: list[Example], predictions: list[str]) -> Accuracy:
    """The share of right predictions by language, by label and over all languages."""
    languages, labels = defaultdict(list), defaultdict(list)
    for example, prediction in zip(examples, predictions, strict=True):
        right = prediction in example.labels
        languages[example.language].append(right)
        labels[example.labels[0]].append(right)
    by_language = {name: fmean(rights) for name, rights in sorted(languages.items())}
    by_label = {name: fmean(rights) for name, rights in sorted(labels.items())}
    return Accuracy(by_language, by_label, fmean(by_language.values()))


def _format(accuracy: Accuracy) -> str:
    rows = [("mean over languages", accuracy.mean), *accuracy.languages.items(), *accuracy.labels.items()]
    return "\n".join(f"{name:<28} {share:7.1%}" for name, share in rows)


if __name__ == "__main__":
    sys.exit(main())
