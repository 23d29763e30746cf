"""The one way into the console: no room is entered without a session, and no POST without the session's token.

bot/console/routes.py passes every room through `guarded`; only the login and the static files stand outside.
"""

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.console.desk import SEE_OTHER, Desk, Room, Visit, page
from bot.console.reader import Reader
from dialogues.texts import _
from knowledge.register import staff_sessions

COOKIE = "alley_staff"
LOGIN = "/staff/login"
LOOKING = ("GET", "HEAD")

type Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(desk: Desk, room: Room) -> Endpoint:
    async def enter(request: Request) -> Response:
        visit = await find_visit(desk, request)
        if visit is None:
            return _sent_away(request)
        if request.method not in LOOKING and not await _carries_token(visit):
            return _too_old(desk, visit)
        return await room(desk, visit)

    return enter


def _too_old(desk: Desk, visit: Visit) -> Response:
    problem = visit.reader.words(_("This page was too old. Please go back, load it again and repeat what you did."))
    return page(desk, visit, "problem.html", 403, problem=problem)


async def find_visit(desk: Desk, request: Request) -> Visit | None:
    """Who asks, None without a valid session."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    async with desk.database.read() as session:
        found = await staff_sessions.find(session, token)
    if found is None:
        return None
    return Visit(request, found.staff, Reader(desk.texts, desk.centre, found.staff.language), token, found.csrf)


async def is_signed_in(desk: Desk, visit: Visit) -> bool:
    """Whether the visit's session still holds; a stream that stays open asks again and again."""
    return await find_visit(desk, visit.request) is not None


async def _carries_token(visit: Visit) -> bool:
    form = await visit.request.form()
    given = form.get("csrf")
    return isinstance(given, str) and hmac.compare_digest(given.encode(), visit.csrf.encode())


def _sent_away(request: Request) -> Response:
    """To the login and, for a page, back to it afterwards; htmx follows only a header of its own."""
    if "HX-Request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": LOGIN})
    if request.method not in LOOKING or "text/event-stream" in request.headers.get("accept", ""):
        return PlainTextResponse("Not signed in", 401)
    wanted = URL(scope=request.scope)
    return Response(status_code=SEE_OTHER, headers={"Location": f"{LOGIN}?to={quote(wanted.path)}"})
