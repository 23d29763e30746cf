"""Which sentences are so like another one that one cannot measure what was learnt from the other."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

NEAR = 0.75
"""The share of pieces that two sentences have in common, of those that either has."""
_PIECE = 3
_SHORTEST = 8
"""Letters; shorter ones are near only when they are the same."""


def plain(text: str) -> str:
    """Without case, spaces and punctuation; a sentence of signs alone stays itself."""
    return re.sub(r"[\W_]+", "", text.casefold()) or text.strip()


class Neighbourhood:
    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [plain(text) for text in texts]
        self._pieces = [_cut(text) for text in self._texts]
        self._known = set(self._texts)
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, pieces in enumerate(self._pieces):
            for piece in pieces:
                self._holders[piece].append(number)

    def near(self, text: str) -> str | None:
        """The sentence that is the same or nearly, spaces and signs apart."""
        text = plain(text)
        if text in self._known:
            return text
        pieces = _cut(text)
        common = Counter(number for piece in pieces for number in self._holders[piece])
        for number, count in common.items():
            other = self._texts[number]
            is_long = min(len(text), len(other)) >= _SHORTEST
            if is_long and count >= NEAR * (len(pieces) + len(self._pieces[number]) - count):
                return other
        return None


def _cut(text: str) -> set[str]:
    return {text[start : start + _PIECE] for start in range(max(len(text) - _PIECE + 1, 1))}
