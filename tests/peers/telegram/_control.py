"""What a test watches and breaks: the other half of the control side; in `TelegramServer`."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from ._chats import Sent
from ._delivery import Delivery
from ._errors import Json
from ._faults import SENDS, Fault, Faults, Kind
from ._loop import on_loop
from ._residents import Residents
from ._rules import Breach, FloodControl
from ._webhook import Attempt


@dataclass(frozen=True)
class Call:
    """One call of the bot: `code` is what it was answered (0: cut off), `at` is Unix time of arrival."""

    method: str
    params: Json
    at: float
    code: int
    in_webhook_reply: bool = False


@dataclass
class Control(Residents):
    """Lists are copies: safe to keep and to walk while the server goes on."""

    delivery: Delivery
    flood: FloodControl
    faults: Faults

    def __post_init__(self) -> None:
        super().__post_init__()
        self.call_log: list[Call] = []
        self._repeats: set[asyncio.Task[tuple[int, float]]] = set()

    @on_loop
    def messages(self, chat_id: int) -> list[Sent]:
        """What the bot sent to the chat, oldest first, deleted ones marked."""
        return self.book.sent_to(chat_id)

    @on_loop
    def all_messages(self) -> list[Sent]:
        """What the bot sent to anybody, oldest first."""
        return list(self.book.sent.values())

    @on_loop
    def calls(self, method: str | None = None) -> list[Call]:
        """In the order they were answered; all methods when none is named."""
        return [call for call in self.call_log if method in (None, call.method)]

    @on_loop
    def attempts(self) -> list[Attempt]:
        """Every post to a webhook, in the order they ended."""
        return list(self.delivery.attempts)

    @on_loop
    def breaches(self) -> list[Breach]:
        """Sends that came over a limit, whether they were refused or only counted."""
        return list(self.flood.breaches)

    @on_loop
    def pending(self) -> int:
        """How many updates the bot has not yet confirmed."""
        return len(self.queue)

    @on_loop
    def expired(self) -> list[int]:
        """Ids of the updates that Telegram gave up."""
        return list(self.queue.expired)

    @on_loop
    def settings(self) -> Json:
        """What setMyCommands and setMyDescription left, as `commands:<language>`, `description:…`."""
        return dict(self.bot_methods.settings)

    @on_loop
    def deliver_each(self, copies: int) -> None:
        """From now on every update comes that many times: posted at once, or side by side in one poll."""
        self.delivery.polling.copies = copies

    @on_loop
    def deliver(self, update_id: int, times: int) -> None:
        """Post one update, confirmed or not, so many times at once; `attempts` shows how it went."""
        webhook = self.delivery.webhook
        if webhook is None:
            raise RuntimeError("no webhook is set")
        update = self.queue.get(update_id)
        for _ in range(times):
            task = asyncio.get_running_loop().create_task(webhook.post(update))
            self._repeats.add(task)
            task.add_done_callback(self._repeats.discard)

    @on_loop
    def fail(
        self,
        kind: Kind,
        times: int = 1,
        methods: Iterable[str] = SENDS,
        retry_after: int = 1,
        seconds: float = 30.0,
    ) -> None:
        """Break the next `times` calls of `methods`; the kinds are explained at `Fault`."""
        names = frozenset(method.lower() for method in methods)
        self.faults.plan(Fault(kind, times, names, retry_after, seconds))

    @on_loop
    def heal(self) -> None:
        """Forget the faults that were not yet used."""
        self.faults.clear()


OPERATIONS = frozenset(
    {
        "add_user", "add_group", "block", "say", "say_many", "photo", "location", "sticker", "voice",
        "edited", "press", "raw_update", "messages", "all_messages", "calls", "attempts", "breaches",
        "pending", "expired", "settings", "deliver_each", "deliver", "fail", "heal",
    }
)  # fmt: skip
