"""Which script a character belongs to, and which languages write it; used by the language detector."""

from bisect import bisect_right
from functools import lru_cache

import icu

# ruff: noqa: SIM905 -- a line of tags reads better than a column of strings
# First and last code point of each block with letters, Unicode 15.
_BLOCKS = (
    (0x0041, 0x024F, "Latin"),
    (0x0370, 0x03FF, "Greek"),
    (0x0400, 0x052F, "Cyrillic"),
    (0x0530, 0x058F, "Armenian"),
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x077F, "Arabic"),
    (0x08A0, 0x08FF, "Arabic"),
    (0x0900, 0x097F, "Devanagari"),
    (0x0980, 0x09FF, "Bengali"),
    (0x0A00, 0x0A7F, "Gurmukhi"),
    (0x0A80, 0x0AFF, "Gujarati"),
    (0x0B00, 0x0B7F, "Oriya"),
    (0x0B80, 0x0BFF, "Tamil"),
    (0x0C00, 0x0C7F, "Telugu"),
    (0x0C80, 0x0CFF, "Kannada"),
    (0x0D00, 0x0D7F, "Malayalam"),
    (0x0D80, 0x0DFF, "Sinhala"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Lao"),
    (0x0F00, 0x0FFF, "Tibetan"),
    (0x1000, 0x109F, "Myanmar"),
    (0x10A0, 0x10FF, "Georgian"),
    (0x1100, 0x11FF, "Hangul"),
    (0x1200, 0x139F, "Ethiopic"),
    (0x1780, 0x17FF, "Khmer"),
    (0x1E00, 0x1EFF, "Latin"),
    (0x1F00, 0x1FFF, "Greek"),
    (0x3040, 0x30FF, "Kana"),
    (0x3130, 0x318F, "Hangul"),
    (0x3400, 0x4DBF, "Han"),
    (0x4E00, 0x9FFF, "Han"),
    (0xAC00, 0xD7AF, "Hangul"),
    (0xF900, 0xFAFF, "Han"),
    (0xFB50, 0xFDFF, "Arabic"),
    (0xFE70, 0xFEFF, "Arabic"),
    (0xFF21, 0xFF5A, "Latin"),
    (0xFF66, 0xFF9F, "Kana"),
    (0x20000, 0x3134F, "Han"),
)
_STARTS = [first for first, _, _ in _BLOCKS]

LANGUAGES = {
    "Latin": frozenset(
        "en fr de es pt it nl vi tr id ms tl pl cs sk hu ro hr sl et lv lt fi sv da nb is sq az uz ca eu gl sw ha yo"
        " ig zu xh so mg af ga cy mt lb bs jv su ceb eo".split()
    ),
    "Cyrillic": frozenset("ru uk be bg sr mk mn kk ky uz tg tt".split()),
    "Arabic": frozenset("ar fa ur ps ckb ug sd ku".split()),
    "Devanagari": frozenset("hi ne mr sa".split()),
    "Hebrew": frozenset("he yi".split()),
    "Bengali": frozenset("bn as".split()),
    "Ethiopic": frozenset("am ti".split()),
    "Han": frozenset("zh ja".split()),
    "Kana": frozenset(["ja"]),
    "Hangul": frozenset(["ko"]),
    "Greek": frozenset(["el"]),
    "Armenian": frozenset(["hy"]),
    "Gurmukhi": frozenset(["pa"]),
    "Gujarati": frozenset(["gu"]),
    "Oriya": frozenset(["or"]),
    "Tamil": frozenset(["ta"]),
    "Telugu": frozenset(["te"]),
    "Kannada": frozenset(["kn"]),
    "Malayalam": frozenset(["ml"]),
    "Sinhala": frozenset(["si"]),
    "Thai": frozenset(["th"]),
    "Lao": frozenset(["lo"]),
    "Tibetan": frozenset(["bo"]),
    "Myanmar": frozenset(["my"]),
    "Georgian": frozenset(["ka"]),
    "Khmer": frozenset(["km"]),
}


def find_script(character: str) -> str | None:
    """The script of a letter or vowel sign; None for digits, punctuation, symbols and scripts we do not know."""
    if not character.isalpha() and character < "\u0900":
        return None
    code = ord(character)
    first, last, script = _BLOCKS[max(bisect_right(_STARTS, code) - 1, 0)]
    return script if first <= code <= last else None


@lru_cache(maxsize=1)
def han_variants() -> tuple[frozenset[str], frozenset[str]]:
    """The characters that only simplified and that only traditional Chinese writes, by ICU's tables."""
    characters = "".join(map(chr, range(0x4E00, 0xA000)))
    as_simplified = icu.Transliterator.createInstance("Traditional-Simplified").transliterate(characters)
    as_traditional = icu.Transliterator.createInstance("Simplified-Traditional").transliterate(characters)
    if not len(characters) == len(as_simplified) == len(as_traditional):
        raise RuntimeError("ICU no longer converts Chinese character by character")
    traditional = {c for c, s in zip(characters, as_simplified, strict=True) if c != s}
    simplified = {c for c, t in zip(characters, as_traditional, strict=True) if c != t}
    return frozenset(simplified - traditional), frozenset(traditional - simplified)
