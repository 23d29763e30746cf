import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import SettingError, TranslationFailed
from bot.stores.database import Database
from knowledge import provider_line, translation
from knowledge.glossary import Glossary
from knowledge.models import TranslationRow
from knowledge.translation import NOBODY, TranslatorChain
from knowledge.translation_memory import DatabaseMemory, Session, Translation
from tests.peers.translators import Mood, Service, service, translated

ROOT = translation.__file__.rsplit("/", 2)[0]


@pytest.fixture
def peer() -> Iterator[Service]:
    with service() as peer:
        yield peer


@pytest.fixture
def broken() -> Iterator[Service]:
    with service() as peer:
        yield peer


def addresses(**peers: Service) -> dict[str, str]:
    return {name: peer.urls[name] for name, peer in peers.items()}


async def test_a_translation(peer: Service) -> None:
    chain = TranslatorChain(["google"], urls=peer.urls)
    assert await chain.translate("hello", "en", "zh") == Translation(translated("hello", "en", "zh-CN"), "google")


async def test_two_thousand_at_once_none_mixed_up(peer: Service) -> None:
    chain = TranslatorChain(["libretranslate"], urls=peer.urls, deadline=300)
    texts = [f"message number {number} of the test" for number in range(2000)]
    got = await asyncio.gather(*(chain.translate(text, "en", "fr") for text in texts))
    assert [translation.text for translation in got] == [translated(text, "en", "fr") for text in texts]


@pytest.mark.parametrize("name", ["google", "mymemory"])
async def test_many_at_once_by_the_others(peer: Service, name: str) -> None:
    chain = TranslatorChain([name], urls=peer.urls, deadline=300)
    texts = [f"message number {number} of the test" for number in range(200)]
    got = await asyncio.gather(*(chain.translate(text, "en", "fr") for text in texts))
    assert [" ".join(word[::-1] for word in one.text.split("|")[1].split()) for one in got] == [
        " ".join(word if not word.isdigit() else word[::-1] for word in text.split()) for text in texts
    ]


@pytest.mark.parametrize("mood", ["429", "500", "garbage", "echo", "empty", "hang", "drip"])
async def test_the_next_one_is_asked(peer: Service, broken: Service, mood: Mood) -> None:
    broken.mood = mood
    chain = TranslatorChain(["google", "libretranslate"], urls=addresses(google=broken, libretranslate=peer))
    start = time.perf_counter()
    assert (await chain.translate("hello", "en", "zh")).provider == "libretranslate"
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize("mood", ["429", "echo", "hang"])
async def test_nobody_can(broken: Service, mood: Mood) -> None:
    broken.mood = mood
    chain = TranslatorChain(["google", "mymemory"], urls=broken.urls, deadline=1)
    start = time.perf_counter()
    with pytest.raises(TranslationFailed):
        await chain.translate("hello", "en", "zh")
    assert time.perf_counter() - start < 1.5


async def test_nobody_is_there() -> None:
    with pytest.raises(TranslationFailed, match="no providers"):
        await TranslatorChain([]).translate("hello", "en", "zh")
    with pytest.raises(TranslationFailed):
        await TranslatorChain(["google"], urls={"google": "http://127.0.0.1:1/m"}).translate("hello", "en", "zh")


@pytest.mark.parametrize("mood", ["hang", "drip"])
async def test_nothing_waits_long_for_one_that_hangs(broken: Service, mood: Mood) -> None:
    """Three waves of 100 at once: the slowest answers are within 3.5 s, and hung threads do not add up."""
    broken.mood = mood
    chain = TranslatorChain(["libretranslate"], urls=broken.urls)
    took: list[float] = []

    async def one(number: int) -> None:
        start = time.perf_counter()
        with pytest.raises(TranslationFailed):
            await chain.translate(f"hello number {number}", "en", "fr")
        took.append(time.perf_counter() - start)

    for _wave in range(3):
        await asyncio.gather(*(one(number) for number in range(100)))
    took.sort()
    assert took[int(0.99 * len(took))] < 3.5
    own = [thread for thread in threading.enumerate() if thread.name.startswith("translation")]
    assert len(own) <= provider_line.AT_ONCE


