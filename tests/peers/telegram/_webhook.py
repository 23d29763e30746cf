"""Posts updates to the bot's webhook as Telegram's WebhookActor does; started and stopped by `_delivery`.

Up to `max_connections` posts at once, those of one lane one after another; anything but 2xx is repeated.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field

from ._errors import Json
from ._post import Poster, PostFailed, Reply
from ._rules import Timing
from ._updates import Update, UpdateQueue


@dataclass(frozen=True)
class Attempt:
    """One post: `status` is the HTTP status, 0 when there was no answer; times are Unix time."""

    update_id: int
    status: int
    began: float
    ended: float


@dataclass
class Webhook:
    """Lives from setWebhook until the next one or deleteWebhook; `on_reply` gets each 2xx answer."""

    url: str
    secret_token: str
    max_connections: int
    queue: UpdateQueue
    timing: Timing
    attempts: list[Attempt]
    on_reply: Callable[[Reply], Awaitable[None]]
    copies: Callable[[], int] = lambda: 1
    last_error: tuple[int, str] | None = None
    _lanes: dict[Hashable, deque[Update]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self) -> None:
        """Deliver what is pending, then whatever is pushed."""
        self._free = asyncio.Semaphore(self.max_connections)
        self._poster = Poster(self.url, self.timing.webhook_timeout)
        for update in self.queue.first(len(self.queue)):
            self._enqueue(update)
        self.queue.on_push.append(self._enqueue)

    async def stop(self) -> None:
        self.queue.on_push.remove(self._enqueue)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._poster.close()

    async def post(self, update: Update) -> tuple[int, float]:
        """Once; the status (0 without an answer) and the answer's Retry-After in seconds."""
        began, status, retry_after = time.time(), 0, 0.0
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret_token} if self.secret_token else {}
        # Escaped to ASCII: a mutated update may hold lone surrogates, which UTF-8 cannot.
        content = json.dumps(update.body).encode()
        try:
            reply = await self._poster.post(content, headers)
        except PostFailed as error:
            self._note_error(str(error))
        else:
            status, retry_after = reply.status, _retry_after(reply)
            if 200 <= status <= 299:
                await self.on_reply(reply)
            else:
                self._note_error(f"Wrong response from the webhook: {status} {reply.reason}")
        self.attempts.append(Attempt(update.id, status, began, time.time()))
        return status, retry_after

    def info(self) -> Json:
        answer: Json = {"max_connections": self.max_connections}
        if self.last_error is not None:
            answer["last_error_date"], answer["last_error_message"] = self.last_error
        return answer

    def _note_error(self, reason: str) -> None:
        self.last_error = (int(time.time()), reason)

    def _enqueue(self, update: Update) -> None:
        if update.lane in self._lanes:
            self._lanes[update.lane].append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.get_running_loop().create_task(self._drain(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, lane: Hashable) -> None:
        waiting = self._lanes[lane]
        while waiting:
            await self._deliver(waiting[0])
            waiting.popleft()
        del self._lanes[lane]

    async def _deliver(self, update: Update) -> None:
        failures, delay = 0, 0.0
        while time.monotonic() + delay <= update.expires_at:
            await asyncio.sleep(delay)
            async with self._free:
                answers = await asyncio.gather(*(self.post(update) for _ in range(self.copies())))
            if all(200 <= status <= 299 for status, _ in answers):
                self.queue.forget([update.id])
                return
            failures += 1
            delay = self.timing.retry_delay(failures, max(retry_after for _, retry_after in answers))
        self.queue.expire(update)


def _retry_after(reply: Reply) -> float:
    given = reply.headers.get("retry-after", "")
    return float(given) if given.isdecimal() else 0.0
