from datetime import UTC, datetime

import pytest

from knowledge.centre import Centre
from knowledge.hours import OpeningHours
from knowledge.texts import Texts

NOVEMBER = datetime(2026, 11, 24, 2, tzinfo=UTC)  # a Tuesday, ten o'clock in Shanghai; no holiday is near
MOMENTS = {
    "open": (NOVEMBER, "We are open now, until 17:30."),
    "at the start": (datetime(2026, 11, 24, 1, tzinfo=UTC), "We are open now, until 17:30."),
    "early": (datetime(2026, 11, 24, 0, 59, tzinfo=UTC), "We are closed now and open today at 9:00."),
    "at the end": (datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "We are closed now and open again tomorrow at 9:00."),
    "over Sunday": (datetime(2026, 11, 28, 9, tzinfo=UTC), "We are closed now and open again on Monday at 9:00."),
    "a holiday": (
        datetime(2026, 10, 2, 3, tzinfo=UTC),
        "Today is a public holiday (National Day). We are closed now and open again on Thursday at 9:00.",
    ),
    "a long holiday": (
        datetime(2026, 2, 16, 3, tzinfo=UTC),
        "Today is a public holiday (Spring Festival). We are closed now and open again on Tue, Feb 24 at 9:00.",
    ),
    "a Sunday that is worked": (
        datetime(2026, 9, 20, 3, tzinfo=UTC),
        "Today is a working day in exchange for a public holiday (调休). We are open now, until 17:30.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_open_now(centre: Centre, texts: Texts, moment: str) -> None:
    at, sentence = MOMENTS[moment]
    assert OpeningHours(centre, texts).now("en", at) == sentence


def test_closed_for_good(centre: Centre, texts: Texts) -> None:
    shut = centre.model_copy(update={"hours": {}})
    assert OpeningHours(shut, texts).now("en", NOVEMBER) == "We are closed at present."
    assert OpeningHours(shut, texts).week("en", NOVEMBER) == "- Monday to Sunday: closed"


def test_open_one_day_a_week(centre: Centre, texts: Texts) -> None:
    tuesdays = centre.model_copy(update={"hours": {"tue": centre.hours["tue"]}})
    evening = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert OpeningHours(tuesdays, texts).now("en", evening).endswith("on Tue, Dec 1 at 9:00.")


def test_week(centre: Centre, texts: Texts) -> None:
    hours = OpeningHours(centre, texts)
    assert hours.week("en", NOVEMBER) == "- Monday to Friday: 9:00–17:30\n- Saturday: 9:00–16:00\n- Sunday: closed"
    assert hours.week("fr-CA", NOVEMBER).startswith("- Du lundi au vendredi")
    assert all(len(hours.week(language, NOVEMBER).splitlines()) == 3 for language in texts.languages)


def test_the_week_tells_what_is_ahead(centre: Centre, texts: Texts) -> None:
    lines = OpeningHours(centre, texts).week("en", datetime(2026, 9, 22, 2, tzinfo=UTC)).splitlines()
    assert lines[3:] == [
        "- Fri, Sep 25 to Sun, Sep 27: closed (Mid-Autumn Festival)",
        "- Thu, Oct 1 to Wed, Oct 7: closed (National Day)",
        "- Sat, Oct 10: 9:00–17:30 (working day in exchange for a public holiday)",
    ]
