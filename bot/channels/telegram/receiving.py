"""How a process hears from Telegram: by the webhook when its address is set, else by polling.

Called by bot/web.py for the route, and by bot/serving.py for what runs beside it.
"""

from redis.asyncio import Redis
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.gather import Accepting
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.webhook import set_up, webhook
from bot.settings import Settings
from bot.stores.locks import RedisLocks
from knowledge.texts import Texts


def routes(inbox: Accepting, bot: Bot, secret: str) -> list[Route]:
    return [webhook(Intake(bot, inbox), secret)]


async def receive(bot: Bot, inbox: Accepting, redis: Redis, texts: Texts, settings: Settings) -> None:
    """Returns when the webhook is set; polls until it is cancelled."""
    if settings.telegram_webhook_url is not None:
        await set_up(bot, texts, settings)
    else:
        await Poller(Intake(bot, inbox), texts, RedisLocks(redis)).run()
