"""Understander: an Understanding in time, or NluUnavailable; never anything else, whatever the service does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot import nlu_client
from bot.errors import NluUnavailable
from bot.nlu_client import NluClient
from bot.ports import Understander
from dialogues.turn import Entity, Understanding
from tests.fakes.understander import FakeUnderstander
from tests.peers.http import Answer, HttpPeer

PARSED = {
    "text": "C-2026-000042, the drill again",
    "intent": {"name": "faq/waste_sorting", "confidence": 0.91},
    "intent_ranking": [
        {"name": "faq/waste_sorting", "confidence": 0.91}, {"name": "report_problem", "confidence": 0.05}
    ],
    "entities": [{"entity": "case_number", "value": "C-2026-000042", "start": 0, "end": 13}],
    "language": {"name": "en", "confidence": 0.98},
    "category": {"name": "noise", "confidence": 0.7},
    "urgent": True,
}  # fmt: skip
UNDERSTOOD = Understanding(
    "faq/waste_sorting", 0.91, (("faq/waste_sorting", 0.91), ("report_problem", 0.05)),
    (Entity("case_number", "C-2026-000042"),), "en", 0.98, "noise", True,
)  # fmt: skip


@asynccontextmanager
async def asking(answer: Answer | Callable[[dict[str, Any]], Awaitable[Answer]]) -> AsyncIterator[NluClient]:
    async with HttpPeer(answer) as peer:
        client = NluClient(peer.url, "a token")
        client.peer = peer  # type: ignore[attr-defined]
        yield client
        await client.close()


@asynccontextmanager
async def fake() -> AsyncIterator[Understander]:
    yield FakeUnderstander({PARSED["text"]: UNDERSTOOD})


@asynccontextmanager
async def real() -> AsyncIterator[Understander]:
    async with asking(Answer(json=PARSED)) as client:
        yield client


@asynccontextmanager
async def fake_down() -> AsyncIterator[Understander]:
    understander = FakeUnderstander()
    understander.down = True
    yield understander


@asynccontextmanager
async def real_down() -> AsyncIterator[Understander]:
    client = NluClient("http://127.0.0.1:9", "a token")
    yield client
    await client.close()


@pytest.mark.parametrize("made", [fake, real])
async def test_it_understands(made: Any) -> None:
    async with made() as understander:
        assert await understander.understand(PARSED["text"]) == UNDERSTOOD


@pytest.mark.parametrize("made", [fake_down, real_down])
async def test_out_of_reach_it_says_so(made: Any) -> None:
    async with made() as understander:
        with pytest.raises(NluUnavailable):
            await understander.understand("hello")


async def test_it_asks_as_rasa_wants_to_be_asked() -> None:
    async with asking(Answer(json=PARSED)) as client:
        await client.understand("早上好 " * 1000, "zh")
        (request,) = client.peer.requests  # type: ignore[attr-defined]
    assert (request.method, request.path, request.query) == ("POST", "/model/parse", {"token": "a token"})
    assert request.json == {"text": ("早上好 " * 1000)[:1000], "languages": ["zh"]}


async def test_what_is_missing_is_unknown() -> None:
    async with asking(Answer(json={"intent": {"name": None, "confidence": 0.0}})) as client:
        assert await client.understand("…") == Understanding()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, text="Internal Server Error"),
        Answer(401, json={"status": "failure", "reason": "NotAuthenticated"}),
        Answer(409, json={"reason": "Conflict"}),
        Answer(200, text="<html>a proxy's page</html>"),
        Answer(200, text=""),
        Answer(200, json=[]),
        Answer(200, json=None),
        Answer(200, json={}),
        Answer(200, json={"intent": None}),
        Answer(200, json={"intent": {"name": "greet", "confidence": "high"}}),
        Answer(200, json={**PARSED, "language": "en"}),
        Answer(200, json={**PARSED, "entities": ["C-2026-000042"]}),
        Answer(200, json={**PARSED, "intent_ranking": None}),
        Answer(200, raw=b'{"intent": '),
        Answer(200, raw=b"\xff\xfe\x00"),
        Answer(closes=True),
    ],
    ids=lambda answer: repr(answer)[:60],
)
async def test_whatever_else_it_answers_is_unavailable(answer: Answer) -> None:
    async with asking(answer) as client:
        with pytest.raises(NluUnavailable):
            await client.understand("hello")


async def test_a_service_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nlu_client, "SECONDS", 0.3)
    async with asking(Answer(hangs=True)) as client:
        start = asyncio.get_running_loop().time()
        with pytest.raises(NluUnavailable):
            await client.understand("hello")
        assert asyncio.get_running_loop().time() - start < 2


async def test_a_service_that_answers_in_drops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nlu_client, "SECONDS", 0.3)
    async with asking(Answer(json=PARSED, drips=True)) as client:
        start = asyncio.get_running_loop().time()
        with pytest.raises(NluUnavailable):
            await client.understand("hello")
        assert asyncio.get_running_loop().time() - start < 2


@pytest.mark.parametrize(
    ("answer", "ready"),
    [
        (Answer(json={"model_file": "model.tar.gz"}), True),
        (Answer(json={"model_file": ""}), False),
        (Answer(500), False),
        (Answer(text="starting"), False),
        (Answer(json=[]), False),
        (Answer(closes=True), False),
    ],
    ids=["model", "no model", "500", "text", "list", "closed"],
)
async def test_ready_is_a_service_with_a_model(answer: Answer, ready: bool) -> None:
    async with asking(answer) as client:
        assert await client.is_ready() is ready
