"""A resident's conversation with the dialogue core, driven by hand-written tests: no bot, no NLU, no database.

The state goes through JSON between any two messages, as it does when Alley is restarted in between.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from dialogues import router
from dialogues.effects import (
    Answer,
    ApplicationView,
    Ask,
    Button,
    CaseView,
    Effect,
    EndTakeover,
    FindAnswer,
    FindApplication,
    FindCases,
    Forget,
    Keep,
    OpenCase,
    RequestPerson,
    Say,
    SetLanguage,
)
from dialogues.texts import Day, Lines, Prose, Text
from dialogues.turn import Entity, Kind, Location, Message, Person, State, Turn, Understanding

LANGUAGES = (("en", "English"), ("zh", "简体中文"), ("ja", "日本語"), ("fr", "Français"), ("ar", "العربية"))
SURE = 0.95
TELEGRAM_BUTTON = 64  # bytes of callback_data

# what every text may name, as in knowledge/texts.py
KNOWN = {"centre": "the Gubei Civic Centre", "police": "110", "fire": "119", "ambulance": "120"}


@dataclass
class Centre:
    """What the effects are answered from, in place of bot/perform.py, and what was done to it."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    cases: Sequence[CaseView] = ()
    applications: Mapping[tuple[str, str], ApplicationView] = field(default_factory=dict)
    blocked: bool = False
    deeds: list[Effect] = field(default_factory=list)  # all but what only looks something up

    def perform(self, effect: Effect) -> object:
        match effect:
            case FindAnswer(topic, section):
                return self.answers.get(f"{topic}#{section}" if section else topic)
            case FindCases(number):
                return tuple(case for case in self.cases if number in (None, case.number))
            case FindApplication(number, birth_date):
                return "blocked" if self.blocked else self.applications.get((number, birth_date))
        self.deeds.append(effect)
        match effect:
            case OpenCase():
                return f"C-2026-{len(self.opened):06d}"
            case RequestPerson():
                return 3
            case EndTakeover() | SetLanguage():
                return None
        raise AssertionError(f"{effect} is none of the centre's")

    @property
    def opened(self) -> list[OpenCase]:
        return [deed for deed in self.deeds if isinstance(deed, OpenCase)]


@dataclass
class Conversation:
    """Each message method returns the texts of the replies to it, in English."""

    centre: Centre = field(default_factory=Centre)
    language: str = "en"
    person: Person = Person.NONE
    remembered: str = field(default_factory=lambda: json.dumps(asdict(State())))
    buttons: tuple[Button, ...] = ()  # those of the last message that had any
    last: str = ""  # what Alley said last

    @property
    def state(self) -> State:
        return State(**json.loads(self.remembered))

    @property
    def values(self) -> list[str]:
        return [button.value for button in self.buttons]

    def says(
        self,
        text: str,
        intent: str | None = None,
        confidence: float = SURE,
        *,
        entities: Mapping[str, str] | None = None,
        ranking: Sequence[str] = (),
        **more: object,
    ) -> list[str]:
        """`more`: language, category, urgent."""
        found = tuple(Entity(name, value) for name, value in (entities or {}).items())
        ranked = tuple((each, confidence) for each in ranking or ([intent] if intent else []))
        sure = confidence if intent else 0.0
        return self.sends(Message(Kind.TEXT, text), Understanding(intent, sure, ranked, found, **more))  # type: ignore[arg-type]

    def presses(self, label: str) -> list[str]:
        """A button of the last message that had some."""
        button = {english(button.label): button for button in self.buttons}[label]
        return self.sends(Message(Kind.BUTTON, label, button.value))

    def presses_old(self, value: str, label: str = "old") -> list[str]:
        """A button of some earlier message."""
        return self.sends(Message(Kind.BUTTON, label, value))

    def commands(self, name: str) -> list[str]:
        return self.sends(Message(Kind.COMMAND, f"/{name}", name))

    def sends_photo(self, photo: str = "photo-1", caption: str = "", **understood: object) -> list[str]:
        message = Message(Kind.PHOTO, caption, photos=(photo,))
        return self.sends(message, Understanding(**understood))  # type: ignore[arg-type]

    def sends_location(self) -> list[str]:
        return self.sends(Message(Kind.LOCATION, location=Location(31.19632, 121.40197)))

    def sends(self, message: Message, understanding: Understanding | None = None) -> list[str]:
        turn = Turn(message, self.language, understanding or Understanding(), self.state, self.person, LANGUAGES)
        replies = self._drive(turn)
        for reply in replies:
            check(reply)
            self.buttons, self.last = reply.buttons or self.buttons, english(reply.text)
        return [english(reply.text) for reply in replies]

    def _drive(self, turn: Turn) -> list[Say]:
        dialogue, result, replies = router.converse(turn), None, []
        while True:
            try:
                effect = dialogue.send(result)
            except StopIteration as end:
                self._remember(end.value)
                return replies
            assert not isinstance(effect, (Ask, Keep, Forget)), "the form answers these itself"
            result = None
            if isinstance(effect, Say):
                replies.append(effect)
            else:
                result = self._perform(effect)

    def _perform(self, effect: Effect) -> object:
        match effect:
            case SetLanguage(code):
                self.language = code
            case RequestPerson():
                self.person = Person.WAITING
            case EndTakeover():
                self.person = Person.NONE
        return self.centre.perform(effect)

    def _remember(self, state: State) -> None:
        assert isinstance(state, State)
        self.remembered = json.dumps(asdict(state))
        assert self.state == state, "the state does not survive JSON"


def check(reply: Say) -> None:
    """What holds for every message that Alley sends."""
    assert english(reply.text).strip()
    for button in reply.buttons:
        assert english(button.label).strip()
        assert len(button.value.encode()) <= TELEGRAM_BUTTON, button.value
    values = [button.value for button in reply.buttons]
    assert len(values) == len(set(values)), "the same button twice"


def english(words: object) -> str:
    """A reply as an English resident reads it, with Markdown's asterisks."""
    match words:
        case Text(msgid, params):
            return msgid.format(**KNOWN, **{n: english(v) for n, v in params.items()})
        case Lines(texts):
            return "\n\n".join(map(english, texts))
        case Prose(text):
            return text
        case Day(iso):
            return iso
    return str(words)
