"""Official terms in every language (knowledge/glossary/<language>.yaml): a translator must not invent its own.

A file maps a term's id to its forms: the official one first, as it is said of one thing, then others that a text may
have it in. Called by knowledge/translation.py.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, RootModel, StringConstraints

from knowledge import content
from knowledge.centre import Centre
from knowledge.languages import nearest
from knowledge.masking import Span

FOLDER = Path(__file__).parent / "glossary"
OF_CENTRE = "centre_name"
# These are written without spaces, so that a term may begin and end anywhere.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ARABIC_PREFIXES = "وفبكل"  # "and", "so", "by", "as", "for", which Arabic writes together with the word

type Forms = Annotated[
    tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)], ...], Field(min_length=1)
]


class _File(RootModel[dict[str, Forms]]):
    model_config = ConfigDict(frozen=True)


class Glossary:
    """`version` changes with every word in it, because translations made with other words are others."""

    def __init__(self, terms: Mapping[str, Mapping[str, Forms]]) -> None:
        """`terms` by language and id."""
        self.terms = terms
        self._pattern = cache(lambda language: _pattern(self.terms[language]))  # at its first use: most never are
        self._ids = {
            language: {form.casefold(): name for name, forms in by_id.items() for form in forms}
            for language, by_id in terms.items()
        }
        every = sorted((language, sorted(by_id.items())) for language, by_id in terms.items())
        self.version = hashlib.sha256(repr(every).encode()).hexdigest()[:12]

    def official(self, term: str, language: str) -> str | None:
        forms = self._of(language).get(term)
        return forms[0] if forms else None

    def named(self, text: str, language: str) -> set[str]:
        """The ids of the terms in a text."""
        return {term for _match, term in self._search(text, language)} if language in self.terms else set()

    def find(self, text: str, source: str | None, target: str) -> Iterator[Span]:
        """The terms in a text in `source` that have an official word in `target`; that is what they come back as."""
        language = nearest(source, self.terms, "") if source else ""
        for match, term in self._search(text, language) if language else ():
            official = self.official(term, target)
            if official is not None:
                yield Span(match.start(), match.end(), official)

    def _search(self, text: str, language: str) -> Iterator[tuple[re.Match[str], str]]:
        """What is found, and the id of its term."""
        for match in self._pattern(language).finditer(text):
            term = self._ids[language].get(match.group().casefold())
            if term is not None:
                yield match, term

    def _of(self, language: str) -> Mapping[str, Forms]:
        return self.terms.get(nearest(language, self.terms, ""), {})


def load_glossary(centre: Centre, folder: Path = FOLDER) -> Glossary:
    """With the centre's own name in the languages that it has one in. Raises ContentError."""
    files = {path.stem: content.read(path, _File).root for path in sorted(folder.glob("*.yaml"))}
    names = {language: {OF_CENTRE: (name,)} for language, name in centre.name.items()}
    return Glossary({language: {**files.get(language, {}), **names.get(language, {})} for language in {*files, *names}})


def _edges(form: str) -> str:
    before = "" if _UNSPACED.match(form[0]) else rf"(?:(?<!\w)|(?<=(?<!\w)[{_ARABIC_PREFIXES}]))"
    after = "" if _UNSPACED.match(form[-1]) else r"(?!\w)"
    return f"{before}{re.escape(form)}{after}"


def _pattern(forms: Mapping[str, Forms]) -> re.Pattern[str]:
    """The longest first: "work and residence permit" is no residence permit."""
    longest = sorted({form for several in forms.values() for form in several}, key=len, reverse=True)
    return re.compile("|".join(_edges(form) for form in longest) or r"(?!)", re.IGNORECASE)
