"""A person is called, the bot is silent, and comes back."""

import pytest

from dialogues.effects import EndTakeover, RequestPerson
from dialogues.turn import Kind, Message, Person, State
from tests.dialogues.conversation import Conversation
from tests.dialogues.walks import at

MESSAGES = {
    "words": lambda talk: talk.says("hello?", "greet"),
    "a question": lambda talk: talk.says("when are you open", "faq/opening_hours"),
    "another call": lambda talk: talk.says("a person please", "talk_to_human"),
    "/human": lambda talk: talk.commands("human"),
    "/start": lambda talk: talk.commands("start"),
    "an old button": lambda talk: talk.presses_old("go:report_problem"),
    "a photo": lambda talk: talk.sends_photo(),
    "a location": lambda talk: talk.sends_location(),
    "an edit": lambda talk: talk.sends(Message(Kind.EDITED, "hallo?")),
    "a sticker": lambda talk: talk.sends(Message(Kind.UNSUPPORTED)),
    "nothing": lambda talk: talk.says(""),
}
BACK = {
    "button": lambda talk: talk.presses("Back to the bot"),
    "/cancel": lambda talk: talk.commands("cancel"),
}


def waiting():
    talk = Conversation()
    talk.says("I want a person", "talk_to_human")
    return talk


@pytest.mark.parametrize("call", [lambda t: t.says("a person", "talk_to_human"), lambda t: t.commands("human")])
def test_a_person_is_called_once_and_the_place_in_the_queue_told(call):
    talk = Conversation()
    (reply,) = call(talk)
    assert "you are number 3 in the queue" in reply
    assert talk.centre.deeds == [RequestPerson()]
    assert talk.values == ["go:end_takeover"]


@pytest.mark.parametrize("person", [Person.WAITING, Person.CLAIMED])
@pytest.mark.parametrize("message", MESSAGES)
def test_silent_while_a_person_is_wanted_or_there(person, message):
    talk = waiting()
    talk.person = person
    before = talk.state
    assert MESSAGES[message](talk) == []
    assert talk.centre.deeds == [RequestPerson()]
    assert (talk.person, talk.state) == (person, before)


@pytest.mark.parametrize("person", [Person.WAITING, Person.CLAIMED])
@pytest.mark.parametrize("way", BACK)
def test_the_way_back(person, way):
    talk = waiting()
    talk.person = person
    (reply,) = BACK[way](talk)
    assert reply.startswith("You are talking to the bot again.")
    assert talk.centre.deeds == [RequestPerson(), EndTakeover()]
    assert talk.says("hello", "greet")[0].startswith("Hello!")


def test_whoever_comes_back_is_not_in_the_middle_of_an_old_form():
    talk = at("report_problem", "place")
    talk.person = Person.CLAIMED  # staff came in by themselves
    talk.commands("cancel")
    assert talk.state == State()


def test_a_form_goes_on_when_the_staff_hand_back():
    talk = at("report_problem", "place")
    talk.person = Person.CLAIMED
    talk.says("Hello Ms Li")
    talk.person = Person.NONE
    talk.says("Building 5")
    assert talk.state.slots["place"] == "Building 5"


def test_the_old_way_back_harms_nobody():
    talk = waiting()
    talk.presses("Back to the bot")
    assert "closed already" in talk.presses_old("go:end_takeover")[0]
    assert talk.centre.deeds == [RequestPerson(), EndTakeover()]


def test_danger_while_waiting_gets_the_numbers_and_nothing_else():
    talk = waiting()
    (reply,) = talk.says("My flat is burning", "report_problem", urgent=True)
    assert reply.startswith("**If anybody is in danger, call at once:**")
    assert talk.person is Person.WAITING


def test_a_person_called_from_within_a_form_hands_nothing_in():
    talk = at("report_problem", "decision")
    talk.says("I would rather speak to somebody", "talk_to_human")
    assert talk.centre.deeds == [RequestPerson()]
    assert talk.state == State()
