"""`python -m nlu.train [--check] [--again] [--force] [--output DIR]`: trains a model when something changed.

The new model is put in place of the old one unless it is worse on the held-out sentences
(`nlu/evaluation/acceptance.py`); a server that runs takes it over by itself. Called by a person, by `alley nlu train`
and by set-up. Prints a line for each step.
"""

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from nlu.archive import MODELS, find_model, put_in_place
from nlu.evaluation.acceptance import HELD_OUT, find_losses
from nlu.quiet import prepare_process
from nlu.registry import find_problems
from nlu.sentences import ANSWERS, DATA, SentenceError, read_questions, read_sentences

_FOLDER = Path(__file__).parent
_CONFIG = _FOLDER / "config.yml"
# The data's file names are labels, so they count as well as their content.
_SOURCES = ("data/*/**/*.yml", "*.py", "components/*.py", "encoder/*.py", "config.yml", "uv.lock")
# What only asks a trained model does not make it another.
_ASKING = {
    "api.py", "archive.py", "bench_massive.py", "bench_rasa.py", "compare.py", "evaluate.py", "following.py",
    "model.py", "registry.py", "report.py", "serve.py",
}  # fmt: skip
REFUSED = 3


def main(arguments: list[str] | None = None) -> int:
    """0 when a model that fits the data is in place; REFUSED when it was worse than the one that stays; else 1.

    Says why in a line.
    """
    options = _read_arguments(arguments)
    problems = find_problems()
    for problem in problems:
        _report(f"warning: {problem}")
    if problems and options.check:
        return 1
    archive = options.output / f"{hash_sources()}.tar.gz"
    try:
        if archive.exists() and not options.again:
            _report(f"nothing changed since {archive.name} was trained")
        else:
            train(archive)
        losses = [] if options.force else _compare(archive)
    except (SentenceError, ValueError) as error:
        _report(f"error: {error}")
        return 1
    if losses:
        _report(f"refused: {', '.join(losses)}. The old model stays; --force puts the new one in place nevertheless")
        return REFUSED
    put_in_place(archive)
    _report(f"in place: {archive}")
    return 0


def _compare(archive: Path) -> list[str]:
    """What would be lost against the model that is in place, if there is another one."""
    try:
        old = find_model(archive.parent)
    except FileNotFoundError:
        return []
    if old == archive.resolve() or not HELD_OUT.is_dir():
        return []
    _report(f"comparing with {old.name} on the held-out sentences")
    return find_losses(old, archive)


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu.train", description="Train Alley's language understanding.")
    parser.add_argument("--check", action="store_true", help="do not train when a label or a file has a problem")
    parser.add_argument("--again", action="store_true", help="train although nothing changed")
    parser.add_argument("--force", action="store_true", help="put the new model in place although it is worse")
    parser.add_argument("--output", type=Path, default=MODELS, metavar="DIR", help="(%(default)s)")
    return parser.parse_args(arguments)


def hash_sources(folder: Path = _FOLDER, answers: Path = ANSWERS) -> str:
    """Twelve digits that change with the data, the configuration, the code and the locked packages."""
    digest = hashlib.sha256()
    for file in _find_sources(folder):
        digest.update(f"{file.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for question in read_questions(answers):
        digest.update(f"{question.language}\0{question.label}\0{question.text}\0".encode())
    return digest.hexdigest()[:12]


def _find_sources(folder: Path) -> Iterator[Path]:
    for pattern in _SOURCES:
        yield from sorted(file for file in folder.glob(pattern) if file.name not in _ASKING)


def train(archive: Path, data: Path = DATA, answers: Path = ANSWERS) -> None:
    """Train on the sentences below `data`, and the questions of the answers, and write the model.

    Raises SentenceError when a file is malformed, ValueError when there is too little to tell two labels apart.
    """
    start = time.monotonic()
    _report("loading Rasa")
    prepare_process()
    from rasa.engine.constants import PLACEHOLDER_IMPORTER
    from rasa.engine.graph import ExecutionContext
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.validation import validate

    from nlu.graph import build_graph
    from nlu.importer import SentenceImporter

    importer = SentenceImporter(str(_CONFIG), data=data, answers=answers)
    graph = build_graph(importer.get_config())
    validate(graph)
    count = len(read_sentences(data)) + len(read_questions(answers))
    _report(f"training on {count} sentences; those that are new are embedded first")
    with tempfile.TemporaryDirectory(prefix="alley-train-") as folder:
        storage = LocalModelStorage.create(Path(folder))
        context = ExecutionContext(graph.train_schema)
        DaskGraphRunner.create(graph.train_schema, storage, context).run({PLACEHOLDER_IMPORTER: importer})
        partial = archive.with_name(f".partial-{archive.name}")
        storage.create_model_package(partial, graph, importer.get_domain())
        partial.replace(archive)
    _report(f"trained {archive} in {time.monotonic() - start:.1f} s")


def _report(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
