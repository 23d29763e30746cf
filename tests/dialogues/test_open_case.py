"""Reporting a problem: the ways through the form."""

import pytest

from dialogues.effects import OpenCase
from dialogues.turn import State
from tests.dialogues.conversation import Conversation
from tests.dialogues.walks import at

HERE = "31.19632, 121.40197"


def reported(**known):
    """Somebody whose first message is the report."""
    talk = Conversation()
    talk.says("The lift in building 5 is stuck", "report_problem", category="repair", **known)
    return talk


def summary(talk):
    assert talk.state.awaiting == "decision"
    return talk.last


def handed_in(talk):
    talk.presses("Yes, hand it in")
    assert talk.state == State()
    (case,) = talk.centre.opened
    return case


def test_typed_word_by_word():
    talk = Conversation()
    assert talk.says("I want to tell you of a problem", "help")
    assert talk.presses("Report a problem") == ["What happened? Please describe it in your own words."]
    assert talk.says("The lift is stuck", "report_problem", 0.7) == ["What kind of problem is it?"]
    assert talk.says("something is broken", "report_problem", category="repair")[0].startswith("Where is it?")
    assert talk.says("Building 5") == ["If you have a photo, please send it now."]
    (look,) = talk.says("no", "deny")
    assert "The lift is stuck\n\nKind: Something broken\nPlace: Building 5\nPhotos: 0" in look
    (thanks,) = talk.says("yes please", "affirm")
    assert "Your case number is C-2026-000001" in thanks
    assert talk.centre.deeds == [OpenCase("repair", "The lift is stuck", "Building 5", (), False)]
    assert talk.values == ["go:check_case"]


def test_a_first_message_that_is_the_report_is_asked_nothing_twice():
    talk = reported()
    assert talk.state.awaiting == "place"
    assert talk.says("Building 5, hall") == ["If you have a photo, please send it now."]
    talk.sends_photo("photo-1")
    assert handed_in(talk) == OpenCase("repair", "The lift in building 5 is stuck", "Building 5, hall", ("photo-1",))


@pytest.mark.parametrize(
    ("button", "answer", "shown"),
    [
        ("Change the kind", lambda talk: talk.presses("Danger, safety"), "Kind: Danger, safety"),
        ("Change the place", lambda talk: talk.says("Building 6"), "Place: Building 6"),
        ("Change the place", lambda talk: talk.sends_location(), f"Place: {HERE}"),
        ("Change the description", lambda talk: talk.says("It falls"), "It falls"),
    ],
)
def test_what_is_changed_is_asked_alone_and_shown_again(button, answer, shown):
    talk = at("report_problem", "decision")
    before = talk.state.slots
    talk.presses(button)
    assert talk.state.awaiting != "decision"
    answer(talk)
    assert shown in summary(talk)
    assert sum(talk.state.slots[slot] != before[slot] for slot in before) == 1
    handed_in(talk)


def test_a_new_description_takes_nothing_back_that_was_known():
    talk = reported(urgent=True)
    talk.presses_old("category=safety")
    talk.says("Building 5")
    talk.presses("Without a photo")
    talk.presses("Change the kind")
    talk.presses("Danger, safety")
    talk.presses("Change the description")
    talk.says("People are stuck in the lift", "report_problem", category="repair")
    case = handed_in(talk)
    assert (case.description, case.category, case.urgent) == ("People are stuck in the lift", "safety", True)


def test_photo_first():
    talk = Conversation()
    assert talk.sends_photo("photo-1") == ["What happened? Please describe it in your own words."]
    talk.says("This stands in the stairwell", "report_problem", category="waste")
    talk.says("Building 2, floor 3")
    assert "Photos: 1" in summary(talk)
    assert handed_in(talk).photos == ("photo-1",)


def test_a_photo_with_words_is_a_report():
    talk = Conversation()
    talk.sends_photo("photo-1", "This bin is overflowing", intent="report_problem", confidence=0.9, category="waste")
    talk.says("Gate 2")
    assert handed_in(talk) == OpenCase("waste", "This bin is overflowing", "Gate 2", ("photo-1",))


def test_location_first():
    talk = Conversation()
    assert talk.sends_location() == ["What happened? Please describe it in your own words."]
    talk.says("A tree fell", "report_problem", category="safety")
    talk.presses("Without a photo")
    assert f"Place: {HERE}" in summary(talk)


@pytest.mark.parametrize("slot", ["description", "category", "place", "photos"])
def test_a_photo_is_kept_whenever_it_comes(slot):
    talk = at("report_problem", slot)
    talk.sends_photo("early")
    assert talk.state.slots["photos"] == ["early"]


