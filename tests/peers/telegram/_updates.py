"""The updates a bot has not yet confirmed; filled by `_residents`, emptied by `_polling` and `_webhook`."""

import heapq
import random
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import islice

from ._errors import Json

# What a bot is not told unless it asks (core.telegram.org/bots/api#getupdates).
_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True)
class Update:
    """`lane`: updates of one lane reach a webhook one after another; `expires_at` on the monotonic clock."""

    id: int
    body: Json
    lane: Hashable
    expires_at: float


class UpdateQueue:
    """In the order of ids, which never repeat; an update leaves by being confirmed or by its age."""

    def __init__(self) -> None:
        # Like Telegram, begin anywhere: a bot with a database outlives this queue.
        self._next_id = random.randrange(1, 2**29)
        self._pending: dict[int, Update] = {}
        self._history: dict[int, Update] = {}
        self._by_age: list[tuple[float, int]] = []  # a heap: when each expires, and its id
        self.allowed: frozenset[str] = frozenset()
        self.expired: list[int] = []
        self.on_push: list[Callable[[Update], None]] = []

    def push(self, kind: str | None, content: Json, lane: Hashable, life: float) -> int:
        """The new id; `kind` None means that `content` is the whole update, kept as it stands."""
        update_id = self._next_id
        self._next_id += 1
        body = {"update_id": update_id} | (content if kind is None else {kind: content})
        update = Update(update_id, body, lane, time.monotonic() + life)
        self._history[update_id] = update
        if kind is None or self._is_allowed(kind):
            self._pending[update_id] = update
            heapq.heappush(self._by_age, (update.expires_at, update_id))
            for listener in self.on_push:
                listener(update)
        return update_id

    def _is_allowed(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in _ON_REQUEST

    def allow(self, kinds: object) -> None:
        """None keeps what was asked for earlier, an empty list returns to Telegram's default."""
        if isinstance(kinds, list):
            self.allowed = frozenset(str(kind) for kind in kinds)

    def first(self, limit: int) -> list[Update]:
        self._expire()
        return list(islice(self._pending.values(), limit))

    def confirm_below(self, offset: int) -> None:
        """getUpdates: a positive offset confirms all lower ids; a negative one spares that many last ones."""
        if offset < 0:
            offset += self._next_id
        # One far in the future is not of this queue: Telegram then serves from the head (TQueue::get).
        if offset <= self._next_id + 10:
            self.forget([update_id for update_id in self._pending if update_id < offset])

    def forget(self, ids: Iterable[int]) -> None:
        for update_id in ids:
            self._pending.pop(update_id, None)

    def clear(self) -> None:
        self._pending.clear()

    def get(self, update_id: int) -> Update:
        """Any update there ever was, confirmed or not; KeyError for an unknown id."""
        return self._history[update_id]

    def expire(self, update: Update) -> None:
        if self._pending.pop(update.id, None) is not None:
            self.expired.append(update.id)

    def _expire(self) -> None:
        now = time.monotonic()
        while self._by_age and self._by_age[0][0] < now:
            self.expire(self._history[heapq.heappop(self._by_age)[1]])

    def __len__(self) -> int:
        self._expire()
        return len(self._pending)
