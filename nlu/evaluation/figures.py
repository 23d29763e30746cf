"""The figures that are committed and must not fall; used by `nlu/report.py`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from nlu.evaluation.acceptance import GUARDED
from nlu.evaluation.examples import Example
from nlu.evaluation.measures import OUT_OF_SCOPE, Measures

ALLOWED_FALL = 0.005
ROUNDING_SENTENCES = 2
"""Another processor rounds otherwise, and a sentence on the edge falls to the other side."""


@dataclass(frozen=True)
class Figure:
    """A share between 0 and 1, the higher the better, and the number of sentences that it rests on."""

    share: float
    of: int


def collect(measures: Measures, examples: list[Example]) -> dict[str, Figure]:
    """Every figure by its name."""
    urgent = sum(example.urgent for example in examples)
    outside = sum(OUT_OF_SCOPE in example.labels for example in examples)
    guarded = [measures.languages[name] for name in GUARDED if name in measures.languages]
    count = len(examples)
    figures = {
        "mean over languages": Figure(measures.mean, count),
        "mean over the main languages": Figure(sum(guarded) / max(len(guarded), 1), count),
        "out_of_scope recall": Figure(measures.out_of_scope.recall, outside),
        "out_of_scope precision": Figure(measures.out_of_scope.precision, outside),
        "urgency recall": Figure(measures.urgency.recall, urgent),
        "urgency precision": Figure(measures.urgency.precision, urgent),
        "category of problems": Figure(measures.category, sum(bool(example.category) for example in examples)),
        "language identified": Figure(measures.identified, measures.long),
        "calibration": Figure(1 - measures.calibration_error, count),
    }
    for language, share in measures.languages.items():
        figures[f"accuracy {language}"] = Figure(share, sum(example.language == language for example in examples))
    return figures


def write(figures: dict[str, Figure], file: Path) -> None:
    lines = {name: {**asdict(figure), "share": round(figure.share, 4)} for name, figure in figures.items()}
    file.write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(file: Path) -> dict[str, Figure]:
    """What `write` wrote. Raises OSError when the file is missing."""
    return {name: Figure(**each) for name, each in json.loads(file.read_text(encoding="utf-8")).items()}


def find_falls(committed: dict[str, Figure], now: dict[str, Figure]) -> list[str]:
    """A line for each figure that fell by more than half a point and two sentences, or that is not there any more."""
    lines = []
    for name, before in committed.items():
        after = now.get(name)
        if after is None:
            lines.append(f"{name}: was {before.share:.1%}, is not measured any more")
        elif after.share < before.share - ALLOWED_FALL - ROUNDING_SENTENCES / max(after.of, 1):
            lines.append(f"{name}: fell from {before.share:.1%} to {after.share:.1%}")
    return lines
