"""The chat's page, in the browser's language. Its routes are mounted by bot/web.py; static/chat.js does the rest."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web import headers
from bot.channels.web.accept import preferred
from bot.channels.web.posts import LONGEST_TEXT, MEGABYTE
from dialogues.courtesy import greet
from dialogues.effects import Say
from dialogues.texts import Text, _
from dialogues.turn import Kind, Message, Turn
from knowledge.centre import Centre
from knowledge.languages import Languages
from knowledge.markup import to_html
from knowledge.texts import Texts

HERE = Path(__file__).parent
COOKIE = "alley_language"  # the language that was chosen on the page, nothing else
COOKIE_SECONDS = 365 * 24 * 3600

WORDS: dict[str, Text] = {
    "you": _("You"),
    "staff": _("Staff"),
    "sending": _("Sending…"),
    "waiting": _("Not sent yet; it will be tried again by itself."),
    "failed": _("Not sent."),
    "retry": _("Try again"),
    "discard": _("Discard"),
    "choices": _("Answers to choose from"),
    "translated": _("Translated automatically"),
    "original": _("Show original"),
    "photo": _("Photo"),
    "too_large": _("This photo is too large."),
    "no_photo": _("This file cannot be read as a photo. Please send a JPEG, PNG or WebP picture."),
    "no_location": _("Your location could not be found."),
    "new_message": _("New message"),
}


class ChatPage:
    """`megabytes` is the largest photo."""

    def __init__(self, texts: Texts, centre: Centre, languages: Languages, megabytes: int) -> None:
        self._texts = texts
        self._centre = centre
        self._languages = languages
        self._offered = languages.offered(texts.languages)
        self._megabytes = megabytes
        files = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._template = files.get_template("chat.html")

    def routes(self) -> list[BaseRoute]:
        own_files = headers.protected(headers.OWN_FILES, "no-cache")
        files = StaticFiles(directory=HERE / "static")
        return [
            Route("/", self.redirect, middleware=headers.protected(headers.NOTHING)),
            Route("/chat", self.chat, middleware=headers.protected(headers.OWN_FILES)),
            Mount("/chat/static", files, middleware=own_files),
        ]

    async def redirect(self, request: Request) -> Response:
        return RedirectResponse(request.url_for("chat").path)

    async def chat(self, request: Request) -> Response:
        """In the language of `?lang=`, which is remembered, else the remembered one, else the browser's."""
        chosen = request.query_params.get("lang")
        spoken = self._texts.languages
        wanted = next((code for code in (chosen, request.cookies.get(COOKIE)) if code in spoken), None)
        language = wanted or preferred(request.headers.get("accept-language", ""), spoken)
        response = HTMLResponse(self._template.render(self._context(language)))
        if chosen in spoken:
            response.set_cookie(COOKIE, language, max_age=COOKIE_SECONDS, path="/", samesite="lax", httponly=True)
        response.headers["Content-Language"] = language
        response.headers["Vary"] = "Accept-Language, Cookie"
        return response

    def _context(self, language: str) -> dict[str, Any]:
        welcome: Say = next(greet(Turn(Message(Kind.TEXT), language)))  # type: ignore[assignment]
        return {
            "_": self._texts.gettext(language),
            "language": language,
            "language_name": self._languages.endonym(language),
            "direction": "rtl" if self._texts.is_rtl(language) else "ltr",
            "languages": self._offered,
            "centre": self._centre.name_in(language),
            "welcome": to_html(self._texts.render(welcome.text, language)),
            "offers": [(self._texts.plain(button.label, language), button.value) for button in welcome.buttons],
            "settings": {
                "language": language,
                "longest_text": LONGEST_TEXT,
                "largest_photo": self._megabytes * MEGABYTE,
                "words": {name: self._texts.plain(text, language) for name, text in WORDS.items()},
            },
        }
