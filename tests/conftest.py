"""Fixtures that every test may use. The services are real; one that cannot start is an error, never a skip."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from redis.asyncio import Redis

from bot.stores.database import Database
from knowledge.centre import Centre, load_centre
from knowledge.texts import Texts
from tests import services
from tests.front_desk import FrontDesk
from tests.services import Postgres, Valkey


@pytest.fixture(scope="session", autouse=True)
def quiet_log() -> None:
    """Nobody reads the log of a test, and drawing its tracebacks takes longer than the tests."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), processors=[_drop])


def _drop(_logger: object, _method: str, _event: object) -> str:
    return ""


@pytest.fixture(scope="session")
def shared_valkey() -> Iterator[Valkey]:
    with services.running_valkey() as server:
        yield server


@pytest.fixture
def valkey(shared_valkey: Valkey) -> Valkey:
    """One for all tests, empty for each."""
    shared_valkey.empty()
    return shared_valkey


@pytest.fixture
def own_valkey() -> Iterator[Valkey]:
    """One for a single test, which may kill it; it keeps what it is told."""
    with services.running_valkey(durable=True) as server:
        yield server


@pytest_asyncio.fixture
async def redis(valkey: Valkey) -> AsyncIterator[Redis]:
    async with Redis.from_url(valkey.url) as client:
        yield client


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with services.running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(services.create_tables(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database with the program's tables, of each kind that the program runs on."""
    if request.param == "sqlite":
        path = request.getfixturevalue("tmp_path") / "alley.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        with request.getfixturevalue("postgres").fresh() as url:
            yield url


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def centre() -> Centre:
    return load_centre()


@pytest.fixture(scope="session")
def texts(centre: Centre) -> Texts:
    return Texts(centre)


@pytest.fixture
def desk(database: Database, tmp_path: Path, texts: Texts, centre: Centre) -> FrontDesk:
    """With a fake of everything but the database."""
    return FrontDesk(database, tmp_path, texts, centre)
