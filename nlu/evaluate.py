"""`python -m nlu.evaluate DIR [--json] [--model PATH]`: how often the trained model is right on labelled sentences.

Reads DIR as `nlu/evaluation/examples.py` says. Called by a person and by `alley nlu evaluate`; runs the graph that the
server runs, without HTTP.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nlu.archive import MODELS, find_model
from nlu.evaluation.examples import Example, read_examples
from nlu.evaluation.measures import Measures, measure
from nlu.quiet import prepare_process

_BATCH = 64


def main(arguments: list[str] | None = None) -> int:
    """0 when there was something to evaluate, else 1 with a line that says why."""
    options = _read_arguments(arguments)
    try:
        archive = find_model(options.model)
        examples = read_examples(options.folder)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    measures = evaluate(archive, examples)
    print(json.dumps(_summarise(measures), ensure_ascii=False) if options.json else _format(measures))
    return 0


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu.evaluate", description="Measure a trained model.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="holds <lang>/<label>.yml, or <lang>.tsv: text, label")
    parser.add_argument("--json", action="store_true", help='print {"mean", "languages", "labels", …}')
    parser.add_argument("--model", type=Path, default=MODELS, metavar="PATH", help="archive or folder (%(default)s)")
    return parser.parse_args(arguments)


def evaluate(archive: Path, examples: Sequence[Example]) -> Measures:
    """Ask a model for every example."""
    prepare_process()
    from nlu.components.tokenizer import count_words
    from nlu.model import Model

    model = Model(archive)
    texts = [example.text for example in examples]
    batches = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
    return measure(examples, [parsed for batch in batches for parsed in model.parse(batch)], count_words)


def _summarise(measures: Measures) -> dict[str, Any]:
    """What others read: shares between 0 and 1."""
    several = {"cells", "confusions", "bins", "identified_by_language"}
    return {key: value for key, value in asdict(measures).items() if key not in several}


def _format(measures: Measures) -> str:
    found = {"out_of_scope": measures.out_of_scope, "urgency": measures.urgency}
    rows = [
        ("mean over languages", measures.mean),
        *measures.languages.items(),
        *measures.labels.items(),
        *((f"{name}: recall", detection.recall) for name, detection in found.items()),
        *((f"{name}: precision", detection.precision) for name, detection in found.items()),
        ("category of problems", measures.category),
        ("language identified", measures.identified),
        ("calibration error", measures.calibration_error),
    ]
    return "\n".join(f"{name:<28} {share:7.1%}" for name, share in rows)


if __name__ == "__main__":
    sys.exit(main())
