"""The residents' web chat: a JSON interface (docs/api.md) and the page at /chat that uses it. Built by bot/web.py."""

from redis.asyncio import Redis
from starlette.routing import BaseRoute

from bot.channels.web.api import ChatApi
from bot.channels.web.channel import WebChannel
from bot.channels.web.page import ChatPage
from bot.channels.web.rates import Rates
from bot.inbox import Inbox
from bot.ports import Signals
from bot.settings import Settings
from bot.stores.database import Database
from bot.stores.photos import Photos
from bot.transcript import Transcript
from knowledge.centre import Centre
from knowledge.languages import Languages
from knowledge.texts import Texts

__all__ = ["WebChannel", "routes"]


def routes(
    database: Database,
    inbox: Inbox,
    transcript: Transcript,
    signals: Signals,
    photos: Photos,
    redis: Redis,
    texts: Texts,
    centre: Centre,
    languages: Languages,
    settings: Settings,
) -> list[BaseRoute]:
    rates = Rates(redis, settings.chat_messages_per_minute, settings.chat_messages_per_minute_and_address)
    megabytes = centre.photos.megabytes
    api = ChatApi(database, inbox, transcript, signals, photos, rates, texts, megabytes)
    page = ChatPage(texts, centre, languages, megabytes)
    return [*api.routes(), *page.routes()]
