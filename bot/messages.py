"""What crosses the border between a vendor's channel and the rest: one message in, one message out, as data."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from dialogues.turn import Kind, Location

NOT_KEPT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Incoming:
    """A resident's message as a channel received it.

    `vendor_id` is unique within the channel and the same when the vendor repeats the message. `photos` are the
    channel's own references, which its `fetch` understands. `language` is the vendor's hint (BCP 47).
    """

    channel: str
    vendor_id: str
    address: str
    kind: Kind
    text: str = ""
    value: str = ""
    photos: tuple[str, ...] = ()
    location: Location | None = None
    language: str | None = None
    name: str | None = None
    is_group: bool = False

    def __post_init__(self) -> None:
        """Drops what no database keeps and no JSON carries: NUL, and halves of a character (lone surrogates)."""
        for field in ("text", "value", "name"):
            typed = getattr(self, field)
            if typed is not None:
                object.__setattr__(self, field, NOT_KEPT.sub("", typed))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Incoming":
        place = data["location"]
        return cls(
            **{
                **data,
                "kind": Kind(data["kind"]),
                "photos": tuple(data["photos"]),
                "location": Location(**place) if place else None,
            }
        )


@dataclass(frozen=True)
class Unreadable:
    """An update that is none: kept as a dead letter, so that the vendor need not repeat it."""

    channel: str
    vendor_id: str
    raw: dict[str, Any]
    error: str


@dataclass(frozen=True)
class OutgoingButton:
    """`value` has at most 64 bytes, Telegram's limit."""

    label: str
    value: str


@dataclass(frozen=True)
class Outgoing:
    """A rendered message to a resident.

    `text` is in the light markup of the answers: `**bold**`, lines beginning with `- `. A machine translation has
    its `original` and `origin` "machine".
    """

    text: str
    language: str
    buttons: tuple[OutgoingButton, ...] = ()
    original: str | None = None
    origin: str | None = None
