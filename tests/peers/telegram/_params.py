"""The parameters of one Bot API call, whichever way they came; read by `_http`, used by every method.

JSON bodies carry values, forms and queries carry strings; Telegram takes both.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from ._errors import Json, bad_request


class Params:
    """Absent and empty are the same to Telegram, and so are they here."""

    def __init__(self, values: Mapping[str, object], files: Mapping[str, bytes] | None = None) -> None:
        self._values = values
        self._files = files or {}

    def text(self, name: str) -> str:
        value = self._values.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def integer(self, name: str, default: int, lowest: int, highest: int) -> int:
        """Telegram does not refuse what is out of range or no number: it takes the bound or the default."""
        try:
            return max(lowest, min(highest, int(self.text(name))))
        except ValueError:
            return default

    def json(self, name: str) -> Any:
        """The decoded value, None when absent; ApiError 400 for text that is no JSON."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def file(self, name: str) -> bytes | None:
        """An upload: under its own name, or where `attach://<name>` points."""
        attached = self.text(name).removeprefix("attach://")
        return self._files.get(name) or self._files.get(attached)

    def recorded(self) -> Json:
        """For the log of calls: uploads by their size."""
        return dict(self._values) | {name: f"<{len(data)} bytes>" for name, data in self._files.items()}


async def read_params(request: Request) -> Params:
    """Query and body together, the body winning; ApiError 400 for a body that cannot be read."""
    values: dict[str, object] = dict(request.query_params)
    files: dict[str, bytes] = {}
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        values.update(_json_object(await request.body()))
    elif kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        async with request.form() as form:
            for name, value in form.items():
                if isinstance(value, UploadFile):
                    files[name] = await value.read()
                else:
                    values[name] = value
    return Params(values, files)


def _json_object(body: bytes) -> Json:
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise bad_request("can't parse JSON object")
    return values
