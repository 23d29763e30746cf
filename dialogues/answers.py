"""Reads an answer out of the turn that answers a question: the `accept` of an `Ask`. None: it is no answer."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from dialogues.turn import Kind, Slot, Turn

CONFIDENT = 0.6  # from here on an intent is taken at its word
ANOTHER_QUESTION = 0.8  # a free text field takes everything but what is this clearly something else
STEPS_OUT = frozenset({"cancel", "talk_to_human", "change_language", "help"})


YEAR_FIRST = r"(?P<y>\d{4})\D{0,3}(?P<m>\d{1,2})\D{0,3}(?P<d>\d{1,2})\D*"
YEAR_LAST = r"(?P<d>\d{1,2})\D(?P<m>\d{1,2})\D(?P<y>\d{4})"


def words(turn: Turn) -> str | None:
    """What was typed, unless it is clearly a question to the centre rather than an answer."""
    asks = turn.understanding.intent or ""
    if turn.message.kind is not Kind.TEXT or not turn.message.text.strip():
        return None
    if turn.understanding.confidence >= ANOTHER_QUESTION and (asks.startswith("faq/") or asks in STEPS_OUT):
        return None
    return turn.message.text.strip()


def place(turn: Turn) -> str | None:
    if turn.message.location is not None:
        return f"{turn.message.location.latitude:.5f}, {turn.message.location.longitude:.5f}"
    return words(turn)


def photos(turn: Turn) -> list[Slot] | None:
    """Ids of the photos sent; an empty list for a spoken no."""
    if turn.message.photos:
        return list(turn.message.photos)
    return [] if turn.understanding.intent == "deny" else None


def yes_or_no(yes: str, no: str) -> Callable[[Turn], Slot]:
    """A reader that returns `yes` or `no` for an answer in words, in any language."""

    def accept(turn: Turn) -> str | None:
        return {"affirm": yes, "deny": no}.get(turn.understanding.intent or "")

    return accept


def number(entity: str) -> Callable[[Turn], Slot]:
    """A reader of a case or application number: the NLU's entity, else the only word with digits in it."""

    def accept(turn: Turn) -> str | None:
        found = turn.understanding.entity(entity)
        if found is not None:
            return found
        plain = unicodedata.normalize("NFKC", turn.message.text).upper()
        candidates = re.findall(r"[A-Z0-9-]*\d{4,}[A-Z0-9-]*", _ascii_digits(plain))
        return candidates[0] if len(candidates) == 1 else None

    return accept


def birth_date(turn: Turn) -> str | None:
    """A date in ISO form that somebody alive may have been born on."""
    found = turn.understanding.entity("date") or _ascii_digits(turn.message.text).strip()
    for pattern in (YEAR_FIRST, YEAR_LAST):
        match = re.fullmatch(pattern, found)
        if match:
            try:
                born = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
            return born.isoformat() if born.year >= 1900 else None
    return None


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
