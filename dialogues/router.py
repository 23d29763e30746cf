"""Picks the one dialogue that handles a message. Called by bot/engine.py, which drives what `converse` yields."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any

from dialogues import courtesy, unable
from dialogues.answers import CONFIDENT
from dialogues.change_language import change_language
from dialogues.check_application import check_application
from dialogues.check_case import check_case
from dialogues.clarify import clarify
from dialogues.effects import Ask, Dialogue, Effect, Say
from dialogues.faq import faq
from dialogues.form import fill
from dialogues.open_case import open_case, picked_up, told_along
from dialogues.talk_to_human import EMERGENCY, talk_to_human, with_person
from dialogues.turn import Kind, Person, Slot, State, Turn

# What each intent starts; every label of nlu/intents.yaml is here, faq/* is the dialogue `faq`.
INTENTS: Mapping[str, Callable[[Turn], Dialogue]] = {
    "greet": courtesy.greet,
    "goodbye": courtesy.goodbye,
    "thank": courtesy.thank,
    "affirm": courtesy.affirm,
    "deny": courtesy.deny,
    "help": courtesy.help_,
    "cancel": courtesy.cancel,
    "ask_if_bot": courtesy.ask_if_bot,
    "out_of_scope": unable.out_of_scope,
    "change_language": change_language,
    "talk_to_human": talk_to_human,
    "report_problem": open_case,
    "check_case": check_case,
    "check_application": check_application,
    "book_appointment": unable.not_in_chat,
    "propose_topic": unable.not_in_chat,
    "browse_proposals": unable.not_in_chat,
    "delete_my_data": unable.not_in_chat,
}
COMMANDS = {
    "start": "greet",
    "help": "help",
    "language": "change_language",
    "human": "talk_to_human",
    "cancel": "cancel",
    "cases": "check_case",
}
# A form takes these out of its way: everything else that is no answer gets its question repeated.
ASIDES = frozenset({"help", "thank", "ask_if_bot", "check_case", "change_language"})
LEAVES = frozenset({"cancel", "talk_to_human"})


def converse(turn: Turn) -> Generator[Effect, Any, State]:
    """Yields the effects of a whole turn and returns the state to remember."""
    return (yield from _dialogue(turn)) or State()


def _dialogue(turn: Turn) -> Dialogue:
    message = turn.message
    if turn.person is not Person.NONE:
        return (yield from with_person(turn))
    if turn.understanding.urgent and turn.understanding.intent != "faq/emergency_numbers":
        return (yield from _danger(turn))
    match message.kind:
        case Kind.COMMAND:
            return (yield from start(COMMANDS.get(message.value, "help"), turn))
        case Kind.EDITED:
            return (yield from unable.edited(turn))
        case Kind.UNSUPPORTED:
            return (yield from unable.unsupported(turn))
        case Kind.BUTTON if message.value.startswith("go:"):
            return (yield from start(message.value.removeprefix("go:"), turn))
    if turn.state.dialogue is not None and turn.state.dialogue in INTENTS:
        return (yield from _go_on(turn, turn.state.dialogue))
    return (yield from _understood(turn))


def start(intent: str, turn: Turn) -> Dialogue:
    """Begins what an intent stands for; `faq/<topic>#<section>` is an answer's section."""
    if intent.startswith("faq/"):
        topic, _hash, section = intent.removeprefix("faq/").partition("#")
        return (yield from faq(turn, topic, section or None))
    if intent not in INTENTS:
        return (yield from unable.closed_question(turn))
    if intent == "cancel":
        return (yield from courtesy.cancel(turn))
    fresh = replace(turn, state=replace(turn.state, dialogue=None, awaiting=None, slots={}))
    return (yield from fill(intent, INTENTS[intent](fresh), fresh, _aside, _told(intent, turn)))


def _go_on(turn: Turn, intent: str) -> Dialogue:
    if intent == "report_problem":
        turn = picked_up(turn)
    return (yield from fill(intent, INTENTS[intent](turn), turn, _aside))


def _understood(turn: Turn) -> Dialogue:
    intent = turn.understanding.intent
    if turn.message.kind is Kind.BUTTON:
        return (yield from unable.closed_question(turn))
    if turn.message.photos or turn.message.location:
        return (yield from start("report_problem", turn))
    if intent is None or turn.understanding.confidence < CONFIDENT:
        return (yield from clarify(turn))
    return (yield from start(intent, turn))


def _told(intent: str, turn: Turn) -> dict[str, Slot]:
    """The slots that the message which starts a dialogue fills already."""
    said = str(turn.state.slots.get("said", "")) if turn.message.kind is Kind.BUTTON else turn.message.text
    if intent == "report_problem" and turn.message.kind is not Kind.COMMAND:
        return {"description": said, **told_along(turn)} if said else told_along(turn)
    number = turn.understanding.entity("application_number")
    return {"number": number} if intent == "check_application" and number else {}


def _aside(question: Ask, turn: Turn) -> Dialogue | None:
    """A message that does not answer the form's question: what else it is, if that is clear."""
    intent = turn.understanding.intent or ""
    if question.optional:
        return _understood(turn)
    if turn.message.kind is Kind.TEXT and turn.understanding.confidence >= CONFIDENT:
        if intent.startswith("faq/") or intent in ASIDES:
            return start(intent, turn)
        if intent in LEAVES:
            return _leave(intent, turn)
    return None


def _leave(intent: str, turn: Turn) -> Dialogue:
    return (yield from start(intent, turn)) or State()


def _danger(turn: Turn) -> Dialogue:
    """The emergency numbers first; then the report goes on, or begins, as an urgent one."""
    yield Say(EMERGENCY)
    if turn.state.dialogue == "report_problem":
        return (yield from _go_on(turn, "report_problem"))
    return (yield from start("report_problem", turn))
