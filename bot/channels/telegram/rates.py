"""How fast Telegram lets a bot write: 30 messages a second over all, 1 to a chat, 20 a minute to a group.

Kept by channel.py over all processes, in Redis; while Redis is out of reach, in each process for itself. Messages
are spaced evenly, a little wider than asked, for they do not travel evenly.
Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

import asyncio
import time
from collections.abc import Callable
from typing import cast

import structlog
from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

log = structlog.get_logger()

OVERALL_GAP = 0.04  # seconds between two messages
PASSING_GAP = 0.036  # between two that were held up; less, or those behind them would be held up for good
CHAT_GAP = 1.05
GROUP_GAP = 3.05
REFUSED_CHATS = 3  # refused at the same time mean that not the chats are too fast, but the bot
REDIS_SECONDS = 1.0
WITHOUT_REDIS_SECONDS = 10.0  # before it is asked again after it failed
MOST_CHATS = 10_000  # remembered without Redis

# One hash tag: in a Redis cluster the keys of a script must be on one node.
ALL, REFUSED = "alley:{telegram}:next", "alley:{telegram}:refused"
MICROSECONDS = 1_000_000

# Both scripts know two moments: when the bot may write again (KEYS[1]), and when to this chat (KEYS[2]).
_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function moment(key) return tonumber(redis.call('GET', key) or 0) end
local function set(key, at)
  redis.call('SET', key, string.format('%.0f', at), 'PX', math.ceil((at - now) / 1000) + 1000)
end
"""
# A chat that must wait takes no turn from the others: {microseconds, 0} says to ask again then.
_RESERVE = (
    _NOW
    + """
local chat = moment(KEYS[2])
if chat > now then return {chat - now, 0} end
local at = math.max(now, moment(KEYS[1]))
set(KEYS[1], at + ARGV[1])
set(KEYS[2], at + ARGV[2])
return {at - now, 1}
"""
)
_HOLD_BACK = (
    _NOW
    + """
local till = now + ARGV[1]
set(KEYS[2], math.max(till, moment(KEYS[2])))
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
redis.call('ZADD', KEYS[3], string.format('%.0f', till), KEYS[2])
redis.call('PEXPIRE', KEYS[3], math.ceil(ARGV[1] / 1000) + 60000)
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[2]) then set(KEYS[1], math.max(till, moment(KEYS[1]))) end
return 0
"""
)


class TelegramRates:
    def __init__(self, redis: Redis) -> None:
        self._reserve = redis.register_script(_RESERVE)
        self._hold_back = redis.register_script(_HOLD_BACK)
        self._own = OwnRates()
        self._away_until = 0.0
        self._sending = asyncio.Lock()
        self._free_at = 0.0

    async def ready(self, address: str, *, is_group: bool) -> None:
        """Returns when one more message may be sent to the chat, and counts it."""
        gap = GROUP_GAP if is_group else CHAT_GAP
        is_reserved = False
        while not is_reserved:
            wait, is_reserved = await self._next(address, gap)
            await asyncio.sleep(wait)

    async def pace(self) -> None:
        """Called right before a message goes out, after `ready` gave it its moment.

        Messages that were held up since, by the database or a busy machine, would otherwise go out in a bunch. Each
        process sees to its own: what several hold up at once is within the slack of OVERALL_GAP.
        """
        async with self._sending:
            wait = self._free_at - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            self._free_at = time.monotonic() + PASSING_GAP

    async def hold_back(self, address: str, seconds: float) -> None:
        """Nothing more to a chat for so long, because Telegram said so; to nobody when it says so of several."""
        self._own.hold_back(address, seconds)
        keys = [ALL, _key(address), REFUSED]
        await self._shared(self._hold_back, keys, [round(seconds * MICROSECONDS), REFUSED_CHATS])

    async def _next(self, address: str, gap: float) -> tuple[float, bool]:
        gaps = [round(each * MICROSECONDS) for each in (OVERALL_GAP, gap)]
        answer = await self._shared(self._reserve, [ALL, _key(address)], gaps)
        if answer is None:
            return self._own.reserve(address, gap)
        wait, is_reserved = cast(list[int], answer)
        return wait / MICROSECONDS, bool(is_reserved)

    async def _shared(self, script: AsyncScript, keys: list[str], arguments: list[int]) -> object:
        """What the script returns; None while Redis is out of reach."""
        if time.monotonic() < self._away_until:
            return None
        try:
            async with asyncio.timeout(REDIS_SECONDS):
                return await script(keys=keys, args=arguments)
        except (RedisError, TimeoutError, OSError) as error:
            log.warning("telegram's rates kept in memory", error=type(error).__name__)
            self._away_until = time.monotonic() + WITHOUT_REDIS_SECONDS
            return None


class OwnRates:
    """The same for one process, on a clock in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all = 0.0
        self._chats: dict[str, float] = {}
        self._refused: dict[str, float] = {}

    def reserve(self, address: str, gap: float) -> tuple[float, bool]:
        """Seconds to wait, and whether one may send then or must ask again."""
        now = self._clock()
        free = self._chats.get(address, 0.0)
        if free > now:
            return free - now, False
        at = max(now, self._all)
        self._all = at + OVERALL_GAP
        self._chats[address] = at + gap
        if len(self._chats) > MOST_CHATS:
            self._chats = {chat: moment for chat, moment in self._chats.items() if moment > now}
        return at - now, True

    def hold_back(self, address: str, seconds: float) -> None:
        now = self._clock()
        till = now + seconds
        self._chats[address] = max(till, self._chats.get(address, 0.0))
        self._refused = {chat: moment for chat, moment in self._refused.items() if moment > now} | {address: till}
        if len(self._refused) >= REFUSED_CHATS:
            self._all = max(till, self._all)


def _key(address: str) -> str:
    return f"{ALL}:{address}"
