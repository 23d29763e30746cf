"""The web application: residents' chat, Telegram's webhook, the staff console, health and metrics. Run by bot/cli."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot import console
from bot.app import App
from bot.channels import telegram, web
from bot.stores.database import Database


def create_web(app: App) -> Starlette:
    settings = app.settings
    routes: list[BaseRoute] = [
        *web.routes(
            app.database, app.inbox, app.transcript, app.signals, app.photos, app.redis, app.texts, app.centre,
            app.languages, settings,
        ),
        *console.routes(
            database=app.database, transcript=app.transcript, signals=app.signals, translator=app.translator,
            texts=app.texts, centre=app.centre, photos=app.photos,
        ),
        *_operations(app),
    ]  # fmt: skip
    if app.bot is not None and settings.telegram_webhook_secret:
        routes += telegram.routes(app.inbox, app.bot, settings.telegram_webhook_secret)
    return Starlette(routes=routes)


def _operations(app: App) -> list[BaseRoute]:
    """For the administrator: is it alive, can it work, what does it count."""

    async def health(_request: Request) -> Response:
        parts = {
            "database": await _answers(app.database),
            "redis": await _redis_answers(app),
            "nlu": await app.nlu.is_ready(),
        }
        return JSONResponse({"ready": all(parts.values()), **parts}, 200 if all(parts.values()) else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/health", health), Route("/metrics", metrics)]


async def _answers(database: Database) -> bool:
    try:
        async with database.read() as session:
            return await session.scalar(select(1)) == 1
    except Exception:
        return False


async def _redis_answers(app: App) -> bool:
    try:
        return bool(await app.redis.ping())
    except Exception:
        return False
