"""Reads an answer out of the turn that answers a question: the `accept` of an `Ask`. None: it is no answer."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from dialogues.turn import Kind, Slot, Turn

CONFIDENT = 0.5  # from here on an intent is taken at its word; as `fallback` in nlu/config.yml
ANOTHER_QUESTION = 0.8  # a free text field takes everything but what is this clearly something else
STEPS_OUT = frozenset({"cancel", "talk_to_human", "change_language", "help"})
SMALL_WORDS = frozenset({"greet", "thank", "goodbye", "affirm", "deny", "ask_if_bot"})

DATES = (
    r"\D*(?P<y>\d{4})\D{1,3}(?P<m>\d{1,2})\D{1,3}(?P<d>\d{1,2})\D*",
    r"\D*(?P<d>\d{1,2})\D{1,3}(?P<m>\d{1,2})\D{1,3}(?P<y>\d{4})\D*",
    r"\D*(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})\D*",
)
QUESTION_MARKS = frozenset("?？؟՞")
SHORTEST_NUMBER = 6  # digits of an application's number: a year or a room is none
HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−ー_"), "-")


def words(turn: Turn) -> str | None:
    """What was typed, unless it is clearly a question to the centre rather than an answer.

    What seems to be a question, or a small word such as "hello", is taken at its word when something of the kind
    is said again: the NLU may be mistaken ("Citizens' Meeting Hall" is also a place).
    """
    asks, text = turn.understanding.intent or "", turn.message.text.strip()
    if turn.message.kind is not Kind.TEXT or not text:
        return None
    if turn.understanding.confidence >= ANOTHER_QUESTION:
        seems_else = asks.startswith("faq/") or asks in SMALL_WORDS
        if asks in STEPS_OUT or (seems_else and (_is_asked(text) or not turn.state.misunderstood)):
            return None
    return text


def place(turn: Turn) -> str | None:
    if turn.message.location is not None:
        return f"{turn.message.location.latitude:.5f}, {turn.message.location.longitude:.5f}"
    text = turn.message.text.strip()
    about_a_place = any(map(str.isdigit, text)) or turn.understanding.intent == "faq/location"
    if turn.message.kind is Kind.TEXT and about_a_place and not _is_asked(text):
        return text
    return words(turn)


def photos(turn: Turn) -> list[Slot] | None:
    """Ids of the photos sent; an empty list for a spoken no."""
    if turn.message.photos:
        return list(turn.message.photos)
    return [] if _surely("deny", turn) else None


def yes_or_no(yes: str, no: str) -> Callable[[Turn], Slot]:
    """A reader that returns `yes` or `no` for an answer in words, in any language."""

    def accept(turn: Turn) -> str | None:
        if _surely("affirm", turn):
            return yes
        return no if _surely("deny", turn) else None

    return accept


def number(entity: str) -> Callable[[Turn], Slot]:
    """A reader of a case or application number: the NLU's entity, else the only word with digits in it."""

    def accept(turn: Turn) -> str | None:
        found = turn.understanding.entity(entity)
        if found is not None:
            return found
        plain = _ascii_digits(unicodedata.normalize("NFKC", turn.message.text).upper().translate(HYPHENS))
        candidates = [word for word in re.findall(r"[A-Z0-9][A-Z0-9-]*", plain) if _is_number(word)]
        return candidates[0] if len(candidates) == 1 else None

    return accept


def birth_date(turn: Turn) -> str | None:
    """A date in ISO form that somebody alive may have been born on."""
    found = turn.understanding.entity("date") or _ascii_digits(turn.message.text)
    for pattern in DATES:
        match = re.fullmatch(pattern, found)
        if match:
            try:
                born = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
            return born.isoformat() if 1900 <= born.year <= 2100 else None
    return None


def _is_asked(text: str) -> bool:
    return bool(QUESTION_MARKS & set(text))


def _surely(intent: str, turn: Turn) -> bool:
    return turn.understanding.intent == intent and turn.understanding.confidence >= CONFIDENT


def _is_number(word: str) -> bool:
    return sum(map(str.isdigit, word)) >= SHORTEST_NUMBER and not any(re.fullmatch(date, word) for date in DATES[:2])


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
