"""`kill -9` of the web and of the worker, ten times during 2,000 updates: nothing is lost, nothing is doubled."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from knowledge.models import Case, Conversation, InboxRow, OutboxRow
from tests.e2e.fleet import Fleet, running_fleet
from tests.e2e.telegram_residents import REPORT, Traffic, are_answers, serious, unrepeated
from tests.peers.telegram import TelegramServer
from tests.services import Postgres, Valkey

CHATS = range(1001, 1501)
KILLS = 10
UPDATES = len(CHATS) * len(REPORT)


@dataclass
class Killer:
    """Kills web and worker by turns, evenly over the answers, and starts the killed part again at once."""

    fleet: Fleet
    in_flight: list[int] = field(default_factory=list)  # messages without an answer at each kill
    traffic: Traffic | None = None

    def __call__(self, answers: int) -> None:
        assert self.traffic is not None
        if len(self.in_flight) < KILLS and answers >= UPDATES * (len(self.in_flight) + 0.5) / KILLS:
            victim = self.fleet.named("worker" if len(self.in_flight) % 2 == 0 else "web")[0]
            self.in_flight.append(self.traffic.written - answers)
            victim.kill()
            victim.start()


@contextmanager
def sqlite(_postgres: Callable[[], Postgres]) -> Iterator[dict[str, str]]:
    yield {}


@contextmanager
def postgresql(postgres: Callable[[], Postgres]) -> Iterator[dict[str, str]]:
    with postgres().fresh(tables=False) as url:
        yield {"ALLEY_DATABASE_URL": url}


type OpenDatabase = Callable[[Callable[[], Postgres]], AbstractContextManager[dict[str, str]]]


@pytest.mark.parametrize(("webhook", "database"), [(True, sqlite), (False, postgresql)], ids=["webhook", "polling"])
def test_ten_kills_lose_and_double_nothing(
    webhook: bool, database: OpenDatabase, own_valkey: Valkey, nlu: dict[str, str], tmp_path: Path,
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with (
        TelegramServer() as telegram,
        database(lambda: request.getfixturevalue("postgres")) as more,
        running_fleet(
            tmp_path, {**nlu, **more, "ALLEY_REDIS_URL": own_valkey.url}, "web", "worker",
            telegram=telegram, webhook=webhook,
        ) as fleet,
    ):  # fmt: skip
        killer = Killer(fleet)
        traffic = killer.traffic = Traffic(telegram, CHATS, answered=killer)
        took = traffic.run(seconds=420)
        _wait_until_noted(fleet)
        figures = _figures(fleet, telegram)
        with capsys.disabled():
            print(f"\n{UPDATES} updates, {KILLS} kills in {took:.0f} s; in flight {killer.in_flight}: {figures}")
        assert len(killer.in_flight) == KILLS
        assert min(killer.in_flight) > 0
        assert figures.inbox == {"done": UPDATES}
        assert figures.outbox == {"sent": UPDATES}
        assert figures.cases == {chat: 1 for chat in CHATS}
        assert [chat for chat in CHATS if not are_answers(unrepeated(telegram.messages(chat)))] == []
        assert [chat for chat, twice in figures.twice.items() if twice > figures.marked[chat]] == []
        assert serious(telegram.breaches()) == []
        assert telegram.expired() == []


@dataclass
class Figures:
    inbox: dict[str, int]
    outbox: dict[str, int]
    cases: dict[int, int]
    twice: Counter[int]  # replies that a chat got twice
    marked: Counter[int]  # how often replies to a chat were sent again, and marked as perhaps repeated

    def __str__(self) -> str:
        return (
            f"inbox {self.inbox}, outbox {self.outbox}, cases {sum(self.cases.values())}, "
            f"seen twice {self.twice.total()}, marked {self.marked.total()}"
        )


def _figures(fleet: Fleet, telegram: TelegramServer) -> Figures:
    chat = Conversation.address
    cases = select(chat, func.count()).join(Case, Case.conversation_id == Conversation.id).group_by(chat)
    again = select(chat, func.sum(OutboxRow.attempts - 1)).join(OutboxRow, OutboxRow.conversation_id == Conversation.id)
    marked = again.where(OutboxRow.perhaps_repeated).group_by(chat)
    sent = {chat: telegram.messages(chat) for chat in CHATS}
    return Figures(
        inbox=_by_status(fleet, InboxRow),
        outbox=_by_status(fleet, OutboxRow),
        cases={int(address): count for address, count in fleet.rows(cases)},
        twice=Counter({chat: len(each) - len(unrepeated(each)) for chat, each in sent.items()}),
        marked=Counter({int(address): count for address, count in fleet.rows(marked)}),
    )


def _by_status(fleet: Fleet, table: type[InboxRow] | type[OutboxRow]) -> dict[str, int]:
    return {status: count for status, count in fleet.rows(select(table.status, func.count()).group_by(table.status))}


def _wait_until_noted(fleet: Fleet) -> None:
    """A reply that was sent and not noted is still to come once more, after its lease."""
    until = time.monotonic() + 60
    while set(_by_status(fleet, OutboxRow)) - {"sent"} and time.monotonic() < until:
        time.sleep(0.5)
