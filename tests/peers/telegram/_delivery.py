"""How the bot gets its updates: the methods getUpdates, setWebhook, deleteWebhook, getWebhookInfo.

`_http` calls them by name. A bot either polls or has a webhook; each excludes the other.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable

from ._errors import Json, bad_request
from ._params import Params
from ._polling import SET_WEBHOOK, Polling
from ._post import Reply
from ._rules import Timing
from ._updates import UpdateQueue
from ._webhook import Attempt, Webhook

_WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
LONGEST_POLL, MOST_UPDATES, MOST_CONNECTIONS, USUAL_CONNECTIONS = 50, 100, 100, 40


class Delivery:
    """`attempts` outlives the webhooks, so that a test sees every post there was."""

    def __init__(self, queue: UpdateQueue, timing: Timing, on_reply: Callable[[Reply], Awaitable[None]]) -> None:
        self.queue = queue
        self.polling = Polling(queue, timing)
        self.webhook: Webhook | None = None
        self.attempts: list[Attempt] = []
        self._timing = timing
        self._on_reply = on_reply
        self._changing = asyncio.Lock()
        self.methods: dict[str, Callable[[Params], Awaitable[tuple[object, str]]]] = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
        }

    async def close(self) -> None:
        self.polling.end("")
        await self._drop_webhook()

    async def _get_updates(self, params: Params) -> tuple[object, str]:
        if self.webhook is not None:
            await self.polling.refuse(_WEBHOOK_ACTIVE)
        self.queue.allow(params.json("allowed_updates"))
        offset = params.integer("offset", 0, -(2**31), 2**31)
        limit = params.integer("limit", MOST_UPDATES, 1, MOST_UPDATES)
        timeout = params.integer("timeout", 0, 0, LONGEST_POLL)
        return await self.polling.get_updates(offset, limit, timeout), ""

    async def _set_webhook(self, params: Params) -> tuple[object, str]:
        url, secret = params.text("url"), params.text("secret_token")
        if not url:
            return await self._delete_webhook(params)
        if not url.startswith(("https://", "http://")):
            raise bad_request("invalid webhook URL specified")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        most = params.integer("max_connections", USUAL_CONNECTIONS, 1, MOST_CONNECTIONS)
        async with self._changing:
            self.polling.end(SET_WEBHOOK)
            await self._drop_webhook()
            self._clear_if_asked(params)
            self.queue.allow(params.json("allowed_updates"))
            self.webhook = self._new_webhook(url, secret, most)
            self.webhook.start()
        return True, "Webhook was set"

    def _new_webhook(self, url: str, secret: str, most: int) -> Webhook:
        copies = lambda: self.polling.copies  # noqa: E731 - read anew for each post
        queue, timing = self.queue, self._timing
        return Webhook(url, secret, most, queue, timing, self.attempts, self._on_reply, copies)

    async def _delete_webhook(self, params: Params) -> tuple[object, str]:
        async with self._changing:
            there_was_one = self.webhook is not None
            await self._drop_webhook()
            self._clear_if_asked(params)
        return True, "Webhook was deleted" if there_was_one else "Webhook is already deleted"

    async def _get_webhook_info(self, params: Params) -> tuple[object, str]:
        url = self.webhook.url if self.webhook else ""
        info: Json = {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.queue)}
        if self.queue.allowed:
            info["allowed_updates"] = sorted(self.queue.allowed)
        return info | (self.webhook.info() if self.webhook else {}), ""

    def _clear_if_asked(self, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            self.queue.clear()

    async def _drop_webhook(self) -> None:
        webhook, self.webhook = self.webhook, None
        if webhook is not None:
            await webhook.stop()
