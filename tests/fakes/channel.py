"""A channel whose other side is a list."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.errors import Unparsable
from bot.messages import Outgoing


class FakeChannel:
    """`sent` is what arrived; each delivery first takes the next of `troubles` and raises it, if it is an error."""

    def __init__(self, name: str = "fake", *, pushes: bool = True, part_length: int = 4096) -> None:
        self.name = name
        self.pushes = pushes
        self.sent: list[tuple[str, Outgoing]] = []
        self.troubles: deque[BaseException | None] = deque()
        self.photos: dict[str, bytes | Exception] = {}
        self.meanwhile: Callable[[], Awaitable[object]] | None = None  # happens during each delivery
        self._part_length = part_length

    def parts(self, outgoing: Outgoing) -> list[Outgoing]:
        length = self._part_length
        pieces = [outgoing.text[start : start + length] for start in range(0, len(outgoing.text), length)] or [""]
        return [
            *(replace(outgoing, text=piece, buttons=()) for piece in pieces[:-1]),
            replace(outgoing, text=pieces[-1]),
        ]

    async def ready(self, address: str, *, is_group: bool) -> None:
        pass

    async def deliver(self, address: str, part: Outgoing) -> None:
        if self.meanwhile is not None:
            await self.meanwhile()
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble is not None:
            raise trouble
        self.sent.append((address, part))

    async def typing(self, address: str) -> None:
        pass

    async def fetch(self, photo: str) -> bytes:
        found = self.photos.get(photo, Unparsable("no such photo"))
        if isinstance(found, Exception):
            raise found
        return found

    def texts(self, address: str) -> list[str]:
        return [part.text for to, part in self.sent if to == address]
