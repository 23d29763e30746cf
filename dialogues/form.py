"""Runs one dialogue for one turn: answers its questions from the slots and asks the first one that is open.

Called by dialogues/router.py. A dialogue starts anew with every message and finds in its slots what was answered
before, so that a conversation survives a restart between any two messages. What it yields before the question that
this message answers was done in an earlier turn, and is passed over. Deeds (`OpenCase`, `RequestPerson`…) come
after its last question, or they would be done once a message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dialogues.courtesy import offers
from dialogues.effects import Ask, Button, Dialogue, Forget, Keep, Say
from dialogues.texts import _
from dialogues.turn import Kind, Slot, State, Turn

# What to do with a message that is no answer to the question: a dialogue, or None when it is nothing else either.
type Aside = Callable[[Ask, Turn], Dialogue | None]

STUCK_AFTER = 2  # messages in a row that are no answer, from then on the ways out are shown


@dataclass
class Form:
    """A dialogue under way. `unread` is the slot that this turn's message may fill, until it has."""

    name: str
    turn: Turn
    aside: Aside
    slots: dict[str, Slot] = field(default_factory=dict)
    unread: str | None = None

    def run(self, dialogue: Dialogue) -> Dialogue:
        result: Any = None
        while True:
            try:
                effect = dialogue.send(result)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            result = None
            match effect:
                case Ask():
                    if not self.answered(effect):
                        return (yield from self.ask(effect))
                    result = self.slots[effect.slot]
                case Keep() | Forget() | Say() if self.unread is not None:
                    pass
                case Keep():
                    self.slots |= effect.slots
                case Forget():
                    self.slots = {slot: value for slot, value in self.slots.items() if slot not in effect.slots}
                case _:
                    result = yield effect

    def answered(self, question: Ask) -> bool:
        """Whether the slot is known, perhaps now from this turn's message."""
        if question.slot not in self.slots and question.slot == self.unread:
            value = _read(question, self.turn)
            if value is not None:
                self.unread, self.slots[question.slot] = None, value
        return question.slot in self.slots

    def ask(self, question: Ask) -> Dialogue:
        """An aside that ends with the empty state, not with None, has left this dialogue."""
        waiting = State(self.name, question.slot, self.slots)
        text = question.text
        if self.unread is not None:
            if self.turn.message.kind is not Kind.COMMAND and self.turn.message.kind is not Kind.BUTTON:
                waiting = replace(waiting, misunderstood=self.turn.state.misunderstood + 1)
            aside = self.aside(question, self.turn)
            if aside is None:
                text = question.retry or text
            else:
                ended = yield from aside
                if question.optional or ended == State():
                    return ended
        yield Say(text, self.buttons(question, stuck=waiting.misunderstood >= STUCK_AFTER))
        return waiting

    def buttons(self, question: Ask, *, stuck: bool) -> tuple[Button, ...]:
        own = tuple(_named(question.slot, button) for button in question.buttons)
        return (*own, Button(_("Stop this"), "go:cancel"), *offers("talk_to_human")) if stuck else own


def fill(name: str, dialogue: Dialogue, turn: Turn, aside: Aside, slots: Mapping[str, Slot] | None = None) -> Dialogue:
    """Goes on with `dialogue` where the turn's state left it, or begins it with what is known in `slots`."""
    if slots is None:
        form = Form(name, turn, aside, dict(turn.state.slots), turn.state.awaiting)
    else:
        form = Form(name, turn, aside, dict(slots))
    return (yield from form.run(dialogue))


def _read(question: Ask, turn: Turn) -> Slot:
    if turn.message.kind is Kind.BUTTON:
        options = {f"{question.slot}={button.value}": button.value for button in question.buttons}
        return options.get(turn.message.value)
    return None if turn.message.kind is Kind.COMMAND else question.accept(turn)


def _named(slot: str, button: Button) -> Button:
    """A button that starts something (`go:…`) stays itself; an answer carries its question's name."""
    return button if button.value.startswith("go:") else Button(button.label, f"{slot}={button.value}")
