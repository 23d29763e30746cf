"""Second half of `make bench-nlu`: our intent classifier beside Rasa's recommended pipeline on MASSIVE, in 52 locales.

Trains what ships (encoder, language directions, classifier) on rows of `nlu/massive` instead of our own sentences, asks
it in every locale and writes the tables, with Rasa's side from `nlu/bench_rasa.py`, into docs/nlu.md.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from nlu.classifier import fit_classifier
from nlu.directions import find_directions
from nlu.embedding_cache import EmbeddingCache
from nlu.encoder import Encoder, load_encoder
from nlu.quiet import prepare_process
from nlu.sentences import read_sentences

Rows = NDArray[np.float32]
Samples = tuple[list[str], list[str]]
"""Texts and the intent of each."""

TRAINED_ON = ("en-US", "zh-CN", "ar-SA", "sw-KE")
RASA_RESULTS = Path("var/cache/massive-rasa")

_DATA = Path(__file__).parent / "massive"
_REPORT = Path(__file__).parent.parent / "docs" / "nlu.md"
_BEGIN, _END = "<!-- make bench-nlu -->", "<!-- end bench-nlu -->"
# Our own sentences are in the cache of `nlu/train.py` already; MASSIVE must not slow that one down.
_OUR_CACHE, _MASSIVE_CACHE = Path("var/cache/embeddings.sqlite"), Path("var/cache/massive.sqlite")
_BATCH = 64
_LONGEST = 1000
"""Characters, as in the sentence featurizer."""


@dataclass(frozen=True)
class Result:
    """What one training on rows of one locale gave."""

    trained_on: str
    date: str
    seconds: float
    """From texts to a model that can be asked."""
    processor_seconds: float
    """The same in time of processors, which tells more where the machine does other work beside."""
    accuracy: dict[str, float]
    """The share of right intents by locale asked in."""

    @property
    def same(self) -> float:
        return self.accuracy[self.trained_on]

    @property
    def mean(self) -> float:
        """Over all locales."""
        return fmean(self.accuracy.values())

    @property
    def mean_of_others(self) -> float:
        """Over the locales it has no rows of."""
        return fmean(share for locale, share in self.accuracy.items() if locale != self.trained_on)


def read_samples(file: Path) -> Samples:
    """The rows of a file `text<tab>intent`. Raises ValueError, naming file and line, when a row is not like that."""
    texts, intents = [], []
    for number, line in enumerate(file.read_text(encoding="utf-8").rstrip("\n").split("\n"), start=1):
        text, _, intent = line.partition("\t")
        if not text or not intent or "\t" in intent:
            raise ValueError(f"{file}:{number}: needs a text, a tab and an intent")
        texts.append(text)
        intents.append(intent)
    return texts, intents


def read_training(locale: str, folder: Path = _DATA) -> Samples:
    """The 2,020 rows of one of TRAINED_ON."""
    return read_samples(folder / f"train-2000.{locale}.tsv")


def read_tests(folder: Path = _DATA) -> dict[str, Samples]:
    """Every locale's 595 test rows."""
    files = sorted(folder.glob("test.*.tsv"))
    return {file.name.split(".")[1]: read_samples(file) for file in files}


def measure(tests: dict[str, Samples], predict: Callable[[str, list[str]], Sequence[str]]) -> dict[str, float]:
    """The share of right intents by locale, when `predict` is given the locale and its texts."""
    accuracy = {}
    for locale, (texts, intents) in tests.items():
        predicted = predict(locale, texts)
        accuracy[locale] = fmean(name == intent for name, intent in zip(predicted, intents, strict=True))
    return accuracy


class Stopwatch:
    """Runs from its making."""

    def __init__(self) -> None:
        self._start = self._now()

    def read(self) -> tuple[float, float]:
        """Seconds gone by, and seconds that this process's threads have computed."""
        seconds, processor_seconds = (now - start for now, start in zip(self._now(), self._start, strict=True))
        return seconds, processor_seconds

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.monotonic(), time.process_time()


