r"""The light markup of Alley's texts, and what each channel makes of it.

`**bold**` within a line, with no space beside the inner asterisks; lines beginning with `- ` are a list; a line end
is a line end, an empty line begins a paragraph; http(s) addresses are links. A backslash before `*`, `-` or `\` shows
that sign as it is; `escape` puts it before each that would mean something, so that what a resident or a member of
staff typed is shown as typed.
Called by the channels, and by knowledge/texts.py and knowledge/answers.py for `escape`.
"""

import html
import re
from collections.abc import Iterator
from typing import Literal

from markupsafe import Markup

type Kind = Literal["text", "bold", "link"]

_SPECIAL = re.compile(r"[\\*]|^-(?= |$)", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\*-])")
_SIGN = r"\\[\\*-]"
_INLINE = re.compile(
    rf"\*\*(?P<bold>(?=\S)(?:{_SIGN}|(?!\*\*)[^\n])+?)(?<=\S)\*\*(?!\*)"
    rf"|(?P<link>https?://(?=[0-9A-Za-z\[])(?:{_SIGN}|[!#-)+-;=?-\[\]-~])+)"  # printable ASCII but for " * < > \
    rf"|{_SIGN}"
)
_AFTER_LINK = ".,;:!?)]}'"  # ends the sentence, not the address


def escape(text: str) -> str:
    """Marks up a plain text so that it shows as typed."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def to_plain(text: str) -> str:
    """Without markup, for a terminal, a log of a chat, or a page that escapes by itself. Lists keep their `- `."""
    return "".join(_unescaped(words) for _kind, words in _inline(text))


def to_html(text: str) -> Markup:
    """For a web page: `p`, `br`, `ul`, `li`, `strong` and `a` are the only tags, everything else is escaped."""
    blocks = (_block(block) for block in re.split(r"\n{2,}", text.strip("\n")) if block)
    return Markup("".join(blocks))  # noqa: S704  every word in it went through html.escape


def to_telegram(text: str) -> str:
    """Telegram's HTML parse mode: `b` is the only tag, `&`, `<` and `>` are escaped. Telegram finds links itself.

    Source: https://core.telegram.org/bots/api#html-style
    """
    lines = ("• " + line[2:] if line.startswith("- ") else line for line in text.split("\n"))
    return "".join(
        f"<b>{_shown(words)}</b>" if kind == "bold" else _shown(words) for kind, words in _inline("\n".join(lines))
    )


def _inline(text: str) -> Iterator[tuple[Kind, str]]:
    """The pieces of a text in order; their words still carry backslashes."""
    end = 0
    for match in _INLINE.finditer(text):
        link = match["link"]
        if match["bold"] is None and link is None:
            continue  # an escaped sign is a part of the words around it
        yield "text", text[end : match.start()]
        if link is None:
            yield "bold", match["bold"]
            end = match.end()
        else:
            link = link.rstrip(_AFTER_LINK)
            yield "link", link
            end = match.start() + len(link)
    yield "text", text[end:]


def _block(block: str) -> str:
    """A paragraph, or the list and the lines around it that stand together."""
    parts: list[tuple[bool, list[str]]] = []
    for line in block.split("\n"):
        is_item = line.startswith("- ")
        if not parts or parts[-1][0] != is_item:
            parts.append((is_item, []))
        parts[-1][1].append(line[2:] if is_item else line)
    return "".join(_list(lines) if is_list else _paragraph(lines) for is_list, lines in parts)


def _list(lines: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{_line(line)}</li>' for line in lines)}</ul>"


def _paragraph(lines: list[str]) -> str:
    return f"<p>{'<br>'.join(_line(line) for line in lines)}</p>"


def _line(line: str) -> str:
    return "".join(f"<strong>{_linked(words)}</strong>" if kind == "bold" else _linked(words)
                   for kind, words in _inline(line))  # fmt: skip


def _linked(words: str) -> str:
    """Links stand in bold words too."""
    return "".join(
        f'<a href="{_shown(piece)}" target="_blank" rel="noopener noreferrer nofollow">{_shown(piece)}</a>'
        if kind == "link"
        else _shown(piece)
        for kind, piece in _inline(words)
    )


def _shown(words: str) -> str:
    return html.escape(_unescaped(words), quote=True)


def _unescaped(words: str) -> str:
    return _ESCAPED.sub(r"\1", words)
