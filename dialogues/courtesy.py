"""The small words of a conversation: greeting, thanks, goodbye, yes and no out of place, stopping."""

from dialogues.effects import Button, Dialogue, Say
from dialogues.names import INTENTS
from dialogues.texts import Text, _
from dialogues.turn import Turn

SERVICES = ("report_problem", "check_application", "check_case")
TOPICS = (
    "faq/residence_registration",
    "faq/residence_permit",
    "faq/work_permit",
    "faq/waste_sorting",
    "faq/opening_hours",
)


def offers(*intents: str) -> tuple[Button, ...]:
    """Buttons that start what the intents stand for."""
    return tuple(Button(INTENTS[intent], f"go:{intent}") for intent in intents)


def greet(turn: Turn) -> Dialogue:
    yield Say(
        _("Hello! I am Alley, the digital front desk of {centre}. Ask me anything in your language, or choose:"),
        offers(*SERVICES, *TOPICS, "change_language", "talk_to_human"),
    )
    return None


def help_(turn: Turn) -> Dialogue:
    yield Say(
        _(
            "I answer questions about living here, take down problems in the quarter and hand them to the centre's "
            "staff, and tell you where your application stands. I read many languages, and you can speak to a person "
            "at any time."
        ),
        offers(*SERVICES, *TOPICS, "change_language", "talk_to_human"),
    )
    return None


def thank(turn: Turn) -> Dialogue:
    return (yield from _say(_("You are welcome. Is there anything else?")))


def goodbye(turn: Turn) -> Dialogue:
    return (yield from _say(_("Goodbye, and all the best. I am here day and night.")))


def ask_if_bot(turn: Turn) -> Dialogue:
    yield Say(
        _("I am a program, not a person. If you would rather speak to somebody of the centre, I will call one."),
        offers("talk_to_human"),
    )
    return None


def affirm(turn: Turn) -> Dialogue:
    yield Say(_("All right. What can I do for you?"), offers(*SERVICES, "talk_to_human"))
    return None


def deny(turn: Turn) -> Dialogue:
    return (yield from _say(_("All right. I am here when you need something.")))


def cancel(turn: Turn) -> Dialogue:
    if turn.state.dialogue is None:
        return (yield from _say(_("There is nothing to stop. What can I do for you?")))
    return (yield from stopped(turn))


def stopped(turn: Turn) -> Dialogue:
    yield Say(_("I have stopped this; nothing was handed in. What else can I do for you?"), offers(*SERVICES, "help"))
    return None


def _say(text: Text) -> Dialogue:
    yield Say(text)
    return None
