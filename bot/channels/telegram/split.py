"""Cuts a long text in Telegram's HTML into pieces that Telegram takes. Called by channel.py.

Where: between paragraphs, else lines, else sentences, else words; never inside a tag, an entity or a character. What
is bold at a cut is closed before it and opened again after it.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

LIMIT = 4096  # UTF-16 code units; source: https://core.telegram.org/bots/api#sendmessage
FULL_ENOUGH = 3  # a piece has at least this part of what fits, or the next finer kind of cut is taken

_TAG = re.compile(r"<[^<>]*>")
_ATOM = re.compile(r"<[^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);|.", re.DOTALL)
_OPENING, _CLOSING = "\x02", "\x03"  # one sign for each tag in what the patterns below look at
_AFTER_END = rf"""[{_CLOSING}"'”’»)\]]*"""
_CUTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\n[ \t]*\n\s*",
        r"\n\s*",
        rf"[.!?…]{_AFTER_END}\s+|[。！？؟।॥۔]{_AFTER_END}[」』）]*\s*",
        r"[\s\u200b]+",
    )
)
_ZERO_WIDTH_JOINER = "\u200d"


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Pieces of at most `limit` UTF-16 code units, tags counted and balanced; none for a text without words."""
    atoms = _ATOM.findall(text)
    signs = "".join(_sign(atom) for atom in atoms)
    pieces: list[str] = []
    opened: tuple[str, ...] = ()
    start = 0
    while start < len(atoms):
        end = _cut(signs, start, _furthest(atoms, start, opened, limit))
        body = "".join(atoms[start:end]).strip()
        still_open = _open_after(opened, atoms[start:end])
        if to_plain(body):
            pieces.append("".join(opened) + body + _closing(still_open))
        opened, start = still_open, end
    return pieces


def to_plain(text: str) -> str:
    """The words that a resident sees."""
    return html.unescape(_TAG.sub("", text)).strip()


def utf16_length(text: str) -> int:
    return len(text) + sum(sign > "\uffff" for sign in text)


def _sign(atom: str) -> str:
    if len(atom) == 1:
        return atom
    if atom.startswith("<"):
        return _CLOSING if atom.startswith("</") else _OPENING
    meant = html.unescape(atom)
    return meant if len(meant) == 1 else "&"


def _furthest(atoms: Sequence[str], start: int, opened: tuple[str, ...], limit: int) -> int:
    """The end of the longest piece from `start` that fits, with its tags."""
    length = utf16_length("".join(opened) + _closing(opened))
    for end in range(start, len(atoms)):
        atom = atoms[end]
        if atom.startswith("</"):  # was counted when its tag was opened
            continue
        length += utf16_length(atom) + (utf16_length(_closing((atom,))) if _TAG.fullmatch(atom) else 0)
        if length > limit:
            return max(end, start + 1)
    return len(atoms)


def _cut(signs: str, start: int, end: int) -> int:
    if end == len(signs):
        return end
    for cut in _CUTS:
        ends = [found.end() for found in takewhile(lambda found: found.end() <= end, cut.finditer(signs, start))]
        if ends and (ends[-1] - start) * FULL_ENOUGH >= end - start:
            return ends[-1]
    whole = end
    while whole > start + 1 and _is_joined(signs, whole):
        whole -= 1
    return whole if whole > start + 1 else end


def _is_joined(signs: str, place: int) -> bool:
    """Whether the signs before and after a place make one character for the eye."""
    return (
        unicodedata.category(signs[place]).startswith("M")
        or _ZERO_WIDTH_JOINER in signs[place - 1 : place + 1]
        or "\U0001f3fb" <= signs[place] <= "\U0001f3ff"  # the colours of skin
    )


def _open_after(opened: tuple[str, ...], atoms: Sequence[str]) -> tuple[str, ...]:
    stack = list(opened)
    for atom in atoms:
        if atom.startswith("</"):
            stack.pop()
        elif _TAG.fullmatch(atom):
            stack.append(atom)
    return tuple(stack)


def _closing(opened: Sequence[str]) -> str:
    return "".join(f"</{tag[1:-1].split()[0]}>" for tag in reversed(opened))
