"""getUpdates by Telegram's rules, called by `_delivery`: at most one poll waits, a newer one ends it."""

import asyncio
import time

from ._errors import ApiError, Json
from ._rules import Timing
from ._updates import Update, UpdateQueue

OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
SET_WEBHOOK = "terminated by setWebhook request"


class Polling:
    """`copies` above 1 returns every update that many times in one answer, to try the bot's deduplication."""

    def __init__(self, queue: UpdateQueue, timing: Timing) -> None:
        self._queue = queue
        self._timing = timing
        self._waiting: asyncio.Future[str] | None = None  # its result: why the poll ends, "" for news
        self._next_conflict_at = 0.0
        self.copies = 1
        queue.on_push.append(lambda update: self._end(""))

    async def get_updates(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Telegram's update objects; ApiError 409 when another poll or a webhook took over meanwhile."""
        self._queue.confirm_below(offset)
        updates = self._queue.first(limit)
        if not updates and seconds > 0:
            await self._wait(seconds)
            updates = self._queue.first(limit)
        return self._bodies(updates)

    def end(self, reason: str) -> None:
        """Send the waiting poll, if any, away with 409."""
        self._end(reason)

    async def refuse(self, reason: str) -> None:
        """ApiError 409; a second one within three seconds is held back, which slows a loop of conflicts."""
        now, pause = time.monotonic(), self._timing.conflict_pause * self._timing.time_scale
        if now < self._next_conflict_at:
            await asyncio.sleep(pause)
        else:
            self._next_conflict_at = now + pause
        raise ApiError(409, f"Conflict: {reason}")

    async def _wait(self, seconds: float) -> None:
        self._end(OTHER_POLL)
        self._waiting = waiting = asyncio.get_running_loop().create_future()
        done, _ = await asyncio.wait([waiting], timeout=seconds)
        if self._waiting is waiting:
            self._waiting = None
        if done and waiting.result():
            await self.refuse(waiting.result())

    def _end(self, reason: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(reason)
            self._waiting = None

    def _bodies(self, updates: list[Update]) -> list[Json]:
        return [update.body for update in updates for _ in range(self.copies)]
