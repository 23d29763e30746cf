"""Why a request is refused: a code for programs and a sentence for the resident. Raised and answered in api.py."""

from dialogues.texts import Text, _


class Refused(Exception):
    """Nothing of the request was kept. `headers` go into the answer."""

    def __init__(self, status: int, code: str, text: Text, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text
        self.headers = headers or {}


def unreadable() -> Refused:
    return Refused(400, "unreadable", _("This request cannot be read."))


def wrong_type() -> Refused:
    return Refused(415, "wrong_type", _("Messages are sent as JSON or as a form with a photo."))


def invalid(field: str) -> Refused:
    return Refused(422, "invalid", _("Something in this message cannot be read: {field}.", field=field))


def empty() -> Refused:
    return Refused(422, "empty", _("Please write something first."))


def too_long(limit: int) -> Refused:
    return Refused(
        422, "too_long", _("This message is too long. Please send at most {limit} characters at once.", limit=limit)
    )


def too_large(megabytes: int) -> Refused:
    return Refused(413, "too_large", _("This file is too large. A photo may have {megabytes} MB.", megabytes=megabytes))


def no_photo() -> Refused:
    return Refused(422, "no_photo", _("This file cannot be read as a photo. Please send a JPEG, PNG or WebP picture."))


def unknown_session() -> Refused:
    return Refused(404, "unknown_session", _("This conversation is not known here any more. Please start a new one."))


def unknown_photo() -> Refused:
    return Refused(404, "unknown_photo", _("There is no such photo in this conversation."))


def too_fast(seconds: int) -> Refused:
    text = _("You are writing faster than I can read. Please try again in {seconds} s.", seconds=seconds)
    return Refused(429, "too_fast", text, {"Retry-After": str(seconds)})


def unavailable() -> Refused:
    text = _("The chat is out of reach for a moment. Please try again shortly.")
    return Refused(503, "unavailable", text, {"Retry-After": "5"})
