"""Buildings, units (entrances), floors and rooms; called by `find_entities`.

`times` asks it which numbers to leave alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlu.entities import place_words
from nlu.entities.entity import Entity
from nlu.entities.measures import is_measure
from nlu.entities.numbers import Number
from nlu.entities.phrases import Words, skip_back, skip_spaces, word_set
from nlu.entities.spelling import respell


@dataclass(frozen=True)
class Place:
    """What a word beside a number says it is, and what else that takes."""

    name: str
    ordinal: bool = False
    before: str = ""
    language: str = ""


_TABLES = {
    "building": place_words.BUILDING,
    "unit": place_words.UNIT,
    "floor": place_words.FLOOR,
    "room": place_words.ROOM,
}
_MOST_DIGITS = {"building": 3, "unit": 4, "floor": 2, "room": 5}


def _read_tables() -> tuple[Words[Place], Words[tuple[Place, ...]]]:
    before: list[tuple[str, Place]] = []
    after: list[tuple[str, tuple[Place, ...]]] = []
    for name, table in _TABLES.items():
        phrases = ((language, phrase) for language, line in table.items() for phrase in line.split("|"))
        for language, (left, _, right) in ((language, phrase.partition("#")) for language, phrase in phrases):
            if right.strip():
                ordinal = right.startswith(".")
                after.append((right.lstrip(".").strip(), (Place(name, ordinal, respell(left).text.strip()),)))
            else:
                before.append((left.strip(), Place(name, language=language)))
    return Words(before), Words(after, lambda first, second: first + second)


_BEFORE, _AFTER = _read_tables()
_NUMBER_WORDS = word_set(place_words.NUMBER)
_ORDINALS = word_set(place_words.ORDINAL)
_NOT_AFTER = {name: word_set(words) for name, words in place_words.NOT_AFTER.items()}
_AFTER_LETTER = word_set(place_words.BUILDING_AFTER_LETTER)

_BETWEEN = " :#№.-"
_LEAD = re.compile(r"(?<![^\W_])([A-Z])-?$")  # the B of B1203
_TAIL = re.compile(r"([A-ZА-Я])(?![^\W_])")  # the B of 14B
_PART = re.compile(r"-(\d{1,4})(?![\d.,:/])")  # the 1502 of 12-1502
_DECIMAL = re.compile(r"\d[.,:/-]$")
_GOES_ON = re.compile(r"[A-Z\u1e00-\u1eff]")  # the word does, as in Arabic kat7ello
_FIGURES = re.compile(r"(?:\d[.,:/-]|[A-Z]-?)$")  # the number goes on to the left
_BELOW = re.compile(r"(?:地下 ?|地库 ?|负|負|지하 ?|(?<![A-Z0-9])B|(?<![^ ])-)$")
_SHORT_FLOOR = re.compile(r"(/?)F(?![A-Z0-9\u1e00-\u1eff])")  # 3F, 5/F
_FAHRENHEIT = 40
_NOT_COUNTED = re.compile(rf"第$|{_BELOW.pattern}")
_COUNTED = re.compile(r"[共有总總计計约約各每高]$")
_OF_HOUSES = re.compile(r"[栋幢棟]楼(?![下上道里前后门梯])")  # 3栋楼 are three houses
_MAYBE_COUNTED = "栋幢棟层層"
_LONG_ROOMS = "室房호"  # 1502室, but 3室1厅
_ROOM_FOLLOWS = re.compile(r"[ -]?(\d{3,4}[A-Z]?)(?![A-Z0-9-])(?! ?[室房호号])")
_HOUSE_IN_LANE = re.compile(r"(?<![\d.-])(\d{1,4})号(?:(?= ?\d{3,4}[室房])|(?<=弄\d号)|(?<=弄\d\d号)|(?<=弄\d\d\d号))")
_LETTER = re.compile(r"(?<![^\W_])[A-DF-H](?![A-Z0-9'\u1e00-\u1eff])")
_AFTER_A = re.compile(r" ?(?:$|[,.!?;)\n\d])")


def _word_before(text: str, start: int) -> tuple[int, Place] | None:
    end = skip_back(text, start, _BETWEEN)
    found = _BEFORE.before(text, end)
    if found is None and (link := _NUMBER_WORDS.before(text, end)):
        found = _BEFORE.before(text, skip_back(text, link[0], _BETWEEN))
    return found


def is_place(text: str, number: Number) -> bool:
    """Whether a word before the number says that it is a place."""
    return _word_before(text, number.start) is not None


def find_named(text: str, numbers: Sequence[Number]) -> Iterator[Entity]:
    """Every number with a place's word before it, whatever follows it: where hiding too much does no harm."""
    for number in numbers:
        found = _word_before(text, _lead(text, number.start)[0])
        if found is not None:
            yield Entity(found[1].name, number.digits, found[0], number.end)


def _lead(text: str, start: int) -> tuple[int, str]:
    match = _LEAD.search(text[max(0, start - 3) : start])
    return (start - len(match[0]), match[1]) if match else (start, "")


