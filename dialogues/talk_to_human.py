"""Brings a person into the chat; while one is wanted or there, the bot is silent."""

from dialogues.courtesy import SERVICES, offers
from dialogues.effects import Button, Dialogue, EndTakeover, RequestPerson, Say
from dialogues.texts import _
from dialogues.turn import Kind, Person, State, Turn

BACK = "go:end_takeover"


def talk_to_human(turn: Turn) -> Dialogue:
    place = yield RequestPerson()
    yield Say(
        _(
            "I have called a person; you are number {place} in the queue. Go on writing, they will read all of it, "
            "in your language. I am silent until then.",
            place=place,
        ),
        (Button(_("Back to the bot"), BACK),),
    )
    return None


def with_person(turn: Turn) -> Dialogue:
    """A message while a person is wanted or there: theirs to answer, but for the way back and a danger to life."""
    message = turn.message
    if message.value == BACK or (message.kind is Kind.COMMAND and message.value == "cancel"):
        yield EndTakeover()
        yield Say(_("You are talking to the bot again. What can I do for you?"), offers(*SERVICES, "help"))
        return State()
    elif turn.understanding.urgent and turn.person is Person.WAITING:
        yield Say(EMERGENCY)
    return turn.state


EMERGENCY = _(
    "**If anybody is in danger, call at once:**\nPolice **{police}** · Fire **{fire}** · Ambulance **{ambulance}**\n"
    "Leave the place if you can and warn the neighbours."
)
