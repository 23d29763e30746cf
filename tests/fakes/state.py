"""A StateStore in memory."""

import json
from dataclasses import asdict

from dialogues.turn import State


class FakeState:
    def __init__(self) -> None:
        self._records: dict[int, tuple[int, str, str]] = {}  # turn, state before, state

    async def load(self, conversation: int, turn: int) -> State:
        if conversation not in self._records:
            return State()
        wrote, before, state = self._records[conversation]
        return State(**json.loads(before if wrote == turn else state))

    async def save(self, conversation: int, turn: int, before: State, after: State) -> None:
        if conversation in self._records and self._records[conversation][0] > turn:
            return
        self._records[conversation] = (turn, json.dumps(asdict(before)), json.dumps(asdict(after)))

    async def forget(self, conversation: int, turn: int) -> None:
        if conversation in self._records and self._records[conversation][0] == turn:
            _turn, before, _state = self._records[conversation]
            self._records[conversation] = (turn, before, before)
