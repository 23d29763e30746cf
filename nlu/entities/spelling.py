"""Respells a message so that one pattern finds what is written in many ways; called by `find_entities` and the tables.

Digits of every script become ASCII, letters lose case and accents, whatever stands for a hyphen becomes one, and marks
that are not seen (directions, joiners, Arabic vowels) go.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlu.entities.entity import Entity

# What people type for a hyphen or a full stop, letters that Unicode does not take apart, and Arabic letters that are
# written for one another.
_ALIKE = {
    **dict.fromkeys("‐‑‒–—―−－﹣", "-"),
    **dict.fromkeys("Łł", "L"),
    **dict.fromkeys("ĐđÐð", "D"),
    **dict.fromkeys("Øø", "O"),
    **dict.fromkeys("’‘ʼʻ`´′", "'"),
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىیېے", "ي"),
    **dict.fromkeys("ةۀۃہھ", "ه"),
    **{"ک": "ك", "ؤ": "و", "ئ": "ي", "ـ": "", "،": ",", "٫": ".", "٬": ",", "⁄": "/", "。": ".", "\n": "\n"},
}
# Beyond these, an accent or a vowel sign is a letter of its own, and in Vietnamese another word: tối is not tới.
_LAST_CASED, _LAST_MARK = 0x052F, 0x0700
_VIETNAMESE = range(0x1E00, 0x1F00)
_LONG_VOWEL = re.compile(r"(?<=[A-Z0-9])ー(?=[A-Z0-9])")


def _respell(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal)
    category = unicodedata.category(character)
    if category == "Cf" or (category == "Mn" and ord(character) < _LAST_MARK):
        return ""
    if category in ("Cc", "Zs"):
        return " "
    compatible = unicodedata.normalize("NFKC", character).upper()
    if len(compatible) != 1:
        return character
    if ord(compatible) <= _LAST_CASED:
        compatible = unicodedata.normalize("NFD", compatible)[0]
    return _ALIKE.get(compatible, compatible)


class _Respelt(dict[str, str]):
    """Remembers each character's spelling."""

    def __missing__(self, character: str) -> str:
        self[character] = spelling = _respell(character)
        return spelling


_RESPELT = _Respelt()


@dataclass(frozen=True)
class Spelling:
    """`text[i]` stands for the message's character `places[i]`."""

    text: str
    places: Sequence[int]

    def locate(self, entity: Entity) -> Entity:
        """The entity, found in `text`, with its place in the message."""
        return replace(entity, start=self.places[entity.start], end=self.places[entity.end - 1] + 1)


def respell(text: str) -> Spelling:
    """ASCII digits, capitals without accents and hyphens for whatever stands for them."""
    pieces = [_RESPELT[character] for character in text]
    respelt = "".join(pieces)
    if "ー" in respelt:
        respelt = _LONG_VOWEL.sub("-", respelt)
    if len(respelt) == len(text):
        return Spelling(respelt, range(len(text)))
    return Spelling(respelt, [place for place, piece in enumerate(pieces) for _ in piece])


def respell_word(word: str) -> set[str]:
    """How a word of our tables may stand in a respelt text: as it is and, in Vietnamese, also without accents."""
    respelt = respell(word).text
    plain = "".join(unicodedata.normalize("NFD", c)[0] if ord(c) in _VIETNAMESE else c for c in respelt)
    return {respelt, plain}
