"""The small words of a conversation, and what Alley cannot do."""

import pytest

from dialogues.turn import Kind, Message, State
from tests.dialogues.conversation import Conversation
from tests.dialogues.walks import at


@pytest.mark.parametrize(
    ("intent", "beginning"),
    [
        ("greet", "Hello! I am Alley, the digital front desk of the Gubei Civic Centre."),
        ("help", "I answer questions about living here"),
        ("thank", "You are welcome."),
        ("goodbye", "Goodbye, and all the best."),
        ("ask_if_bot", "I am a program, not a person."),
        ("affirm", "All right. What can I do for you?"),
        ("deny", "All right. I am here when you need something."),
        ("cancel", "There is nothing to stop."),
        ("out_of_scope", "That is outside what a civic centre can do."),
        ("book_appointment", "This cannot be done here in the chat yet."),
        ("propose_topic", "This cannot be done here in the chat yet."),
        ("browse_proposals", "This cannot be done here in the chat yet."),
        ("delete_my_data", "This cannot be done here in the chat yet."),
    ],
)
def test_what_is_said(intent, beginning):
    talk = Conversation()
    (reply,) = talk.says("words", intent)
    assert reply.startswith(beginning)
    assert talk.state == State()
    assert not talk.centre.deeds


@pytest.mark.parametrize(
    ("command", "beginning"),
    [
        ("start", "Hello!"), ("help", "I answer questions"), ("language", "Which language"), ("human", "I have called"),
        ("cancel", "There is nothing"), ("cases", "You have not reported"), ("frobnicate", "I answer questions"),
    ],
)  # fmt: skip
def test_commands(command, beginning):
    assert Conversation().commands(command)[0].startswith(beginning)


@pytest.mark.parametrize("intent", ["greet", "help"])
def test_every_button_of_the_menu_leads_somewhere(intent):
    talk = Conversation()
    talk.says("hello", intent)
    assert len(talk.values) >= 8
    for value in talk.values:
        other = Conversation()
        assert "closed already" not in other.presses_old(value)[0]


@pytest.mark.parametrize("intent", ["out_of_scope", "ask_if_bot", "book_appointment"])
def test_where_alley_is_no_help_a_person_is_offered(intent):
    talk = Conversation()
    talk.says("sing me a song", intent)
    assert "go:talk_to_human" in talk.values


def test_start_leaves_a_form():
    talk = at("report_problem", "place")
    assert talk.commands("start")[0].startswith("Hello!")
    assert talk.state == State()


def test_an_edited_message_is_asked_for_anew():
    (reply,) = Conversation().sends(Message(Kind.EDITED, "other words"))
    assert "please send the new one as a new message" in reply


def test_an_unsupported_kind():
    assert Conversation().sends(Message(Kind.UNSUPPORTED))[0].startswith("I can read text, photos and locations")
