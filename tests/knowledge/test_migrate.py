import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from bot.stores import sqlite
from bot.stores.database import Database
from knowledge.migrate import migrate
from knowledge.models import Base


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


async def test_migrated_database_is_what_the_models_say(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(tables) == {*Base.metadata.tables, "alembic_version"}


async def test_migrating_again_changes_nothing_and_says_nothing(
    database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    await migrate(database.engine)
    assert capfd.readouterr() == ("", "")


async def test_two_processes_at_once(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path}/alley.db") for _ in range(2))
    await asyncio.gather(migrate(first.engine), migrate(second.engine))
    async with second.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await first.close()
    await second.close()


async def test_any_engine_will_do() -> None:
    engine = create_async_engine(f"{sqlite.DRIVER}://")
    await migrate(engine)
    await engine.dispose()
