"""Which hours the centre keeps on a given day, and why they are not the usual ones. Called by knowledge/hours.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from dialogues.texts import Text, _
from knowledge.centre import WEEKDAYS, Centre, Opening

DAY = timedelta(days=1)
LONGEST_BRIDGE = 4  # days off in a row that the library names by what they were exchanged for
EXCHANGED = _("working day in exchange for a public holiday")
# The library's English names, as residents know them; those of other countries are shown as the library has them
NAMES: Mapping[str, Text] = {
    "New Year's Day": _("New Year's Day"),
    "Chinese New Year's Eve": _("Spring Festival"),
    "Chinese New Year (Spring Festival)": _("Spring Festival"),
    "Tomb-Sweeping Day": _("Tomb-Sweeping Day"),
    "Labor Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "Mid-Autumn Festival": _("Mid-Autumn Festival"),
    "National Day": _("National Day"),
}


@dataclass(frozen=True)
class Plan:
    """The hours of one day, None when closed; `reason` is a public holiday's name, or that the day is exchanged."""

    opening: Opening | None
    reason: Text | None = None

    @property
    def is_exchanged(self) -> bool:
        return self.reason is EXCHANGED


class Days:
    """The week of centre.yaml, the country's public holidays, and the days that the centre makes an exception of.

    A weekend day that touches a public holiday belongs to it, unless it is a working day in exchange (调休). Next
    year's exchanges are known when the library is of a version after the State Council's notice (国务院办公厅关于
    部分节假日安排的通知, every November); until then the statutory days alone are.
    """

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        known = centre.public_holidays
        self._holidays = holidays.country_holidays(known.country, language="en_US") if known else None

    def on(self, day: date) -> Plan:
        usual = self._centre.hours.get(WEEKDAYS[day.weekday()])
        if day in self._centre.special_days:
            return Plan(self._centre.special_days[day], self._holiday(day))
        if self._is_exchanged(day):
            assert self._centre.public_holidays is not None
            return Plan(self._centre.hours.get(self._centre.public_holidays.exchanged_as), EXCHANGED)
        holiday = self._holiday(day)
        return Plan(None, holiday) if holiday else Plan(usual)

    def _is_exchanged(self, day: date) -> bool:
        """The library works a year out, exchanges and all, when it is first asked for a day of it."""
        if self._holidays is None or day in self._holidays:
            return False
        return day in getattr(self._holidays, "weekend_workdays", ())

    def _holiday(self, day: date) -> Text | None:
        """Its name, also of the days off around the day itself."""
        if self._holidays is None or self._is_exchanged(day):
            return None
        if day in self._holidays:
            return self._name(day)
        is_weekend = day.weekday() in self._holidays.weekend
        beside = (day + step * DAY for step in (-1, 1, -2, 2) if is_weekend)
        return next((self._name(other) for other in beside if self._touches(day, other)), None)

    def _touches(self, weekend: date, other: date) -> bool:
        """Whether `other` is a holiday and nothing but weekend lies between."""
        assert self._holidays is not None
        step = DAY if other > weekend else -DAY
        between = weekend + step
        is_free = between == other or (between.weekday() in self._holidays.weekend and not self._is_exchanged(between))
        return is_free and other in self._holidays

    def _name(self, day: date) -> Text:
        """A day off that was exchanged for another has the name of the holiday that it prolongs."""
        assert self._holidays is not None
        names = [
            self._holidays.get(day + distance * DAY, "").removesuffix(" (observed)")
            for distance in sorted(range(-LONGEST_BRIDGE, LONGEST_BRIDGE + 1), key=abs)
        ]
        found = next((name for name in names if name in NAMES), names[0])
        return NAMES.get(found, Text(found))
