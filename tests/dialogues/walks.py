"""Every question of every form, and the messages that lead to it; used by the tests that hold for all dialogues."""

from collections.abc import Callable

from dialogues import router
from dialogues.effects import Answer, CaseView
from dialogues.names import INTENTS as NAMES
from dialogues.texts import Prose
from tests.dialogues.conversation import Centre, Conversation

TOPICS = [name for name in NAMES if name.startswith("faq/")]
STARTS = [*router.INTENTS, *TOPICS]

# Per form: the intent that starts it, then one step an open question: the slot awaited and the answer that goes on.
type Step = tuple[str, Callable[[Conversation], object]]
FORMS: dict[str, list[Step]] = {
    "report_problem": [
        ("description", lambda talk: talk.says("The lift is stuck", "report_problem")),
        ("category", lambda talk: talk.presses("Something broken")),
        ("place", lambda talk: talk.says("Building 5")),
        ("photos", lambda talk: talk.presses("Without a photo")),
        ("decision", lambda talk: talk.presses("Yes, hand it in")),
    ],
    "check_application": [
        ("number", lambda talk: talk.says("SH-RP-2026-004182")),
        ("birth_date", lambda talk: talk.says("1990-05-17")),
    ],
    "change_language": [("language", lambda talk: talk.presses("日本語"))],
}
QUESTIONS = [(intent, slot) for intent, steps in FORMS.items() for slot, _answer in steps]


def centre() -> Centre:
    """One with an answer to every topic and one case."""
    answers = {
        topic.removeprefix("faq/"): Answer(Prose(f"Answer to {topic}", "en"), (("times", Prose("Times", "en")),))
        for topic in TOPICS
    }
    answers |= {f"{topic}#times": Answer(Prose(f"Times of {topic}", "en")) for topic in answers}
    return Centre(answers, (CaseView("C-2026-000001", "noise", "new", "Drilling at night", "2026-05-01"),))


def at(intent: str, slot: str) -> Conversation:
    """A conversation in which this question of the form was just asked."""
    talk = Conversation(centre())
    talk.presses_old(f"go:{intent}")
    for asked, answer in FORMS[intent]:
        assert (talk.state.dialogue, talk.state.awaiting) == (intent, asked)
        if asked == slot:
            return talk
        answer(talk)
    raise AssertionError(f"{intent} never asks {slot}")
