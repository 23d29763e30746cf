"""Renders the bot's own sentences in a resident's language, from the gettext catalogues in knowledge/locale.

Called by bot/engine.py for what the bot says, and by the web pages for their words.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from dialogues.texts import Day, Lines, Prose, Text, Words
from knowledge import catalogues
from knowledge.centre import Centre
from knowledge.languages import ELSE, Languages, load_languages, nearest
from knowledge.markup import escape, to_plain

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


class Texts:
    """`languages` are those with a catalogue, English first: its texts are the msgids themselves."""

    def __init__(self, centre: Centre, languages: Languages | None = None, folder: Path = catalogues.FOLDER) -> None:
        """Raises ContentError when a catalogue cannot be read."""
        self._centre = centre
        self._known = languages or load_languages()
        self._catalogues: Mapping[str, Mapping[str, str]] = catalogues.load(folder)
        self.languages: tuple[str, ...] = (ELSE, *sorted(self._catalogues))

    def nearest(self, language: str) -> str:
        """The language that texts for `language` are in: itself, its base, or English."""
        return nearest(language, self.languages)

    def is_rtl(self, language: str) -> bool:
        return self._known.is_rtl(language)

    def render(self, words: Words, language: str) -> str:
        """In light markup (knowledge/markup.py).

        Prose by itself is in that markup already. As a parameter, Prose and plain values are what somebody typed
        or what something is called: they are escaped, and so shown as they are. Raises KeyError when a Text lacks
        a parameter that its msgid names.
        """
        language = self.nearest(language)
        match words:
            case Prose():
                return words.text
            case Lines():
                return "\n\n".join(self._text(text, language) for text in words.texts)
            case Day():
                return _day(words, language)
            case Text():
                return self._text(words, language)

    def plain(self, words: Words, language: str) -> str:
        """Without markup, for what is no chat message: labels of a page, a terminal."""
        return to_plain(self.render(words, language))

    def gettext(self, language: str) -> Callable[..., str]:
        """What a page's `_` is: msgid and parameters become plain words in `language`."""

        def _(msgid: str, **params: object) -> str:
            return self.plain(Text(msgid, params), language)

        return _

    def _text(self, text: Text, language: str) -> str:
        template = self._catalogues.get(language, {}).get(text.msgid, text.msgid)
        return catalogues.PLACEHOLDER.sub(lambda found: self._param(found[1], text, language), template)

    def _of_the_centre(self, name: str, language: str) -> object:
        """What every text may name: `{centre}`, and the emergency numbers `{police}`, `{fire}`, `{ambulance}`."""
        emergency = self._centre.emergency
        known = {"police": emergency.police, "fire": emergency.fire, "ambulance": emergency.ambulance}
        return self._centre.name_in(language) if name == "centre" else known[name]

    def _param(self, name: str, text: Text, language: str) -> str:
        value = text.params[name] if name in text.params else self._of_the_centre(name, language)
        match value:
            case Text():
                return self._text(value, language)
            case Lines():
                return self.render(value, language)
            case Day():
                shown = _day(value, language)
            case Prose():
                shown = escape(value.text)
            case int():
                shown = format_decimal(value, locale=locale_of(language))
            case _:
                shown = escape(str(value))
        return isolated(shown, rtl=self.is_rtl(language))


_RTL_SIGN = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OTHER_SIGN = re.compile(r"[^\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def isolated(words: str, *, rtl: bool) -> str:
    """Keeps words that do not all run in the sentence's direction from pulling their neighbours along.

    Source: Unicode Standard Annex 9, https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
    """
    runs_along = _OTHER_SIGN.search(words) is None if rtl else _RTL_SIGN.search(words) is None
    return words if runs_along else f"{FIRST_STRONG_ISOLATE}{words}{POP_ISOLATE}"


def _day(day: Day, language: str) -> str:
    return format_date(date.fromisoformat(day.iso), "long", locale=locale_of(language))


def locale_of(language: str) -> Locale:
    """Babel's locale of a BCP 47 code; English when it knows none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(ELSE)


def language_name(code: str, language: str) -> str:
    """What `code` is called in `language`: `ja` is "japonais" in French. One that Babel does not know stays itself."""
    try:
        return Locale.parse(code, sep="-").get_display_name(locale_of(language)) or code
    except (UnknownLocaleError, ValueError):
        return code
