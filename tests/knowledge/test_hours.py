from datetime import UTC, datetime

import pytest

from knowledge.centre import Centre
from knowledge.hours import OpeningHours
from knowledge.texts import Texts

# 2026-11-24 is a Tuesday; Shanghai is UTC+8
MOMENTS = {
    "open": (datetime(2026, 11, 24, 2, tzinfo=UTC), "We are open now, until 17:30."),
    "at the start": (datetime(2026, 11, 24, 1, tzinfo=UTC), "We are open now, until 17:30."),
    "early": (datetime(2026, 11, 24, 0, 59, tzinfo=UTC), "We are closed now and open today at 9:00."),
    "at the end": (datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "We are closed now and open again tomorrow at 9:00."),
    "over Sunday": (datetime(2026, 11, 28, 9, tzinfo=UTC), "We are closed now and open again on Monday at 9:00."),
}  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_open_now(centre: Centre, texts: Texts, moment: str) -> None:
    at, sentence = MOMENTS[moment]
    assert OpeningHours(centre, texts).now("en", at) == sentence


def test_closed_for_good(centre: Centre, texts: Texts) -> None:
    shut = centre.model_copy(update={"hours": {}})
    assert OpeningHours(shut, texts).now("en", datetime(2026, 11, 24, tzinfo=UTC)) == "We are closed at present."
    assert OpeningHours(shut, texts).week("en") == "- Monday to Sunday: closed"


def test_open_one_day_a_week(centre: Centre, texts: Texts) -> None:
    tuesdays = centre.model_copy(update={"hours": {"tue": centre.hours["tue"]}})
    evening = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert OpeningHours(tuesdays, texts).now("en", evening).endswith("on Tuesday at 9:00.")


def test_week(centre: Centre, texts: Texts) -> None:
    hours = OpeningHours(centre, texts)
    assert hours.week("en") == "- Monday to Friday: 9:00–17:30\n- Saturday: 9:00–16:00\n- Sunday: closed"
    assert hours.week("fr-CA").startswith("- Du lundi au vendredi")
    assert hours.week("zh-Hant") == hours.week("zh")
    assert all(len(hours.week(language).splitlines()) == 3 for language in texts.languages)
