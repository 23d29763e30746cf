"""What a dialogue is given: one turn of one conversation, as data. Made by bot/engine.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Slot = str | int | float | bool | list[Slot] | dict[str, Slot] | None


class Kind(StrEnum):
    """What the resident sent."""

    TEXT = "text"
    COMMAND = "command"
    BUTTON = "button"
    PHOTO = "photo"
    LOCATION = "location"
    EDITED = "edited"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Location:
    """WGS 84, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Message:
    """`text` holds the words typed, a photo's caption, or the label of the button that was pressed.

    `value` is a button's value or a command's name without its slash; `photos` are ids of stored photos.
    """

    kind: Kind
    text: str = ""
    value: str = ""
    photos: tuple[str, ...] = ()
    location: Location | None = None


@dataclass(frozen=True)
class Entity:
    """A span of the message: `value` is normalised (ASCII digits, ISO dates)."""

    name: str
    value: str


@dataclass(frozen=True)
class Understanding:
    """What the NLU made of a text. `intent` is None when there was nothing to understand or nobody to ask."""

    intent: str | None = None
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    language: str | None = None
    language_confidence: float = 0.0
    category: str | None = None
    urgent: bool = False

    def entity(self, name: str) -> str | None:
        return next((found.value for found in self.entities if found.name == name), None)


@dataclass(frozen=True)
class State:
    """What is remembered of a conversation between two messages: which dialogue waits for which slot."""

    dialogue: str | None = None
    awaiting: str | None = None
    slots: Mapping[str, Slot] = field(default_factory=dict)
    misunderstood: int = 0


class Person(StrEnum):
    """Where a conversation stands with the staff."""

    NONE = "none"
    WAITING = "waiting"
    CLAIMED = "claimed"


@dataclass(frozen=True)
class Turn:
    """One message and what is known when it comes."""

    message: Message
    language: str
    understanding: Understanding = Understanding()
    state: State = State()
    person: Person = Person.NONE
    languages: tuple[tuple[str, str], ...] = ()  # code and endonym of those that the bot speaks
