"""SQLite for the event loop: looks happen at once, and only what may wait goes to a thread. Used by database.py.

A statement that finds its rows by an index takes less time than its way to a thread and back: see
docs/adr/0008-sqlite-on-the-event-loop.md. Two things wait for others: the beginning of a write for the writer
before it, and the commit for the disk.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.util import await_only

DRIVER = "sqlite+loop"


class LoopConnection(sqlite3.Connection):
    """Called within SQLAlchemy's greenlet, which `await_only` suspends."""

    def begin_writing(self) -> None:
        """Takes the write lock at once: a transaction that reads first and writes later could not get it any more."""
        _in_thread(lambda: self.execute("BEGIN IMMEDIATE").close())

    def commit(self) -> None:
        if self.in_transaction:
            _in_thread(super().commit)


def _in_thread(do: Callable[[], object]) -> None:
    """Whoever is cancelled meanwhile gets the connection back only when the thread is done with it."""
    doing = asyncio.get_running_loop().run_in_executor(None, do)
    try:
        await_only(asyncio.shield(doing))
    except asyncio.CancelledError:
        await_only(asyncio.wait([doing]))
        raise


class LoopDialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's own for sqlite3, said to be fit for its asyncio side."""

    driver = "loop"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        return pool.AsyncAdaptedQueuePool if cls._is_url_file_db(url) else pool.StaticPool

    def get_driver_connection(self, connection: Any) -> Any:
        return connection


registry.register("sqlite.loop", __name__, "LoopDialect")
