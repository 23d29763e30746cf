from datetime import date, timedelta

import chinese_calendar
import pytest

from knowledge.centre import Centre, Opening
from knowledge.days import Days

OFFICIAL = range(2019, 2027)
# The festival was a Monday; the notice counts the weekend before it to the holiday, chinese_calendar does not
BESIDE_A_FESTIVAL = {date(2024, 6, 8), date(2024, 6, 9)}


@pytest.mark.parametrize("year", OFFICIAL)
def test_a_year_is_as_the_state_council_arranged_it(centre: Centre, year: int) -> None:
    days = Days(centre)
    for number in range(366):
        day = date(year, 1, 1) + timedelta(number)
        if day.year != year or day in BESIDE_A_FESTIVAL:
            continue
        plan = days.on(day)
        is_free, festival = chinese_calendar.get_holiday_detail(day)
        assert (plan.reason is not None and not plan.is_exchanged) == (is_free and festival is not None), day
        assert plan.is_exchanged == (not is_free and day.weekday() >= 5), day


def test_a_year_without_a_notice_has_its_statutory_days(centre: Centre) -> None:
    day = Days(centre).on(date(2027, 10, 1))
    assert (day.opening, day.reason and day.reason.msgid) == (None, "National Day")


def test_an_exchanged_day_has_a_working_day_s_hours(centre: Centre) -> None:
    sunday = Days(centre).on(date(2026, 9, 20))
    assert sunday.is_exchanged
    assert sunday.opening == centre.hours["mon"]


def test_the_centre_s_own_exceptions_win(centre: Centre) -> None:
    morning = Opening(opens="09:00", closes="12:00")
    special = {date(2026, 12, 31): morning, date(2026, 11, 25): None, date(2026, 10, 1): morning}
    days = Days(centre.model_copy(update={"special_days": special}))
    assert days.on(date(2026, 12, 31)).opening == morning
    assert days.on(date(2026, 11, 25)).opening is None
    assert days.on(date(2026, 10, 1)).opening == morning


def test_a_centre_elsewhere_knows_no_chinese_holidays(centre: Centre) -> None:
    elsewhere = Days(centre.model_copy(update={"public_holidays": None}))
    assert elsewhere.on(date(2026, 10, 1)).opening == centre.hours["thu"]
