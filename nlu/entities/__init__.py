"""Finds numbers, dates, times, places and contacts by their form; called by the entity extractor. Knows no Rasa.

The text is first respelt (`spelling`), so that one pattern finds a number however it is written. Numbers with a form
of their own are found by pattern (`identifiers`, `dates`); a number that is a floor, an hour or a day only by the words
beside it is found by looking these words up (`phrases`) in the tables of `dates`, `times` and `places`.
"""

from collections.abc import Iterator

from nlu.entities.contacts import find_contacts, find_emails
from nlu.entities.dates import find_dates
from nlu.entities.entity import Entity
from nlu.entities.identifiers import find_numbers
from nlu.entities.numbers import read_numbers
from nlu.entities.places import find_named, find_places
from nlu.entities.spelling import respell
from nlu.entities.times import find_times

__all__ = ["NAMES", "PLACES", "Entity", "find_candidates", "find_entities"]

PLACES = frozenset({"building", "floor", "unit", "room"})

# In this order, where two of the same length claim the same place.
NAMES = (
    "application_number",
    "case_number",
    "email",
    "passport",
    "phone",
    "date",
    "time",
    "room",
    "floor",
    "unit",
    "building",
)
# C-2026-1 has 5; fewer are no number of a case, a telephone or a passport.
_FEWEST_DIGITS = 5
_RANKS = {name: rank for rank, name in enumerate(NAMES)}


def find_entities(text: str) -> list[Entity]:
    """Every entity in the order of the text; where two overlap, the longer one alone.

    Values: dates in ISO 8601 (`2026-03-05`, without a year `--03-05`), times `HH:MM` in 24 hours, a basement's floor
    `-1`, telephone numbers without spaces. A date or a time that does not exist is not reported.
    """
    spelling = respell(text)
    found: list[Entity] = []
    taken = bytearray(len(spelling.text))
    candidates = sorted(_search(spelling.text), key=lambda entity: (entity.start - entity.end, _RANKS[entity.name]))
    for entity in candidates:
        if not any(taken[entity.start : entity.end]):
            taken[entity.start : entity.end] = b"1" * (entity.end - entity.start)
            found.append(entity)
    return [spelling.locate(entity) for entity in sorted(found, key=lambda entity: entity.start)]


def find_candidates(text: str) -> list[Entity]:
    """Whatever may be an entity, in no order, also where several claim the same place: for what hides them all."""
    spelling = respell(text)
    named = find_named(spelling.text, read_numbers(spelling.text))
    return [spelling.locate(entity) for entity in (*_search(spelling.text), *named)]


def _search(text: str) -> Iterator[Entity]:
    if "@" in text:
        yield from find_emails(text)
    numbers = read_numbers(text)
    yield from find_places(text, numbers)
    if not numbers:
        return
    digits = sum(number.end - number.start for number in numbers)
    if digits >= _FEWEST_DIGITS:
        yield from find_numbers(text)
        yield from find_contacts(text)
    yield from find_dates(text, numbers)
    yield from find_times(text, numbers)
