"""Times of day; called by `find_entities`. A number is an hour by its minutes or by the words beside it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlu.entities import clock_words, day_parts
from nlu.entities.entity import Entity
from nlu.entities.measures import is_measure
from nlu.entities.numbers import Number, read_numeral
from nlu.entities.phrases import Words, skip_back, skip_spaces, split_phrases
from nlu.entities.places import is_place


@dataclass(frozen=True)
class Signs:
    """What the words beside a number say about its being an hour."""

    sure: bool = False  # it is an hour
    perhaps: bool = False  # it is an hour or a number of hours
    start: bool = False  # such as "from": with `perhaps` or `part` an hour
    part: int | None = None  # the hour from which the part of the day counts
    offset: int = 0  # minutes to add
    shift: int = 0  # hours to add
    never: bool = False
    inside: bool = True  # the word belongs to the time

    def join(self, other: "Signs") -> "Signs":
        """Of two words, together; the second knows the part of the day better."""
        return Signs(
            self.sure or other.sure,
            self.perhaps or other.perhaps,
            self.start or other.start,
            self.part if other.part is None else other.part,
            self.offset or other.offset,
            self.shift or other.shift,
            self.never or other.never,
            self.inside or other.inside,
        )

    @property
    def settle(self) -> bool:
        """Whether they make it an hour."""
        has_part = self.part is not None
        return self.sure or (self.perhaps and (self.start or has_part)) or (self.start and has_part)


_Tables = Iterable[tuple[Mapping[str, str], Signs]]


def _parts(tables: Mapping[int, Mapping[str, str]], sure: bool = False, shift: int = 0) -> _Tables:
    return [(table, Signs(sure=sure, part=part, shift=shift)) for part, table in tables.items()]


def _offsets(tables: Mapping[int, Mapping[str, str]], sure: bool = False, start: bool = False) -> _Tables:
    return [(table, Signs(sure=sure, start=start, offset=offset)) for offset, table in tables.items()]


_TABLES: list[tuple[Mapping[str, str], Signs]] = [
    (clock_words.AT, Signs(sure=True, start=True, inside=False)),
    (clock_words.HOUR, Signs(sure=True)),
    (clock_words.HOUR_OR_HOURS, Signs(perhaps=True)),
    (clock_words.FROM, Signs(start=True, inside=False)),
    (clock_words.GOES_ON, Signs(start=True, inside=False)),
    (clock_words.NOT_AN_HOUR, Signs(never=True)),
    (clock_words.NOT_A_TIME, Signs(never=True)),
    *_offsets(clock_words.OFFSETS_BEFORE, sure=True),
    *_offsets(clock_words.OFFSETS_AFTER_HOUR, start=True),
    *_offsets(clock_words.OFFSETS_AFTER),
    *_parts(day_parts.AFTER, sure=True),
    *_parts(day_parts.AFTER_OR_NOT),
    *_parts(day_parts.BEFORE),
    *_parts(day_parts.BEFORE_ALONE, sure=True),
    (day_parts.FROM_SIX_AT, Signs(start=True, shift=6, inside=False)),
    *_parts(day_parts.FROM_SIX_BEFORE, shift=6),
    *_parts(day_parts.FROM_SIX_AFTER, sure=True, shift=6),
]
_BEFORE = Words(((word, signs) for table, signs in _TABLES for word in split_phrases(table)[0]), Signs.join)
_AFTER = Words(((word, signs) for table, signs in _TABLES for word in split_phrases(table)[1]), Signs.join)
_MOST_WORDS = 3

# 14:30 and 14h30 are times by themselves, 14.30 is one where words say so.
_CLOCK = re.compile(r"(?P<sign>:| ?H ?|\.)(?P<minute>[0-5]\d)(?!\d|:[0-5]?\d\d|[.,]\d)(?::[0-5]\d(?!\d))?")
_MINUTES = re.compile(
    r" ?(?:(?P<two>[0-5]\d)(?![\d%:]|[.,]\d|(?![到至左前后])[^\W\d_])"
    r"|(?P<any>[0-5]?\d|[一二三四五十]{1,3})(?= ?[分분]))"
    r"(?: ?(?:分|분|PHUT|MIN|นาที|МИНУТ)(?![A-ZА-Я]))?"
)
_FIGURES = re.compile(r"(?:[\d:.,/$€£¥₹+#]|\d{3}-|[A-Z]-?)$")
_ARABIC_IN_LATIN = re.compile(r"[A-Z][2-9][A-Z]|(?<![A-Z0-9])[2-9][A-Z]{3}")
_LATE_HOURS = re.compile(r" ?(?:H(?![^\W\d_])|[点點时])")  # these may count hours, but seldom 13 to 23 of them


def _before(text: str, start: int) -> tuple[int, Signs]:
    """What stands before the number, and where the time starts."""
    signs, position, together = Signs(), start, True
    for _ in range(_MOST_WORDS):
        found = _BEFORE.before(text, skip_back(text, position, " .:"))
        if found is None:
            break
        position = found[0]
        # The word nearest to the number knows best.
        signs = found[1].join(signs)
        # A part of the day belongs to the time also before its "at": akşam saat 8.
        start = position if found[1].inside and together else start
        together = together and (found[1].inside or found[1].sure)
    return start, signs


def _after(text: str, end: int) -> tuple[int, Signs, int | None]:
    """What stands after the number, where the time ends, and the minutes."""
    signs, position, minute = Signs(), end, None
    for _ in range(_MOST_WORDS):
        found = _AFTER.after(text, skip_spaces(text, position))
        if found is None or (found[1].part is not None and signs.part is not None):
            break
        position = found[0]
        signs = signs.join(found[1])
        end = position if found[1].inside else end
        counts = found[1].sure or found[1].perhaps
        minutes = _MINUTES.match(text, position) if counts and found[1].part is None and minute is None else None
        if minutes and not is_measure(text, minutes.end()):
            minute = _read_minute(minutes["two"] or minutes["any"])
            end = position = minutes.end()
            signs = signs.join(Signs(start=True))
    return end, signs, minute


def _read_minute(written: str) -> int:
    return int(written) if written.isdecimal() else read_numeral(written) or 0


def _hour(hour: int, signs: Signs) -> int | None:
    """The hour of the day; None where only the part of the day would tell."""
    if hour > 12:
        return hour
    if signs.shift:
        hour = (hour + signs.shift) % 12
    if signs.part is None:
        return None if signs.shift else hour
    return (signs.part + (hour - signs.part) % 12) % 24 if hour or signs.shift else 0


def _is_no_hour(text: str, number: Number, start: int, signs: Signs) -> bool:
    """一点 is "a bit", 早一点 "earlier", 一時 "for a while", unless more is said; the 3am of "3am b7ki" is Arabic."""
    if number.value == 3 and text.startswith("AM", number.end):
        return _ARABIC_IN_LATIN.search(text) is not None
    if number.kind != "numeral" or number.value != 1 or signs.offset:
        return False
    if signs.sure and text[number.end] != "時":
        return False
    return signs.part is None or number.start - start < (2 if text[number.end] != "時" else 1)


def _read(text: str, number: Number) -> Entity | None:
    clock = _CLOCK.match(text, number.end) if number.kind == "digits" else None
    start, before = _before(text, number.start)
    end, after, minute = _after(text, clock.end() if clock else number.end)
    signs = before.join(after)
    sure = signs.settle or (_LATE_HOURS.match(text, number.end) is not None and 13 <= number.value <= 23)
    if clock:
        minute = int(clock["minute"])
        sure = sure or clock["sign"] != "."
    elif is_place(text, number) or (end == number.end and is_measure(text, end)):
        return None
    if signs.never or not sure or (minute is None and _is_no_hour(text, number, start, signs)):
        return None
    # Midnight; else 24 counts hours.
    if number.value == 24 and not (clock or text.startswith("UHR", skip_spaces(text, number.end))):
        return None
    hour = _hour(number.value, signs)
    if hour is None or not 0 <= (total := hour * 60 + (minute or 0) + signs.offset) <= 24 * 60 + 30:
        return None
    return Entity("time", f"{total // 60 % 24:02}:{total % 60:02}", start, end)


def find_times(text: str, numbers: Sequence[Number]) -> Iterator[Entity]:
    """`HH:MM` values; a lone hour is taken as written where no part of the day stands beside it."""
    for number in numbers:
        if number.kind not in ("digits", "numeral") or not 0 <= number.value <= 24 or len(number.digits) > 2:
            continue
        if number.kind == "digits" and _FIGURES.search(text[max(0, number.start - 4) : number.start]):
            continue
        found = _read(text, number)
        if found is not None:
            yield found
