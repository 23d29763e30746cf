"""Signing in and out. The session is made new at each login, so that nobody can plant one beforehand."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from limits import parse
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.rates import network_of
from bot.console.desk import Desk, Visit, go_to
from bot.console.door import COOKIE, LOGIN, find_visit
from bot.console.reader import Reader
from dialogues.texts import _
from knowledge.models import Staff
from knowledge.register import staff as register
from knowledge.register import staff_sessions

log = structlog.get_logger()

HOME = "/staff"
FORM_COOKIE = "alley_login"  # shows that a login form was ours: there is no session yet to carry a token
LARGEST_FORM = 10_000  # bytes
WRONG_OF_ONE = parse("5/minute")  # of one login from one address
WRONG_OF_ADDRESS = parse("30/minute")


class Tries:
    """Counts logins before they are tried, so that many at once get no further than one after another.

    In this process, and in `shared`, with the other web processes, as long as that is in reach.
    """

    def __init__(self, shared: Storage | None) -> None:
        storages: list[Storage] = [MemoryStorage()] if shared is None else [MemoryStorage(), shared]
        self._limiters = [MovingWindowRateLimiter(storage) for storage in storages]

    async def may(self, login: str, address: str) -> bool:
        allowed = True
        for limiter in self._limiters:
            with suppress(RedisError, OSError):
                allowed &= await limiter.hit(WRONG_OF_ADDRESS, "staff", address)
                allowed &= await limiter.hit(WRONG_OF_ONE, "staff", address, _key(login))
        return allowed

    async def forget(self, login: str, address: str) -> None:
        """After a right password: only wrong ones count."""
        for limiter in self._limiters:
            with suppress(RedisError, OSError):
                await limiter.clear(WRONG_OF_ONE, "staff", address, _key(login))


def _key(login: str) -> str:
    """Whatever was typed, of one length."""
    return hashlib.sha256(login.encode()).hexdigest()[:16]


def login_endpoint(desk: Desk, tries: Tries) -> Callable[[Request], Awaitable[Response]]:
    async def login(request: Request) -> Response:
        if request.method == "POST":
            return await _try(desk, tries, request)
        if await find_visit(desk, request) is not None:
            return go_to(_inside(request.query_params.get("to")))
        return _form(desk, request)

    return login


async def _try(desk: Desk, tries: Tries, request: Request) -> Response:
    reader = _reader(desk, request)
    if int(request.headers.get("content-length") or LARGEST_FORM + 1) > LARGEST_FORM:
        return Response(status_code=413)
    form = await request.form()
    login, password, token = (str(form.get(name) or "") for name in ("login", "password", "csrf"))
    planted = request.cookies.get(FORM_COOKIE, "")
    if not planted or not hmac.compare_digest(planted.encode(), token.encode()):
        return _form(desk, request, 403, reader.words(_("This page was too old. Please sign in again.")))
    login = register.normalised(login)
    address = network_of(request.client.host) if request.client else "unknown"
    if not await tries.may(login, address):
        log.warning("logins limited", address=address)
        return _form(desk, request, 429, reader.words(_("Too many attempts. Please wait a minute and try again.")))
    person = await _check(desk, login, password)
    if person is None:
        log.warning("login refused", address=address)
        return _form(desk, request, 401, reader.words(_("Login or password is wrong.")), login)
    await tries.forget(login, address)
    return await _welcome(desk, request, person, _inside(str(form.get("to") or "")))


async def _welcome(desk: Desk, request: Request, person: Staff, to: str) -> Response:
    """A session of its own, whatever cookie the browser came with; that one is ended."""
    async with desk.database.write() as session:
        session.add(person)  # keeps a password's hash that was made anew
        await staff_sessions.end(session, request.cookies.get(COOKIE, ""))
        token, _csrf = await staff_sessions.create(session, person)
    log.info("staff signed in", staff=person.id)
    response = go_to(to)
    _set_cookie(response, request, COOKIE, token)
    response.delete_cookie(FORM_COOKIE, path=LOGIN)
    return response


async def _check(desk: Desk, login: str, password: str) -> Staff | None:
    """Outside of a transaction: hashing takes its time, and residents' messages must not wait for it."""
    async with desk.database.read() as session:
        return await register.sign_in(session, login, password)


async def sign_out(desk: Desk, visit: Visit) -> Response:
    async with desk.database.write() as session:
        await staff_sessions.end(session, visit.token)
    response = go_to(LOGIN)
    response.delete_cookie(COOKIE, path=HOME)
    return response


def _form(desk: Desk, request: Request, status: int = 200, problem: str | None = None, login: str = "") -> Response:
    token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    to = _inside(request.query_params.get("to"))
    response = desk.pages.response(
        "login.html", _reader(desk, request), status, csrf=token, problem=problem, login=login, to=to
    )
    _set_cookie(response, request, FORM_COOKIE, token, LOGIN)
    return response


def _set_cookie(response: Response, request: Request, name: str, value: str, path: str = HOME) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, path=path, httponly=True, samesite="strict", secure=secure)


def _inside(path: str | None) -> str:
    """Where to go after the login: a page of the console, never another site."""
    return path if path and path.startswith(HOME + "/") and not path.startswith(LOGIN) else HOME


def _reader(desk: Desk, request: Request) -> Reader:
    """In the first language of the browser's that the console speaks."""
    wanted = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    spoken = desk.texts.languages
    return Reader(desk.texts, desk.centre, next((code for code in wanted if code.split("-")[0] in spoken), "en"))
