"""Picks the one dialogue that handles a message. Called by bot/engine.py, which drives what `converse` yields."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any

from dialogues import answers, courtesy, unable
from dialogues.answers import ANOTHER_QUESTION, CONFIDENT
from dialogues.change_language import change_language
from dialogues.check_application import check_application
from dialogues.check_case import check_case
from dialogues.clarify import clarify
from dialogues.effects import Ask, Dialogue, Effect, Say
from dialogues.faq import faq
from dialogues.form import fill
from dialogues.open_case import open_case, picked_up, told_along
from dialogues.talk_to_human import EMERGENCY, talk_to_human, with_person
from dialogues.turn import Kind, Message, Person, Slot, State, Turn

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
# Nobody in danger says these; everything else that sounds dangerous becomes a report.
CALM = frozenset({"greet", "thank", "talk_to_human", "change_language", "ask_if_bot"})
LEAVES = frozenset({"cancel", "talk_to_human"})


def converse(turn: Turn) -> Generator[Effect, Any, State]:
    """Yields the effects of a whole turn and returns the state to remember."""
    return (yield from _dialogue(turn)) or State()


def _dialogue(turn: Turn) -> Dialogue:
    if turn.person is not Person.NONE:
        return (yield from with_person(turn))
    if turn.understanding.urgent and not _asks_numbers(turn):
        return (yield from _danger(turn))
    return (yield from _answer(turn))


def _answer(turn: Turn) -> Dialogue:
    """The form under way goes on, or what the message says begins."""
    message = turn.message
    if message.kind is Kind.EDITED:
        return (yield from unable.edited(turn))
    if message.kind is Kind.UNSUPPORTED:
        return (yield from unable.unsupported(turn))
    dialogue = turn.state.dialogue
    if dialogue is None or dialogue not in INTENTS or _leads_away(_chosen(message)):
        return (yield from _understood(turn))
    return (yield from _go_on(turn, dialogue))


def _chosen(message: Message) -> str | None:
    """The intent that a command or a button stands for."""
    if message.kind is Kind.COMMAND:
        return COMMANDS.get(message.value, "help")
    is_start = message.kind is Kind.BUTTON and message.value.startswith("go:")
    return message.value.removeprefix("go:") if is_start else None


def _leads_away(chosen: str | None) -> bool:
    return chosen in INTENTS and chosen not in ASIDES


def start(intent: str, turn: Turn) -> Dialogue:
    """Begins what an intent stands for; after a "#" comes an answer's section or a language."""
    intent, _hash, detail = intent.partition("#")
    if intent.startswith("faq/"):
        return (yield from faq(turn, intent.removeprefix("faq/"), detail or None))
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
    intent, chosen = turn.understanding.intent, _chosen(turn.message)
    if chosen is not None:
        return (yield from start(chosen, turn))
    if turn.message.kind is Kind.BUTTON:
        return (yield from unable.closed_question(turn))
    if turn.message.photos or turn.message.location:
        return (yield from start("report_problem", turn))
    if turn.understanding.entity("application_number") and (intent or "").startswith("faq/"):
        intent = "check_application"  # whoever names one asks about it, not about such applications in general
    elif intent is None or turn.understanding.confidence < CONFIDENT:
        return (yield from clarify(turn))
    return (yield from start(intent or "", turn))


def _told(intent: str, turn: Turn) -> dict[str, Slot]:
    """The slots that the message which starts a dialogue fills already."""
    said = str(turn.state.slots.get("said", "")) if turn.message.kind is Kind.BUTTON else turn.message.text
    if intent == "report_problem" and turn.message.kind is not Kind.COMMAND:
        return {"description": said, **told_along(turn)} if said else told_along(turn)
    number = answers.number("application_number")(replace(turn, message=Message(Kind.TEXT, said)))
    return {"number": number} if intent == "check_application" and number else {}


def _aside(question: Ask, turn: Turn) -> Dialogue | None:
    """A message that does not answer the form's question: what else it is, if that is clear."""
    if question.optional:
        return _understood(turn)
    intent = _chosen(turn.message) or ""
    if turn.message.kind is Kind.TEXT and turn.understanding.confidence >= CONFIDENT:
        intent = turn.understanding.intent or ""
    if intent.startswith("faq/") or intent.partition("#")[0] in ASIDES:
        return start(intent, turn)
    return _leave(intent, turn) if intent in LEAVES else None


def _leave(intent: str, turn: Turn) -> Dialogue:
    return (yield from start(intent, turn)) or State()


def _asks_numbers(turn: Turn) -> bool:
    """Whether the answer will be the emergency numbers anyway."""
    found = turn.understanding
    sure = turn.message.kind is Kind.TEXT and found.confidence >= ANOTHER_QUESTION
    return sure and found.intent == "faq/emergency_numbers"


def _danger(turn: Turn) -> Dialogue:
    """The emergency numbers first; then the report goes on, or begins, as an urgent one.

    The NLU hears danger rather too often than too seldom. What is clearly something else gets its answer too.
    """
    yield Say(EMERGENCY)
    if turn.state.dialogue == "report_problem":
        return (yield from _go_on(turn, "report_problem"))
    found = turn.understanding
    intent = found.intent or ""
    if found.confidence >= ANOTHER_QUESTION and (intent.startswith("faq/") or intent in CALM):
        return (yield from _answer(turn))
    return (yield from start("report_problem", turn))
