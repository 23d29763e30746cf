"""What the event loop does while SQLite makes a writer wait."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot.stores.database import Database
from knowledge.migrate import migrate
from knowledge.models import Counter


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/alley.db")
    await migrate(database.engine)
    yield database
    await database.close()


@pytest.fixture
def other(database: Database, tmp_path: Path) -> object:
    """Another process's connection, in the middle of a write."""
    with closing(sqlite3.connect(tmp_path / "alley.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def add(database: Database, *names: str) -> None:
    async with database.write() as session:
        for name in names:
            session.add(Counter(name=name, last=0))
            await session.flush()


async def count(database: Database) -> int | None:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(Counter))


async def test_others_go_on_while_a_writer_waits(database: Database, other: sqlite3.Connection) -> None:
    writer = asyncio.create_task(add(database, "a"))
    for _ in range(20):
        assert await count(database) == 0
        await asyncio.sleep(0.01)
    assert not writer.done()
    other.execute("COMMIT")
    await writer
    assert await count(database) == 1


async def test_a_writer_cancelled_while_it_waits_leaves_no_lock(
    database: Database, other: sqlite3.Connection
) -> None:  # fmt: skip
    writer = asyncio.create_task(add(database, "a"))
    await asyncio.sleep(0.1)
    writer.cancel()
    await asyncio.sleep(0.1)
    other.execute("COMMIT")
    with pytest.raises(asyncio.CancelledError):
        await writer
    other.execute("BEGIN IMMEDIATE")  # raises at once when anybody still had the lock
    other.execute("ROLLBACK")
    await add(database, "b")
    assert await count(database) == 1


async def test_a_writer_cancelled_in_its_commit_has_written_all_or_nothing(database: Database) -> None:
    for number in range(30):
        writer = asyncio.create_task(add(database, f"a{number}", f"b{number}"))
        await asyncio.sleep(number / 10_000)
        writer.cancel()
        await asyncio.wait([writer])
    await add(database, "one more", "and its twin")
    names = await count(database)
    assert names is not None
    assert 2 <= names <= 62
    assert names % 2 == 0
