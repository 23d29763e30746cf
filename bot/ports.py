"""What the program needs of the world, as small Protocols. bot/app.py builds the adapters behind them."""

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.messages import Outgoing
from dialogues.turn import State, Understanding
from knowledge.translation_memory import Translation


class Channel(Protocol):
    """Where residents write. `pushes` is False when the resident's side fetches the messages itself."""

    name: str
    pushes: bool

    def parts(self, outgoing: Outgoing) -> list[Outgoing]:
        """The pieces, in order, that one message is sent in; the buttons are on the last."""
        ...

    async def ready(self, address: str, *, is_group: bool) -> None:
        """Returns when the vendor's rates allow one more piece to this address."""
        ...

    async def deliver(self, address: str, part: Outgoing) -> None:
        """Sends one piece. Raises ChannelBusy or Undeliverable."""
        ...

    async def typing(self, address: str) -> None:
        """Shows that an answer is coming; never raises."""
        ...

    async def fetch(self, photo: str) -> bytes:
        """The bytes behind an Incoming's photo reference. Raises ChannelBusy or Unparsable."""
        ...


class Understander(Protocol):
    async def understand(self, text: str, language: str | None = None) -> Understanding:
        """`language` is that of the conversation so far. Raises NluUnavailable within 5 s."""
        ...


class StateStore(Protocol):
    """A conversation's state between two messages. Raises StateUnavailable."""

    async def load(self, conversation: int, turn: int) -> State:
        """The state before `turn`: when that turn wrote it itself, and died, the one it started from."""
        ...

    async def save(self, conversation: int, turn: int, before: State, after: State) -> None:
        """Nothing happens when a later turn has saved already."""
        ...

    async def forget(self, conversation: int, turn: int) -> None:
        """Undoes what `turn` saved, if it did."""
        ...


class Locks(Protocol):
    def hold(self, name: str) -> AbstractAsyncContextManager[bool]:
        """A lock over all processes; False when another holds it. Raises StateUnavailable.

        It is kept as long as the process lives and the context is open; the database is the judge all the same.
        """
        ...


class Signals(Protocol):
    """Wakes whoever waits, in any process. A signal may be lost: every waiter also looks by itself now and then."""

    async def work(self, kind: str, conversation: int) -> None:
        """Tells one worker that a conversation's "inbox" or "outbox" has something; never raises."""
        ...

    async def next_work(self, seconds: float) -> tuple[str, int] | None:
        """The next such call, or None when none came in time. Raises StateUnavailable."""
        ...

    async def changed(self, topic: str) -> None:
        """Tells every listener that something changed: `conversation:<id>`, `queue` or `cases`; never raises."""
        ...

    def listen(self, topic: str, seconds: float) -> AbstractAsyncContextManager[AsyncIterator[bool]]:
        """Yields True at a change of `topic` and False when nothing came for `seconds`."""
        ...


class Translator(Protocol):
    async def translate(self, text: str, source: str | None, target: str, names: Collection[str] = ()) -> Translation:
        """Within 3 s; `names` are people's, and are hidden. Raises TranslationFailed."""
        ...
