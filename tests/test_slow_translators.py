"""Translators that hang, refuse or talk nonsense hold nobody up for long, and those who need none not at all."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from dialogues.turn import Understanding
from knowledge.models import Conversation, InboxRow
from knowledge.translation import TranslatorChain
from tests.fakes.understander import FakeUnderstander
from tests.front_desk import FrontDesk, message
from tests.peers.translators import Mood, Service, service

TURNS = 100
P99_SECONDS = 3.5
AT_ONCE = 8  # turns
QUICK_SECONDS = 5.0  # for all of them, on a machine that has other tests to run
QUESTION = "when are you open"


@pytest.fixture
def broken() -> Iterator[Service]:
    with service() as peer:
        yield peer


async def turns(desk: FrontDesk, language: str, text: str) -> list[float]:
    """A message in each of a hundred conversations in `language`, some at once; the seconds that each took."""
    for number in range(TURNS):
        await desk.open(f"{language}{number}", language=language, language_chosen=True)
    await desk.receive(*(message(text, f"{language}{number}") for number in range(TURNS)))
    took: list[float] = []
    permits = asyncio.Semaphore(AT_ONCE)

    async def handle(row: InboxRow) -> None:
        async with permits:
            start = time.perf_counter()
            await desk.engine.handle(row)
            took.append(time.perf_counter() - start)

    await asyncio.gather(*(handle(row) for row in await desk.waiting()))
    return sorted(took)


@pytest.mark.parametrize("mood", ["hang", "drip", "429", "500", "garbage", "echo", "empty"])
async def test_a_turn_that_needs_a_translation(desk: FrontDesk, broken: Service, mood: Mood) -> None:
    broken.mood = mood
    desk = desk.another(translator=TranslatorChain(["libretranslate", "google"], urls=broken.urls))
    took = await turns(desk, "sq", "përshëndetje")
    assert took[int(0.99 * TURNS)] < P99_SECONDS
    said = await desk.said((await desk.rows(Conversation))[0].id)
    assert said[0].text.startswith("That is outside what a civic centre can do")
    assert said[0].origin is None


async def test_a_question_whose_answer_is_written_waits_for_nobody(desk: FrontDesk, broken: Service) -> None:
    broken.mood = "hang"
    understander = FakeUnderstander({QUESTION: Understanding(intent="faq/opening_hours", confidence=0.99)})
    chain = TranslatorChain(["libretranslate"], urls=broken.urls)
    desk = desk.another(translator=chain, understander=understander)
    start = time.perf_counter()
    await turns(desk, "en", QUESTION)
    assert time.perf_counter() - start < QUICK_SECONDS
    assert broken.asked == []
    assert (await desk.said((await desk.rows(Conversation))[0].id))[0].text.startswith("**Opening hours**")
