"""Choosing the language."""

import pytest

from dialogues.effects import SetLanguage
from dialogues.turn import State
from tests.dialogues.conversation import LANGUAGES, Conversation

CHANGED = ["From now on I speak English."]
ASKED = ["Which language shall I speak?"]


def asked():
    talk = Conversation()
    assert talk.commands("language") == ASKED
    return talk


def test_every_language_is_offered_in_its_own_name():
    talk = asked()
    assert [button.label.text for button in talk.buttons] == [endonym for _code, endonym in LANGUAGES]
    assert [button.label.language for button in talk.buttons] == [code for code, _endonym in LANGUAGES]


@pytest.mark.parametrize(("code", "endonym"), LANGUAGES)
def test_pressed_or_typed(code, endonym):
    for answer in (
        lambda talk: talk.presses(endonym),
        lambda talk: talk.says(f" {endonym.upper()} "),
        lambda talk: talk.says(code),
        lambda talk: talk.presses_old(f"go:change_language#{code}"),
    ):
        talk = asked()
        assert answer(talk) == CHANGED
        assert (talk.language, talk.state, talk.centre.deeds) == (code, State(), [SetLanguage(code)])


def test_a_button_of_last_week_still_works():
    talk = Conversation()
    assert talk.presses_old("go:change_language#ja") == CHANGED
    assert talk.language == "ja"


@pytest.mark.parametrize("words", ["Français, s'il vous plaît", "en français merci", "Parlez Français"])
def test_a_language_that_is_named_is_not_asked_for(words):
    talk = Conversation()
    assert talk.says(words, "change_language") == CHANGED
    assert talk.language == "fr"


def test_a_request_in_another_language_is_its_own_answer():
    talk = Conversation()
    assert talk.says("请说中文", "change_language", language="zh") == CHANGED
    assert talk.language == "zh"


@pytest.mark.parametrize("words", ["I do not speak English", "another language please"])
def test_a_request_that_names_no_other_language_is_asked_back(words):
    assert Conversation().says(words, "change_language", language="en") == ASKED


def test_a_language_that_alley_does_not_speak_is_asked_back():
    talk = Conversation()
    assert talk.says("Snakk norsk", "change_language", language="nb") == ASKED
    assert talk.says("Norsk") != CHANGED
    assert not talk.centre.deeds


def test_the_question_can_be_passed_over():
    talk = asked()
    talk.says("The lift is stuck", "report_problem", category="repair")
    assert (talk.state.dialogue, talk.state.awaiting) == ("report_problem", "place")
