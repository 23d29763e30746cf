"""Says in a resident's language when the centre is open. Called by knowledge/answers.py."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import groupby

from babel.dates import format_skeleton, get_day_names

from dialogues.texts import Text, _
from knowledge.centre import WEEKDAYS, Centre, Opening
from knowledge.days import DAY, Days, Plan
from knowledge.texts import Texts, locale_of

WEEK = len(WEEKDAYS)
AHEAD = 21  # days that the list tells the exceptions of
LONGEST_CLOSED = 60  # days to look ahead for the next opening


class OpeningHours:
    """Of one centre; times are in its own time zone."""

    def __init__(self, centre: Centre, texts: Texts) -> None:
        self._centre = centre
        self._texts = texts
        self._days = Days(centre)

    def week(self, language: str, at: datetime) -> str:
        """The usual week as a list in light markup, a line for each run of equal days, then the exceptions ahead."""
        language = self._texts.nearest(language)
        usual = [Plan(self._centre.hours.get(day)) for day in WEEKDAYS]
        runs = [(_weekday(days[0], language), _weekday(days[-1], language), plan) for days, plan in _runs(usual)]
        lines = [self._line(first, last, plan) for first, last, plan in (*runs, *self._exceptions(language, at))]
        return "\n".join(f"- {self._capital(line, language)}" for line in lines)

    def now(self, language: str, at: datetime) -> str:
        """Whether it is open at the moment `at` (aware), why not, and until or from when."""
        language = self._texts.nearest(language)
        here = at.astimezone(self._centre.zone)
        said = (*self._reason(here.date()), self._state(language, here))
        return " ".join(self._texts.render(text, language) for text in said)

    def _exceptions(self, language: str, at: datetime) -> Iterator[tuple[str, str, Plan]]:
        today = at.astimezone(self._centre.zone).date()
        coming = [today + number * DAY for number in range(AHEAD)]
        for numbers, plan in _runs([self._days.on(day) for day in coming]):
            run = [coming[number] for number in numbers]
            usual = {self._centre.hours.get(WEEKDAYS[day.weekday()]) for day in run}
            if usual != {plan.opening}:
                yield _day(run[0], language), _day(run[-1], language), plan

    def _line(self, first: str, last: str, plan: Plan) -> Text:
        alone = first == last
        times: dict[str, object] = {"first": first, "last": last, "reason": plan.reason}
        if plan.opening is None:
            if plan.reason:
                return (
                    _("{first}: closed ({reason})", **times)
                    if alone
                    else _("{first} to {last}: closed ({reason})", **times)
                )
            return _("{first}: closed", **times) if alone else _("{first} to {last}: closed", **times)
        times |= {"from_": _time(plan.opening.opens), "until": _time(plan.opening.closes)}
        if plan.reason:
            return _("{first}: {from_}–{until} ({reason})", **times)
        return _("{first}: {from_}–{until}", **times) if alone else _("{first} to {last}: {from_}–{until}", **times)

    def _reason(self, today: date) -> Iterator[Text]:
        plan = self._days.on(today)
        if plan.is_exchanged:
            yield _("Today is a working day in exchange for a public holiday (调休).")
        elif plan.reason:
            yield _("Today is a public holiday ({holiday}).", holiday=plan.reason)

    def _state(self, language: str, here: datetime) -> Text:
        today = self._days.on(here.date()).opening
        if today is not None and today.opens <= here.time() < today.closes:
            return _("We are open now, until {time}.", time=_time(today.closes))
        coming = self._next(here)
        if coming is None:
            return _("We are closed at present.")
        day, opening = coming
        days, opens = (day - here.date()).days, _time(opening.opens)
        if days == 0:
            return _("We are closed now and open today at {time}.", time=opens)
        if days == 1:
            return _("We are closed now and open again tomorrow at {time}.", time=opens)
        if days < WEEK:
            name = _weekday(day.weekday(), language)
            return _("We are closed now and open again on {weekday} at {time}.", weekday=name, time=opens)
        return _("We are closed now and open again on {date} at {time}.", date=_day(day, language), time=opens)

    def _next(self, here: datetime) -> tuple[date, Opening] | None:
        """The next opening, and on which day."""
        for number in range(LONGEST_CLOSED):
            day = here.date() + number * DAY
            opening = self._days.on(day).opening
            if opening is not None and (number > 0 or here.time() < opening.opens):
                return day, opening
        return None

    def _capital(self, text: Text, language: str) -> str:
        line = self._texts.render(text, language)
        return line[:1].upper() + line[1:]


def _runs(plans: list[Plan]) -> Iterator[tuple[list[int], Plan]]:
    """Neighbours that are the same, by their numbers."""
    for plan, numbers in groupby(range(len(plans)), key=plans.__getitem__):
        yield list(numbers), plan


def _weekday(number: int, language: str) -> str:
    """From 0, Monday."""
    return str(get_day_names("wide", context="format", locale=locale_of(language))[number])


def _day(day: date, language: str) -> str:
    """Weekday, day and month."""
    return format_skeleton("MMMEd", datetime(day.year, day.month, day.day), locale=locale_of(language))


def _time(moment: time) -> str:
    """By the 24-hour clock, as the centre's door says it, whatever the language's own habit."""
    return f"{moment.hour}:{moment.minute:02}"
