"""Answers from the centre's knowledge."""

import pytest

from dialogues.effects import Answer
from dialogues.names import INTENTS
from dialogues.texts import Prose
from dialogues.turn import State
from tests.dialogues.conversation import Centre, Conversation
from tests.dialogues.walks import TOPICS

SORTING = Answer(
    Prose("Four bins.", "en"),
    sections=(("bulky", Prose("Bulky things", "en")), ("fines", Prose("Fines", "en"))),
    related=("contact", "no_such_topic"),
    actions=("open_case", "no_such_dialogue"),
)
BULKY = Answer(Prose("Ask your property management.", "en"), SORTING.sections, SORTING.related, SORTING.actions)


@pytest.fixture
def talk():
    return Conversation(Centre({"waste_sorting": SORTING, "waste_sorting#bulky": BULKY}))


def test_an_answer_with_its_sections_related_topics_and_actions(talk):
    assert talk.says("which bin", "faq/waste_sorting") == ["Four bins."]
    assert talk.values == [
        "go:faq/waste_sorting#bulky",
        "go:faq/waste_sorting#fines",
        "go:faq/contact",
        "go:report_problem",
    ]
    assert talk.state == State()


def test_a_section_offers_the_others(talk):
    talk.says("which bin", "faq/waste_sorting")
    assert talk.presses("Bulky things") == ["Ask your property management."]
    assert talk.values == ["go:faq/waste_sorting#fines", "go:faq/contact", "go:report_problem"]


def test_a_section_that_was_taken_away_is_not_guessed(talk):
    assert "I do not want to guess" in talk.presses_old("go:faq/waste_sorting#gone")[0]


def test_a_problem_can_be_reported_from_an_answer(talk):
    talk.says("which bin", "faq/waste_sorting")
    assert talk.presses("Report a problem") == ["What happened? Please describe it in your own words."]


@pytest.mark.parametrize("topic", [*TOPICS, "faq/no_such_topic"])
def test_a_topic_that_nobody_wrote_down_is_not_guessed(topic):
    talk = Conversation()
    (reply,) = talk.says("a question", topic)
    assert "I do not want to guess" in reply
    assert talk.values == ["go:talk_to_human", "go:faq/contact"]
    assert all(value.removeprefix("go:") in INTENTS for value in talk.values)


def test_a_machine_translation_is_handed_on_as_one():
    translated = Prose("Vier Tonnen.", "de", "machine", "Four bins.")
    talk = Conversation(Centre({"waste_sorting": Answer(translated)}), language="de")
    talk.says("welche Tonne", "faq/waste_sorting")
    assert talk.last == "Vier Tonnen."
