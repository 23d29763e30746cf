"""The classes that the classifier tells apart: the intents, and instead of report_problem each kind of problem.

One classifier for all of them raises fewer false alarms than one for urgency beside one for intents, since a question
about fire extinguishers has a class of its own to go to. Used by the intent classifier.
"""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from nlu.sentences import PLACE

PROBLEM = "report_problem"
URGENT = f"{PROBLEM}:urgent"
_DANGER = "safety"
"""The category of what is urgent."""


class Guess(TypedDict):
    """As Rasa writes it."""

    name: str | None
    confidence: float


def kind_of(label: str, category: str | None, urgent: bool) -> str:
    """The class of a sentence, such as `faq/visa`, `report_problem:noise` or `report_problem:urgent`."""
    if urgent:
        return URGENT
    return f"{label}:{category}" if category else label


class Kinds:
    """Reads a row of the classifier's probabilities, one for each class."""

    def __init__(self, classes: Sequence[str]) -> None:
        self._classes = list(classes)
        self._intents = _Groups([each.partition(":")[0] for each in classes])
        kinds = [_DANGER if each == URGENT else each.partition(":")[2] for each in classes]
        self._problems = np.array([bool(kind) for kind in kinds])
        self._categories = _Groups([kind for kind in kinds if kind])

    def rank_intents(self, row: NDArray[np.float32]) -> list[Guess]:
        """All intents, the best first; that of a problem has the confidence of all its kinds together."""
        return self._intents.rank(row)

    def find_category(self, row: NDArray[np.float32]) -> Guess:
        """The likeliest kind of problem if it is one; nothing for a classifier that knows none. A place is none."""
        problems = row[self._problems]
        ranking = self._categories.rank(problems / max(float(problems.sum()), 1e-9)) if len(problems) else []
        nothing: Guess = {"name": None, "confidence": 0.0}
        return next((guess for guess in ranking if guess["name"] != PLACE), nothing)

    def danger(self, row: NDArray[np.float32]) -> float:
        """How likely life is in danger."""
        return float(row[self._classes.index(URGENT)]) if URGENT in self._classes else 0.0


class _Groups:
    """Adds up the shares of what has the same name."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = list(dict.fromkeys(names))
        self._members = np.array([[each == name for name in self._names] for each in names], np.float32)

    def rank(self, row: NDArray[np.float32]) -> list[Guess]:
        shares = row @ self._members
        return [{"name": self._names[i], "confidence": float(shares[i])} for i in shares.argsort()[::-1]]
