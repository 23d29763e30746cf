"""Updates as Telegram sends them, and what becomes of them in bad hands; used by test_mutated_updates.py."""

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

type Tree = dict[str, Any] | list[Any]

FILE = {"file_id": "photos-0-0123456789abcdef01234567", "file_unique_id": "0123456789abcdef", "file_size": 1000}
ANSWERED = {"message_id": 5, "date": 1_795_000_000, "chat": {"id": 1, "type": "private"}, "text": "What happened?"}
CONTENTS: list[dict[str, Any]] = [
    {"text": "the lamp in our stairwell is broken"},
    {"text": "ゴミはいつ出せますか", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
    {"text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]},
    {"text": "yes", "reply_to_message": ANSWERED},
    {"photo": [FILE | {"width": 90, "height": 68}, FILE | {"width": 800, "height": 600}], "caption": "here"},
    {"location": {"latitude": 31.19876, "longitude": 121.40123, "horizontal_accuracy": 12.5}},
    {"venue": {"location": {"latitude": 31.2, "longitude": 121.4}, "title": "Gate 3", "address": "Lane 12"}},
    {"sticker": FILE | {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}},
    {"voice": FILE | {"duration": 3, "mime_type": "audio/ogg"}},
    {"document": FILE | {"file_name": "lease.pdf", "mime_type": "application/pdf"}},
    {"contact": {"phone_number": "000", "first_name": "Nobody"}},
    {"new_chat_members": [{"id": 4, "is_bot": False, "first_name": "Dora"}]},
]
SIGNS = ("", "\0", "a\0b", "\ud800", "\udfff!", "\u202e", "x" * 5000, "💥" * 3000, "-1", "null", "{}", "__proto__")
NUMBERS = (0, -1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**200, 10**400, 0.5, 1e308, float("nan"), float("inf"))
JUNK: tuple[Any, ...] = (None, True, False, *SIGNS, *NUMBERS, [], {}, [[]], {"": None}, [None] * 50, {"id": {"id": []}})


def updates(random: Random, chats: range) -> Iterator[dict[str, Any]]:
    """Well-formed ones for ever, with ids from 1, of every kind that residents cause."""
    number = 0
    while True:
        number += 1
        chat = {"id": random.choice(chats), "type": "private", "first_name": "Anna"}
        sender = {"id": chat["id"], "is_bot": False, "first_name": "Anna", "language_code": "en"}
        message = {"message_id": number, "date": 1_795_000_000, "chat": chat, "from": sender}
        message |= copy.deepcopy(random.choice(CONTENTS))
        kind = random.choice(("message", "message", "message", "edited_message", "callback_query"))
        if kind == "callback_query":
            shown = ANSWERED | {"chat": chat, "from": {"id": 1000000001, "is_bot": True, "first_name": "Alley"}}
            query = {"id": str(number), "from": sender, "chat_instance": "1", "message": shown, "data": "go:help"}
            yield {"update_id": number, "callback_query": query}
        else:
            yield {"update_id": number, kind: message}


def mutated(update: dict[str, Any], random: Random) -> bytes:
    """One to four changes within the update, or one to its bytes."""
    tree = copy.deepcopy(update)
    for _ in range(random.randint(1, 4)):
        _change(tree, random)
    body = json.dumps(tree).encode()
    return random.choice(BYTES)(body, random) if random.random() < 0.08 else body


def _change(tree: dict[str, Any], random: Random) -> None:
    holder, key = random.choice(list(_places(tree)))
    match random.randrange(6):
        case 0:
            del holder[key]
        case 1:
            holder[key] = _other_type(holder[key])
        case 2:
            holder[key] = _nested(holder[key], random.choice((1, 3, 60)))
        case 3:
            holder[key] = copy.deepcopy(random.choice([holder[key] for holder, key in _places(tree)]))
        case _:
            holder[key] = copy.deepcopy(random.choice(JUNK))


def _places(tree: Tree) -> Iterator[tuple[Any, Any]]:
    """Every place in the tree: what holds it, and under which key. At least one, so that there is a choice."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in list(inside):
        yield tree, key
        if isinstance(value, dict | list):
            yield from _places(value)
    if not tree and isinstance(tree, dict):
        tree["update_id"] = 0
        yield tree, "update_id"


def _other_type(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, str):
        return len(value)
    return list(value) if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else ""


def _nested(value: Any, times: int) -> Any:
    for _ in range(times):
        value = [value]
    return value


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randrange(len(body))]


def _spoilt(body: bytes, random: Random) -> bytes:
    at = random.randrange(len(body))
    return body[:at] + random.randbytes(3) + body[at:]


BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _cut,
    _spoilt,
    lambda body, random: b"[" + body + b"]",
    lambda body, random: b"[" * 100_000 + body,
    lambda body, random: body.decode().encode("utf-16"),
    lambda body, random: b"",
)
