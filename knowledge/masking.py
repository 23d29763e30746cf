"""Hides what must not leave the machine, or must not be changed, before a text is translated. Called by translation.py.

Numbers and codes of every kind, dates, telephone numbers, addresses, e-mail, names that the conversation knows, web
addresses, placeholders, markup and official terms become tokens such as `XQ3Z`, which translation services copy as
they copy any code. Rather too much than too little: whatever has a digit in it is hidden.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlu.entities import find_candidates

# The asterisk is Apertium's, for a word that it does not know
TOKEN = re.compile(
    r"(?P<before>\s*)\*?(?<![A-Za-z0-9])XQ ?(?P<number>\d+) ?Z(?![A-Za-z0-9])(?P<after>\s*)", re.IGNORECASE
)
_MARKUP = "*\\"
SHORTEST_NAME = 2  # letters
_HAN = r"\u3400-\u9fff"
_FIXED = re.compile(
    rf"""
    [a-z][a-z0-9+.-]*://\S+ | \bwww\.\S+                              # addresses of the web
    | [A-Za-z0-9._%+-]+@[A-Za-z0-9.-]*[A-Za-z0-9] | (?<!\w)@\w+      # e-mail, names of accounts
    | \{{\w+\}} | \*\*? | \\[\\*-]                                    # placeholders, light markup
    | (?:\b[A-Z][\w'’-]*\s+){{1,3}}(?:Road|Rd|Street|St|Lane|Avenue|Ave)\b\.?    # streets of Shanghai
    | [{_HAN}]{{2,3}}(?:路|街|弄|巷|新村|小区|大厦)
    | (?:[A-Za-z]{{0,6}}[-./:+#(]?)?\d(?:[\dA-Za-z.:/+,-]*[\dA-Za-z])?[弄号]?  # whatever has a digit in it
    """,
    re.VERBOSE,
)

_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Span:
    """text[start:end] is hidden, and comes back as `shown`."""

    start: int
    end: int
    shown: str


type FindTerms = Callable[[str], Iterable[Span]]


@dataclass(frozen=True)
class Masked:
    """`pieces` are what may be translated: the words before, between and after the `hidden` ones, one more of them."""

    pieces: tuple[str, ...]
    hidden: tuple[str, ...]

    @property
    def text(self) -> str:
        """Tokens stand apart from words: glued to one, they would be a part of it."""
        made = self.pieces[0]
        for number, piece in enumerate(self.pieces[1:]):
            before, after = " " * _ends_in_word(made), " " * _begins_with_word(piece)
            made += f"{before}XQ{number}Z{after}{piece}"
        return made

    def restore(self, translated: str) -> str | None:
        """The translation with what was hidden in it; None when a token is missing, damaged or there twice."""
        found = sorted(int(match["number"]) for match in TOKEN.finditer(translated))
        if found != list(range(len(self.hidden))):
            return None
        return TOKEN.sub(self._unhide, translated)

    def join(self, pieces: Sequence[str]) -> str:
        """What was hidden, with other pieces around it."""
        return "".join(part for pair in zip(pieces, [*self.hidden, ""], strict=True) for part in pair)

    def _unhide(self, match: re.Match[str]) -> str:
        """Markup stands at its word again. Other words keep the space that the translator's language has there."""
        number = int(match["number"])
        hidden = self.hidden[number]
        was_glued_before = _ends_in_word(self.pieces[number]) and hidden[0] in _MARKUP
        was_glued_after = _begins_with_word(self.pieces[number + 1]) and hidden[-1] in _MARKUP
        before = "" if was_glued_before else match["before"]
        after = "" if was_glued_after else match["after"]
        return f"{before}{hidden}{after}"


def _ends_in_word(text: str) -> bool:
    return text[-1:].isalnum()


def _begins_with_word(text: str) -> bool:
    return text[:1].isalnum()


def mask(text: str, names: Collection[str] = (), find_terms: FindTerms = lambda text: ()) -> Masked:
    """`find_terms` finds what is to be said in official words; what is private goes before it."""
    spans = [*_find_private(text), *_find_names(text, names)]
    taken = _merge(text, spans)
    terms = [term for term in find_terms(text) if not any(_overlap(term, other) for other in taken)]
    pieces, hidden, end = [], [], 0
    for span in sorted([*taken, *terms], key=lambda span: span.start):
        pieces.append(text[end : span.start])
        hidden.append(span.shown)
        end = span.end
    return Masked((*pieces, text[end:]), tuple(hidden))


def _find_private(text: str) -> Iterator[Span]:
    for entity in find_candidates(text):
        yield Span(entity.start, entity.end, "")
    for match in _FIXED.finditer(text):
        yield Span(match.start(), match.end(), "")


def _find_names(text: str, names: Collection[str]) -> Iterator[Span]:
    """A name and its parts, however they are written in capitals."""
    parts = {part for name in names for part in (name, *name.split()) if len(part) >= SHORTEST_NAME}
    for part in parts:
        edge = r"(?<!\w){}(?!\w)" if part[0].isascii() else "{}"
        for match in re.finditer(edge.format(re.escape(part)), text, re.IGNORECASE):
            yield Span(match.start(), match.end(), "")


def _merge(text: str, spans: Iterable[Span]) -> list[Span]:
    """Those that overlap, or have no word between them, become one: the fewer tokens, the fewer get lost."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and not _WORD.search(text, merged[-1].end, span.start):
            span = Span(merged[-1].start, max(span.end, merged.pop().end), "")
        merged.append(span)
    return [Span(span.start, span.end, text[span.start : span.end]) for span in merged]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
