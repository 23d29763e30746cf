"""Lets a resident choose the language that Alley speaks."""

import unicodedata

from dialogues.effects import Ask, Button, Dialogue, Say, SetLanguage
from dialogues.texts import Prose, _
from dialogues.turn import Kind, Turn


def change_language(turn: Turn) -> Dialogue:
    """A request that is itself written in another language is its own answer."""
    code = _named(turn) or _written_in(turn)
    if code is None or turn.state.dialogue == "change_language":
        code = yield Ask(
            "language",
            _("Which language shall I speak?"),
            tuple(Button(Prose(endonym, code), f"go:change_language#{code}") for code, endonym in turn.languages),
            accept=_named,
            optional=True,
        )
    yield SetLanguage(code)
    yield Say(_("From now on I speak English."))
    return None


def _named(turn: Turn) -> str | None:
    """The language that was pressed, whose code or own name was typed, or another one named in what was typed."""
    pressed = turn.message.kind is Kind.BUTTON
    wanted = _plain(turn.message.value.rpartition("#")[2] if pressed else turn.message.text)
    for code, endonym in turn.languages:
        if wanted in (_plain(code), _plain(endonym)):
            return code
    within = [(len(name), code) for code, name in turn.languages if code != turn.language and _plain(name) in wanted]
    return max(within)[1] if within else None


def _written_in(turn: Turn) -> str | None:
    found = turn.understanding.language
    spoken = {code for code, _endonym in turn.languages}
    return found if turn.message.kind is Kind.TEXT and found in spoken and found != turn.language else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
