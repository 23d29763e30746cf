"""Case and application numbers, which have a form of their own; called by `find_entities`."""

import re
from collections.abc import Iterator

from nlu.entities.entity import Entity

_GAP = r" ?[-/._、]? ?"
_C = "[CС]"  # the second is Cyrillic
_DIGITS = r"\d(?: ?\d){5}"
_START, _END = r"(?<![A-Z0-9])", r"(?![A-Z0-9])"

_CASES = (
    re.compile(rf"{_START}{_C}{_GAP}(20 ?\d ?\d){_GAP}({_DIGITS}){_END}"),
    # Leading zeros are left out only where hyphens keep the parts apart.
    re.compile(rf"{_START}{_C} ?[-_] ?(20\d\d) ?[-_] ?(\d{{1,6}}){_END}"),
)
_APPLICATION = re.compile(rf"{_START}([A-Z]{{2,3}}){_GAP}([A-Z]{{2,3}}){_GAP}(20 ?\d ?\d){_GAP}({_DIGITS}){_END}")


def _compact(match: re.Match[str]) -> list[str]:
    return [part.replace(" ", "") for part in match.groups()]


def find_numbers(text: str) -> Iterator[Entity]:
    """As the centre and the authority write them: C-2026-000123, SH-RP-2026-004182."""
    for pattern in _CASES:
        for match in pattern.finditer(text):
            year, number = _compact(match)
            yield Entity("case_number", f"C-{year}-{number.zfill(6)}", match.start(), match.end())
    for match in _APPLICATION.finditer(text):
        yield Entity("application_number", "-".join(_compact(match)), match.start(), match.end())
