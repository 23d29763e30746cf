"""A centre that has written one answer."""

from dialogues.effects import Answer
from dialogues.texts import Prose

OPENING_HOURS = "**Opening hours**\n\nMonday to Friday."


class FakeAnswers:
    def find(self, topic: str, language: str, section: str | None = None) -> Answer | None:
        return Answer(Prose(OPENING_HOURS, "en")) if topic == "opening_hours" else None
