"""Looks up the words before and after a number; called by `dates`, `times` and `places`.

The tables write a phrase with `#` for the number: `building # | # floor`. A phrase is looked up as it stands, the
longest first, so a table may have hundreds without costing time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from nlu.entities.spelling import respell_word

Meaning = TypeVar("Meaning")

# Scripts that write words apart, so that a word must end where the table's word ends; the others, and those that write
# endings and short words joined to a word, come after them.
_APART = (range(0x0041, 0x0590), range(0x10A0, 0x1100))
_APART_AT_END = (*_APART, range(0x0590, 0x0700))


def _is_apart(character: str, scripts: tuple[range, ...]) -> bool:
    return character.isalpha() and any(ord(character) in script for script in scripts)


def _group_lengths(words: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """By the letter at which a word is looked for, how long the words are, the longest first."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for letter, length in words:
        lengths[letter].add(length)
    return {letter: sorted(found, reverse=True) for letter, found in lengths.items()}


class Words(Generic[Meaning]):  # noqa: UP046 - Python 3.10
    """Words and what they mean, respelt. A word that ends in `*` may have any ending.

    Where a word comes twice, `join` makes one of its meanings; without it, the last one holds.
    """

    def __init__(
        self,
        words: Iterable[tuple[str, Meaning]],
        join: Callable[[Meaning, Meaning], Meaning] = lambda _, last: last,
    ) -> None:
        self._meanings: dict[str, Meaning] = {}
        self._open: set[str] = set()
        for word, meaning in words:
            for respelt in respell_word(word.rstrip("*")):
                known = self._meanings.get(respelt)
                self._meanings[respelt] = meaning if known is None else join(known, meaning)
                if word.endswith("*"):
                    self._open.add(respelt)
        self._by_first = _group_lengths((word[0], len(word)) for word in self._meanings)
        self._by_last = _group_lengths((word[-1], len(word)) for word in self._meanings)

    def before(self, text: str, end: int) -> tuple[int, Meaning] | None:
        """The longest word that ends at `end`: where it starts, and its meaning."""
        for length in self._by_last.get(text[end - 1 : end], ()):
            start = end - length
            if start < 0 or (word := text[start:end]) not in self._meanings:
                continue
            if start and _is_apart(text[start - 1], _APART) and _is_apart(word[0], _APART):
                continue
            return start, self._meanings[word]
        return None

    def after(self, text: str, start: int) -> tuple[int, Meaning] | None:
        """The longest word that starts at `start`: where it ends, and its meaning."""
        for length in self._by_first.get(text[start : start + 1], ()):
            end = start + length
            if end > len(text) or (word := text[start:end]) not in self._meanings:
                continue
            follows = text[end : end + 1]
            joined = _is_apart(word[-1], _APART_AT_END) and _is_apart(follows or " ", _APART_AT_END)
            if joined and word not in self._open:
                continue
            return end, self._meanings[word]
        return None


def skip_spaces(text: str, position: int) -> int:
    """Where the text goes on after spaces."""
    while text.startswith(" ", position):
        position += 1
    return position


def skip_back(text: str, position: int, characters: str = " ") -> int:
    """Where the text before `position` ends, `characters` left aside."""
    while position and text[position - 1] in characters:
        position -= 1
    return position


def split_phrases(table: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """From the phrases of each language, the words that stand before the number and those that stand after it."""
    phrases = [phrase.partition("#") for line in table.values() for phrase in line.split("|")]
    before = [left.strip() for left, _, right in phrases if not right.strip()]
    return before, [right.strip() for _, _, right in phrases if right.strip()]


def word_set(*words: str) -> Words[bool]:
    """Words without a meaning, between spaces; `_` is a space within one."""
    return Words((word.replace("_", " "), True) for line in words for word in line.split())
