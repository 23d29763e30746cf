"""The bot's own sentences as data: marked here for gettext, rendered in the resident's language by the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """A sentence of the bot's own: its English msgid and what its {placeholders} stand for.

    A parameter may be of any of the kinds below, or a number or a name; it is rendered in the same language.
    The centre's name, `{centre}`, and its emergency numbers `{police}`, `{fire}`, `{ambulance}` are always known.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Prose:
    """Words that are ready to be read: an answer from the knowledge, or what somebody wrote.

    `origin` is "human" or "machine"; a machine translation keeps its `original`.
    """

    text: str
    language: str
    origin: str = "human"
    original: str | None = None


@dataclass(frozen=True)
class Day:
    """A date in ISO form, to be written as the resident's language writes dates."""

    iso: str


@dataclass(frozen=True)
class Lines:
    """Several texts in one message, with an empty line between each two."""

    texts: tuple[Text, ...]


type Words = Text | Prose | Day | Lines


def _(msgid: str, **params: object) -> Text:
    return Text(msgid, params)
