"""Danger to life: the emergency numbers are the very first thing said, once per message, and the case is urgent."""

import pytest

from tests.dialogues.conversation import Conversation
from tests.dialogues.walks import at

DANGER = "**If anybody is in danger, call at once:**"


def test_danger_out_of_the_blue_gets_the_numbers_first_and_an_urgent_case():
    talk = Conversation()
    first, second = talk.says("I smell gas!", "report_problem", category="utilities", urgent=True)
    assert first.startswith(DANGER)
    assert "110" in first
    assert "119" in first
    assert "120" in first
    assert second.startswith("Where is it?")
    assert not any(DANGER in reply for reply in talk.says("Building 5"))
    talk.presses("Without a photo")
    talk.presses("Yes, hand it in")
    (case,) = talk.centre.opened
    assert case.urgent


@pytest.mark.parametrize("slot", ["description", "category", "place", "photos", "decision"])
def test_danger_in_the_middle_of_a_report_makes_it_urgent(slot):
    talk = at("report_problem", slot)
    replies = talk.says("Now it is burning!", "report_problem", category="safety", urgent=True)
    assert [DANGER in reply for reply in replies] == [True] + [False] * (len(replies) - 1)
    assert len(replies) == 2
    assert talk.state.slots["urgent"] is True


@pytest.mark.parametrize(
    "intent", ["report_problem", "talk_to_human", "cancel", "thank", "out_of_scope", "faq/healthcare", "deny", None]
)
@pytest.mark.parametrize("confidence", [0.2, 0.7, 0.99])
def test_danger_is_heard_whatever_else_the_words_seem_to_mean(intent, confidence):
    for talk in Conversation(), at("check_application", "birth_date"), at("report_problem", "place"):
        replies = talk.says("help, fire!", intent, confidence, urgent=True)
        assert replies[0].startswith(DANGER)
        assert sum(DANGER in reply for reply in replies) == 1


def test_every_dangerous_message_gets_the_numbers():
    talk = Conversation()
    for words in "There is smoke", "Building 5, come quickly", "My neighbour is hurt":
        assert talk.says(words, "report_problem", category="safety", urgent=True)[0].startswith(DANGER)


def test_danger_under_a_photo():
    talk = Conversation()
    first, second = talk.sends_photo(caption="fire", intent="report_problem", category="safety", urgent=True)
    assert first.startswith(DANGER)
    assert second.startswith("Where is it?")


@pytest.mark.parametrize("confidence", [0.3, 0.7, 0.95])
def test_whoever_asks_for_the_numbers_gets_them_and_no_form_when_that_is_clear(confidence):
    for talk in at("report_problem", "description"), Conversation(at("report_problem", "description").centre):
        replies = talk.says("number of the fire brigade?", "faq/emergency_numbers", confidence, urgent=True)
        assert (DANGER in replies[0]) or replies[0] == "Answer to faq/emergency_numbers"
        assert (replies[0] == "Answer to faq/emergency_numbers") == (confidence == 0.95)


@pytest.mark.parametrize("intent", ["faq/residence_registration", "greet"])
def test_a_false_alarm_still_gets_its_answer(intent):
    first, second, *_ = Conversation().says("I am new here, within 24 hours to the police?", intent, 0.95, urgent=True)
    assert first.startswith(DANGER)
    assert not second.startswith("Where is it?")
