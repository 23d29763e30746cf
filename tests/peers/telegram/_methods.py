"""The Bot API methods that write to residents; `_http` calls them by name through `call`.

Descriptions of errors are those of Telegram's server, which bots compare by their words.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from ._chats import Chat, ChatBook, Sent
from ._errors import ApiError, Json, bad_request
from ._html import parse_html, utf16_length
from ._params import Params
from ._rules import FloodControl

TEXT_LIMIT, CAPTION_LIMIT, DATA_LIMIT = 4096, 1024, 64
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_QUERY_INVALID = "query is too old and response timeout expired or query ID is invalid"
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_CHAT_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


class BotMethods:
    """`open_queries`: callback queries that may still be answered, and until when (monotonic)."""

    def __init__(self, book: ChatBook, flood: FloodControl) -> None:
        self._book = book
        self._flood = flood
        self.open_queries: dict[str, float] = {}
        self.settings: dict[str, Any] = {}
        self.methods: dict[str, Callable[[Params], object]] = {
            "getme": self._get_me,
            "sendmessage": self._send_message,
            "sendphoto": self._send_photo,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete,
            "sendchataction": self._chat_action,
            "answercallbackquery": self._answer_callback,
            "getfile": self._get_file,
            "setmycommands": self._set_commands,
            "setmydescription": self._set_description,
        }

    def _get_me(self, params: Params) -> Json:
        abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return self._book.bot | dict.fromkeys(abilities, False)

    def _send_message(self, params: Params) -> Json:
        text, entities = _formatted(params, "text", TEXT_LIMIT)
        if not text:
            raise bad_request("message text is empty")
        return self._send("sendMessage", params, text, entities)

    def _send_photo(self, params: Params) -> Json:
        caption, entities = _formatted(params, "caption", CAPTION_LIMIT)
        data, stored = params.file("photo"), self._book.files.get(params.text("photo"))
        if data is None and stored is None:
            wrong = "wrong file identifier/HTTP URL specified"
            raise bad_request(wrong if params.text("photo") else "there is no photo in the request")
        photo = data if data is not None else stored.data if stored else b""
        return self._send("sendPhoto", params, caption, entities, photo)

    def _send(self, method: str, params: Params, text: str, entities: list[Json], photo: bytes | None = None) -> Json:
        markup = _reply_markup(params)
        chat = self._book.writable(params.text("chat_id"))
        self._flood.admit(chat.id)
        sizes = [] if photo is None else self._book.store_photo(photo, 800, 600)
        message_id = self._book.next_message_id()
        sent = Sent(chat.id, message_id, method, text, entities, markup, photo, sizes)
        return self._book.message_json(self._book.add(sent))

    def _edit_text(self, params: Params) -> Json:
        _, sent = self._message(params, "message to edit not found")
        text, entities = _formatted(params, "text", TEXT_LIMIT)
        if not text:
            raise bad_request("message text is empty")
        if sent.photo_json:
            raise bad_request("there is no text in the message to edit")
        return self._edit(sent, text, entities, _inline_markup(params))

    def _edit_markup(self, params: Params) -> Json:
        _, sent = self._message(params, "message to edit not found")
        return self._edit(sent, sent.text, sent.entities, _inline_markup(params))

    def _edit(self, sent: Sent, text: str, entities: list[Json], markup: Json | None) -> Json:
        before = sent.text, sent.entities, (sent.markup or {}).get("inline_keyboard")
        if before == (text, entities, (markup or {}).get("inline_keyboard")):
            raise bad_request(_NOT_MODIFIED)
        if text != sent.text:
            sent.edits.append(sent.text)
        sent.text, sent.entities, sent.markup, sent.edited_at = text, entities, markup, time.time()
        return self._book.message_json(sent)

    def _delete(self, params: Params) -> bool:
        _, sent = self._message(params, "message to delete not found")
        sent.deleted = True
        return True

    def _message(self, params: Params, missing: str) -> tuple[Chat, Sent]:
        chat = self._book.writable(params.text("chat_id"))
        return chat, self._book.find(chat, params.integer("message_id", 0, 0, 2**31), missing)

    def _chat_action(self, params: Params) -> bool:
        self._book.writable(params.text("chat_id"))
        if params.text("action") not in _CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True

    def _answer_callback(self, params: Params) -> bool:
        until = self.open_queries.get(params.text("callback_query_id"), 0.0)
        if until < time.monotonic():
            raise bad_request(_QUERY_INVALID)
        if len(params.text("text")) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        return True

    def _get_file(self, params: Params) -> Json:
        stored = self._book.files.get(params.text("file_id"))
        if stored is None:
            raise bad_request("invalid file_id")
        return stored.json() | {"file_path": stored.path}

    def _set_commands(self, params: Params) -> bool:
        commands = params.json("commands")
        if not isinstance(commands, list):
            raise bad_request("can't parse commands JSON object")
        for command in commands:
            name = command.get("command", "").removeprefix("/")
            if not _COMMAND.fullmatch(name):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command.get("description", "")) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.settings[f"commands:{params.text('language_code')}"] = commands
        return True

    def _set_description(self, params: Params) -> bool:
        if len(params.text("description")) > 512:
            raise bad_request("BOT_DESCRIPTION_TOO_LONG")
        self.settings[f"description:{params.text('language_code')}"] = params.text("description")
        return True


def _formatted(params: Params, name: str, limit: int) -> tuple[str, list[Json]]:
    """The text and entities after parse_mode; ApiError 400 when it cannot be parsed or is too long."""
    source, mode = params.text(name), params.text("parse_mode").lower()
    if mode not in ("", "none", "html"):  # Markdown is not spoken here: better refused than passed unseen
        raise bad_request("unsupported parse_mode")
    kind = "entities" if name == "text" else "caption_entities"
    text, entities = parse_html(source) if mode == "html" else (source, params.json(kind) or [])
    text = text.rstrip()
    if utf16_length(text) > limit:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    return text, entities


def _reply_markup(params: Params) -> Json | None:
    markup = params.json("reply_markup")
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for row in markup.get("inline_keyboard", []):
        for button in row:
            _check_button(button)
    return markup


def _inline_markup(params: Params) -> Json | None:
    markup = _reply_markup(params)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _check_button(button: Json) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    actions = button.keys() - {"text", "style", "icon_custom_emoji_id"}
    if not actions:
        unallowed = "Text buttons are unallowed in the inline keyboard"
        raise bad_request(f"can't parse inline keyboard button: {unallowed}")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")


def method_not_found() -> ApiError:
    return ApiError(404, "Not Found: method not found")
