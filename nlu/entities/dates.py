"""Dates in digits and with the month's name; called by `find_entities`."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from nlu.entities.entity import Entity
from nlu.entities.measures import is_measure
from nlu.entities.months import MONTHS, MONTHS_FIRST
from nlu.entities.numbers import Number, read_numeral
from nlu.entities.phrases import skip_back, skip_spaces, word_set
from nlu.entities.spelling import respell

_START, _END = r"(?<![A-Z0-9])", r"(?![A-Z0-9])"
_NUMERAL = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_CHINESE_YEAR = r"(?:(\d{4}|[〇零一二三四五六七八九]{4}) ?[年년] ?)?"
_YEAR_IN_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_MONTH_IN_MONGOLIAN = respell("сарын").text


def _iso(year: str | None, month: str, day: str) -> str | None:
    """ISO 8601; without a year as XML Schema's gMonthDay writes it. None where no calendar has the date."""
    y = int(year) if year else 2000  # a leap year
    if 2400 <= y <= 2600:
        y -= 543  # the Thai calendar
    try:
        iso = date(y, int(month), int(day)).isoformat() if 1900 <= y <= 2100 else None
    except ValueError:
        return None
    return iso if year or iso is None else f"-{iso[4:]}"


def _in_order(match: re.Match[str]) -> str | None:
    return _iso(*match.groups())


def _year_last(match: re.Match[str]) -> str | None:
    day, month, year = match.groups()
    # Day before month, as most of the world writes; the American order only where nothing else is possible.
    return _iso(year, month, day) or _iso(year, day, month)


def _chinese(match: re.Match[str]) -> str | None:
    year, month, day = match.groups()
    return _iso(year and year.translate(_YEAR_IN_NUMERALS), *(_read_day(written) for written in (month, day)))


def _read_day(written: str) -> str:
    return written if written.isdecimal() else str(read_numeral(written) or 0)


def _vietnamese(match: re.Match[str]) -> str | None:
    day, month, year = match.groups()
    return _iso(year, month, day)


def _mongolian(match: re.Match[str]) -> str | None:
    return _iso(None, *match.groups())


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_START}(\d{{4}}) ?[-/.、] ?(\d{{1,2}}) ?[-/.、] ?(\d{{1,2}}){_END}", _in_order),
        (rf"{_START}(\d{{1,2}}) ?[-/.、] ?(\d{{1,2}}) ?[-/.、] ?(\d{{4}}){_END}", _year_last),
        # 2026年3月5日, 三月五号, 3월 5일
        (
            rf"(?<!\d){_CHINESE_YEAR}(?<!\d)({_NUMERAL}) ?[月월] ?({_NUMERAL}) ?[日号號일](?![间間])",
            _chinese,
        ),
        (rf"(?<!\d)(\d{{4}}) ?[年년] ?(\d{{1,2}}) ?[月월] ?(\d{{1,2}}){_END}", _in_order),
        # ngày 5 tháng 3 năm 2026, ngày 5/3
        (
            rf"NGAY (?:MUNG )?(\d{{1,2}})(?: ?[/-] ?| THANG )(\d{{1,2}})(?:(?: ?[/-] ?| NAM )(\d{{4}}))?{_END}",
            _vietnamese,
        ),
        # Mongolian: 3-р сарын 5
        (rf"(?<!\d)(\d{{1,2}})(?:-?[РН])? {_MONTH_IN_MONGOLIAN} (\d{{1,2}}){_END}", _mongolian),
    )
)

_ORDINALS = word_set("st nd rd th . er º o ° ten te -го -е -ое -та -ти -ші -чү -ci -cü -cı - -ր")
_OF = word_set("of de d' di del من ng")
# "5 may be enough" is no date.
_VERBS = word_set(
    *(f"may_{verb}" for verb in ("be", "have", "not", "also", "still", "need", "want", "come", "go", "get", "cause"))
)
# The ninth of May in Slovene, the ninth house in Estonian.
_MAY_OR_HOUSE = (". MAJA", ".MAJA")
_YEAR = re.compile(r"(?:,? ?(?:OF |DE |DEL |ค\.C\. |พ\.C\. )?)(\d{4})(?![\dA-Z])(?![.,:]\d)")
_YEAR_FIRST = re.compile(r"(?<![\dA-Z])(\d{4})(?:\.|\. | M\. | )$")


def _year_after(text: str, end: int) -> tuple[str | None, int]:
    match = _YEAR.match(text, end)
    if match and (1900 <= int(match[1]) <= 2100 or 2400 <= int(match[1]) <= 2600):
        return match[1], match.end()
    return None, end


def _day_first(text: str, number: Number) -> tuple[int, int, int] | None:
    """5 March, 5th of March, 5. März, 5 de marzo: the month, the start and the end."""
    position = number.end
    ordinal = _ORDINALS.after(text, position)
    position = ordinal[0] if ordinal else position
    position = skip_spaces(text, position)
    if of := _OF.after(text, position):
        position = skip_spaces(text, of[0])
    found = MONTHS.after(text, position)
    if found is None or _VERBS.after(text, position):
        return None
    if text[number.end : found[0]].endswith(_MAY_OR_HOUSE) and _YEAR.match(text, found[0]) is None:
        return None
    return found[1], number.start, found[0]


def _month_first(text: str, number: Number) -> tuple[int, int, int] | None:
    """March 5, March 5th, március 5."""
    end = skip_back(text, number.start)
    found = MONTHS_FIRST.before(text, end) if end < number.start else None
    if found is None or is_measure(text, number.end):
        return None
    ordinal = _ORDINALS.after(text, number.end)
    return found[1], found[0], ordinal[0] if ordinal and text[ordinal[0] - 1] != "." else number.end


def _named(text: str, number: Number) -> Entity | None:
    if number.kind != "digits" or len(number.digits) > 2 or text[: number.start].endswith(("-", "/", ".", ":")):
        return None
    for read in (_day_first, _month_first):
        if found := read(text, number):
            month, start, end = found
            year, end = _year_after(text, end)
            if year is None and read is _month_first and (before := _YEAR_FIRST.search(text[:start][-8:])):
                year, start = before[1], start - len(before[0])
            value = _iso(year, str(month), number.digits)
            return Entity("date", value, start, end) if value else None
    return None


def find_dates(text: str, numbers: Sequence[Number]) -> Iterator[Entity]:
    """ISO 8601 values; the Thai calendar's years become ours."""
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            value = read(match)
            if value is not None:
                yield Entity("date", value, match.start(), match.end())
    for number in numbers:
        found = _named(text, number)
        if found is not None:
            yield found
