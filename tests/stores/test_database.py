"""SQLite and PostgreSQL behave alike, and the migrations make of both what the models say."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select, text

from bot.stores.database import Database
from knowledge.migrate import migrate
from knowledge.models import Base, Counter


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new folder' / 'alley.db'}"
        return
    with request.getfixturevalue("postgres").fresh(tables=False) as url:
        yield url


@pytest_asyncio.fixture
async def blank(blank_url: str) -> AsyncIterator[Database]:
    database = Database(blank_url)
    yield database
    await database.close()


def differences(connection: Connection) -> list[object]:
    """Between the tables that are there and the models."""
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata))


async def test_the_migrations_make_what_the_models_say(blank: Database) -> None:
    await migrate(blank.engine)
    async with blank.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as session:
            session.add(Counter(name="case-2026", last=1))
            await session.flush()
            raise ZeroDivisionError
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Counter)) == 0


async def test_many_writers_at_once_lose_nothing(database_url: str) -> None:
    """In one process and in two."""
    databases = [Database(database_url) for _ in range(2)]
    async with databases[0].write() as session:
        session.add(Counter(name="many", last=0))

    async def raise_it(database: Database) -> None:
        for _again in range(10):
            async with database.write() as session:
                counter = await session.get_one(Counter, "many", with_for_update=True)
                counter.last += 1

    await asyncio.gather(*(raise_it(database) for database in databases for _writer in range(5)))
    async with databases[0].read() as session:
        assert await session.scalar(select(Counter.last)) == 100
    for database in databases:
        await database.close()


async def test_whoever_looks_is_not_held_up_by_a_writer(database: Database) -> None:
    async with asyncio.timeout(5), database.write() as session:
        session.add(Counter(name="slow", last=1))
        await session.flush()
        async with database.read() as other:
            assert await other.scalar(select(func.count()).select_from(Counter)) == 0


async def test_sqlite_is_durable_and_keeps_its_references(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "alley.db")
    database = Database(f"sqlite:///{tmp_path / 'alley.db'}")
    async with database.write() as session:
        pragmas = {
            name: await session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    await database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
