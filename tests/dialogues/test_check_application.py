"""Where an application stands: its number, the birth date as second factor, and what is said when they do not fit."""

import pytest

from dialogues.effects import ApplicationView
from dialogues.names import APPLICATION_KINDS, DOCUMENTS, NEXT_STEPS, STAGES
from dialogues.turn import State
from tests.dialogues.conversation import Centre, Conversation
from tests.dialogues.walks import at

NUMBER, BORN = "SH-RP-2026-004182", "1990-05-17"
PERMIT = ApplicationView(NUMBER, "residence_permit", "in_review", "2026-10-02")


@pytest.fixture
def talk():
    return Conversation(Centre(applications={(NUMBER, BORN): PERMIT}))


def test_asked_for_the_number(talk):
    assert talk.says("How is my permit coming along?", "check_application")[0].startswith("What is the number")
    assert "date of birth" in talk.says(NUMBER)[0]
    (reply,) = talk.says(BORN)
    assert reply == (
        f"**Residence permit**, number {NUMBER}\n\nStage: **being examined**, since 2026-10-02\n\n"
        "What comes next: The office is examining it. You need not do anything now."
    )
    assert talk.state == State()


def test_number_in_the_first_message(talk):
    words = f"Where is {NUMBER}?"
    assert "date of birth" in talk.says(words, "check_application", entities={"application_number": NUMBER})[0]
    assert "Stage" in talk.says(BORN)[0]


def test_number_in_a_message_that_was_not_understood(talk):
    talk.says(f"{NUMBER} ???", "check_application", 0.3)
    assert "date of birth" in talk.presses("Where is my application?")[0]


@pytest.mark.parametrize(
    "written",
    [
        "1990-05-17", "1990/5/17", "19900517", "17.05.1990", "17. 5. 1990", "17/5/1990", "17-05-1990",
        "1990年5月17日", "1990년 5월 17일", "１９９０－０５－１７", "１９９０年５月１７日", "١٧/٥/١٩٩٠", "۱۹۹۰/۵/۱۷",
        "१७/०५/१९९०", "\u200f17/5/1990", "  1990-05-17 ", "I was born on 17.05.1990.",
    ],
)  # fmt: skip
def test_birth_dates_as_people_write_them(talk, written):
    talk.remembered = at("check_application", "birth_date").remembered
    assert "Stage" in talk.says(written)[0]


def test_a_birth_date_that_only_the_nlu_can_read(talk):
    talk.remembered = at("check_application", "birth_date").remembered
    assert "Stage" in talk.says("the seventeenth of May 1990", entities={"date": BORN})[0]


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "yesterday",
        "1990",
        "5/17",
        "1990-13-45",
        "31.02.1990",
        "1890-05-17",
        "2533-05-17",
        "1990517",
        "📅",
        "x" * 4000,
    ],
)
def test_what_is_no_birth_date_is_asked_again_and_costs_no_attempt(talk, nonsense):
    talk.remembered = at("check_application", "birth_date").remembered
    talk.centre.perform = lambda effect: pytest.fail("looked up")
    assert talk.says(nonsense)[0].startswith("I cannot read that date.")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("SH-RP-2026-004182", NUMBER),
        ("it is sh-rp-2026-004182, thanks", NUMBER),
        ("ＳＨ－ＲＰ－２０２６－００４１８２", NUMBER),
        ("SH–RP–2026–004182", NUMBER),
        ("SH-RP-٢٠٢٦-٠٠٤١٨٢", NUMBER),
        ("3100021234567", "3100021234567"),
    ],
)
def test_numbers_as_people_write_them(written, number):
    talk = at("check_application", "number")
    talk.says(written)
    assert talk.state.slots["number"] == number


@pytest.mark.parametrize(
    "written",
    ["I do not have it", "in March 2026", "1990-05-17", "17.05.1990", "", "SH-RP-2026-004182 or 3100021234567"],
)
def test_what_is_no_number_is_asked_again(written):
    talk = at("check_application", "number")
    assert talk.says(written)[0].startswith("I find no application number in that.")


def test_an_unknown_number_and_a_wrong_date_are_told_in_the_very_same_words(talk):
    told = []
    for number, born in (("SH-RP-2026-999999", BORN), (NUMBER, "1990-05-18"), ("nothing 123456", "2001-01-01")):
        talk.says("where is it", "check_application")
        talk.says(number)
        told.append((talk.says(born), talk.buttons, talk.state))
    assert told[0][0][0].startswith("I find no application with this number and date of birth.")
    assert told[0] == told[1] == told[2]


def test_after_a_mistake_it_can_be_tried_again(talk):
    talk.remembered = at("check_application", "birth_date").remembered
    talk.says("1990-05-18")
    assert talk.presses("Where is my application?")[0].startswith("What is the number")


def test_blocked_even_when_it_is_right(talk):
    talk.centre.blocked = True
    talk.says("where is it", "check_application", entities={"application_number": NUMBER})
    (reply,) = talk.says(BORN)
    assert "too many attempts" in reply
    assert talk.values == ["go:talk_to_human", "go:faq/contact"]


@pytest.mark.parametrize("kind", APPLICATION_KINDS)
@pytest.mark.parametrize("stage", STAGES)
def test_every_kind_and_stage_can_be_told(kind, stage):
    found = ApplicationView(NUMBER, kind, stage, "2026-10-02", "lease" if stage == "documents_missing" else None)
    talk = Conversation(Centre(applications={(NUMBER, BORN): found}))
    talk.remembered = at("check_application", "birth_date").remembered
    (reply,) = talk.says(BORN)
    assert APPLICATION_KINDS[kind].msgid in reply
    assert NEXT_STEPS[stage].msgid in reply
    assert (DOCUMENTS["lease"].msgid in reply) == (stage == "documents_missing")


def test_every_stage_has_a_next_step():
    assert STAGES.keys() == NEXT_STEPS.keys()


def test_a_question_that_names_a_number_is_about_that_application():
    talk = Conversation()
    entities = {"application_number": NUMBER}
    (asked,) = talk.says(f"residence permit {NUMBER}?", "faq/residence_permit", 0.9, entities=entities)
    assert "date of birth" in asked
    assert talk.state.slots["number"] == NUMBER
