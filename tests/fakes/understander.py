"""An NLU that knows the sentences it was told."""

import asyncio
from collections.abc import Mapping

from bot.errors import NluUnavailable
from dialogues.turn import Understanding

UNKNOWN = Understanding(intent="out_of_scope", confidence=0.9)


class FakeUnderstander:
    """`asked` keeps the texts that came; while it is `down` it raises, after `seconds` it answers.

    `most_at_once` is how many waited for an answer at the same time.
    """

    def __init__(self, sentences: Mapping[str, Understanding] | None = None) -> None:
        self.sentences = dict(sentences or {})
        self.asked: list[str] = []
        self.down = False
        self.seconds = 0.0
        self.most_at_once = 0
        self._at_once = 0

    async def understand(self, text: str, language: str | None = None) -> Understanding:
        self.asked.append(text)
        if self.down:
            raise NluUnavailable("down")
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(self.seconds)
        self._at_once -= 1
        return self.sentences.get(text, UNKNOWN)
