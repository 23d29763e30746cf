"""Which words the training data use in which language; used by the language detector.

fastText knows neither Hinglish nor Arabizi and guesses wildly at a lone "hola"; the words that our own sentences use
in one language and in no other settle such messages.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FILE = "lexicon.json"
# A word seen once counts a little less than one seen often.
_DOUBT = 0.3


class Lexicon:
    """For each word, the share with which it speaks for each language; a word's shares sum to less than 1."""

    def __init__(self, shares: Mapping[str, Mapping[str, float]]) -> None:
        self._shares = shares

    @classmethod
    def fit(cls, sentences: Iterable[tuple[str, str]]) -> "Lexicon":
        """From pairs of text and language; a language with many sentences weighs no more than one with few."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        totals: Counter[str] = Counter()
        for text, language in sentences:
            for word in _find_words(text):
                counts[word][language] += 1
                totals[language] += 1
        return cls({word: _share(found, totals) for word, found in counts.items()})

    def vote(self, text: str) -> tuple[dict[str, float], float]:
        """The mean share of each language over the text's words, and the part of its words that is known."""
        words = _find_words(text)
        votes: defaultdict[str, float] = defaultdict(float)
        for word in words:
            for language, share in self._shares.get(word, {}).items():
                votes[language] += share / len(words)
        return votes, sum(word in self._shares for word in words) / max(len(words), 1)

    def save(self, folder: Path) -> None:
        """Write the lexicon into an existing folder."""
        (folder / _FILE).write_text(json.dumps(self._shares, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Lexicon":
        """What `save` wrote. Raises OSError when the file is missing."""
        return cls(json.loads((folder / _FILE).read_text(encoding="utf-8")))


def _find_words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _share(found: Counter[str], totals: Counter[str]) -> dict[str, float]:
    count = sum(found.values())
    rates = {language: n / totals[language] for language, n in found.items()}
    scale = count / (count + _DOUBT) / sum(rates.values())
    return {language: round(rate * scale, 4) for language, rate in rates.items()}
