"""Who the bot can write to, what it wrote, and the files; kept for `_methods`, filled by `_residents`."""

import hashlib
import time
from dataclasses import dataclass, field

from ._errors import ApiError, Json, bad_request, forbidden


@dataclass
class Chat:
    """A private chat (id above 0, the user's own) or a group (below 0, `name` its title)."""

    id: int
    name: str
    language_code: str = "en"
    blocked: bool = False

    def user_json(self) -> Json:
        user = {"id": self.id, "is_bot": False, "first_name": self.name}
        return user | ({"language_code": self.language_code} if self.language_code else {})

    def chat_json(self) -> Json:
        if self.id > 0:
            return {"id": self.id, "type": "private", "first_name": self.name}
        return {"id": self.id, "type": "group", "title": self.name}


@dataclass(frozen=True)
class Button:
    label: str
    data: str | None
    url: str | None


@dataclass
class Sent:
    """One message of the bot as it stands now; `at` is Unix time of arrival, `edits` its earlier texts.

    `text` is the caption where there is a photo; both are what is left after the markup is parsed.
    """

    chat_id: int
    message_id: int
    method: str
    text: str
    entities: list[Json]
    markup: Json | None
    photo: bytes | None
    photo_json: list[Json]
    at: float = field(default_factory=time.time)
    edits: list[str] = field(default_factory=list)
    edited_at: float | None = None
    deleted: bool = False

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline keyboard, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[Button(b["text"], b.get("callback_data"), b.get("url")) for b in row] for row in rows]


@dataclass(frozen=True)
class StoredFile:
    id: str
    path: str
    data: bytes

    def json(self) -> Json:
        unique = hashlib.sha256(self.id.encode()).hexdigest()[:16]
        return {"file_id": self.id, "file_unique_id": unique, "file_size": len(self.data)}


class ChatBook:
    """All chats of one bot. Message ids are unique over all chats, as in a bot's private chats."""

    def __init__(self, bot: Json) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.sent: dict[int, Sent] = {}
        self._by_chat: dict[int, list[Sent]] = {}
        self.files: dict[str, StoredFile] = {}
        self._last_message_id = 0

    def chat(self, chat_id: int) -> Chat:
        """The chat of a resident who writes, made known by that."""
        return self.chats.setdefault(chat_id, Chat(chat_id, f"Resident {abs(chat_id)}"))

    def writable(self, chat_id: str) -> Chat:
        """The chat that the bot wants to write to; ApiError 400 or 403."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(int(chat_id)) if chat_id.removeprefix("-").isdecimal() else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise forbidden("bot was blocked by the user" if chat.id > 0 else "bot was kicked from the group chat")
        return chat

    def next_message_id(self) -> int:
        self._last_message_id += 1
        return self._last_message_id

    def add(self, sent: Sent) -> Sent:
        self.sent[sent.message_id] = sent
        self._by_chat.setdefault(sent.chat_id, []).append(sent)
        return sent

    def find(self, chat: Chat, message_id: int, missing: str) -> Sent:
        """A message of the bot's that still stands; ApiError 400 saying `missing` otherwise."""
        sent = self.sent.get(message_id)
        if sent is None or sent.chat_id != chat.id or sent.deleted:
            raise bad_request(missing)
        return sent

    def sent_to(self, chat_id: int) -> list[Sent]:
        return list(self._by_chat.get(chat_id, ()))

    def message_json(self, sent: Sent) -> Json:
        chat = self.chats[sent.chat_id]
        message: Json = {"message_id": sent.message_id, "from": self.bot, "chat": chat.chat_json()}
        message["date"] = int(sent.at)
        if sent.edited_at is not None:
            message["edit_date"] = int(sent.edited_at)
        kind = "caption" if sent.photo_json else "text"
        if sent.photo_json:
            message["photo"] = sent.photo_json
        if sent.text:
            message[kind] = sent.text
        if sent.entities:
            message["caption_entities" if sent.photo_json else "entities"] = sent.entities
        if sent.markup and "inline_keyboard" in sent.markup:
            message["reply_markup"] = sent.markup
        return message

    def store(self, data: bytes, folder: str, suffix: str) -> StoredFile:
        number = len(self.files)
        path = f"{folder}/file_{number}.{suffix}"
        stored = StoredFile(f"{folder}-{number}-{hashlib.sha256(data).hexdigest()[:24]}", path, data)
        self.files[stored.id] = stored
        return stored

    def store_photo(self, data: bytes, width: int, height: int) -> list[Json]:
        """Two sizes, as Telegram makes them: a thumbnail with bytes of its own first, the picture last."""
        small = self.store(b"thumbnail", "thumbnails", "jpg").json() | {"width": 90, "height": 68}
        return [small, self.store(data, "photos", "jpg").json() | {"width": width, "height": height}]

    def download(self, path: str) -> bytes:
        """ApiError 404 for a path that getFile never gave."""
        for stored in self.files.values():
            if stored.path == path:
                return stored.data
        raise ApiError(404, "Not Found")
