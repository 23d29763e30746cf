"""A conversation's state in Redis: lost whole, residents lose at most the step of a half-filled form."""

import json
from dataclasses import asdict
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.errors import StateUnavailable
from dialogues.turn import State

VERSION = 1  # of the record's shape; another one is not read
KEPT_SECONDS = 7 * 24 * 3600
# A turn that stalled until others overtook it must not bring back its own, older state
SAVE = """
local kept = redis.call('GET', KEYS[1])
if kept and cjson.decode(kept).turn > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""


class RedisState:
    """One record a conversation: the state, the turn (inbox id) that wrote it, and the state before that turn."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._save = redis.register_script(SAVE)

    async def load(self, conversation: int, turn: int) -> State:
        record = await self._record(conversation)
        if record is None:
            return State()
        return State(**record["before" if record["turn"] == turn else "state"])

    async def save(self, conversation: int, turn: int, before: State, after: State) -> None:
        record = {"version": VERSION, "turn": turn, "before": asdict(before), "state": asdict(after)}
        try:
            await self._save(keys=[_key(conversation)], args=[turn, json.dumps(record), KEPT_SECONDS])
        except RedisError as error:
            raise StateUnavailable(type(error).__name__) from error

    async def forget(self, conversation: int, turn: int) -> None:
        record = await self._record(conversation)
        if record is not None and record["turn"] == turn:
            before = State(**record["before"])
            await self.save(conversation, turn, before, before)

    async def _record(self, conversation: int) -> dict[str, Any] | None:
        try:
            found = await self._redis.get(_key(conversation))
        except RedisError as error:
            raise StateUnavailable(type(error).__name__) from error
        record = json.loads(found) if found else None
        return record if record and record.get("version") == VERSION else None


def _key(conversation: int) -> str:
    return f"alley:state:{conversation}"
