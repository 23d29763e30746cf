"""When the NLU is in doubt: "did you mean", with the best three."""

from dialogues.courtesy import offers
from dialogues.effects import Dialogue, Say
from dialogues.names import INTENTS
from dialogues.texts import _
from dialogues.turn import State, Turn

BEST = 3
GIVE_UP_AFTER = 2  # misunderstandings in a row, from then on a person is offered first


def clarify(turn: Turn) -> Dialogue:
    """Keeps the words in the state: a button that is pressed next starts with them."""
    missed = turn.state.misunderstood + 1
    likely = [intent for intent, _confidence in turn.understanding.ranking if intent in INTENTS][:BEST]
    if not likely:
        text = _("I did not understand that. Could you say it in other words?")
    elif missed < GIVE_UP_AFTER:
        text = _("I am not sure that I understood. Did you mean:")
    else:
        text = _("I am sorry, I still do not understand. Did you mean one of these, or shall I call a person?")
    others = () if "talk_to_human" in likely else ("talk_to_human",)
    yield Say(text, offers(*likely, *others))
    return State(slots={"said": turn.message.text}, misunderstood=missed)
