"""What a model's answers to labelled sentences are worth, in numbers. Used by evaluation, training and the report."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from nlu.evaluation.examples import Example

OUT_OF_SCOPE = "out_of_scope"
BINS = 10

Parsed = dict[str, Any]
"""What /model/parse answers."""


@dataclass(frozen=True)
class Detection:
    """How well one thing is found. A share is 1 when there was nothing to get wrong."""

    recall: float
    precision: float


@dataclass(frozen=True)
class Bin:
    """Sentences whose confidence lies in one tenth of the scale."""

    count: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Measures:
    """Shares between 0 and 1. A sentence with several labels counts for the first of them."""

    sentences: int
    mean: float
    """Accuracy of the intent over languages, each counting the same."""
    languages: dict[str, float]
    labels: dict[str, float]
    cells: dict[tuple[str, str], float]
    """By language and label."""
    confusions: list[tuple[str, str, int]]
    """Expected, answered, how often; the most frequent first."""
    out_of_scope: Detection
    urgency: Detection
    category: float
    """Of the problems; whatever intent was answered."""
    identified: float
    """Languages of the sentences of three words or more."""
    long: int
    """How many these are."""
    identified_by_language: dict[str, float]
    bins: list[Bin]
    calibration_error: float
    """Expected: the mean distance of confidence and share of right answers, over the sentences."""


def measure(examples: Sequence[Example], answers: Sequence[Parsed], count_words: Callable[[str], int]) -> Measures:
    """`answers` holds one for each example; `count_words` says which texts are long enough to show a language."""
    both = list(zip(examples, answers, strict=True))
    right = [answer["intent"]["name"] in example.labels for example, answer in both]
    languages = _share_by((example.language for example in examples), right)
    long = [(example, answer) for example, answer in both if count_words(example.text) >= 3]
    identified = [answer["language"]["name"] == example.language for example, answer in long]
    problems = [(example, answer) for example, answer in both if example.category]
    bins = _fill_bins([answer["intent"]["confidence"] for answer in answers], right)
    return Measures(
        sentences=len(examples),
        mean=_mean(languages.values()),
        languages=languages,
        labels=_share_by((example.labels[0] for example in examples), right),
        cells=_share_by(((example.language, example.labels[0]) for example in examples), right),
        confusions=_find_confusions(both),
        out_of_scope=_detect((OUT_OF_SCOPE in e.labels, a["intent"]["name"] == OUT_OF_SCOPE) for e, a in both),
        urgency=_detect((example.urgent, answer["urgent"]) for example, answer in both),
        category=_mean(answer["category"]["name"] == example.category for example, answer in problems),
        identified=_mean(identified),
        long=len(long),
        identified_by_language=_share_by((example.language for example, _ in long), identified),
        bins=bins,
        calibration_error=sum(each.count * abs(each.confidence - each.right) for each in bins) / len(examples),
    )


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return fmean(values) if values else 1.0


def _share_by(keys: Iterable[Any], right: Sequence[bool]) -> dict[Any, float]:
    found = defaultdict(list)
    for key, is_right in zip(keys, right, strict=True):
        found[key].append(is_right)
    return {key: fmean(rights) for key, rights in sorted(found.items())}


def _find_confusions(both: Sequence[tuple[Example, Parsed]]) -> list[tuple[str, str, int]]:
    wrong = Counter(
        (example.labels[0], str(answer["intent"]["name"]))
        for example, answer in both
        if answer["intent"]["name"] not in example.labels
    )
    return [(expected, answered, count) for (expected, answered), count in wrong.most_common()]


def _detect(pairs: Iterable[tuple[bool, bool]]) -> Detection:
    """From pairs of whether it is so and whether it was said."""
    counts = Counter(pairs)
    hits, missed, false = counts[True, True], counts[True, False], counts[False, True]
    return Detection(hits / (hits + missed) if hits + missed else 1.0, hits / (hits + false) if hits + false else 1.0)


def _fill_bins(confidences: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, is_right in zip(confidences, right, strict=True):
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, is_right))
    return [Bin(len(each), _mean(c for c, _ in each), _mean(r for _, r in each)) for each in bins]
