"""What we change in Rasa's HTTP server: bad requests get a clear 4xx, parsing leaves the event loop free, and a request
may say which languages are likelier: {"text": string, "languages"?: [tag]}.

Called by `nlu/serve.py`.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

_LONGEST = 20_000

# One thread for one processor: on a small machine the others have the rest of Alley to run.
_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="parse")


# Rasa hands a handler's text on to its agent, and nothing else; the request's task carries the languages past it.
_expected: ContextVar[tuple[str, ...]] = ContextVar("languages that are likelier", default=())


class ParseError(Exception):
    """Parsing failed. Says what kind of error it was and never what it was about: Rasa logs it."""


async def check_parse_request(request: Request) -> HTTPResponse | None:
    """Refuse a parse request that Rasa would answer with a 500. Registered as request middleware."""
    if request.path.rstrip("/") != "/model/parse" or request.method != "POST":
        return None
    try:
        body = request.json
    except SanicException:
        return _refuse(400, "the body must be JSON")
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str):
        return _refuse(400, 'the body must be {"text": string}')
    if len(text) > _LONGEST:
        return _refuse(413, f"a text may have {_LONGEST} characters")
    languages = body.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(each, str) for each in languages):
        return _refuse(400, "languages must be a list of language tags")
    _expected.set(tuple(languages))
    return None


def _refuse(status: int, message: str) -> HTTPResponse:
    return response.json({"status": "failure", "message": message, "reason": "BadRequest", "code": status}, status)


def parse_in_thread() -> None:
    """Let every Rasa agent, also one that replaces another later, parse outside the event loop."""
    Agent.parse_message = _parse_message


async def _parse_message(agent: Agent, text: str) -> dict[str, Any]:
    processor = agent.processor
    if processor is None:
        raise ParseError("no model is loaded")
    # A lone surrogate is no character: it can be neither encoded nor sent back.
    message = UserMessage(text.encode("utf-8", "replace").decode(), metadata={"languages": _expected.get()})

    def parse() -> dict[str, Any]:
        # Rasa's coroutine never waits for anything, so a loop of its own costs next to nothing.
        return asyncio.run(processor.parse_message(message))

    try:
        return await asyncio.get_running_loop().run_in_executor(_executor, parse)
    except Exception as error:
        logger.error("parsing failed: %s", type(error).__name__)
        raise ParseError(type(error).__name__) from None