async def test_one_that_hangs_does_not_hold_up_another(peer: Service, broken: Service) -> None:
    broken.mood = "hang"
    chain = TranslatorChain(["google", "libretranslate"], urls=addresses(google=broken, libretranslate=peer))
    start = time.perf_counter()
    got = await asyncio.gather(*(chain.translate(f"hello {number}", "en", "fr") for number in range(50)))
    assert {one.provider for one in got} == {"libretranslate"}
    assert time.perf_counter() - start < 3


def test_the_program_ends_while_a_call_hangs(broken: Service) -> None:
    broken.mood = "drip"
    program = (
        "import asyncio\nfrom knowledge.translation import TranslatorChain\n"
        f"chain = TranslatorChain(['google'], urls={broken.urls!r}, deadline=0.5)\n"
        "try: asyncio.run(chain.translate('hello', 'en', 'fr'))\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=10)
    assert done.stdout.strip().endswith("TranslationFailed")
    assert done.returncode == 0


async def test_a_failing_provider_rests(broken: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []
    broken.mood = "500"
    chain = TranslatorChain(["google"], urls=broken.urls, observe=lambda name, outcome: seen.append((name, outcome)))

    async def attempt() -> str:
        with pytest.raises(TranslationFailed):
            await chain.translate("hello", "en", "fr")
        return seen[-1][1]

    assert [await attempt() for _ in range(5)] == ["failed"] * 3 + ["resting"] * 2
    assert len(broken.asked) == 3
    later = time.monotonic() + provider_line.REST + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert [await attempt() for _ in range(2)] == ["failed", "resting"]
    later += provider_line.REST + 1
    broken.mood = "well"
    assert (await chain.translate("hello", "en", "fr")).provider == "google"
    assert (await chain.translate("hello", "en", "es")).provider == "google"


async def test_one_without_a_translation_does_not_rest(broken: Service) -> None:
    broken.mood = "echo"
    chain = TranslatorChain(["google"], urls=broken.urls)
    for number in range(5):
        with pytest.raises(TranslationFailed):
            await chain.translate(f"Maria {number}", "en", "fr")
    assert len(broken.asked) == 5


@pytest.mark.parametrize(
    "text", ["C-2026-000123", "42", "👍", "", "  \n", "a@b.cn", "https://a.cn/x 12", "SH-RP-2026-000001"]
)
async def test_what_is_no_words_is_not_sent(peer: Service, text: str) -> None:
    chain = TranslatorChain(["google"], urls=peer.urls)
    assert await chain.translate(text, "en", "zh") == Translation(text, NOBODY)
    assert peer.asked == []


async def test_the_same_language_is_not_sent(peer: Service) -> None:
    chain = TranslatorChain(["google"], urls=peer.urls)
    assert await chain.translate("hello", "en", "en") == Translation("hello", NOBODY)
    assert peer.asked == []


async def test_what_was_translated_is_remembered(peer: Service, database: Database) -> None:
    memory = DatabaseMemory(database.read, database.write)
    first, second = (TranslatorChain(["google"], memory, urls=peer.urls) for _ in range(2))
    made = await first.translate("hello", "en", "zh")
    await first.close()
    assert await second.translate("hello", "en", "zh") == made
    assert peer.asked == ["hello"]
    await second.translate("hello", None, "zh")
    await second.translate("hello", "en", "fr")
    await second.close()
    assert peer.asked == ["hello"] * 3


async def test_the_same_text_twice_at_once_is_remembered_once(peer: Service, database: Database) -> None:
    chain = TranslatorChain(["google"], DatabaseMemory(database.read, database.write), urls=peer.urls)
    await asyncio.gather(*(chain.translate("hello", "en", "zh") for _ in range(5)))
    await chain.close()
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(TranslationRow)) == 1


@asynccontextmanager
async def unavailable() -> AsyncIterator[AsyncSession]:
    raise OperationalError("SELECT", {}, Exception("database is locked"))
    yield


@asynccontextmanager
async def slow() -> AsyncIterator[AsyncSession]:
    await asyncio.sleep(60)
    raise AssertionError
    yield


@pytest.mark.parametrize("read", [unavailable, slow])
async def test_a_memory_that_fails_is_done_without(peer: Service, read: Session) -> None:
    chain = TranslatorChain(["google"], DatabaseMemory(read, unavailable), urls=peer.urls)
    start = time.perf_counter()
    assert (await chain.translate("hello", "en", "zh")).provider == "google"
    await chain.close()
    assert time.perf_counter() - start < 3


def test_settings_that_are_wrong() -> None:
    with pytest.raises(SettingError, match="'gogle'"):
        TranslatorChain(["gogle"])


async def test_what_is_private_is_not_sent(peer: Service) -> None:
    chain = TranslatorChain(["google"], urls=peer.urls)
    text = "Maria at building 12, room 304 lost passport E12345678"
    got = await chain.translate(text, "en", "fr", ["Maria Lopez"])
    assert peer.asked == ["XQ0Z at XQ1Z lost passport XQ2Z"]
    assert got.text == "<en>fr|Maria ta building 12, room 304 tsol tropssap E12345678"


async def test_lines_and_lists_stay(peer: Service) -> None:
    chain = TranslatorChain(["google"], urls=peer.urls)
    got = await chain.translate("Bring:\n\n- a photo\n1. the form \n12345", "en", "fr")
    assert got.text == "<en>fr|:gnirB\n\n- <en>fr|a otohp\n1. <en>fr|eht mrof \n12345"


@pytest.mark.parametrize(
    "damage",
    [
        lambda words: words.replace("XQ0Z", ""),
        lambda words: words.replace("XQ0Z", "XQ0Z XQ0Z"),
        lambda words: words.replace("XQ0Z", "XQZ"),
        lambda words: words.replace("XQ0Z", "X Q 0 Z"),
    ],
)
async def test_where_a_token_is_damaged_the_words_around_it_go_by_themselves(
    peer: Service, damage: Callable[[str], str]
) -> None:
    peer.translate = lambda text, source, target: damage(f"{text} oui")
    seen: list[str] = []
    chain = TranslatorChain(["google"], urls=peer.urls, observe=lambda _name, outcome: seen.append(outcome))
    got = await chain.translate("my case C-2026-000123 is open", "en", "fr")
    assert got.text == "my case oui C-2026-000123 is open oui"
    assert peer.asked[0] == "my case XQ0Z is open"
    assert sorted(peer.asked[1:]) == ["is open", "my case"]
    assert seen.count("damaged") == 1


async def test_a_token_where_none_was_is_no_translation(peer: Service) -> None:
    peer.translate = lambda text, source, target: f"{text} XQ7Z"
    with pytest.raises(TranslationFailed, match="where nothing was"):
        await TranslatorChain(["google"], urls=peer.urls).translate("my case C-2026-000123", "en", "fr")


async def test_official_terms_are_not_left_to_a_service(peer: Service) -> None:
    terms = {"en": {"visa": ("visa",)}, "zh": {"visa": ("签证",)}}
    chain = TranslatorChain(["google"], None, Glossary(terms), urls=peer.urls)
    assert (await chain.translate("my visa is late", "en", "zh")).text == "<en>zh-CN|ym 签证 si etal"
    assert await chain.translate("Visa!", "en", "zh") == Translation("签证!", NOBODY)
    assert peer.asked == ["my XQ0Z is late"]


async def test_a_new_glossary_asks_anew(peer: Service, database: Database) -> None:
    memory = DatabaseMemory(database.read, database.write)
    for word in ("签证", "签证卡"):
        terms = {"en": {"visa": ("visa",)}, "zh": {"visa": (word,)}}
        chain = TranslatorChain(["google"], memory, Glossary(terms), urls=peer.urls)
        assert word in (await chain.translate("my visa is late", "en", "zh")).text
        await chain.close()
    assert len(peer.asked) == 2


async def test_the_memory_holds_nothing_private(peer: Service, database: Database) -> None:
    chain = TranslatorChain(["google"], DatabaseMemory(database.read, database.write), urls=peer.urls)
    for number in range(5):
        await chain.translate(f"my passport is E1234567{number}", "en", "fr")
        await chain.close()
    assert peer.asked == ["my passport is XQ0Z"]
    async with database.read() as session:
        assert [row.text for row in await session.scalars(select(TranslationRow))] == ["<en>fr|ym tropssap si XQ0Z"]
