"""Every update three times at once, many messages at once, four workers, refusals: one effect each, in order."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import func, select

from knowledge.models import Case, InboxRow, OutboxRow
from tests.e2e.conftest import Resident
from tests.e2e.fleet import Fleet, running_fleet, wait_for
from tests.e2e.telegram_residents import REPORT, Traffic, are_answers, serious
from tests.peers.telegram import TelegramServer
from tests.services import running_valkey

WORKERS = 4
# Each is answered once, at once, and by words of its own.
SMALL_TALK = {
    "/help": "I answer questions about living here",
    "/cases": "You have not reported a problem",
    "/cancel": "There is nothing to stop",
    "hello": "I am Alley",
    "/start": "I am Alley",
}
MESSAGES = 50


@dataclass
class Setting:
    telegram: TelegramServer
    fleet: Fleet


@pytest.fixture(scope="module", params=["webhook", "polling"])
def setting(
    request: pytest.FixtureRequest, nlu: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Setting]:
    parts, webhook = ["web", *["worker"] * WORKERS], request.param == "webhook"
    folder = tmp_path_factory.mktemp("repeats")
    with (
        TelegramServer() as telegram,
        running_valkey() as valkey,
        running_fleet(
            folder, {**nlu, "ALLEY_REDIS_URL": valkey.url}, *parts, telegram=telegram, webhook=webhook
        ) as fleet,
    ):  # fmt: skip
        yield Setting(telegram, fleet)
        assert serious(telegram.breaches()) == []
        assert "failed" not in fleet.log()


def test_three_deliveries_at_once_have_one_effect(setting: Setting) -> None:
    telegram, fleet, chats = setting.telegram, setting.fleet, range(1, 31)
    telegram.deliver_each(3)
    try:
        Traffic(telegram, chats, at_once=30).run(seconds=90)
        wait_for(lambda: telegram.pending() == 0, "updates are unconfirmed")
    finally:
        telegram.deliver_each(1)
    _wait_until_noted(fleet)
    assert fleet.rows(select(func.count()).select_from(InboxRow)) == [(len(chats) * len(REPORT),)]
    assert fleet.rows(select(func.count()).select_from(Case)) == [(len(chats),)]
    for chat in chats:
        assert are_answers([message.text for message in telegram.messages(chat)]), chat


def test_many_messages_of_one_chat_are_answered_in_order(setting: Setting) -> None:
    """In the web chat, where nothing is held back for a vendor's rates."""
    with httpx.Client(base_url=setting.fleet.web.url, timeout=15, trust_env=False) as client:
        anna = Resident(client)
        texts = [list(SMALL_TALK)[number % len(SMALL_TALK)] for number in range(MESSAGES)]
        for text in texts:
            anna.sends(text)
        answers = wait_for(lambda: _answers(anna, MESSAGES), "not all were answered", 60)
    assert len(answers) == MESSAGES
    for text, answer in zip(texts, answers, strict=True):
        assert SMALL_TALK[text] in answer


def _answers(resident: Resident, count: int) -> list[str]:
    texts = [message["text"] for message in resident.messages() if message["author"] == "bot"]
    return texts if len(texts) >= count else []


def test_refusals_are_obeyed_and_lose_nothing(setting: Setting) -> None:
    telegram, chats, seconds = setting.telegram, range(101, 111), 3
    telegram.fail("429", times=6, methods=["sendMessage"], retry_after=seconds)
    telegram.fail("500", times=4, methods=["sendMessage"])
    Traffic(telegram, chats, at_once=10).run(seconds=90)
    calls = [call for call in telegram.calls("sendMessage") if int(call.params["chat_id"]) in chats]
    refused = [call for call in calls if call.code == 429]
    assert len(refused) == 6
    for refusal in refused:
        chat = refusal.params["chat_id"]
        early = [c for c in calls if c.params["chat_id"] == chat and refusal.at < c.at < refusal.at + seconds]
        assert early == [], f"chat {chat} was written to {early[0].at - refusal.at:.1f} s after a refusal"
    for chat in chats:
        assert are_answers([message.text for message in telegram.messages(chat)]), chat


def _wait_until_noted(fleet: Fleet) -> None:
    sent = select(func.count()).select_from(OutboxRow).where(OutboxRow.status != "sent")
    wait_for(lambda: fleet.rows(sent) == [(0,)], "replies are not noted as sent")
