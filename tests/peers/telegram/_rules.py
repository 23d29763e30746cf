"""How strict and how fast this Telegram is: the numbers a test may turn, and the count of sends.

`_server` takes the two settings; `_methods` asks `FloodControl` before it accepts a send.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ._errors import too_many_requests


@dataclass(frozen=True)
class Timing:
    """All in seconds; `time_scale` shrinks only the waits that Telegram chooses itself.

    Deadlines are not scaled, so that a test with quick retries never loses an update by them. Telegram's own
    server repeats a first failure at once and then after 2, 4, 8 … s, its ceiling drawn between 60 and 120 s
    (WebhookActor::on_update_error); `first_retry` 0 with `second_retry` 2 is that schedule.
    """

    time_scale: float = 1.0
    first_retry: float = 1.0
    second_retry: float = 2.0
    longest_retry: float = 60.0
    longest_retry_after: float = 3600.0
    webhook_timeout: float = 60.0
    update_life: float = 86_400.0
    callback_life: float = 150.0
    conflict_pause: float = 3.0

    def retry_delay(self, failures: int, retry_after: float = 0.0) -> float:
        """Real seconds to wait after that many failures of one update (1 for the first)."""
        if retry_after > 0:
            return min(retry_after, self.longest_retry_after) * self.time_scale
        nominal = self.first_retry if failures == 1 else self.second_retry * 2.0 ** min(failures - 2, 30)
        return min(nominal, self.longest_retry) * self.time_scale


@dataclass(frozen=True)
class Limits:
    """Telegram's limits on sending (core.telegram.org/bots/faq), counted in real time; None lifts one.

    `strictness`: "refuse" answers 429, "count" lets the send through and notes the breach, "off" ignores it.
    `chat_burst` sends to one private chat may come at once before one a second is held to.
    """

    strictness: Literal["refuse", "count", "off"] = "refuse"
    overall_per_second: int | None = 30
    chat_per_second: float | None = 1.0
    chat_burst: int = 3
    group_per_minute: int | None = 20


@dataclass(frozen=True)
class Breach:
    """One send over a limit: `at` is Unix time, `wait` the seconds it came too early."""

    chat_id: int
    limit: str
    at: float
    wait: float


@dataclass
class _Bucket:
    tokens: float
    refilled_at: float


@dataclass
class FloodControl:
    """Counts sends as they come; a refused one is not counted."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    breaches: list[Breach] = field(default_factory=list)
    _overall: deque[float] = field(default_factory=deque)
    _groups: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _buckets: dict[int, _Bucket] = field(default_factory=dict)

    def admit(self, chat_id: int) -> None:
        """ApiError 429 with `retry_after` when this send is one too many."""
        if self.limits.strictness == "off":
            return
        now = self.clock()
        wait, limit = max(self._waits(chat_id, now))
        if wait > 0:
            self.breaches.append(Breach(chat_id, limit, time.time(), wait))
            if self.limits.strictness == "refuse":
                raise too_many_requests(math.ceil(wait))
        self._count(chat_id, now)

    def _waits(self, chat_id: int, now: float) -> list[tuple[float, str]]:
        limits, waits = self.limits, [(0.0, "")]
        if limits.overall_per_second is not None:
            waits.append((_window_wait(self._overall, limits.overall_per_second, 1.0, now), "overall"))
        if chat_id < 0 and limits.group_per_minute is not None:
            waits.append((_window_wait(self._groups[chat_id], limits.group_per_minute, 60.0, now), "group"))
        if chat_id > 0 and limits.chat_per_second is not None:
            waits.append(((1.0 - self._refill(chat_id, now).tokens) / limits.chat_per_second, "chat"))
        return waits

    def _refill(self, chat_id: int, now: float) -> _Bucket:
        full = float(self.limits.chat_burst)
        bucket = self._buckets.setdefault(chat_id, _Bucket(full, now))
        gained = (now - bucket.refilled_at) * (self.limits.chat_per_second or 0.0)
        bucket.tokens, bucket.refilled_at = min(full, bucket.tokens + gained), now
        return bucket

    def _count(self, chat_id: int, now: float) -> None:
        self._overall.append(now)
        if chat_id < 0:
            self._groups[chat_id].append(now)
        elif self.limits.chat_per_second is not None:
            bucket = self._buckets[chat_id]
            bucket.tokens = max(0.0, bucket.tokens - 1.0)


def _window_wait(sends: deque[float], allowed: int, seconds: float, now: float) -> float:
    while sends and sends[0] <= now - seconds:
        sends.popleft()
    return 0.0 if len(sends) < allowed else sends[len(sends) - allowed] + seconds - now
