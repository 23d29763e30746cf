"""The console's addresses. bot/app.py takes `routes` from here."""

from limits.aio.storage import Storage
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web.headers import OWN_FILES, protected
from bot.console import (
    cases,
    conversation,
    dead_letters,
    handover,
    login,
    photos,
    queue,
    replies,
    translations,
)
from bot.console.desk import Desk, Room
from bot.console.door import LOGIN, guarded
from bot.console.pages import STATIC, Pages
from bot.ports import Signals, Translator
from bot.stores.database import Database
from bot.stores.photos import Photos
from bot.transcript import Transcript
from knowledge.centre import Centre
from knowledge.texts import Texts

FOR_GOOD = "public, max-age=31536000, immutable"  # a static file's address changes with it
ROOMS: tuple[tuple[str, str, Room], ...] = (
    ("GET", "/staff", queue.show),
    ("GET", "/staff/events", queue.events),
    ("GET", "/staff/waiting", queue.waiting),
    ("GET", "/staff/conversations/{id:int}", conversation.show),
    ("GET", "/staff/conversations/{id:int}/events", conversation.events),
    ("POST", "/staff/conversations/{id:int}/claim", handover.claim),
    ("POST", "/staff/conversations/{id:int}/reply", replies.reply),
    ("POST", "/staff/conversations/{id:int}/hand-back", handover.hand_back),
    ("GET", "/staff/messages/{id:int}", conversation.show_message),
    ("GET", "/staff/messages/{id:int}/translation", translations.of_message),
    ("GET", "/staff/cases", cases.show_all),
    ("GET", "/staff/cases/{id:int}/translation", translations.of_case),
    ("GET", "/staff/cases/{number}", cases.show),
    ("POST", "/staff/cases/{number}/status", cases.change_status),
    ("GET", "/staff/photos/{photo}", photos.show),
    ("GET", "/staff/dead-letters", dead_letters.show),
    ("POST", "/staff/sign-out", login.sign_out),
)


def routes(
    *,
    database: Database,
    transcript: Transcript,
    signals: Signals,
    translator: Translator,
    texts: Texts,
    centre: Centre,
    photos: Photos,
    tries: Storage | None = None,
) -> list[BaseRoute]:
    """`tries` is where wrong logins are counted together with the other web processes.

    Every room is guarded here, and so is every one that is added to ROOMS.
    """
    desk = Desk(database, transcript, signals, translator, texts, centre, photos, Pages())
    endpoint = login.login_endpoint(desk, login.Tries(tries))
    own = protected(OWN_FILES)
    return [
        Route(LOGIN, endpoint, methods=["GET", "POST"], middleware=own),
        Mount("/staff/static", StaticFiles(directory=STATIC), middleware=protected(OWN_FILES, FOR_GOOD)),
        *(Route(path, guarded(desk, room), methods=[method], middleware=own) for method, path, room in ROOMS),
    ]