def _before(text: str, number: Number) -> Iterator[Entity]:
    """Building 12, room B1203, tower 12-1502, الطابق الثالث."""
    start, lead = _lead(text, number.start)
    found = _word_before(text, start)
    if found is None or (start == number.start and _DECIMAL.search(text[max(0, start - 2) : start])):
        return
    start, name = found[0], found[1].name
    if number.kind in ("ordinal", "cardinal"):
        if name == "floor" and number.language in ("", found[1].language):
            yield Entity(name, number.digits, start, number.end)
        return
    tail = _TAIL.match(text, number.end)
    end = tail.end() if tail else number.end
    if _GOES_ON.match(text, end):
        return
    part = _PART.match(text, end)
    if part and name == "building" and len(part[1]) >= 3:
        yield Entity("room", part[1], part.start(1), part.end(1))
    elif part and name == "room":
        end = part.end()
    elif is_measure(text, end):
        return
    if lead and name == "floor":
        lead = "-" if lead == "B" else ""
    yield Entity(name, lead + number.digits + text[number.end : end], start, end)


def _word_after(text: str, number: Number, end: int) -> tuple[int, Place] | None:
    """The word after the number, or after the ending that makes it an ordinal."""
    ending = _ORDINALS.after(text, number.end) if end == number.end else None
    for position, ordinal in ((end, number.kind == "ordinal"), (ending[0] if ending else -1, True)):
        found = _AFTER.after(text, skip_spaces(text, position)) if position >= 0 else None
        for place in found[1] if found else ():
            before = text[: skip_back(text, number.start, " ")]
            if (ordinal or not place.ordinal) and before.endswith(place.before):
                return (found[0], place) if found else None
    return None


def _is_counted(text: str, number: Number, end: int, place: Place) -> bool:
    """三栋 and 共3层 are quantities, 3室1厅 the rooms of a flat."""
    last = text[end - 1]
    if number.kind == "numeral":
        few = text[number.start : number.end] in ("一", "两", "兩")
        if few and last in _MAYBE_COUNTED and not _NOT_COUNTED.search(text[max(0, number.start - 3) : number.start]):
            return True
    if last in _MAYBE_COUNTED and _COUNTED.search(text[max(0, number.start - 1) : number.start]):
        return True
    if last in _LONG_ROOMS and len(number.digits) < 3 and text[end - 2] not in "号號":
        return True
    if last == "동" and number.start and "가" <= text[number.start - 1] <= "힣":
        return True
    not_after = _NOT_AFTER.get(place.name)
    return bool(_OF_HOUSES.match(text, end - 1) or (not_after and not_after.after(text, end)))


def _after(text: str, number: Number) -> Iterator[Entity]:
    """3rd floor, 12号楼, 14B室, 地下1階."""
    if number.kind == "cardinal":
        return
    start, lead = _lead(text, number.start)
    below = _BELOW.search(text[max(0, number.start - 4) : number.start])
    tail = _TAIL.match(text, number.end)
    if not lead and not below and _FIGURES.search(text[max(0, number.start - 2) : number.start]):
        return
    end = tail.end() if tail else number.end
    short = _SHORT_FLOOR.match(text, number.end) if number.kind == "digits" and not lead else None
    if short and (short[1] or number.value <= _FAHRENHEIT) and number.value:
        yield Entity("floor", number.digits, number.start, short.end())
        return
    found = _word_after(text, number, end) or (_word_after(text, number, number.end) if tail else None)
    if found is None or _is_counted(text, number, *found):
        return
    end, place = found
    if place.name == "floor":
        start = number.start - len(below[0]) if below else number.start
        yield Entity("floor", ("-" if below else "") + number.digits, start, end)
    elif number.kind != "ordinal":
        letter = tail[1] if tail and text[number.end : end].startswith(tail[1]) and end > tail.end() else ""
        yield Entity(place.name, lead + number.digits + letter, start, end)


def _room_after(text: str, place: Entity) -> Iterator[Entity]:
    """The 502 of 3栋502."""
    match = _ROOM_FOLLOWS.match(text, place.end)
    if match and not text[place.end - 1].isascii() and not is_measure(text, match.end()):
        yield Entity("room", match[1], match.start(1), match.end(1))


def _lettered(text: str) -> Iterator[Entity]:
    for match in _LETTER.finditer(text):
        letter, end = match[0], match.end()
        before = _BEFORE.before(text, skip_back(text, match.start(), _BETWEEN))
        after = _AFTER_LETTER.after(text, skip_spaces(text, end))
        if before and before[1].name in ("building", "unit") and (letter != "A" or _AFTER_A.match(text, end)):
            yield Entity(before[1].name, letter, before[0], end)
        elif after:
            yield Entity("building", letter, match.start(), after[0])


def _is_likely(place: Entity) -> bool:
    digits = place.value.strip("-ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return not digits or (digits.strip("0") != "" and len(digits.partition("-")[0]) <= _MOST_DIGITS[place.name])


def _is_flat(place: Entity) -> bool:
    """Unit 1402 and unit 14B are flats, 3单元 is an entrance."""
    return place.name == "unit" and len(place.value) >= 3


def find_places(text: str, numbers: Sequence[Number]) -> Iterator[Entity]:
    """`3`, `14B`, `12-1502`, `-1` (a basement's floor). The words before a number count more than those after it."""
    for number in numbers:
        if number.kind == "long":
            continue
        found = [place for place in _before(text, number) if _is_likely(place)]
        found = found or [place for place in _after(text, number) if _is_likely(place)]
        found = [replace(place, name="room") if _is_flat(place) else place for place in found]
        yield from found
        for place in found:
            if place.name in ("building", "unit"):
                yield from _room_after(text, place)
    for match in _HOUSE_IN_LANE.finditer(text):
        yield Entity("building", match[1], match.start(), match.end())
    yield from _lettered(text)
