"""What Alley cannot do, said kindly, with what it can do instead."""

from dialogues.courtesy import SERVICES, offers
from dialogues.effects import Dialogue, Say
from dialogues.texts import _
from dialogues.turn import State, Turn


def out_of_scope(turn: Turn) -> Dialogue:
    yield Say(
        _(
            "That is outside what a civic centre can do. I can answer questions about living here, take down problems "
            "in the quarter, and look up applications; or I call a person."
        ),
        offers(*SERVICES, "help", "talk_to_human"),
    )
    return None


def not_in_chat(turn: Turn) -> Dialogue:
    """For services that the centre does not offer in the chat."""
    yield Say(
        _("This cannot be done here in the chat yet. Somebody of the centre can help you with it."),
        offers("talk_to_human", "faq/contact", "faq/opening_hours"),
    )
    return None


def edited(turn: Turn) -> Dialogue:
    """The first wording may have been acted on already, so the resident is told, and nothing guessed."""
    yield Say(
        _("I saw that you changed a message. I go by the first wording: please send the new one as a new message.")
    )
    return turn.state


def unsupported(turn: Turn) -> Dialogue:
    yield Say(_("I can read text, photos and locations, but not this. Please write it to me in words."))
    return turn.state


def closed_question(turn: Turn) -> Dialogue:
    """A button of a question that is no longer open."""
    yield Say(_("That question is closed already. What can I do for you?"), offers(*SERVICES, "help"))
    return State()
