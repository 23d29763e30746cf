"""The database: SQLite for one machine, PostgreSQL for more. Every transaction of the program begins here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bot.errors import SettingError
from bot.stores import sqlite

BUSY_SECONDS = 15  # how long a writer of another process is waited for
DRIVERS = {"sqlite": sqlite.DRIVER, "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def async_url(url: str) -> str:
    """The same address with the driver that we use, whatever driver was named. Raises SettingError."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingError("ALLEY_DATABASE_URL is no database address, such as postgresql://user@host/alley") from error
    family = parsed.drivername.split("+")[0]
    if family not in DRIVERS:
        raise SettingError(f"ALLEY_DATABASE_URL names {family}; Alley runs on sqlite and postgresql")
    return parsed.set(drivername=DRIVERS[family]).render_as_string(hide_password=False)


class Database:
    """`read()` for looking, `write()` for one transaction that is committed at its end or not at all."""

    def __init__(self, url: str) -> None:
        url = async_url(url)
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url)
        # nothing is begun or ended for a look; on SQLite with connections of its own, whose mode never changes
        self._looking = _sqlite(url, writes=False) if self.is_sqlite else _autocommitting(self.engine)
        # SQLite has one writer at a time: those of this process wait here in order, not in its busy loop
        self._writer: Any = asyncio.Lock() if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(self._looking, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        async with self._writer, AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    async def close(self) -> None:
        await self.engine.dispose()
        await self._looking.dispose()


def _postgresql(url: str) -> AsyncEngine:
    return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True)


def _autocommitting(engine: AsyncEngine) -> AsyncEngine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _sqlite(url: str, *, writes: bool = True) -> AsyncEngine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    connect: dict[str, Any] = {
        "timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None, "factory": sqlite.LoopConnection,
    }  # fmt: skip
    engine = create_async_engine(
        url, connect_args=connect, hide_parameters=True, pool_reset_on_return="rollback" if writes else None
    )
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    if writes:
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite.LoopConnection, _record: object) -> None:
    """Readers beside the writer (WAL), every commit on disk before it is reported, foreign keys kept."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Any) -> None:
    connection.connection.driver_connection.begin_writing()
