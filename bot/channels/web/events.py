"""The live stream of a conversation's messages. Called by bot/channels/web/api.py."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from bot.channels.web import views
from bot.ports import Signals
from bot.stores.database import Database
from bot.transcript import Transcript

LOOK_SECONDS = 5.0  # between two looks when no signal comes, because Redis is away or lost it
PING_SECONDS = 15
RECONNECT_MILLISECONDS = 2000


class Events:
    def __init__(self, database: Database, transcript: Transcript, signals: Signals) -> None:
        self._database = database
        self._transcript = transcript
        self._signals = signals

    async def since(self, conversation: int, token: str, number: int) -> list[dict[str, Any]]:
        """The messages after the one with this number."""
        async with self._database.read() as session:
            messages = await self._transcript.since(session, conversation, number)
            clients = await views.client_ids(session, messages) if messages else {}
        return [views.as_json(message, token, clients) for message in messages]

    def stream(self, conversation: int, token: str, number: int) -> EventSourceResponse:
        """Ends when the resident leaves or the server stops; the browser comes back by itself."""
        return _Stream(self._messages(conversation, token, number), ping=PING_SECONDS, sep="\n")

    async def _messages(self, conversation: int, token: str, number: int) -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(retry=RECONNECT_MILLISECONDS, comment="open")
        async with self._signals.listen(f"conversation:{conversation}", LOOK_SECONDS) as changes:
            while True:  # listening comes first, so that nothing is missed between a look and a signal
                # shielded: a resident who leaves in the middle of a look must not take the connection along
                for message in await asyncio.shield(self.since(conversation, token, number)):
                    number = message["id"]
                    yield ServerSentEvent(json.dumps(message, ensure_ascii=False), id=str(number))
                await anext(changes)


class _Stream(EventSourceResponse):
    """Ends in good order when the server stops, where the library's own would just break off."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)
        if self.active and scope["method"] != "HEAD":
            await send({"type": "http.response.body", "body": b"", "more_body": False})
