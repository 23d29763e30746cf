from collections.abc import Iterator

import pytest
import requests
from deep_translator.exceptions import RequestError, ServerException, TooManyRequests, TranslationNotFound

from bot.errors import SettingError
from knowledge import providers
from knowledge.providers import NotTranslated, Provider, find_provider
from tests.peers.translators import Mood, Service, service, translated

NAMES = ("libretranslate", "google", "mymemory")
CODES = {
    "libretranslate": {"en": "en", "zh": "zh", "zh-Hant": "zt", "he": "he", "nl": "nl"},
    "google": {"en": "en", "zh": "zh-CN", "zh-Hant": "zh-TW", "he": "iw", "nl": "nl"},
    "mymemory": {"en": "en-GB", "zh": "zh-CN", "zh-Hant": "zh-TW", "he": "he-IL", "nl": "nl-NL"},
}
FAILURES = (TooManyRequests, RequestError, ServerException, TranslationNotFound, requests.JSONDecodeError)


@pytest.fixture
def peer() -> Iterator[Service]:
    with service() as peer:
        yield peer


@pytest.fixture(params=NAMES)
def provider(peer: Service, request: pytest.FixtureRequest) -> Provider:
    return find_provider(request.param, peer.urls[request.param])


@pytest.mark.parametrize(("source", "target"), [("en", "zh"), ("zh", "en"), ("zh-Hant", "he"), ("nl", "zh-Hant")])
def test_languages_have_the_services_own_codes(provider: Provider, source: str, target: str) -> None:
    codes = CODES[provider.name]
    assert provider.translate("hello", source, target) == translated("hello", codes[source], codes[target])


def test_an_unknown_source_is_left_to_the_service(provider: Provider) -> None:
    assert provider.translate("hello", None, "zh").startswith(("<auto>", "<Autodetect>"))


@pytest.mark.parametrize("text", ["你好，世界！", "a & b < c", "line one\nline two", "100% + 50%?", "مرحبا"])
def test_every_sign_arrives(provider: Provider, peer: Service, text: str) -> None:
    provider.translate(text, "en", "zh")
    assert peer.asked == [text]


@pytest.mark.parametrize("mood", ["echo", "empty"])
def test_no_translation(provider: Provider, peer: Service, mood: Mood) -> None:
    peer.mood = mood
    with pytest.raises(NotTranslated):
        provider.translate("hello", "en", "zh")


@pytest.mark.parametrize("mood", ["429", "500", "garbage"])
def test_failures_raise(provider: Provider, peer: Service, mood: Mood) -> None:
    peer.mood = mood
    with pytest.raises(FAILURES):
        provider.translate("hello", "en", "zh")


def test_a_service_that_hangs_is_left(provider: Provider, peer: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "TIME_LIMIT", 0.3)
    peer.mood = "hang"
    with pytest.raises(requests.Timeout):
        provider.translate("hello", "en", "zh")


def test_mymemorys_quota_is_no_translation(peer: Service) -> None:
    peer.mood = "quota"
    mymemory = find_provider("mymemory", peer.urls["mymemory"])
    with pytest.raises(providers.ServiceFailed):
        mymemory.translate("hello", "en", "zh")


def test_residents_words_stay_out_of_the_address(peer: Service) -> None:
    find_provider("libretranslate", peer.url).translate("my secret", "en", "zh")
    assert peer.paths == ["/translate"]


@pytest.mark.parametrize(
    ("name", "text", "takes"),
    [("google", "x" * 4999, True), ("google", "x" * 5000, False), ("google", "中" * 1300, True),
     ("google", "中" * 1400, False), ("mymemory", "x" * 499, True), ("mymemory", "中" * 167, False),
     ("libretranslate", "中" * 5000, True), ("libretranslate", "x" * 5001, False)],
)  # fmt: skip
def test_lengths(name: str, text: str, takes: bool) -> None:
    assert find_provider(name, "http://127.0.0.1:1").takes(text) is takes


def test_settings_that_are_wrong() -> None:
    with pytest.raises(SettingError, match="'deepl'"):
        find_provider("deepl")
    with pytest.raises(SettingError, match="ALLEY_LIBRETRANSLATE_URL"):
        find_provider("libretranslate")