def today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())


class _Bench:
    """The encoder, the test rows' embeddings and the directions: what all our trainings share."""

    def __init__(self, tests: dict[str, Samples]) -> None:
        self._encoder: Encoder = load_encoder("auto")
        self._tests = tests
        _say("embedding the test rows; those that are new take a minute or two")
        cache = EmbeddingCache(_MASSIVE_CACHE)
        self._embeddings = {locale: cache.encode(self._encoder, texts) for locale, (texts, _) in tests.items()}
        _say("embedding Alley's own sentences, those that are new")
        self._directions = _find_own_directions(self._encoder)

    def run(self, locale: str, samples: Samples) -> Result:
        stopwatch = Stopwatch()
        texts, intents = samples
        # Without the cache, so that the seconds are those of a first training.
        classifier, _ = fit_classifier(texts, self._embed(texts), intents, self._directions)
        seconds = stopwatch.read()

        def predict(asked: str, texts: list[str]) -> list[str]:
            best = classifier.probabilities(texts, self._embeddings[asked]).argmax(axis=1)
            return [classifier.classes[i] for i in best]

        result = Result(locale, today(), *seconds, measure(self._tests, predict))
        _say(f"Alley, {len(texts)} rows of {locale}: {describe(result)}")
        return result

    def _embed(self, texts: list[str]) -> Rows:
        batches = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
        return np.concatenate([self._encoder.encode(batch) for batch in batches])


def _find_own_directions(encoder: Encoder) -> Rows:
    sentences = read_sentences()
    texts = [sentence.text[:_LONGEST].encode("utf-8", "replace").decode() for sentence in sentences]
    embeddings = EmbeddingCache(_OUR_CACHE).encode(encoder, texts)
    return find_directions(embeddings, [sentence.language for sentence in sentences])


def describe(result: Result) -> str:
    """One line for the terminal."""
    return (
        f"{_percent(result.same)}% in the same language, {_percent(result.mean_of_others)}% in the others, "
        f"{_percent(result.mean)}% in all, trained in {_seconds(result)} s"
    )


def _read_rasa_results(folder: Path = RASA_RESULTS) -> list[Result]:
    """Raises FileNotFoundError when a training is missing."""
    results = (json.loads((folder / f"{locale}.json").read_text(encoding="utf-8")) for locale in TRAINED_ON)
    return [Result(**{key: result[key] for key in Result.__dataclass_fields__}) for result in results]


_ABOUT = """\
[MASSIVE](../nlu/massive/README.md) 1.1 is what people ask of a voice assistant: 60 intents in {count} locales, with 595
test rows here for each. The encoder and the classifier that serve are trained on its rows instead of Alley's sentences;
the directions that tell languages apart (`nlu/directions.py`) come from Alley's sentences, as in service, and from
nothing of MASSIVE. All figures are percentages of intents that are right. In one locale, four points more or less say
little.
"""
_ABOUT_WHOLE = """\
On the 11,514 English training rows, with no row of any other language: mean of {count} locales **{mean}**, English
{same}, mean of the {others} others {mean_of_others}. Training took {seconds} s. Published for models fine-tuned on
GPUs, with the full test sets, mean of 50 others: XLM-R 70.6, mT5 61.2 and 62.9 (FitzGerald et al., ACL 2023).
"""
_ABOUT_RASA = """\
Rasa's recommended pipeline, intents only: WhitespaceTokenizer, RegexFeaturizer, LexicalSyntacticFeaturizer,
CountVectorsFeaturizer on words and on 1 to 4 characters within words, DIETClassifier with 100 epochs. Chinese gets the
same (\\*): Rasa refuses WhitespaceTokenizer to those who declare Chinese, because white space does not part its words;
undeclared it runs, and the characters carry it. Seconds of training are from texts to a model that can be asked, our
embeddings included; in brackets those of processor time, because other work may run beside.
"""


