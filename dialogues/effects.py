"""Everything a dialogue can ask of the world. It yields one and receives the result named in its docstring.

`Ask`, `Keep` and `Forget` are answered by dialogues/form.py; the others by bot/perform.py.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from dialogues.texts import Lines, Prose, Text
from dialogues.turn import Slot, State, Turn


@dataclass(frozen=True)
class Button:
    """In an `Ask`, `value` is the answer it gives; in a `Say`, `go:<intent>` or `go:faq/<topic>#<section>`."""

    label: Text | Prose
    value: str


@dataclass(frozen=True)
class Say:
    """Sends one message; no result."""

    text: Text | Prose | Lines
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Ask:
    """Returns the slot's value; when it is not known yet, asks and ends the turn.

    `accept` reads the value out of the turn that answers, None when it is no answer. Then `retry` is said, or, when
    the question is `optional`, the message is taken as a new one.
    """

    slot: str
    text: Text
    buttons: tuple[Button, ...] = ()
    accept: Callable[[Turn], Slot] = lambda turn: None
    retry: Text | None = None
    optional: bool = False


@dataclass(frozen=True)
class Keep:
    """Sets slots; no result."""

    slots: Mapping[str, Slot]


@dataclass(frozen=True)
class Forget:
    """Unsets slots, so that they are asked again; no result."""

    slots: tuple[str, ...]


@dataclass(frozen=True)
class FindAnswer:
    """Returns an `Answer`, or None when the centre has not written one."""

    topic: str
    section: str | None = None


@dataclass(frozen=True)
class Answer:
    """An answer in the resident's language, or in the nearest one that is written."""

    prose: Prose
    sections: tuple[tuple[str, Prose], ...] = ()  # id and title
    related: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenCase:
    """Returns the new case's number. The case exists when the turn is committed."""

    category: str
    description: str
    place: str
    photos: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True)
class FindCases:
    """Returns the resident's own cases, newest first, or only the one with the number, as a tuple of `CaseView`."""

    number: str | None = None


@dataclass(frozen=True)
class CaseView:
    """`opened_on` is a date in ISO form."""

    number: str
    category: str
    status: str
    description: str
    opened_on: str


@dataclass(frozen=True)
class FindApplication:
    """Returns an `ApplicationView`, None when number and birth date do not belong together, or "blocked"."""

    number: str
    birth_date: str


@dataclass(frozen=True)
class ApplicationView:
    """`since` is a date in ISO form; `missing` names a document."""

    number: str
    kind: str
    stage: str
    since: str
    missing: str | None = None


@dataclass(frozen=True)
class RequestPerson:
    """Puts the conversation into the staff's queue; returns its place in it, from 1."""

    reason: str = ""


@dataclass(frozen=True)
class EndTakeover:
    """Gives the conversation back to the bot; no result."""


@dataclass(frozen=True)
class SetLanguage:
    """From here on, and in this turn's replies, the bot speaks this language; no result."""

    code: str


type Effect = (
    Say
    | Ask
    | Keep
    | Forget
    | FindAnswer
    | OpenCase
    | FindCases
    | FindApplication
    | RequestPerson
    | EndTakeover
    | SetLanguage
)
type Dialogue = Generator[Effect, Any, State | None]  # what is sent in is the result of the effect last yielded
