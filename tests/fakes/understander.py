"""An NLU that knows the sentences it was told."""

import asyncio
from collections.abc import Mapping

from bot.errors import NluUnavailable
from dialogues.turn import Understanding

UNKNOWN = Understanding(intent="out_of_scope", confidence=0.9)


class FakeUnderstander:
    """`asked` keeps the texts that came; while it is `down` it raises, after `seconds` it answers."""

    def __init__(self, sentences: Mapping[str, Understanding] | None = None) -> None:
        self.sentences = dict(sentences or {})
        self.asked: list[str] = []
        self.down = False
        self.seconds = 0.0

    async def understand(self, text: str) -> Understanding:
        self.asked.append(text)
        if self.down:
            raise NluUnavailable("down")
        await asyncio.sleep(self.seconds)
        return self.sentences.get(text, UNKNOWN)