def write_report(whole: Result, ours: Sequence[Result], rasas: Sequence[Result]) -> str:
    """Markdown: trained on the whole English set, trained on 2,020 rows beside Rasa, and locale by locale."""
    count = len(whole.accuracy)
    figures = {name: _percent(getattr(whole, name)) for name in ("same", "mean", "mean_of_others")}
    parts = [
        "## MASSIVE\n",
        f"Measured by `make bench-nlu` on {whole.date}, {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}; Rasa's side on {max(rasa.date for rasa in rasas)}.\n",
        _ABOUT.format(count=count),
        "### Trained in English alone\n",
        _ABOUT_WHOLE.format(count=count, others=count - 1, seconds=_seconds(whole), **figures),
        f"### Trained on 2,020 rows of one language, beside Rasa {version('rasa')}\n",
        _ABOUT_RASA,
        f"| trained on | | same language | mean of the {count - 1} others | mean of {count} | training, s |",
        "|---|---|---|---|---|---|",
        *(row for our, rasa in zip(ours, rasas, strict=True) for row in _compare(our, rasa)),
        "\n### Locale by locale\n",
        *_tabulate(whole, ours, rasas),
    ]
    return "\n".join(parts)


def _compare(our: Result, rasa: Result) -> Iterator[str]:
    for name, result in (("Alley", our), ("Rasa \\*" if rasa.trained_on == "zh-CN" else "Rasa", rasa)):
        figures = map(_percent, (result.same, result.mean_of_others, result.mean))
        yield f"| {result.trained_on} | {name} | {' | '.join(figures)} | {_seconds(result)} |"
    ahead = (our.same - rasa.same, our.mean_of_others - rasa.mean_of_others, our.mean - rasa.mean)
    yield f"| | ahead by | {' | '.join(f'**{100 * points:+.1f}**' for points in ahead)} | |"


def _tabulate(whole: Result, ours: Sequence[Result], rasas: Sequence[Result]) -> Iterator[str]:
    pairs = [result for pair in zip(ours, rasas, strict=True) for result in pair]
    heads = [f"{our.trained_on} {name}" for our in ours for name in ("Alley", "Rasa")]
    yield f"| asked in | all of en-US | {' | '.join(heads)} |"
    yield "|---" * (len(heads) + 2) + "|"
    for locale in whole.accuracy:
        figures = (_percent(result.accuracy[locale]) for result in (whole, *pairs))
        yield f"| {locale} | {' | '.join(figures)} |"


def _seconds(result: Result) -> str:
    return f"{result.seconds:.0f} ({result.processor_seconds:.0f})"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def place(report: str, document: str) -> str:
    """The document with the report between our marks, which are added at its end where they are missing."""
    if _BEGIN not in document:
        document = f"{document.rstrip()}\n\n{_BEGIN}\n{_END}\n".lstrip()
    before, _, rest = document.partition(_BEGIN)
    return f"{before}{_BEGIN}\n{report}\n{_END}{rest.partition(_END)[2]}"


def main() -> int:
    """0 when the tables are written, 1 with a line that says why not."""
    try:
        rasas = _read_rasa_results()
    except FileNotFoundError as error:
        print(f"error: Rasa's side is not measured yet, run `make bench-nlu`: {error}", file=sys.stderr)
        return 1
    prepare_process()
    bench = _Bench(read_tests())
    whole = bench.run("en-US", read_samples(_DATA / "train.en-US.tsv"))
    ours = [bench.run(locale, read_training(locale)) for locale in TRAINED_ON]
    report = write_report(whole, ours, rasas)
    _REPORT.parent.mkdir(exist_ok=True)
    document = _REPORT.read_text(encoding="utf-8") if _REPORT.exists() else "# Language understanding, measured\n"
    _REPORT.write_text(place(report, document), encoding="utf-8")
    _say(f"written: {_REPORT}")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
