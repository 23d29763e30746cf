"""Telegram's update becomes Incoming, and nothing else happens here. Called by intake.py.

Every update is one of three: a message to us, an unreadable one, or none of our business. What an update holds is
Telegram's word, but not taken on trust: types are checked, so that no value breaks anything further on.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Chat, Message, Update, User
from telegram.constants import ChatType

from bot.messages import Incoming, Unreadable
from dialogues.turn import Kind, Location

CHANNEL = "telegram"
ALLOWED = ("message", "edited_message", "callback_query")  # the kinds of updates that we ask Telegram for
LONGEST_NAME = 200
LONGEST_RAW = 65_536  # characters of an unreadable update that are kept

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w{1,64}))?(?:\s+(.*))?", re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no lone surrogate


@dataclass(frozen=True)
class Identity:
    """The bot itself: its id is part of its token; its name, without the @, is empty until Telegram told it."""

    id: int
    username: str = ""

    def mention(self) -> re.Pattern[str] | None:
        return re.compile(rf"@{re.escape(self.username)}\b", re.IGNORECASE) if self.username else None


def read(update: object, me: Identity) -> Incoming | Unreadable | None:
    """Never raises. None for what is no message to us: it may be acknowledged and forgotten."""
    try:
        return _read(update, me)
    except Exception as error:  # PTB raises whatever it happens to stumble over
        return unreadable(update, _dumped(update), type(error).__name__, me)


def unreadable(update: object, raw: str, error: str, me: Identity) -> Unreadable:
    """A dead letter; its id is the update's, or a hash when it has none."""
    try:
        vendor_id = _vendor_id(update, me)
    except (LookupError, TypeError, ValueError):
        vendor_id = "sha256:" + hashlib.sha256(raw.encode("utf-8", "backslashreplace")).hexdigest()
    return Unreadable(CHANNEL, vendor_id, {"raw": clean(raw[:LONGEST_RAW])}, error)


def press_id(update: object) -> str | None:
    """The id under which the press of a button is to be acknowledged, so that it stops blinking."""
    query = update.get("callback_query") if isinstance(update, Mapping) else None
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) else None


def clean(text: str) -> str:
    return _UNSTORABLE.sub("", text)


def _dumped(update: object) -> str:
    try:
        return json.dumps(update, default=repr)
    except (ValueError, RecursionError):
        return ""


def _vendor_id(update: object, me: Identity) -> str:
    """Another bot, whose updates are numbered anew, may follow on the same database."""
    return f"{me.id}:{_update_id(update)}"


def _update_id(update: object) -> int:
    if not isinstance(update, Mapping):
        raise TypeError("no object")
    number = _integer(update["update_id"])
    if number < 0:
        raise ValueError("update_id")
    return number


def _read(update: object, me: Identity) -> Incoming | None:
    vendor_id = _vendor_id(update, me)
    parsed = Update.de_json(update, None)  # type: ignore[arg-type]  # _update_id looked that it is a dict
    if parsed.callback_query is not None:
        return _press(vendor_id, parsed.callback_query)
    message = parsed.message or parsed.edited_message
    if message is None:
        return None
    incoming = _content(_envelope(vendor_id, message.chat, message.from_user), message)
    if incoming is None or (incoming.is_group and not _is_for(me, incoming, message)):
        return None
    mention = me.mention()
    if mention is not None and incoming.is_group:
        incoming = replace(incoming, text=mention.sub("", incoming.text).strip())
    return _edited(incoming) if parsed.message is None else _commanded(incoming, me)


def _envelope(vendor_id: str, chat: Chat, user: User | None) -> Incoming | None:
    """From whom; None in a channel, where nobody writes to us."""
    if chat.type == ChatType.CHANNEL:
        return None
    if chat.type not in (ChatType.PRIVATE, ChatType.GROUP, ChatType.SUPERGROUP):
        raise ValueError("chat type")
    is_group = chat.type != ChatType.PRIVATE
    name = chat.title if is_group else user and user.first_name
    language = user and user.language_code
    return Incoming(
        channel=CHANNEL,
        vendor_id=vendor_id,
        address=str(_integer(chat.id)),
        kind=Kind.TEXT,
        language=clean(language) if isinstance(language, str) and not is_group else None,
        name=clean(name)[:LONGEST_NAME] if isinstance(name, str) else None,
        is_group=is_group,
    )


def _press(vendor_id: str, query: CallbackQuery) -> Incoming | None:
    """None when the button is no longer below a message of ours, or opens a game."""
    if query.message is None or query.data is None:
        return None
    envelope = _envelope(vendor_id, query.message.chat, query.from_user)
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    shown = [button for row in markup.inline_keyboard for button in row] if markup else []
    label = next((button.text for button in shown if button.callback_data == query.data), None)
    value = _words(query.data)
    return envelope and replace(envelope, kind=Kind.BUTTON, value=value, text=_words(label))


def _content(envelope: Incoming | None, message: Message) -> Incoming | None:
    """None for service messages: somebody joined, a message was pinned."""
    if envelope is None:
        return None
    text = _words(message.text if message.text is not None else message.caption)
    if photo := _photo(message):
        return replace(envelope, kind=Kind.PHOTO, text=text, photos=(photo,))
    if message.text is not None:
        return replace(envelope, text=text)
    if message.venue is not None:
        named = ", ".join(filter(None, (_words(message.venue.title), _words(message.venue.address))))
        place = message.venue.location
        return replace(envelope, kind=Kind.LOCATION, text=named, location=_location(place.latitude, place.longitude))
    if message.location is not None:
        place = message.location
        return replace(envelope, kind=Kind.LOCATION, location=_location(place.latitude, place.longitude))
    if message.effective_attachment is not None or message.checklist is not None:
        return replace(envelope, kind=Kind.UNSUPPORTED, text=text)
    return None


def _photo(message: Message) -> str | None:
    """The largest size of a photo, or a picture that was sent as a file."""
    if message.photo:
        return _words(max(message.photo, key=lambda size: size.width * size.height).file_id)
    document = message.document
    if document is not None and _words(document.mime_type).startswith("image/"):
        return _words(document.file_id)
    return None


def _edited(incoming: Incoming) -> Incoming | None:
    """A live location is "edited" every few seconds: that is no new word of the resident's."""
    if incoming.kind is Kind.LOCATION:
        return None
    return replace(incoming, kind=Kind.EDITED, photos=())


def _commanded(incoming: Incoming, me: Identity) -> Incoming | None:
    """None for a command to another bot."""
    found = _COMMAND.fullmatch(incoming.text) if incoming.kind is Kind.TEXT else None
    if found is None:
        return incoming
    name, addressee, rest = found.groups()
    if addressee and me.username and addressee.casefold() != me.username.casefold():
        return None
    return replace(incoming, kind=Kind.COMMAND, value=name.lower(), text=(rest or "").strip())


def _is_for(me: Identity, incoming: Incoming, message: Message) -> bool:
    """In a group we are spoken to by a command, by our name, or by an answer to a message of ours."""
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == me.id:
        return True
    mention = me.mention()
    return bool(_COMMAND.fullmatch(incoming.text) or (mention and mention.search(incoming.text)))


def _words(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError("no text")
    return clean(value or "")


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise TypeError("no number")
    return value


def _location(latitude: object, longitude: object) -> Location:
    return Location(_degrees(latitude, 90), _degrees(longitude, 180))


def _degrees(value: object, most: int) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError("no number")
    if not math.isfinite(value) or abs(value) > most:
        raise ValueError("no degrees")
    return float(value)
