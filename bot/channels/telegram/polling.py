"""Asks Telegram for updates, where it cannot reach us by a webhook. Called by receiving.py.

Our own loop, for python-telegram-bot's confirms updates before they are handled: here a batch is committed first, and
the next question's offset confirms it.
"""

import asyncio
import warnings
from typing import Any, cast

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.commands import introduce
from bot.channels.telegram.connection import READ_SECONDS, pauses, persist, seconds_to_wait
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.updates import ALLOWED
from bot.errors import StateUnavailable
from bot.ports import Locks
from knowledge.texts import Texts

log = structlog.get_logger()

POLL_SECONDS = 30  # that Telegram lets us wait for news
TURN_SECONDS = 2.0  # between two looks whether it is this process's turn to poll
CONFLICT_SECONDS = 5.0

warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'")  # `_updates` says why we do not


class Poller:
    """Of many processes one polls: it holds a lock, for Telegram answers only one at a time."""

    def __init__(self, intake: Intake, texts: Texts, locks: Locks) -> None:
        self._intake = intake
        self._texts = texts
        self._locks = locks

    async def run(self) -> None:
        """Until it is cancelled. What was fetched and not yet kept is fetched again by whoever polls next."""
        while True:
            try:
                async with self._locks.hold("telegram-polling") as mine:
                    if mine:
                        await self._poll_until_conflict()
            except StateUnavailable as error:
                log.warning("telegram is not polled", error=str(error))
            await asyncio.sleep(TURN_SECONDS)

    async def _poll_until_conflict(self) -> None:
        bot = self._intake.bot
        await persist(bot.delete_webhook, "delete_webhook")
        await persist(lambda: introduce(bot, self._texts), "introduce")
        log.info("telegram is polled")
        try:
            await self._poll()
        except Conflict as error:
            # Another program polls with our token, or set a webhook: whoever runs it must be told.
            log.error("telegram is asked by somebody else with our token", error=error.message)
            await asyncio.sleep(CONFLICT_SECONDS)

    async def _poll(self) -> None:
        """Raises Conflict."""
        offset: int | None = None
        waits = pauses()
        while True:
            try:
                updates = await self._updates(offset)
                await self._intake.take(updates)
            except Conflict:
                raise
            except Exception as error:  # Telegram or the database is away: the same batch comes again
                pause = seconds_to_wait(error) if isinstance(error, RetryAfter) else next(waits)
                _report(error, pause)
                await asyncio.sleep(pause)
                continue
            waits = pauses()
            offset = _after(updates) or offset

    async def _updates(self, offset: int | None) -> list[dict[str, Any]]:
        """As they came: PTB's own get_updates loses a whole batch to one update that it cannot parse."""
        question = {"timeout": POLL_SECONDS, "limit": 100, "allowed_updates": ALLOWED, "offset": offset or 0}
        answer = await self._intake.bot.do_api_request("getUpdates", question, read_timeout=POLL_SECONDS + READ_SECONDS)
        return cast(list[dict[str, Any]], answer)


def _after(updates: list[dict[str, Any]]) -> int | None:
    """The offset that confirms a batch."""
    return max((update["update_id"] for update in updates), default=-1) + 1 or None


def _report(error: Exception, pause: float) -> None:
    name = type(error).__name__
    if isinstance(error, InvalidToken):
        log.error("telegram does not know ALLEY_TELEGRAM_TOKEN", again_in=pause)
    elif isinstance(error, TelegramError):
        log.warning("telegram is out of reach", error=name, again_in=pause)
    else:
        log.error("updates not kept", error=name, again_in=pause)
