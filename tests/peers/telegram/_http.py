"""The HTTP side: Telegram's addresses for the bot, `/control/…` for tests; built by `_server`."""

import asyncio
import base64
import json
import time
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ._chats import Sent
from ._control import OPERATIONS, Call, Control
from ._errors import ApiError, Json, too_many_requests
from ._faults import Fault
from ._methods import method_not_found
from ._params import Params, read_params
from ._post import Reply

# The methods that a webhook's reply may not hold (WebhookActor::handle).
_NOT_IN_REPLY = ("get", "setwebhook", "deletewebhook", "close", "logout")


class _CutOff(Response):
    """Begins an answer and ends the connection: the server closes what its application left unfinished."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


class Api:
    """Answers the bot in Telegram's shape and keeps the log of its calls."""

    def __init__(self, token: str, control: Control) -> None:
        self._token = token
        self._control = control

    def app(self) -> Starlette:
        both = ["GET", "POST"]
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._bot, methods=both),
                Route("/file/bot{token}/{path:path}", self._file),
                Route("/control/{operation}", self._operate, methods=both),
            ]
        )

    async def reply_of_webhook(self, reply: Reply) -> None:
        """A webhook's answer may itself be a call; its result goes nowhere, as in Telegram."""
        if not reply.headers.get("content-type", "").startswith("application/json"):
            return
        try:
            values = json.loads(reply.body)
        except ValueError:
            return
        method = str(values.pop("method", "")) if isinstance(values, dict) else ""
        if method and not method.lower().startswith(_NOT_IN_REPLY):
            await self._answer(method, Params(values), in_webhook_reply=True)

    async def _bot(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != self._token:
            return _response(401, ApiError(401, "Unauthorized").body())
        try:
            params = await read_params(request)
        except ApiError as error:
            return _response(error.code, error.body())
        fault = self._control.faults.take(method.lower())
        if fault is not None and fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            self._log(method, params, time.time(), 0)
            return _CutOff()
        code, body = await self._answer(method, params, fault)
        return _response(code, body) if code else _CutOff()

    async def _answer(
        self, method: str, params: Params, fault: Fault | None = None, in_webhook_reply: bool = False
    ) -> tuple[int, Json]:
        at = time.time()
        try:
            _raise_if_refused(fault)
            result, description = await self._call(method.lower(), params)
        except ApiError as error:
            code, body = error.code, error.body()
        else:
            code, body = 200, {"ok": True, "result": result}
            if description:
                body["description"] = description
        if fault is not None and fault.kind == "drop":
            code = 0
        self._log(method, params, at, code, in_webhook_reply)
        return code, body

    async def _call(self, method: str, params: Params) -> tuple[object, str]:
        if method in self._control.bot_methods.methods:
            return self._control.bot_methods.methods[method](params), ""
        if method in self._control.delivery.methods:
            return await self._control.delivery.methods[method](params)
        raise method_not_found()

    def _log(self, method: str, params: Params, at: float, code: int, in_reply: bool = False) -> None:
        self._control.call_log.append(Call(method, params.recorded(), at, code, in_reply))

    async def _file(self, request: Request) -> Response:
        if request.path_params["token"] != self._token:
            return _response(401, ApiError(401, "Unauthorized").body())
        try:
            return Response(self._control.book.download(request.path_params["path"]))
        except ApiError as error:
            return _response(error.code, error.body())

    async def _operate(self, request: Request) -> Response:
        operation = request.path_params["operation"]
        if operation not in OPERATIONS:
            return _response(404, {"error": "no such operation"})
        try:
            given = await request.json() if request.method == "POST" else _query(request)
            if operation in ("photo", "voice") and "data" in given:
                given["data"] = base64.b64decode(given["data"])
            result = getattr(self._control, operation)(**given)
        except (LookupError, TypeError, ValueError, RuntimeError) as error:
            return _response(400, {"error": str(error)})
        return _response(200, {"result": result})


def _raise_if_refused(fault: Fault | None) -> None:
    if fault is not None and fault.kind == "429":
        raise too_many_requests(fault.retry_after)
    if fault is not None and fault.kind == "500":
        raise ApiError(500, "Internal Server Error")


def _query(request: Request) -> dict[str, Any]:
    return {name: int(v) if v.lstrip("-").isdecimal() else v for name, v in request.query_params.items()}


def _response(status: int, body: Json) -> Response:
    content = json.dumps(body, default=_encode)  # ASCII, for the lone surrogates of mutated updates
    return Response(content, status, media_type="application/json")


def _encode(value: Any) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return asdict(value) | ({"buttons": value.buttons} if isinstance(value, Sent) else {})
