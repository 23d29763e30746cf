"""Renders the console's Jinja2 templates in a reader's language. Every value is escaped unless it says it is safe."""

import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.console.reader import Reader
from dialogues.names import CASE_STATUSES, CATEGORIES

HERE = Path(__file__).parent
STATIC = HERE / "static"


class Pages:
    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(asset=_asset, CATEGORIES=CATEGORIES, CASE_STATUSES=CASE_STATUSES)

    def render(self, template: str, reader: Reader, /, **context: object) -> str:
        return self._templates.get_template(template).render(_=reader.gettext, reader=reader, **context)

    def response(self, template: str, reader: Reader, code: int = 200, /, **context: object) -> Response:
        return HTMLResponse(self.render(template, reader, **context), code)


def _asset(name: str) -> str:
    """A static file's address, which changes with its content so that a browser never keeps an old one."""
    version = _versions.get(name)
    if version is None:
        version = _versions[name] = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/staff/static/{name}?v={version}"


_versions: dict[str, str] = {}
