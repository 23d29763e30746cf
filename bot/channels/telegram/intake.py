"""What both ways in have in common: updates are read, kept, and only then acknowledged.

Called by webhook.py and polling.py.
"""

from collections.abc import Sequence

from telegram import Bot

from bot.channels.telegram.connection import Background, identity
from bot.channels.telegram.gather import Accepting, Gatherer
from bot.channels.telegram.updates import press_id, read, unreadable


class Intake:
    def __init__(self, bot: Bot, inbox: Accepting) -> None:
        self.bot = bot
        self._inbox = Gatherer(inbox)
        self._background = Background()

    async def take(self, updates: Sequence[object]) -> None:
        """When this returns, Telegram may forget them. Raises what the database raises when it is out of reach."""
        me = identity(self.bot)
        found = [each for each in (read(update, me) for update in updates) if each is not None]
        if found:
            await self._inbox.accept(found)
        for query in filter(None, map(press_id, updates)):
            self._background.begin(self.bot.answer_callback_query(query))

    async def take_unparsable(self, body: bytes) -> None:
        """What is no JSON at all becomes a dead letter."""
        letter = unreadable(None, body.decode("utf-8", "backslashreplace"), "JSONDecodeError", identity(self.bot))
        await self._inbox.accept([letter])
