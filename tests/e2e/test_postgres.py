"""On PostgreSQL: everything in one, and two of each part at once, of which one polls Telegram."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from knowledge.models import Case, InboxRow
from tests.e2e.conftest import Resident
from tests.e2e.fleet import running_fleet, wait_for
from tests.e2e.staff import Staff
from tests.e2e.telegram_residents import REPORT, Phone, Traffic, are_answers, serious
from tests.peers.telegram import TelegramServer
from tests.services import Postgres, Valkey


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    """An empty database: the program makes its tables itself."""
    with postgres.fresh(tables=False) as address:
        yield address


def test_question_case_and_takeover(url: str, nlu: dict[str, str], tmp_path: Path) -> None:
    settings = {**nlu, "ALLEY_DATABASE_URL": url}
    with (
        TelegramServer() as telegram,
        running_fleet(tmp_path, settings, "run", telegram=telegram) as fleet,
        Staff(fleet.web.url) as staff,
    ):
        telegram.add_user(1, first_name="Anna")
        anna = Phone(telegram, 1)
        assert "Opening hours" in anna.says("When are you open on Saturday?").text
        number = [anna.says(text) for text in REPORT][-1].text.split("number is ")[1].split(".")[0]
        assert REPORT[0] in staff.page(f"/staff/cases/{number}")
        anna.says("/human")
        conversation = wait_for(lambda: staff.finds("Anna"), "Anna does not wait")
        staff.claims(conversation)
        staff.replies(conversation, "Good morning!")
        assert "Good morning!" in anna.hears().text
        staff.hands_back(conversation)
        assert "talking to the bot again" in anna.hears().text
        assert not (tmp_path / "alley.db").exists()


def test_two_of_each_share_the_work(url: str, own_valkey: Valkey, nlu: dict[str, str], tmp_path: Path) -> None:
    settings = {**nlu, "ALLEY_DATABASE_URL": url, "ALLEY_REDIS_URL": own_valkey.url, "ALLEY_SECRET": "one for all"}
    parts = ["web", "web", "worker", "worker"]
    with (
        TelegramServer() as telegram,
        running_fleet(tmp_path, settings, *parts, telegram=telegram, webhook=False) as fleet,
    ):
        chats = range(1, 41)
        Traffic(telegram, chats, at_once=40).run(seconds=90)
        for chat in chats:
            assert are_answers([message.text for message in telegram.messages(chat)]), chat
        assert fleet.rows(select(func.count()).select_from(Case)) == [(len(chats),)]
        assert fleet.rows(select(InboxRow.id).where(InboxRow.status != "done")) == []
        _assert_either_web_serves(*(part.url for part in fleet.named("web")))
        assert {call.code for call in telegram.calls("getUpdates")} == {200}  # two at once would be told 409
        assert serious(telegram.breaches()) == []
        assert "failed" not in fleet.log()


def _assert_either_web_serves(first: str, second: str) -> None:
    """A resident writes at one, reads at the other; staff at the other see the resident."""
    with httpx.Client(base_url=first, timeout=15, trust_env=False) as client:
        resident = Resident(client)
        resident.says("/human")
        session = resident.session
    with httpx.Client(base_url=second, timeout=15, trust_env=False) as client, Staff(second) as staff:
        same = Resident(client, session=session)
        assert "I have called a person" in same.messages()[-1]["text"]
        same.sends("is this the other door?")
        wait_for(lambda: "is this the other door?" in staff.page("/staff"), "staff do not see it")
