"""Brings the database to the shape of knowledge/models.py. Called by bot/cli.py at the start.

python -m knowledge.migrate "what changes"     writes the next step from what models.py has anew
"""

import logging
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x416C6C6579  # "Alley" in ASCII: any number would do that nobody else takes


async def migrate(engine: AsyncEngine) -> None:
    """To the newest step, all or nothing; several processes may do it at once."""
    async with engine.begin() as connection:
        await alone(connection)
        await connection.run_sync(upgrade)


async def alone(connection: AsyncConnection) -> None:
    """Until the end of the transaction no other process that asks for it too gets past this."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def write_step(message: str) -> None:
    """From an empty database, brought to the newest step, to models.py."""
    number = len(list(MIGRATIONS.glob("versions/[0-9]*.py"))) + 1
    with create_engine("sqlite://").begin() as connection:
        if number > 1:
            upgrade(connection)
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04d}")


def _config(connection: Connection) -> Config:
    """Made here, so that no alembic.ini is needed; and silent."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    write_step(sys.argv[1])
