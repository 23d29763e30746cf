"""The languages that Alley can name (languages.yaml), and which one stands in for another."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.errors import ContentError
from knowledge import content

FILE = Path(__file__).parent / "languages.yaml"
ELSE = "en"  # every text and answer exists in it


class Language(BaseModel):
    """`code` is BCP 47, `name` the language's own name of itself, `english` its English one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    english: str
    direction: Literal["ltr", "rtl"]


class Languages:
    def __init__(self, languages: Collection[Language]) -> None:
        self._by_code = {language.code: language for language in languages}

    def __iter__(self) -> Iterator[Language]:
        return iter(self._by_code.values())

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def find(self, code: str) -> Language | None:
        """The language itself or, for a regional code that is not listed, its base."""
        found = nearest(code, self._by_code, "")
        return self._by_code.get(found)

    def endonym(self, code: str) -> str:
        found = self.find(code)
        return found.name if found else code

    def is_rtl(self, code: str) -> bool:
        found = self.find(code)
        return found is not None and found.direction == "rtl"

    def offered(self, codes: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Code and endonym of each of `codes`, in the order of the file: what a resident may choose from."""
        return tuple((language.code, language.name) for language in self if language.code in codes)


def load_languages(path: Path = FILE) -> Languages:
    """Raises ContentError."""
    languages = content.read_list(path, Language)
    codes = [language.code for language in languages]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ContentError(f"{path}: code: {', '.join(sorted(twice))} stands there more than once")
    if ELSE not in codes:
        raise ContentError(f"{path}: code: {ELSE} is missing, the language that stands in for all others")
    return Languages(languages)


def nearest(code: str, available: Collection[str], otherwise: str = ELSE) -> str:
    """`code` itself, else the same language without script or region (zh-Hant, zh), else `otherwise`."""
    parts = code.replace("_", "-").split("-")
    shorter = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((candidate for candidate in shorter if candidate in available), otherwise)
