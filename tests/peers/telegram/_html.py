"""Telegram's HTML parse mode; `_methods` calls it on every text and caption.

The tags and the words of the errors are those of tdlib's `parse_html` (td/telegram/MessageEntity.cpp).
"""

import re
from html import unescape

from ._errors import Json, bad_request

_TAG = re.compile(r"""<(/?)([^\s>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))""")
# Telegram knows these named entities and the numeric ones; it leaves any other as it stands.
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_ENTITY_OF = {
    "a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler", "tg-emoji": "custom_emoji", "code": "code", "pre": "pre",
    "blockquote": "blockquote",
}  # fmt: skip


def utf16_length(text: str) -> int:
    """Telegram counts lengths and offsets in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text as the resident reads it, and Telegram's entities; ApiError 400 for markup it refuses."""
    text, position = "", 0
    opened: list[tuple[str, str, int]] = []  # tag, its attributes, where its text begins
    entities: list[Json] = []
    while (start := source.find("<", position)) >= 0:
        text += _dereference(source[position:start])
        at = len(source[:start].encode())
        tag = _TAG.match(source, start)
        if tag is None:
            raise _unparsable(f"Unclosed {'end' if source[start:].startswith('</') else 'start'} tag", at)
        closing, name, attributes = tag[1], tag[2].lower(), tag[3]
        if closing:
            entities += _close(opened, name, at, text)
        else:
            opened.append(_open(name, attributes, at, text))
        position = tag.end()
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return text + _dereference(source[position:]), sorted(entities, key=lambda entity: entity["offset"])


def _open(name: str, attributes: str, at: int, text: str) -> tuple[str, str, int]:
    if name not in _ENTITY_OF:
        raise _unparsable(f'Unsupported start tag "{name}"', at)
    if name == "span" and _attribute(attributes, "class") != "tg-spoiler":
        raise _unparsable('Tag "span" must have class "tg-spoiler"', at)
    return name, attributes, utf16_length(text)


def _close(opened: list[tuple[str, str, int]], name: str, at: int, text: str) -> list[Json]:
    if not opened:
        raise _unparsable("Unexpected end tag", at)
    tag, attributes, begin = opened.pop()
    if name and name != tag:  # "</>" closes whatever is open
        raise _unparsable(f'Unmatched end tag at byte offset {at}, expected "</{tag}>", found "</{name}>"')
    length = utf16_length(text) - begin
    entity: Json = {"type": _ENTITY_OF[tag], "offset": begin, "length": length}
    if tag == "a":
        entity["url"] = _attribute(attributes, "href")
    if tag == "tg-emoji":
        entity["custom_emoji_id"] = _attribute(attributes, "emoji-id")
    return [entity] if length and entity.get("url", "-") else []


def _attribute(attributes: str, wanted: str) -> str:
    for name, *values in _ATTRIBUTE.findall(attributes):
        if name.lower() == wanted:
            return _dereference("".join(values))
    return ""


def _dereference(text: str) -> str:
    return _REFERENCE.sub(lambda reference: unescape(reference[0]), text)


def _unparsable(reason: str, at: int | None = None) -> Exception:
    return bad_request(f"can't parse entities: {reason}" + ("" if at is None else f" at byte offset {at}"))
