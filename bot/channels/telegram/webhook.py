"""Telegram posts its updates here. Called by receiving.py."""

import hmac
import json

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.commands import introduce
from bot.channels.telegram.connection import persist
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.updates import ALLOWED
from bot.settings import Settings
from knowledge.texts import Texts

log = structlog.get_logger()

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
LARGEST_BODY = 1024 * 1024  # bytes; a longer one is cut, and so no JSON
CONNECTIONS = 40  # that Telegram may open at once


def webhook(intake: Intake, secret: str) -> Route:
    """200 for every update that is kept or ignored; 503, and Telegram repeats it, when it could not be kept."""

    async def take(request: Request) -> Response:
        if not _is_telegram(request, secret):
            return Response(status_code=403)
        try:
            await _keep(intake, await _body(request))
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:  # whatever it is: we do not have the update, and must not say that we do
            log.error("update not kept", error=type(error).__name__)
            return Response(status_code=503)
        return Response(status_code=200)

    return Route(PATH, take, methods=["POST"])


async def set_up(bot: Bot, texts: Texts, settings: Settings) -> None:
    """Tells Telegram where we are; patient while it is out of reach."""
    url = webhook_address(settings.telegram_webhook_url or "")

    async def set_webhook() -> None:
        await bot.set_webhook(
            url,
            secret_token=settings.telegram_webhook_secret,
            allowed_updates=ALLOWED,
            max_connections=CONNECTIONS,
        )

    await persist(set_webhook, "set_webhook")
    await persist(lambda: introduce(bot, texts), "introduce")
    log.info("telegram webhook set", url=url)


def webhook_address(url: str) -> str:
    """The setting may name the whole address, or only the part before our path."""
    return url if url.endswith(PATH) else url.rstrip("/") + PATH


def _is_telegram(request: Request, secret: str) -> bool:
    given = request.headers.get(SECRET_HEADER, "")
    return hmac.compare_digest(given.encode("latin-1"), secret.encode())


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            break
    return bytes(body[:LARGEST_BODY])


async def _keep(intake: Intake, body: bytes) -> None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        await intake.take_unparsable(body)
        return
    await intake.take([update])
