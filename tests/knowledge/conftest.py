from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.stores.database import Database
from knowledge.centre import Centre, load_centre
from knowledge.migrate import migrate
from knowledge.texts import Texts


@pytest.fixture(scope="session")
def centre() -> Centre:
    return load_centre()


@pytest.fixture(scope="session")
def texts(centre: Centre) -> Texts:
    return Texts(centre)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/alley.db")
    await migrate(database.engine)
    yield database
    await database.close()
