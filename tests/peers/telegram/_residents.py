"""What residents do in Telegram: the half of the control side that makes updates; in `TelegramServer`."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from ._chats import Chat, ChatBook
from ._errors import Json
from ._loop import LoopBound, on_loop
from ._methods import BotMethods
from ._rules import Timing
from ._updates import UpdateQueue


@dataclass
class Residents(LoopBound):
    """Each action returns the id of its update; a chat not yet known becomes known by its first message.

    `sender` is the writing user where the chat is a group.
    """

    book: ChatBook
    queue: UpdateQueue
    bot_methods: BotMethods
    timing: Timing

    def __post_init__(self) -> None:
        self._query_numbers = count(1)

    @on_loop
    def add_user(self, user_id: int, language_code: str = "en", first_name: str = "") -> None:
        """A user who has started the bot; an empty `language_code` is left out, as some clients do."""
        name = first_name or f"Resident {user_id}"
        self.book.chats[user_id] = Chat(user_id, name, language_code)

    @on_loop
    def add_group(self, group_id: int, title: str) -> None:
        """`group_id` is below zero, as in Telegram."""
        if group_id >= 0:
            raise ValueError("the id of a group is negative")
        self.book.chats[group_id] = Chat(group_id, title)

    @on_loop
    def block(self, user_id: int, blocked: bool = True) -> int:
        """Block the bot, or unblock it."""
        chat = self.book.chat(user_id)
        chat.blocked = blocked
        member = {"user": self.book.bot, "status": "member"}
        kicked = {"user": self.book.bot, "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        change = {"chat": chat.chat_json(), "from": chat.user_json(), "date": int(time.time())}
        change |= {"old_chat_member": old, "new_chat_member": new}
        return self.queue.push("my_chat_member", change, ("member", user_id), self.timing.update_life)

    @on_loop
    def say(self, chat_id: int, text: str, sender: int | None = None) -> int:
        return self._write(chat_id, sender, {"text": text} | _command(text))

    @on_loop
    def say_many(self, messages: Iterable[tuple[int, str]]) -> list[int]:
        """Pairs of chat id and text, put into the queue at one go."""
        return [self._write(chat_id, None, {"text": text} | _command(text)) for chat_id, text in messages]

    @on_loop
    def photo(self, chat_id: int, data: bytes, caption: str = "", width: int = 800, height: int = 600) -> int:
        content: Json = {"photo": self.book.store_photo(data, width, height)}
        return self._write(chat_id, None, content | ({"caption": caption} if caption else {}))

    @on_loop
    def location(self, chat_id: int, latitude: float, longitude: float) -> int:
        return self._write(chat_id, None, {"location": {"latitude": latitude, "longitude": longitude}})

    @on_loop
    def sticker(self, chat_id: int, emoji: str = "👍") -> int:
        look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        stored = self.book.store(emoji.encode(), "stickers", "webp").json()
        return self._write(chat_id, None, {"sticker": stored | look | {"emoji": emoji}})

    @on_loop
    def voice(self, chat_id: int, duration: int = 3, data: bytes = b"OggS") -> int:
        stored = self.book.store(data, "voice", "oga").json()
        voice = stored | {"duration": duration, "mime_type": "audio/ogg"}
        return self._write(chat_id, None, {"voice": voice})

    @on_loop
    def edited(self, update_id: int, text: str) -> int:
        """The resident rewrites the message that came as `update_id`."""
        message = self.queue.get(update_id).body["message"]
        content = message | {"text": text, "edit_date": int(time.time())} | _command(text)
        lane = message["chat"]["id"]
        return self.queue.push("edited_message", content, lane, self.timing.update_life)

    @on_loop
    def press(self, chat_id: int, message_id: int, data: str, sender: int | None = None) -> int:
        """Press the button with that data; ValueError when the message shows no such button."""
        sent = self.book.sent.get(message_id)
        shown = [button.data for row in sent.buttons for button in row] if sent and not sent.deleted else []
        if sent is None or sent.chat_id != chat_id or data not in shown:
            raise ValueError(f"message {message_id} in chat {chat_id} has no such button")
        query_id, user = f"{self.book.bot['id']}{next(self._query_numbers):06}", sender or chat_id
        query = {"id": query_id, "from": self.book.chat(user).user_json(), "chat_instance": str(chat_id)}
        query |= {"message": self.book.message_json(sent), "data": data}
        self.bot_methods.open_queries[query_id] = time.monotonic() + self.timing.callback_life
        # Telegram keeps a user's presses in order among themselves, not with the messages of the chat.
        return self.queue.push("callback_query", query, ("press", user), self.timing.callback_life)

    @on_loop
    def raw_update(self, body: dict[str, Any], lane: object = None) -> int:
        """Any object at all; `update_id` is added when it has none, and a webhook gets it out of turn."""
        lane = ("raw", next(self._query_numbers)) if lane is None else lane
        return self.queue.push(None, body, lane, self.timing.update_life)

    def _write(self, chat_id: int, sender: int | None, content: Json) -> int:
        chat, writer = self.book.chat(chat_id), self.book.chat(sender or chat_id)
        if writer.id < 0:
            raise ValueError("in a group somebody must be the sender")
        message: Json = {"message_id": self.book.next_message_id(), "date": int(time.time())}
        message |= {"chat": chat.chat_json(), "from": writer.user_json()}
        return self.queue.push("message", message | content, chat_id, self.timing.update_life)


def _command(text: str) -> Json:
    """Telegram marks a leading /command as an entity, and bots look for that mark."""
    if not text.startswith("/") or len(text) < 2 or text[1].isspace():
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]}
