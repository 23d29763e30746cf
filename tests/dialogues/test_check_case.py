"""What became of the problems that a resident reported."""

import pytest

from dialogues.check_case import SHOWN
from dialogues.effects import CaseView
from dialogues.names import CASE_STATUSES, CATEGORIES
from dialogues.turn import State
from tests.dialogues.conversation import Centre, Conversation


def talking(*cases):
    return Conversation(Centre(cases=cases))


def case(number, **changed):
    known = {"category": "noise", "status": "new", "description": "Drilling", "opened_on": "2026-05-01"}
    return CaseView(f"C-2026-{number:06d}", **(known | changed))


def test_nothing_reported_yet():
    talk = talking()
    assert talk.says("what became of it", "check_case") == ["You have not reported a problem in this chat."]
    assert talk.values == ["go:report_problem"]


def test_all_of_ones_cases_by_words_command_and_button():
    talk = talking(case(2, status="in_progress"), case(1))
    expected = (
        "**C-2026-000002** · Noise · in progress\nreported on 2026-05-01: Drilling\n\n"
        "**C-2026-000001** · Noise · new\nreported on 2026-05-01: Drilling"
    )
    for reply in talk.says("my cases", "check_case"), talk.commands("cases"), talk.presses_old("go:check_case"):
        assert reply == [expected]
    assert talk.state == State()


def test_one_case_by_its_number():
    talk = talking(case(2), case(1))
    (reply,) = talk.says("C-2026-000001?", "check_case", entities={"case_number": "C-2026-000001"})
    assert "C-2026-000001" in reply
    assert "C-2026-000002" not in reply


def test_a_number_that_is_not_ones_own():
    talk = talking(case(1))
    (reply,) = talk.says("C-2026-000009?", "check_case", entities={"case_number": "C-2026-000009"})
    assert reply == "I find no case C-2026-000009 among those that you reported in this chat."
    assert "C-2026-000001" in talk.presses("My reported problems")[0]


def test_only_the_newest_and_only_the_beginning_of_what_was_written():
    talk = talking(*(case(number, description="x" * 81) for number in range(SHOWN + 1, 0, -1)))
    (reply,) = talk.says("my cases", "check_case")
    assert reply.count("C-2026-") == SHOWN
    assert "C-2026-000001" not in reply
    assert "x" * 80 + "…" in reply
    assert "x" * 81 not in reply


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("status", CASE_STATUSES)
def test_every_category_and_status_can_be_told(category, status):
    (reply,) = talking(case(1, category=category, status=status)).says("my cases", "check_case")
    assert f"{CATEGORIES[category].msgid} · {CASE_STATUSES[status].msgid}" in reply
