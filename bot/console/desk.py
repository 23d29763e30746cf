"""What the rooms of the console are given: the desk, which is the same for all, and the visit, one request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.pages import Pages
from bot.console.reader import Reader
from bot.ports import Signals, Translator
from bot.stores.database import Database
from bot.stores.photos import Photos
from bot.transcript import Transcript
from knowledge.centre import Centre
from knowledge.models import Staff
from knowledge.texts import Texts

SEE_OTHER = 303


@dataclass(frozen=True)
class Desk:
    database: Database
    transcript: Transcript
    signals: Signals
    translator: Translator
    texts: Texts
    centre: Centre
    photos: Photos
    pages: Pages

    async def announce(self, conversation: int, *topics: str) -> None:
        """After the commit of something said to a resident: sends it, and tells whoever looks."""
        await self.signals.work("outbox", conversation)
        for topic in (f"conversation:{conversation}", *topics):
            await self.signals.changed(topic)


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is signed in. `token` is the session's, `csrf` what its forms carry."""

    request: Request
    staff: Staff
    reader: Reader
    token: str
    csrf: str

    @property
    def by_htmx(self) -> bool:
        return "HX-Request" in self.request.headers

    def number(self, name: str) -> int:
        """A number out of the path."""
        return int(self.request.path_params[name])


type Room = Callable[[Desk, Visit], Awaitable[Response]]


def page(desk: Desk, visit: Visit, template: str, code: int = 200, /, **context: object) -> Response:
    return desk.pages.response(template, visit.reader, code, staff=visit.staff, csrf=visit.csrf, **context)


def fragment(desk: Desk, visit: Visit, template: str, /, **context: object) -> str:
    return desk.pages.render(template, visit.reader, staff=visit.staff, csrf=visit.csrf, **context)


def go_to(path: str) -> Response:
    return RedirectResponse(path, SEE_OTHER)
