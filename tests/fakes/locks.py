"""Locks within one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FakeLocks:
    def __init__(self) -> None:
        self._held: set[str] = set()

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        if name in self._held:
            yield False
            return
        self._held.add(name)
        try:
            yield True
        finally:
            self._held.discard(name)


class LostLocks:
    """Locks that exclude nobody, as all locks in Redis may for a moment: the database must be the judge."""

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        yield True
