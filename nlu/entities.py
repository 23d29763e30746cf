"""Finds numbers and dates by their form; called by the entity extractor. Knows nothing of Rasa.

The text is first respelt character by character into ASCII, so that one pattern finds a number however it is
written and a match's position is still the position in the message.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Entity:
    """`value` is the normal form in ASCII; text[start:end] is what the resident wrote."""

    name: str
    value: str
    start: int
    end: int


_GAP = r"\s*[-/.]?\s*"
_EDGE = r"(?<![A-Z0-9])", r"(?![A-Z0-9])"

# What people type for a hyphen, and letters of other scripts that look like the C of a case number.
_ALIKE = str.maketrans({**dict.fromkeys("‐‑‒–—―−－﹣ー_", "-"), "С": "C", "с": "C", "⁄": "/", "、": "/", "。": "."})


def _respell(character: str) -> str:
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal)
    if unicodedata.category(character) in ("Cf", "Cc"):
        return " "  # direction marks stand inside numbers of right-to-left texts
    compatible = unicodedata.normalize("NFKC", character).upper()
    return compatible if len(compatible) == 1 else character


def respell(text: str) -> str:
    """ASCII digits, capitals and hyphens for whatever stands for them, of the same length as `text`."""
    if text.isascii():
        return text.upper().replace("_", "-").replace("\0", " ")
    return "".join(map(_respell, text.translate(_ALIKE))).translate(_ALIKE)


def _digits(count: str) -> str:
    return rf"\d(?:\s?\d){count}"


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)


def _case_number(match: re.Match[str]) -> str | None:
    year, number = map(_compact, match.groups())
    return f"C-{year}-{number.zfill(6)}"


def _application_number(match: re.Match[str]) -> str | None:
    place, kind, year, number = map(_compact, match.groups())
    return f"{place}-{kind}-{year}-{number}"


def _iso(year: str, month: str, day: str) -> str | None:
    y = int(year)
    if 2400 <= y <= 2600:
        y -= 543  # the Thai calendar
    try:
        return date(y, int(month), int(day)).isoformat() if 1900 <= y <= 2100 else None
    except ValueError:
        return None


def _year_first(match: re.Match[str]) -> str | None:
    return _iso(*map(_compact, match.groups()))


def _year_last(match: re.Match[str]) -> str | None:
    day, month, year = map(_compact, match.groups())
    # Day before month, as most of the world writes; the American order only where nothing else is possible.
    return _iso(year, month, day) or _iso(year, day, month)


_PATTERNS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = tuple(
    (name, re.compile(_EDGE[0] + pattern + _EDGE[1]), read)
    for name, pattern, read in (
        ("case_number", rf"C{_GAP}(20\s?\d\s?\d){_GAP}({_digits('{5}')})", _case_number),
        ("case_number", r"C\s?-\s?(20\d\d)\s?-\s?(\d{1,6})", _case_number),
        (
            "application_number",
            rf"([A-Z]{{2,3}}){_GAP}([A-Z]{{2,3}}){_GAP}(20\s?\d\s?\d){_GAP}({_digits('{5}')})",
            _application_number,
        ),
        ("date", r"(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})", _year_first),
        ("date", r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})(?:\s?[日号號일])?", _year_first),
        ("date", r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})", _year_last),
    )
)


def find_entities(text: str) -> list[Entity]:
    """Every case number, application number and date, in the order of the text, none overlapping another.

    A date's value is ISO 8601; a date that no calendar has is not reported.
    """
    found: list[Entity] = []
    for entity in _search(respell(text)):
        if all(entity.end <= other.start or other.end <= entity.start for other in found):
            found.append(entity)
    return sorted(found, key=lambda entity: entity.start)


def _search(text: str) -> Iterator[Entity]:
    for name, pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            value = read(match)
            if value is not None:
                yield Entity(name, value, match.start(), match.end())
