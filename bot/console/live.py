"""Server-sent events: what a room shows, sent again whenever it changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.console.desk import Desk, Visit
from bot.console.door import is_signed_in

SECONDS = 5.0  # a signal may be lost, and waiting times grow: look again after as long
PING_SECONDS = 15

type Look = Callable[[], Awaitable[Sequence[ServerSentEvent]]]


def stream(desk: Desk, visit: Visit, topic: str, look: Look) -> EventSourceResponse:
    """`look` gives what is new since it was last called. Ends when the session does."""
    return EventSourceResponse(_events(desk, visit, topic, look), ping=PING_SECONDS)


async def _events(desk: Desk, visit: Visit, topic: str, look: Look) -> AsyncIterator[ServerSentEvent]:
    # shielded: somebody who leaves in the middle of a look must not take its database connection along
    async with desk.signals.listen(topic, SECONDS) as changes:
        while await asyncio.shield(is_signed_in(desk, visit)):
            for event in await asyncio.shield(look()):
                yield event
            await anext(changes)