@pytest.mark.parametrize("slot", ["description", "category", "place"])
def test_a_location_is_kept_whenever_it_comes(slot):
    talk = at("report_problem", slot)
    talk.sends_location()
    assert talk.state.slots["place"] == HERE


@pytest.mark.parametrize("slot", ["photos", "decision"])
def test_a_location_makes_a_known_place_more_exact(slot):
    talk = at("report_problem", slot)
    talk.sends_location()
    assert talk.state.slots["place"] == f"Building 5\n{HERE}"


def test_two_photos_before_the_photos_are_asked_for():
    talk = reported()
    talk.sends_photo("photo-1")
    talk.sends_photo("photo-2")
    talk.says("Building 5")
    assert handed_in(talk).photos == ("photo-1", "photo-2")


def test_an_album_comes_photo_by_photo():
    talk = at("report_problem", "photos")
    talk.sends_photo("photo-1")
    assert "Photos: 1" in summary(talk)
    talk.sends_photo("photo-2")
    assert "Photos: 2" in summary(talk)
    assert handed_in(talk).photos == ("photo-1", "photo-2")


def test_a_photo_after_there_was_to_be_none():
    talk = at("report_problem", "decision")
    talk.sends_photo("late")
    assert handed_in(talk).photos == ("late",)


@pytest.mark.parametrize("intent", ["deny", "cancel"])
def test_no_at_the_summary_stops(intent):
    talk = at("report_problem", "decision")
    (reply,) = talk.says("no", intent)
    assert "nothing was handed in" in reply
    assert (talk.centre.deeds, talk.state) == ([], State())


def test_cancel_at_the_summary_stops():
    talk = at("report_problem", "decision")
    assert "nothing was handed in" in talk.presses("Cancel")[0]
    assert not talk.centre.deeds


@pytest.mark.parametrize("intent", ["affirm", "deny"])
def test_a_doubtful_yes_or_no_decides_nothing(intent):
    talk = at("report_problem", "decision")
    look = talk.last
    assert talk.says("hm", intent, 0.4) == [look]
    assert not talk.centre.deeds


def test_pressed_twice_it_is_one_case():
    talk = at("report_problem", "decision")
    handed_in(talk)
    assert "closed already" in talk.presses_old("decision=open")[0]
    assert len(talk.centre.opened) == 1


@pytest.mark.parametrize("intent", ["greet", "goodbye", "affirm", "deny"])
def test_a_small_word_is_no_description_but_said_again_it_is(intent):
    talk = at("report_problem", "description")
    talk.says("Hello", intent)
    assert talk.state.awaiting == "description"
    talk.says("Halo Street", "greet")
    assert talk.state.slots["description"] == "Halo Street"


@pytest.mark.parametrize("intent", ["thank", "ask_if_bot", "help"])
@pytest.mark.parametrize("slot", ["description", "place"])
def test_a_courtesy_is_no_answer_and_is_returned(slot, intent):
    talk = at("report_problem", slot)
    question = talk.last
    assert len(talk.says("thank you", intent)) == 2
    assert (talk.last, talk.state.awaiting) == (question, slot)


def test_a_category_that_nobody_knows_is_asked_for():
    talk = Conversation()
    talk.says("A dragon in the yard", "report_problem", category="dragons")
    assert talk.state.awaiting == "category"
    talk.says("a dragon", "report_problem", category="dragons")
    assert talk.state.awaiting == "category"


def test_a_description_of_4000_characters_is_kept_whole():
    talk = at("report_problem", "description")
    talk.says("漏水" * 2000, "report_problem", category="utilities")
    talk.says("Building 5")
    talk.presses("Without a photo")
    assert "漏水" * 2000 in summary(talk)
    assert handed_in(talk).description == "漏水" * 2000


def test_a_place_that_sounds_like_a_topic_is_taken_when_said_again():
    talk = at("report_problem", "place")
    talk.says("at the Citizens' Meeting Hall", "faq/meeting_hall", 0.95)
    assert talk.state.awaiting == "place"
    talk.says("the Citizens' Meeting Hall", "faq/meeting_hall", 0.95)
    assert talk.state.slots["place"] == "the Citizens' Meeting Hall"


def test_a_place_with_a_number_is_no_question_about_the_centre():
    talk = at("report_problem", "place")
    talk.says("building 3, floor 2", "faq/location", 0.95)
    assert talk.state.slots["place"] == "building 3, floor 2"


def test_a_question_stays_one_however_often_it_is_asked():
    talk = at("report_problem", "place")
    for _time in range(3):
        talk.says("Where are you?", "faq/location", 0.95)
    assert talk.state.awaiting == "place"
