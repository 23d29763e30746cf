"""Commits messages that come at the same time in one transaction. Stands before bot/inbox.py; called by intake.py.

While one transaction is under way, what comes meanwhile gathers for the next. Nobody hears that his message is kept
before it is. A message that spoils the common transaction is taken alone, and, when it cannot be stored at all,
becomes a dead letter: its vendor would only send it again.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog
from sqlalchemy.exc import DBAPIError, StatementError

from bot.messages import Incoming, Unreadable

log = structlog.get_logger()

AT_ONCE = 100  # messages in one transaction
DATA_EXCEPTION = "22"  # the class of SQLSTATE; source: https://www.postgresql.org/docs/current/errcodes-appendix.html

type Update = Incoming | Unreadable


class Accepting(Protocol):
    async def accept(self, updates: Sequence[Update]) -> list[int | None]:
        """As bot/inbox.py has it."""
        ...


@dataclass(frozen=True)
class _Waiting:
    update: Update
    number: asyncio.Future[int | None]


class Gatherer:
    """An Accepting itself."""

    def __init__(self, inbox: Accepting) -> None:
        self._inbox = inbox
        self._waiting: list[_Waiting] = []
        self._committing: asyncio.Task[None] | None = None

    async def accept(self, updates: Sequence[Update]) -> list[int | None]:
        """Raises what the database raises when it is out of reach; then none, some or all are kept."""
        loop = asyncio.get_running_loop()
        mine = [_Waiting(update, loop.create_future()) for update in updates]
        self._waiting.extend(mine)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit_all(), name="gatherer")
        outcomes = await asyncio.gather(*(each.number for each in mine), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]

    async def _commit_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                numbers = await self._inbox.accept([each.update for each in batch])
            except Exception as error:
                log.info("messages taken one by one", count=len(batch), error=type(error).__name__)
                for each in batch:
                    await self._commit_alone(each)
                continue
            for each, number in zip(batch, numbers, strict=True):
                _settle(each, number)

    async def _commit_alone(self, waiting: _Waiting) -> None:
        try:
            _settle(waiting, await self._accept_alone(waiting.update))
        except Exception as error:
            with suppress(asyncio.InvalidStateError):
                waiting.number.set_exception(error)

    async def _accept_alone(self, update: Update) -> int | None:
        try:
            (number,) = await self._inbox.accept([update])
        except Exception as error:
            if not _is_unstorable(error):
                raise
            (number,) = await self._inbox.accept([_dead_letter(update, error)])
        return number


def _settle(waiting: _Waiting, number: int | None) -> None:
    with suppress(asyncio.InvalidStateError):  # whoever waited was cancelled
        waiting.number.set_result(number)


def _is_unstorable(error: Exception) -> bool:
    """Whether the data is to blame, and not the database."""
    if isinstance(error, DBAPIError):
        return str(getattr(error.orig, "sqlstate", None) or "").startswith(DATA_EXCEPTION)
    return isinstance(error, StatementError | ValueError | TypeError | OverflowError)


def _dead_letter(update: Update, error: Exception) -> Unreadable:
    raw = json.dumps(update.as_json(), default=repr) if isinstance(update, Incoming) else ""
    return Unreadable(update.channel, update.vendor_id, {"raw": raw}, type(error).__name__)
