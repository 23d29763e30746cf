"""The connection to Telegram's Bot API, and how patient we are with it. Made by bot/app.py."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.updates import Identity
from bot.errors import ChannelBusy, Permanent, SettingError
from bot.settings import Settings

log = structlog.get_logger()

CONNECTIONS = 128  # at once; what is more waits its turn for up to POOL_SECONDS
POOL_SECONDS = 30.0
CONNECT_SECONDS = 5.0
WRITE_SECONDS = 10.0
READ_SECONDS = 20.0
LONGEST_PAUSE = 30.0

_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)


@asynccontextmanager
async def make_bot(settings: Settings) -> AsyncIterator[Bot]:
    """Connects to nobody before it is used. Raises SettingError when the token cannot be one."""
    token = settings.telegram_token or ""
    if not _TOKEN.fullmatch(token):
        raise SettingError("ALLEY_TELEGRAM_TOKEN is no token of a bot, such as 123456:ABC-DEF")
    # httpx logs every address at info, and the bot's token is part of it; PTB logs whole messages at debug
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    sending, polling = _request(CONNECTIONS), _request(2)
    base = settings.telegram_base_url
    try:
        yield Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=sending,
            get_updates_request=polling,
        )
    finally:  # Bot.shutdown closes nothing unless Bot.initialize asked Telegram first
        await sending.shutdown()
        await polling.shutdown()


def identity(bot: Bot) -> Identity:
    """The bot's own id and name, as far as it knows them already."""
    try:
        return Identity(bot.bot.id, bot.bot.username or "")
    except RuntimeError:  # Telegram was not asked yet
        return Identity(int(bot.token.partition(":")[0]))


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        write_timeout=WRITE_SECONDS,
        pool_timeout=POOL_SECONDS,
        httpx_kwargs={"trust_env": False},
    )


@contextmanager
def translated(permanent: type[Permanent]) -> Iterator[None]:
    """Telegram's errors as ours: ChannelBusy, or `permanent` where a repetition would not help."""
    try:
        yield
    except RetryAfter as error:
        raise ChannelBusy("RetryAfter", seconds_to_wait(error)) from error
    except (BadRequest, Forbidden, ChatMigrated) as error:  # BadRequest is a NetworkError, and so comes first
        raise permanent(error.message) from error
    except TelegramError as error:
        raise ChannelBusy(type(error).__name__, perhaps_sent=_was_on_its_way(error)) from error


def _was_on_its_way(error: TelegramError) -> bool:
    """Whether the request may have reached Telegram although its answer did not reach us."""
    return isinstance(error.__cause__, httpx.ReadTimeout | httpx.ReadError | httpx.RemoteProtocolError)


def seconds_to_wait(error: RetryAfter) -> float:
    wait = error.retry_after  # PTB is changing its type
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def pauses(longest: float = LONGEST_PAUSE) -> Iterator[float]:
    """Seconds before each next try: 1, doubling."""
    pause = 1.0
    while True:
        yield pause
        pause = min(2 * pause, longest)


async def persist(call: Callable[[], Awaitable[object]], name: str) -> None:
    """Calls until it works, so that Alley starts while Telegram is out of reach."""
    for pause in pauses():
        try:
            await call()
            return
        except TelegramError as error:
            log.warning("telegram call failed", call=name, error=type(error).__name__, again_in=pause)
            await asyncio.sleep(pause)


class Background:
    """Courtesies, such as the typing sign: nobody waits for them, and it is no harm when one fails."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, call: Coroutine[object, object, object]) -> None:
        task = asyncio.create_task(_quietly(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(call: Coroutine[object, object, object]) -> None:
    try:
        await call
    except TelegramError as error:
        log.debug("telegram courtesy failed", error=type(error).__name__)
