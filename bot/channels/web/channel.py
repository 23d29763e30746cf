"""The web chat as a Channel: its page fetches the messages itself, so nothing is sent to anywhere."""

import asyncio

from bot.errors import Unparsable
from bot.messages import Outgoing
from bot.stores.photos import Photos


class WebChannel:
    name = "web"
    pushes = False

    def __init__(self, photos: Photos) -> None:
        self._photos = photos

    def parts(self, outgoing: Outgoing) -> list[Outgoing]:
        return [outgoing]

    async def ready(self, address: str, *, is_group: bool) -> None:
        """At once: there is no vendor whose rates must be kept."""

    async def deliver(self, address: str, part: Outgoing) -> None:
        """Nothing is left to do: what is committed can be fetched (bot/channels/web/events.py)."""

    async def typing(self, address: str) -> None:
        """The page shows by itself that it waits for an answer."""

    async def fetch(self, photo: str) -> bytes:
        """A photo is stored when it is uploaded, before its message is accepted; this reads it back."""
        try:
            return await asyncio.to_thread(self._photos.path(photo).read_bytes)
        except OSError as error:
            raise Unparsable("stored photo is gone") from error
