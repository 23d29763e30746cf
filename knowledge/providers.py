"""The translation services, by deep-translator. Called by knowledge/translation.py, each call in a thread.

deep-translator 1.11.4 mixes up the answers of an instance that two threads share, so each call has its own; it sets
no time limits, returns None when a text comes back unchanged, and hands MyMemory's complaints out as translations.
"""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

import requests
from deep_translator import GoogleTranslator, LibreTranslator, MyMemoryTranslator, google, libre, mymemory

from bot.errors import SettingError

TIME_LIMIT = 3.0  # seconds to connect, and between two pieces of an answer


class NotTranslated(Exception):
    """The service works, but has no translation of this text."""


class ServiceFailed(Exception):
    """The service says that it does not work."""


class _Instance(Protocol):
    """What we need of a deep-translator object."""

    source: str
    target: str

    def translate(self, text: str) -> object: ...


@dataclass(frozen=True)
class Provider:
    """`codes` are the languages that the service calls otherwise than BCP 47 does; `unknown` is a source that it
    has to find out. `takes` tells whether a text is short enough for it."""

    name: str
    make: Callable[[], _Instance]
    codes: Mapping[str, str]
    unknown: str
    takes: Callable[[str], bool]

    def translate(self, text: str, source: str | None, target: str) -> str:
        """Blocks. Raises NotTranslated, or whatever deep-translator and requests raise."""
        instance = self.make()
        instance.source = self._code(source) if source else self.unknown
        instance.target = self._code(target)
        try:
            answer = instance.translate(text)
        except StopIteration as error:  # how deep-translator finds that MyMemory has nothing at all
            raise NotTranslated(self.name) from error
        if not isinstance(answer, str) or not answer.strip():
            raise NotTranslated(self.name)
        if source is not None and _same(answer, text):
            raise NotTranslated(self.name)
        return html.unescape(answer) if self.name == "mymemory" else answer

    def _code(self, language: str) -> str:
        return self.codes.get(language, language)


def find_provider(name: str, url: str | None = None, key: str = "") -> Provider:
    """Raises SettingError."""
    match name:
        case "libretranslate":
            return _libretranslate(url, key)
        case "google":
            return Provider(name, lambda: _google(url), GOOGLE, "auto", _fits_google)
        case "mymemory":
            return Provider(name, lambda: _mymemory(url or MYMEMORY_URL), MYMEMORY, "Autodetect", _fits_mymemory)
    raise SettingError(f"ALLEY_TRANSLATORS names {name!r}; known are libretranslate, google and mymemory")


MYMEMORY_URL = "https://api.mymemory.translated.net/get"  # deep-translator's own is without TLS
GOOGLE = {"zh": "zh-CN", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "he": "iw", "fil": "tl", "jv": "jw"}
LIBRETRANSLATE = {"zh-Hans": "zh", "zh-Hant": "zt"}
MYMEMORY = {
    "ar": "ar-SA", "bn": "bn-IN", "de": "de-DE", "en": "en-GB", "es": "es-ES", "fa": "fa-IR", "fr": "fr-FR",
    "he": "he-IL", "hi": "hi-IN", "id": "id-ID", "it": "it-IT", "ja": "ja-JP", "ko": "ko-KR", "nl": "nl-NL",
    "pl": "pl-PL", "pt": "pt-PT", "ru": "ru-RU", "th": "th-TH", "tr": "tr-TR", "uk": "uk-UA", "ur": "ur-PK",
    "vi": "vi-VN", "zh": "zh-CN", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW",
}  # fmt: skip


def _libretranslate(url: str | None, key: str) -> Provider:
    if not url:
        raise SettingError("ALLEY_TRANSLATORS names libretranslate, but ALLEY_LIBRETRANSLATE_URL is not set")

    def make() -> _Instance:
        instance = LibreTranslator("en", "es", api_key=key or "none", custom_url=url.rstrip("/") + "/")
        instance.api_key = key  # deep-translator demands one; most servers of one's own have none
        return instance  # type: ignore[no-any-return]

    return Provider("libretranslate", make, LIBRETRANSLATE, "auto", lambda text: len(text) <= 5000)


def _google(url: str | None) -> _Instance:
    instance = GoogleTranslator()
    if url:
        instance._base_url = url
    return instance  # type: ignore[no-any-return]


def _mymemory(url: str) -> _Instance:
    instance = MyMemoryTranslator("en-GB", "fr-FR")
    instance._base_url = url
    return instance  # type: ignore[no-any-return]


def _fits_google(text: str) -> bool:
    """Below deep-translator's limit, and Google's for the address, which the text is a part of."""
    return len(text) < 5000 and len(quote(text)) <= 12_000


def _fits_mymemory(text: str) -> bool:
    """MyMemory's limit is 500 bytes. Source: https://mymemory.translated.net/doc/spec.php"""
    return len(text.encode()) < 500


def _same(answer: str, text: str) -> bool:
    return "".join(answer.split()).casefold() == "".join(text.split()).casefold()


class _Requests:
    """Stands where deep-translator's modules have `requests`, and sets the time limits that they do not.

    A session for each call, as `requests.get` has: sessions are not safe between threads.
    """

    def get(self, url: str, params: Mapping[str, str], proxies: Mapping[str, str] | None = None) -> requests.Response:
        return requests.get(url, params=params, proxies=dict(proxies or {}), timeout=TIME_LIMIT)

    def post(self, url: str, params: Mapping[str, str]) -> requests.Response:
        """In the body, where deep-translator puts the text into the address, and so into every access log."""
        return requests.post(url, data=params, timeout=TIME_LIMIT)


class _MyMemoryRequests(_Requests):
    def get(self, url: str, params: Mapping[str, str], proxies: Mapping[str, str] | None = None) -> requests.Response:
        """MyMemory answers 200 when the day's quota is used up, and says so where the translation should be."""
        response = super().get(url, params, proxies)
        if response.ok and str(response.json().get("responseStatus")) != "200":
            raise ServiceFailed("mymemory")
        return response


google.requests = libre.requests = _Requests()
mymemory.requests = _MyMemoryRequests()
