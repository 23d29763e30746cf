"""Says in a resident's language when the centre is open. Called by knowledge/answers.py."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import groupby

from babel.dates import format_time, get_day_names

from dialogues.texts import Text, _
from knowledge.centre import WEEKDAYS, Centre, Opening
from knowledge.texts import Texts, locale_of

WEEK = len(WEEKDAYS)


class OpeningHours:
    """Of one centre; times are in its own time zone."""

    def __init__(self, centre: Centre, texts: Texts) -> None:
        self._centre = centre
        self._texts = texts

    def week(self, language: str) -> str:
        """The week as a list in light markup, a line for each run of equal days."""
        language = self._texts.nearest(language)
        days = groupby(range(WEEK), key=self._on)
        return "\n".join(f"- {self._line(list(run), opening, language)}" for opening, run in days)

    def now(self, language: str, at: datetime) -> str:
        """Whether it is open at the moment `at` (aware), until or from when. Public holidays are not known."""
        language = self._texts.nearest(language)
        return self._texts.render(self._state(language, at.astimezone(self._centre.zone)), language)

    def _on(self, weekday: int) -> Opening | None:
        return self._centre.hours.get(WEEKDAYS[weekday])

    def _line(self, days: list[int], opening: Opening | None, language: str) -> str:
        names = {"first": _weekday(days[0], language), "last": _weekday(days[-1], language)}
        alone = len(days) == 1
        if opening is None:
            text = _("{first}: closed", **names) if alone else _("{first} to {last}: closed", **names)
        else:
            times = {"from_": _time(opening.opens, language), "until": _time(opening.closes, language)}
            text = (
                _("{first}: {from_}–{until}", **names, **times)
                if alone
                else _("{first} to {last}: {from_}–{until}", **names, **times)
            )
        line = self._texts.render(text, language)
        return line[:1].upper() + line[1:]

    def _state(self, language: str, here: datetime) -> Text:
        today = self._on(here.weekday())
        if today is not None and today.opens <= here.time() < today.closes:
            return _("We are open now, until {time}.", time=_time(today.closes, language))
        for days, opening in self._coming(here):
            opens = _time(opening.opens, language)
            if days == 0:
                return _("We are closed now and open today at {time}.", time=opens)
            if days == 1:
                return _("We are closed now and open again tomorrow at {time}.", time=opens)
            day = _weekday((here + timedelta(days=days)).weekday(), language)
            return _("We are closed now and open again on {weekday} at {time}.", weekday=day, time=opens)
        return _("We are closed at present.")

    def _coming(self, here: datetime) -> Iterator[tuple[int, Opening]]:
        """The openings of the week that begins now: in how many days, and which."""
        for days in range(WEEK + 1):
            opening = self._on((here.weekday() + days) % WEEK)
            if opening is not None and (days > 0 or here.time() < opening.opens):
                yield days, opening


def _weekday(number: int, language: str) -> str:
    """From 0, Monday."""
    return str(get_day_names("wide", context="format", locale=locale_of(language))[number])


def _time(moment: time, language: str) -> str:
    """By the 24-hour clock, as the centre's door says it, whatever the language's own habit."""
    return format_time(moment, "H:mm", locale=locale_of(language))
