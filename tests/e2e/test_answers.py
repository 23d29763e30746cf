"""Every topic in every language that the answers are written in, asked in the web chat as residents ask it."""

import asyncio
import re
from dataclasses import dataclass

import httpx
import pytest

from knowledge.answers import Answers
from knowledge.centre import load_centre
from knowledge.markup import to_plain
from knowledge.texts import Texts
from nlu.evaluation.acceptance import GUARDED, HELD_OUT
from nlu.sentences import read_sentences
from tests.alley import ROOT, Running

AT_ONCE = 8
PATIENCE_SECONDS = 30
RECALL = 0.92
TELEGRAM_LIMIT = 4096
NOW = "opening_hours"  # what it says depends on the minute


@dataclass(frozen=True)
class Question:
    language: str
    topic: str
    text: str


def questions() -> list[Question]:
    """The first held-out sentence of each topic and language: the model was trained on none of them."""
    first: dict[tuple[str, str], Question] = {}
    for sentence in read_sentences(ROOT / HELD_OUT):
        topic = sentence.label.removeprefix("faq/")
        if sentence.language in GUARDED and topic != sentence.label and sentence.also is None:
            first.setdefault((sentence.language, topic), Question(sentence.language, topic, sentence.text))
    return list(first.values())


async def ask(client: httpx.AsyncClient, question: Question, permits: asyncio.Semaphore) -> dict[str, object]:
    """The bot's first reply in a conversation that begins with the question."""
    async with permits:
        opened = await client.post("/api/chat", json={"text": question.text, "locale": question.language})
        assert opened.status_code == 202, opened.text
        session = opened.json()["session"]
        for _attempt in range(PATIENCE_SECONDS * 10):
            messages = (await client.get(f"/api/chat/{session}/messages", params={"after": 0})).json()
            found = [message for message in messages if message["author"] == "bot"]
            if found:
                return dict(found[0])
            await asyncio.sleep(0.1)
    raise AssertionError(f"nothing was said to {question}")


async def test_twenty_languages_by_twenty_seven_topics(alley: Running) -> None:
    centre = load_centre()
    answers = Answers(centre, Texts(centre))
    asked = questions()
    assert len(asked) == 20 * 27
    async with httpx.AsyncClient(base_url=alley.url, timeout=30, trust_env=False) as client:
        permits = asyncio.Semaphore(AT_ONCE)
        replies = await asyncio.gather(*(ask(client, question, permits) for question in asked))
    right, missed = 0, []
    for question, reply in zip(asked, replies, strict=True):
        answer = answers.find(question.topic, question.language)
        assert answer is not None
        assert answer.prose.language == question.language
        wanted, said = to_plain(answer.prose.text), str(reply["text"])
        title = wanted.split("\n", 1)[0]
        if said.split("\n", 1)[0] != title:
            missed.append(question)
            continue
        right += 1
        assert question.topic == NOW or said == wanted, question
        assert (reply["lang"], reply["origin"]) == (question.language, "human"), question
        assert not re.search(r"\{\w+\}", said), question
        assert len(said) <= TELEGRAM_LIMIT, question
    print(f"{right} of {len(asked)} questions got their answer")
    assert right >= RECALL * len(asked), missed


@pytest.mark.parametrize("language", ["ja", "ar", "hi"])
async def test_a_section_and_a_related_topic_are_a_button_away(alley: Running, language: str) -> None:
    centre = load_centre()
    answers = Answers(centre, Texts(centre))
    async with httpx.AsyncClient(base_url=alley.url, timeout=30, trust_env=False) as client:
        question = next(each for each in questions() if (each.language, each.topic) == (language, "lost_passport"))
        reply = await ask(client, question, asyncio.Semaphore(1))
    values = [button["value"] for button in reply["buttons"]]  # type: ignore[attr-defined]
    found = answers.find("lost_passport", language)
    assert found is not None
    assert values[: len(found.sections)] == [f"go:faq/lost_passport#{section}" for section, _title in found.sections]
    assert {f"go:faq/{topic}" for topic in found.related} < set(values)
    assert "go:talk_to_human" in values
