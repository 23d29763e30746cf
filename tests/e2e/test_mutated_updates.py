"""Ten thousand mutated updates at the webhook: each is taken, none is unhandled, the unreadable are dead letters."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import islice
from random import Random

import httpx
import pytest
from sqlalchemy import func, select

from knowledge.models import InboxRow
from tests.e2e.fleet import SECRET, WEBHOOK, Fleet, running_fleet, wait_for
from tests.e2e.mutations import mutated, updates
from tests.e2e.staff import Staff
from tests.e2e.telegram_residents import Phone
from tests.peers.telegram import TelegramServer

COUNT = 10_000
SEED = 20_261_124
CHATS = range(1, 21)
AT_ONCE = 50
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        for chat in CHATS:
            server.add_user(chat)
        yield server


@pytest.fixture(scope="module")
def fleet(telegram: TelegramServer, nlu: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with running_fleet(tmp_path_factory.mktemp("mutated"), nlu, "run", telegram=telegram) as started:
        yield started


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: SECRET[:-1]}, {HEADER: SECRET.upper()}])
def test_who_does_not_know_the_secret_is_refused(fleet: Fleet, headers: dict[str, str]) -> None:
    before = fleet.rows(select(func.count()).select_from(InboxRow))
    update = {
        "update_id": 1,
        "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"},
    }
    answer = httpx.post(f"{fleet.web.url}{WEBHOOK}", json=update, headers=headers, trust_env=False)
    assert answer.status_code == 403
    assert fleet.rows(select(func.count()).select_from(InboxRow)) == before


def test_mutated_updates(fleet: Fleet, telegram: TelegramServer, capsys: pytest.CaptureFixture[str]) -> None:
    random = Random(SEED)
    bodies = [mutated(update, random) for update in islice(updates(random, CHATS), COUNT)]
    statuses = Counter(_post(fleet.web.url.removeprefix("http://"), bodies))
    assert statuses == {200: COUNT}
    waiting = select(func.count()).select_from(InboxRow).where(InboxRow.status == "waiting")
    wait_for(lambda: fleet.rows(waiting) == [(0,)], "messages still wait", 180)
    by_status = dict(fleet.rows(select(InboxRow.status, func.count()).group_by(InboxRow.status)))
    unreadable = {body for body in bodies if not _is_update(body)}
    with capsys.disabled():
        print(f"\n{COUNT} mutated updates: {statuses}, inbox {by_status}, surely unreadable {len(unreadable)}")
    assert by_status["dead"] >= len(unreadable) > 300
    assert by_status["done"] > 300  # enough of them got through to the dialogues
    log = fleet.log()
    assert "failed" not in log
    assert "Traceback" not in log
    assert "level='error'" not in log
    assert Phone(telegram, 77).says("/help").text.startswith("I answer questions")
    with Staff(fleet.web.url) as staff:
        shown = re.findall(r'<span class="count">(\d+)</span>', staff.page("/staff/dead-letters"))
    assert int(shown[0]) == by_status["dead"]


def _post(address: str, bodies: list[bytes]) -> list[int]:
    """The statuses of all, AT_ONCE under way at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        shares = pool.map(lambda first: _post_in_turn(address, bodies[first::AT_ONCE]), range(AT_ONCE))
        return [status for share in shares for status in share]


def _post_in_turn(address: str, bodies: list[bytes]) -> list[int]:
    connection, statuses = HTTPConnection(address, timeout=60), []
    for body in bodies:
        connection.request("POST", WEBHOOK, body, {HEADER: SECRET, "Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


def _is_update(body: bytes) -> bool:
    """Whether it is an object with a number that may be an update's id; the rest of it may be anything."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(update, dict) and type(update.get("update_id")) is int and update["update_id"] >= 0
