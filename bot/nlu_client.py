"""Asks the NLU service: Rasa's HTTP server with our pipeline (nlu/). Its answer becomes an Understanding."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from bot import metrics
from bot.errors import NluUnavailable
from dialogues.turn import Entity, Understanding

SECONDS = 5.0
NOT_RASA = (ValueError, KeyError, TypeError, AttributeError)  # what reading any other answer than Rasa's raises
READ_CHARACTERS = 1000  # a longer message is understood by its beginning


class NluClient:
    def __init__(self, url: str, token: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url, params={"token": token}, timeout=SECONDS, trust_env=False,
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
        )  # fmt: skip

    async def understand(self, text: str, language: str | None = None) -> Understanding:
        question = {"text": text[:READ_CHARACTERS], "languages": [language] if language else []}
        try:
            with metrics.nlu_seconds.time():
                async with asyncio.timeout(SECONDS):  # httpx alone would count anew with each byte that comes
                    response = await self._client.post("/model/parse", json=question)
                response.raise_for_status()
            return understanding(response.json())
        except (httpx.HTTPError, TimeoutError, *NOT_RASA) as error:
            raise NluUnavailable(type(error).__name__) from error

    async def is_ready(self) -> bool:
        """Whether the service answers with a model loaded."""
        try:
            status = await self._client.get("/status")
            return status.status_code == httpx.codes.OK and bool(status.json().get("model_file"))
        except (httpx.HTTPError, *NOT_RASA):
            return False

    async def close(self) -> None:
        await self._client.aclose()


def understanding(parsed: Mapping[str, Any]) -> Understanding:
    """Reads what /model/parse returns. Raises one of NOT_RASA when it is something else."""
    intent, language, category = parsed["intent"], parsed.get("language") or {}, parsed.get("category") or {}
    return Understanding(
        intent=intent["name"],
        confidence=float(intent["confidence"]),
        ranking=tuple((each["name"], float(each["confidence"])) for each in parsed.get("intent_ranking", ())),
        entities=tuple(Entity(each["entity"], str(each["value"])) for each in parsed.get("entities", ())),
        language=language.get("name"),
        language_confidence=float(language.get("confidence") or 0.0),
        category=category.get("name"),
        urgent=bool(parsed.get("urgent")),
    )
