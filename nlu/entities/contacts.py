"""Telephone and passport numbers and e-mail addresses; called by `find_entities`.

A number that could be many things is one of these only after a word that says so; the words are in `contact_words`.
"""

import re
from collections.abc import Iterator

from nlu.entities.contact_words import LINKS, PASSPORT_WORDS, PHONE_WORDS
from nlu.entities.entity import Entity
from nlu.entities.phrases import Words, skip_back

_APART = r"[ .()/-]{0,2}"
# A telephone number is not part of a longer number, an amount or a date.
_START, _END = r"(?<![A-Z0-9+])(?<!\d[-.,/])", r"(?![A-Z0-9])(?![-.,/]\d)"

_PHONES = tuple(
    re.compile(pattern + _END)
    for pattern in (
        rf"(?<![A-Z0-9+])(?:\+|00)[1-9]\d{{0,2}}{_APART}\d(?:{_APART}\d){{6,12}}",  # with the country's code
        rf"{_START}1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}",  # Chinese mobile: 138 0013 8000
        rf"{_START}1[3-9]\d{{3}}[ -]\d{{3}}[ -]\d{{3}}",  # 13800 138 000
        rf"{_START}\(?0(?:10|2\d|[3-9]\d\d)(?:\) ?|[ -])\d{{3,4}}[ -]?\d{{4}}",  # Chinese landline: 021-6123 4567
        rf"{_START}0[5-9]0-\d{{4}}-\d{{4}}",  # Japanese mobile
        rf"{_START}01[016-9]-\d{{3,4}}-\d{{4}}",  # Korean mobile
    )
)
_ANY_PHONE = re.compile(rf"(?<![A-Z0-9+-])\(?\d(?:{_APART}\d){{6,14}}{_END}")
_SERVICES = re.compile(r"\(?(?:110|11[249]|12[02]|911|999|12122|123(?:15|29|33|45|48|66))(?!\d)")
_DATE = re.compile(r"\d{4}[-./ ]\d\d?[-./ ]\d\d?")

# One letter: China, Germany, Korea, India; two: Japan, Italy, Poland, China since 2017. An application's number begins
# with its year.
_PASSPORT = re.compile(r"(?<![A-Z0-9-])(?:[A-Z](?!20[23])\d{8}|[A-Z]{2}(?!20[23])\d{7})(?![A-Z0-9-])")
_ANY_PASSPORT = re.compile(r"(?<![A-Z0-9])(?:[A-Z]{1,2} ?\d(?: ?\d){6,7}|\d(?: ?\d){8})(?![A-Z0-9-])")

_EMAIL = re.compile(
    r"(?<![A-Z0-9._%+-])[A-Z0-9][A-Z0-9._%+-]{0,63}@[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{1,63}){0,4}\.[A-Z]{2,24}"
)
_BETWEEN = " :#=(.-'\""
_MOST_LINKS = 3


def _is_named(text: str, start: int, words: Words[bool]) -> bool:
    """Whether a word for it stands before it, links such as "number is" left aside."""
    end = skip_back(text, start, _BETWEEN)
    for _ in range(_MOST_LINKS):
        if words.before(text, end):
            return True
        link = LINKS.before(text, end)
        if link is None:
            return False
        end = skip_back(text, link[0], _BETWEEN)
    return words.before(text, end) is not None


def _read_phone(written: str) -> str | None:
    digits = re.sub(r"[^\d+]", "", written)
    if _SERVICES.match(written) or _DATE.fullmatch(written):
        return None
    # 400 and 800 are the lines of companies.
    return None if digits.startswith(("400", "800")) or not 7 <= len(digits.lstrip("+0")) <= 15 else digits


def _find(text: str) -> Iterator[tuple[str, str | None, re.Match[str]]]:
    for pattern in _PHONES:
        for match in pattern.finditer(text):
            yield "phone", _read_phone(match.group()), match
    for match in _ANY_PHONE.finditer(text):
        if _is_named(text, match.start(), PHONE_WORDS):
            yield "phone", _read_phone(match.group()), match
    for match in _PASSPORT.finditer(text):
        yield "passport", match.group(), match
    for match in _ANY_PASSPORT.finditer(text):
        if _is_named(text, match.start(), PASSPORT_WORDS):
            yield "passport", match.group().replace(" ", ""), match


def find_contacts(text: str) -> Iterator[Entity]:
    """Telephone numbers as digits, with `+` where it is written, and passport numbers; none of a public service."""
    for name, value, match in _find(text):
        if value is not None:
            yield Entity(name, value, match.start(), match.end())


def find_emails(text: str) -> Iterator[Entity]:
    """In small letters."""
    for match in _EMAIL.finditer(text):
        yield Entity("email", match.group().lower(), match.start(), match.end())
