"""Reads what a resident posts: JSON, or a form with a photo. Called by bot/channels/web/api.py."""

import json
import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from bot.channels.web import refusals
from dialogues.turn import Kind, Location

LONGEST_TEXT = 4000  # characters
LARGEST_JSON = 64 * 1024  # bytes
FORM_FIELDS = 8
MEGABYTE = 1024 * 1024
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes in URL-safe base64
COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})  # Unicode categories that leave nothing to read


def _storable(text: str) -> str:
    """Raises ValueError for what PostgreSQL cannot store: NUL, and half of a surrogate pair, which JSON can carry."""
    if "\0" in text:
        raise ValueError("NUL")
    text.encode()
    return text


type Words = Annotated[str, AfterValidator(_storable)]


class Place(BaseModel):
    """WGS 84, in degrees."""

    model_config = ConfigDict(strict=True, frozen=True)

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)


class Post(BaseModel):
    """A message as it was posted. `id` is the client's own name for it, the same when it is posted again.

    With `new`, `session` is a token that the client made itself, for a conversation that begins with this message.
    """

    model_config = ConfigDict(strict=True, frozen=True)

    text: Words = ""
    session: Annotated[Words, Field(max_length=200)] | None = None
    new: bool = False
    locale: Annotated[Words, Field(max_length=35)] | None = None
    button: Annotated[Words, Field(min_length=1, max_length=64)] | None = None
    id: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,64}$")] | None = None
    location: Place | None = None
    photo: bytes | None = None

    def as_message(self) -> tuple[Kind, str, str]:
        """The kind, the text and the value that an Incoming has."""
        text = self.text.strip()
        if self.photo is not None:
            return Kind.PHOTO, text, ""
        if self.location is not None:
            return Kind.LOCATION, text, ""
        if self.button is not None:
            return Kind.BUTTON, text, self.button
        command = COMMAND.fullmatch(text)
        if command is not None:
            return Kind.COMMAND, (command[2] or "").strip(), command[1].lower()
        return Kind.TEXT, text, ""

    def location_sent(self) -> Location | None:
        return Location(self.location.latitude, self.location.longitude) if self.location else None


async def read_post(request: Request, megabytes: int) -> Post:
    """`megabytes` is the largest photo. Raises Refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        fields = _parsed(await _body(request, LARGEST_JSON))
        fields.pop("photo", None)
    elif kind == "multipart/form-data":
        fields = await _form(request, megabytes)
    else:
        raise refusals.wrong_type()
    request.state.locale = fields.get("locale")  # the language of a refusal, of whatever comes next
    return _checked(fields)


def _parsed(body: bytes) -> dict[str, object]:
    try:
        fields = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise refusals.unreadable() from error
    if not isinstance(fields, dict):
        raise refusals.unreadable()
    return {name: value for name, value in fields.items() if value is not None}


async def _body(request: Request, largest: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise refusals.too_long(LONGEST_TEXT)
    return bytes(body)


async def _form(request: Request, megabytes: int) -> dict[str, object]:
    """The form's fields; a photo as its bytes."""
    largest = megabytes * MEGABYTE
    try:
        async with _bounded(request, largest + LARGEST_JSON, megabytes).form(
            max_files=1, max_fields=FORM_FIELDS, max_part_size=LARGEST_JSON
        ) as form:
            fields: dict[str, object] = {name: value for name, value in form.items() if isinstance(value, str)}
            photo = form.get("photo")
            if isinstance(photo, UploadFile) and (data := await photo.read(largest + 1)):
                fields["photo"] = data
    except HTTPException as error:
        raise refusals.unreadable() from error
    if len(fields.get("photo", b"")) > largest:  # type: ignore[arg-type]
        raise refusals.too_large(megabytes)
    if "new" in fields:
        fields["new"] = fields["new"] == "true"
    fields.pop("location", None)
    return {name: value for name, value in fields.items() if value != ""}


def _bounded(request: Request, largest: int, megabytes: int) -> Request:
    """The same request, whose body ends in a refusal when it grows too large: a form is spooled to disk."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > largest:
        raise refusals.too_large(megabytes)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > largest:
            raise refusals.too_large(megabytes)
        return message

    return Request(request.scope, receive)


def _checked(fields: dict[str, object]) -> Post:
    text = fields.get("text")
    if isinstance(text, str) and len(text) > LONGEST_TEXT:
        raise refusals.too_long(LONGEST_TEXT)
    try:
        post = Post.model_validate(fields)
    except ValidationError as error:
        raise refusals.invalid(str(error.errors(include_input=False)[0]["loc"][0])) from error
    if post.new and not TOKEN.fullmatch(post.session or ""):
        raise refusals.invalid("session")
    if not (post.button or post.location or post.photo) and _is_blank(post.text):
        raise refusals.empty()
    return post


def _is_blank(text: str) -> bool:
    return all(unicodedata.category(sign) in INVISIBLE for sign in text)
