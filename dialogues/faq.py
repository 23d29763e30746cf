"""Answers a question from the centre's knowledge, with buttons to its sections and to what can be done."""

from dialogues.courtesy import offers
from dialogues.effects import Answer, Button, Dialogue, FindAnswer, Say
from dialogues.names import INTENTS
from dialogues.texts import _
from dialogues.turn import Turn

ACTIONS = {"open_case": "report_problem"}  # an answer names dialogues; a button starts an intent


def faq(turn: Turn, topic: str, section: str | None = None) -> Dialogue:
    answer = yield FindAnswer(topic, section)
    if answer is None:
        yield Say(
            _(
                "The centre has not written down a checked answer to this yet, and I do not want to guess. "
                "Somebody of the centre can tell you."
            ),
            offers("talk_to_human", "faq/contact"),
        )
    else:
        yield Say(answer.prose, _buttons(topic, section, answer))
    return None


def _buttons(topic: str, section: str | None, answer: Answer) -> tuple[Button, ...]:
    sections = tuple(Button(title, f"go:faq/{topic}#{name}") for name, title in answer.sections if name != section)
    related = [f"faq/{other}" for other in answer.related]
    actions = [ACTIONS.get(action, action) for action in answer.actions]
    return sections + offers(*(intent for intent in (*related, *actions) if intent in INTENTS))
