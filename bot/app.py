"""The composition root: builds every part of the program from the settings, hands each what it needs, closes them.

Nothing connects at import, and no part finds another by itself. Called by bot/cli and by the tests.
"""

import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from telegram import Bot

from bot import metrics
from bot.channels.telegram import TelegramChannel, make_bot
from bot.channels.telegram.rates import TelegramRates
from bot.channels.web import WebChannel
from bot.engine import Engine
from bot.errors import SettingError
from bot.inbox import Inbox
from bot.nlu_client import NluClient
from bot.outbox import Outbox
from bot.perform import Knowledge
from bot.ports import Channel, Translator
from bot.rendering import Renderer
from bot.settings import Settings
from bot.stores.database import Database
from bot.stores.locks import RedisLocks
from bot.stores.photos import Photos
from bot.stores.signals import RedisSignals
from bot.stores.state import RedisState
from bot.transcript import Transcript
from bot.worker import Worker
from knowledge.answers import Answers
from knowledge.centre import Centre, load_centre
from knowledge.glossary import load_glossary
from knowledge.languages import Languages, load_languages
from knowledge.texts import Texts
from knowledge.translation import TranslatorChain
from knowledge.translation_memory import DatabaseMemory


@dataclass(frozen=True)
class App:
    """Every part, built. The web, the worker and the polling of one process share one App."""

    settings: Settings
    database: Database
    redis: Redis
    signals: RedisSignals
    locks: RedisLocks
    nlu: NluClient
    centre: Centre
    languages: Languages
    texts: Texts
    translator: Translator
    photos: Photos
    channels: Mapping[str, Channel]
    bot: Bot | None
    transcript: Transcript
    inbox: Inbox
    worker: Worker


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[App]:
    """Raises SettingError or ContentError when what is configured cannot be built."""
    async with AsyncExitStack() as closing:
        database = Database(database_url(settings))
        closing.push_async_callback(database.close)
        redis = _redis(settings)
        closing.push_async_callback(redis.aclose)
        signals = RedisSignals(redis)
        closing.push_async_callback(signals.close)
        nlu = NluClient(_needed(settings.nlu_url, "ALLEY_NLU_URL"), _needed(settings.nlu_token, "ALLEY_NLU_TOKEN"))
        closing.push_async_callback(nlu.close)
        locks = RedisLocks(redis)
        centre, languages, texts = knowledge_of(settings)
        photos = Photos(settings.data_dir / "photos", centre.photos.megabytes)
        bot = await closing.enter_async_context(make_bot(settings)) if settings.telegram_token else None
        channels = _channels(bot, texts, photos, redis)
        pushing = {name for name, channel in channels.items() if channel.pushes}
        transcript = Transcript(pushing)
        translator = _translator(settings, database, centre)
        closing.push_async_callback(translator.close)
        spoken = [*texts.languages, *(each.code for each in languages if translator.is_there)]
        inbox = Inbox(database, signals, texts.languages)
        answers = Answers(centre, texts, settings.knowledge_dir / "faq")
        knowledge = Knowledge(database, answers, centre, secret(settings))
        engine = Engine(
            inbox, RedisState(redis), nlu, knowledge, Renderer(texts, translator, spoken), transcript, channels,
            photos, signals, languages.offered(spoken),
        )  # fmt: skip
        worker = Worker(inbox, engine, Outbox(database, locks, channels), locks, signals)
        yield App(
            settings, database, redis, signals, locks, nlu, centre, languages, texts, translator, photos, channels,
            bot, transcript, inbox, worker,
        )  # fmt: skip


def _translator(settings: Settings, database: Database, centre: Centre) -> TranslatorChain:
    return TranslatorChain(
        settings.translators,
        DatabaseMemory(database.read, database.write),
        load_glossary(centre, settings.knowledge_dir / "glossary"),
        urls={"libretranslate": settings.libretranslate_url} if settings.libretranslate_url else {},
        libretranslate_key=settings.libretranslate_key or "",
        observe=lambda provider, outcome: metrics.translations.labels(provider, outcome).inc(),
    )


def _channels(bot: Bot | None, texts: Texts, photos: Photos, redis: Redis) -> dict[str, Channel]:
    """A new channel is one line here."""
    channels: list[Channel] = [WebChannel(photos)]
    if bot is not None:
        channels.append(TelegramChannel(bot, texts, TelegramRates(redis)))
    return {channel.name: channel for channel in channels}


def knowledge_of(settings: Settings) -> tuple[Centre, Languages, Texts]:
    """The centre, the languages and the bot's own texts in them. Raises ContentError."""
    centre = load_centre(settings.knowledge_dir / "centre.yaml")
    languages = load_languages(settings.knowledge_dir / "languages.yaml")
    return centre, languages, Texts(centre, languages)


def database_url(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{database_file(settings)}"


def database_file(settings: Settings) -> Path:
    """Where SQLite keeps everything when no other database is set."""
    return (settings.data_dir / "alley.db").absolute()


def secret(settings: Settings) -> str:
    """Keys the hashes of second factors: the setting, else one made once and kept in DATA_DIR."""
    if settings.secret:
        return settings.secret
    kept = settings.data_dir / "secret"
    if not kept.exists():
        _keep_new_secret(kept)
    return kept.read_text()


def _keep_new_secret(path: Path) -> None:
    """There whole or not at all, and the first stays: parts that start at the same time must have the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as made:  # for its owner alone, and so is the link
        made.write(secrets.token_urlsafe(32))
        made.flush()
        with suppress(FileExistsError):
            path.hardlink_to(made.name)


def _redis(settings: Settings) -> Redis:
    url = _needed(settings.redis_url, "ALLEY_REDIS_URL")
    try:
        return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
    except ValueError as error:
        raise SettingError(f"ALLEY_REDIS_URL: {error}") from error


def _needed(value: str | None, name: str) -> str:
    if value is None:
        raise SettingError(f"{name} is not set; only `alley run` brings its own")
    return value
