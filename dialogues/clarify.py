"""When the NLU is in doubt: "did you mean", with the best three."""

from dialogues.courtesy import offers
from dialogues.effects import Dialogue, Say
from dialogues.names import INTENTS
from dialogues.texts import Text, _
from dialogues.turn import State, Turn

BEST = 3
GIVE_UP_AFTER = 2  # misunderstandings in a row, from then on a person is offered first


def clarify(turn: Turn) -> Dialogue:
    """Keeps the words in the state: a button that is pressed next starts with them."""
    missed = turn.state.misunderstood + 1
    likely = [intent for intent, _confidence in turn.understanding.ranking if intent in INTENTS][:BEST]
    given_up = missed >= GIVE_UP_AFTER
    offered = ["talk_to_human", *likely] if given_up else [*likely, "talk_to_human"]
    yield Say(_question(bool(likely), given_up), offers(*dict.fromkeys(offered)))
    return State(slots={"said": turn.message.text}, misunderstood=missed)


def _question(guessed: bool, given_up: bool) -> Text:
    if guessed and given_up:
        return _("I am sorry, I still do not understand. Did you mean one of these, or shall I call a person?")
    if given_up:
        return _("I am sorry, I still do not understand. Shall I call a person?")
    if guessed:
        return _("I am not sure that I understood. Did you mean:")
    return _("I did not understand that. Could you say it in other words?")
