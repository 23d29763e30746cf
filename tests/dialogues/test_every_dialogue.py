"""What holds for every intent, every topic and every question, whoever writes the next dialogue."""

from dataclasses import replace

import pytest

from dialogues.turn import Kind, Message, State
from tests.dialogues.conversation import Conversation
from tests.dialogues.walks import FORMS, QUESTIONS, STARTS, at, centre

LONG = "垃圾桶满了。" * 666 + "!!!!"  # 4,000 characters
STALE = ("decision=open", "photos=none", "category=noise", "go:no_such_thing", "go:end_takeover", "nonsense")


SPEAKING = [intent for intent in STARTS if intent != "talk_to_human"]  # after that the bot is silent
FILLED = [question for question in QUESTIONS if question[0] != "change_language"]  # that one may be passed over


@pytest.fixture(params=SPEAKING)
def started(request):
    """A conversation after the first message of each intent."""
    return start(request.param)


@pytest.fixture(params=QUESTIONS, ids="-".join)
def asked(request):
    """A conversation at each question of each form."""
    return at(*request.param)


@pytest.fixture(params=FILLED, ids="-".join)
def form(request):
    """The same, without the question that any other message passes over."""
    return at(*request.param)


def start(intent):
    talk = Conversation(centre())
    assert talk.says("some words of a resident", intent), "no reply"
    return talk


def test_four_thousand_characters_are_four_thousand():
    assert len(LONG) == 4000


@pytest.mark.parametrize("intent", STARTS)
def test_every_intent_starts_by_words_and_by_button(intent):
    by_words, by_button = start(intent), Conversation(centre())
    assert by_button.presses_old(f"go:{intent}")
    assert by_words.state.dialogue == by_button.state.dialogue


@pytest.mark.parametrize("text", ["", "   ", LONG])
def test_any_text_is_answered(started, text):
    assert started.says(text)


def test_cancel_ends_whatever_was_started(started):
    was_open = started.state.dialogue is not None
    (reply,) = started.commands("cancel")
    assert ("I have stopped this" in reply) == was_open
    assert started.state == State()


@pytest.mark.parametrize("kind", [Kind.EDITED, Kind.UNSUPPORTED])
def test_what_cannot_be_read_changes_nothing(started, kind):
    before = started.state
    assert len(started.sends(Message(kind, "changed words"))) == 1
    assert started.state == before


@pytest.mark.parametrize("value", STALE)
def test_a_stale_button_does_nothing(started, value):
    assert started.presses_old(value)
    assert not started.centre.deeds


@pytest.mark.parametrize("intent", [intent for intent in SPEAKING if intent not in FORMS])
def test_out_of_the_blue_a_photo_or_location_is_a_report(intent):
    by_photo, by_place = start(intent), start(intent)
    by_photo.sends_photo()
    assert (by_photo.state.dialogue, by_photo.state.slots["photos"]) == ("report_problem", ["photo-1"])
    by_place.sends_location()
    assert (by_place.state.dialogue, by_place.state.slots["place"]) == ("report_problem", "31.19632, 121.40197")


@pytest.mark.parametrize("intent", STARTS)
def test_a_doubtful_intent_is_not_taken_at_its_word(intent):
    talk = Conversation(centre())
    (reply,) = talk.says("hm", intent, 0.4)
    assert "understand" in reply or "understood" in reply
    assert not talk.centre.deeds


@pytest.mark.parametrize("intent", FORMS)
def test_a_form_comes_to_its_end(intent):
    last = at(intent, FORMS[intent][-1][0])
    FORMS[intent][-1][1](last)
    assert last.state == State()


def test_cancel_at_every_question_by_command_by_words_and_by_button(asked):
    remembered = asked.remembered
    for cancel in (
        lambda: asked.commands("cancel"),
        lambda: asked.says("forget it", "cancel"),
        lambda: asked.presses_old("go:cancel"),
    ):
        asked.remembered = remembered
        (reply,) = cancel()
        assert "I have stopped this" in reply
        assert asked.state == State()
    assert not asked.centre.deeds


def test_a_person_can_be_called_at_every_question(asked):
    (reply,) = asked.says("let me speak to somebody", "talk_to_human")
    assert "I have called a person" in reply
    assert asked.person == "waiting"


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_answer_is_none(form, text):
    before = form.state
    assert form.says(text)
    assert (form.state.awaiting, form.state.slots) == (before.awaiting, before.slots)


@pytest.mark.parametrize("question", FILLED, ids="-".join)
def test_a_button_of_another_question_leaves_the_form_where_it_is(question):
    form = at(*question)
    before = form.state
    for value in STALE:
        if not value.startswith(f"{before.awaiting}="):
            assert form.presses_old(value)
            assert replace(form.state, misunderstood=0) == before
    assert not form.centre.deeds


@pytest.mark.parametrize("kind", [Kind.EDITED, Kind.UNSUPPORTED])
def test_a_form_waits_on_after_what_cannot_be_read(asked, kind):
    before = asked.state
    assert asked.sends(Message(kind, "changed"))
    assert asked.state == before


ASIDES = {
    "a question": lambda talk: talk.says("When are you open in 2026?", "faq/opening_hours"),
    "a topic's button": lambda talk: talk.presses_old("go:faq/opening_hours"),
    "a section's button": lambda talk: talk.presses_old("go:faq/opening_hours#times"),
    "help": lambda talk: talk.says("what can you do", "help"),
    "/help": lambda talk: talk.commands("help"),
    "/cases": lambda talk: talk.commands("cases"),
    "an unknown command": lambda talk: talk.commands("frobnicate"),
    "/language": lambda talk: talk.commands("language"),
}


@pytest.mark.parametrize("aside", ASIDES)
def test_in_the_middle_of_a_form_it_is_answered_and_the_question_asked_again(form, aside):
    before, question = form.state, form.last
    first, second = ASIDES[aside](form)
    assert first != question
    assert second == question
    assert replace(form.state, misunderstood=0) == before


def test_the_language_can_be_changed_in_the_middle_of_a_form_and_nothing_is_lost(form):
    before, question = form.state, form.last
    form.commands("language")
    assert form.presses_old("go:change_language#fr") == ["From now on I speak English.", question]
    assert form.language == "fr"
    assert form.state == before


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", "out_of_scope", "check_application", None])
def test_in_doubt_a_form_does_nothing(asked, intent):
    asked.says("hm", intent, 0.3)
    assert not asked.centre.deeds


def test_a_form_survives_a_photo_and_a_location(asked):
    intent = asked.state.dialogue
    for message in asked.sends_photo, asked.sends_location:
        assert message()
        assert not asked.centre.deeds
    assert asked.state.dialogue == ("report_problem" if intent == "change_language" else intent)


def test_whoever_is_stuck_is_shown_the_ways_out(form):
    form.says("")
    assert "go:talk_to_human" not in form.values
    form.says("")
    assert form.values[-2:] == ["go:cancel", "go:talk_to_human"]
    form.presses("Stop this")
    assert form.state == State()


def test_a_state_of_an_older_release_is_left_behind():
    talk = Conversation(centre(), remembered='{"dialogue": "gone", "awaiting": "x", "slots": {}, "misunderstood": 0}')
    (reply,) = talk.says("hello", "greet")
    assert reply.startswith("Hello!")
