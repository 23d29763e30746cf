"""Valkey is killed, restarted and wiped while residents write: nothing durable is lost, at most a form's step."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select

from knowledge.models import Case, ChatMessage, Conversation, InboxRow, OutboxRow, Takeover
from tests.e2e.fleet import Fleet, running_fleet, wait_for
from tests.e2e.staff import Staff
from tests.e2e.telegram_residents import ANSWERS, REPORT, Phone, Traffic, are_answers, serious, unrepeated
from tests.peers.telegram import Sent, TelegramServer
from tests.services import Valkey

ANNA, BEN, CARLA, DORA = 11, 12, 13, 14
KILLED, WIPED = range(101, 141), range(201, 241)


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        for chat, name in ((ANNA, "Anna"), (BEN, "Ben"), (CARLA, "Carla")):
            server.add_user(chat, first_name=name)
        yield server


def test_nothing_durable_is_lost(
    telegram: TelegramServer, own_valkey: Valkey, nlu: dict[str, str], tmp_path: Path
) -> None:
    settings = {**nlu, "ALLEY_REDIS_URL": own_valkey.url}
    with running_fleet(tmp_path, settings, "web", "worker", telegram=telegram) as fleet, Staff(fleet.web.url) as staff:
        anna, ben, carla = (Phone(telegram, chat) for chat in (ANNA, BEN, CARLA))
        number = [anna.says(text) for text in REPORT][-1].text.split("number is ")[1].split(".")[0]
        ben.says("/human")
        conversation = wait_for(lambda: staff.finds("Ben"), "Ben does not wait")
        staff.claims(conversation)
        assert ANSWERS[0] in carla.says(REPORT[0]).text

        _kill_during_traffic(telegram, own_valkey)
        _assert_all_answered_once(fleet, telegram)
        assert "I answer questions" in Phone(telegram, DORA).hears().text

        _wipe_during_traffic(telegram, own_valkey, fleet)
        _assert_nothing_doubled(fleet)

        assert number in anna.says("/cases").text
        telegram.say(BEN, "are you still there?")
        talk = f"/staff/conversations/{conversation}"
        wait_for(lambda: "are you still there?" in staff.page(talk), "staff do not see what Ben wrote")
        staff.replies(conversation, "Yes, I am.")
        assert "Yes, I am." in ben.hears().text
        assert ben.has_heard_all()  # the bot kept silent
        assert carla.says(REPORT[1]).text  # her form may be lost, an answer not
        assert ANSWERS[0] in _anew(carla).text
        assert ANSWERS[3] in [carla.says(text).text for text in REPORT[1:]][-1]
        assert _cases(fleet, CARLA) == 1
        assert fleet.rows(select(func.count()).select_from(Takeover).where(Takeover.ended_at.is_(None))) == [(1,)]
        assert serious(telegram.breaches()) == []


def _kill_during_traffic(telegram: TelegramServer, valkey: Valkey) -> None:
    """Twice, once away for a while: it keeps what it was told, so that every form goes on."""
    killed: list[int] = []

    def kill(answers: int) -> None:
        if answers >= 40 * (len(killed) + 1) and len(killed) < 2:
            killed.append(answers)
            valkey.kill()
            if len(killed) == 2:
                _write_without_valkey(telegram)
            valkey.start()

    Traffic(telegram, KILLED, at_once=40, answered=kill).run(seconds=120)
    assert len(killed) == 2


def _write_without_valkey(telegram: TelegramServer) -> None:
    """What comes meanwhile is kept, and Telegram told so."""
    update = telegram.say(DORA, "/help")
    wait_for(lambda: update in {each.update_id for each in telegram.attempts() if each.status == 200}, "not taken")


def _assert_all_answered_once(fleet: Fleet, telegram: TelegramServer) -> None:
    assert [chat for chat in KILLED if not are_answers(unrepeated(telegram.messages(chat)))] == []
    assert [chat for chat in KILLED if _cases(fleet, chat) != 1] == []


def _wipe_during_traffic(telegram: TelegramServer, valkey: Valkey, fleet: Fleet) -> None:
    telegram.say_many([(chat, text) for text in REPORT for chat in WIPED])
    wait_for(lambda: sum(bool(telegram.messages(chat)) for chat in WIPED) > len(WIPED) // 2, "nobody was answered")
    with Redis.from_url(valkey.url) as client:
        client.flushall()
    open_rows = select(func.count()).select_from(OutboxRow).where(OutboxRow.status.in_(["waiting", "sending"]))
    waiting = select(func.count()).select_from(InboxRow).where(InboxRow.status == "waiting")
    wait_for(lambda: telegram.pending() == 0, "updates are unconfirmed", 60)
    wait_for(lambda: fleet.rows(waiting) == fleet.rows(open_rows) == [(0,)], "something still waits", 90)


def _assert_nothing_doubled(fleet: Fleet) -> None:
    """Every message was handled and answered; a lost step may have cost a case, but none was opened twice."""
    assert fleet.rows(select(InboxRow.id).where(InboxRow.status != "done")) == []
    answered = select(OutboxRow.inbox_id)
    assert fleet.rows(select(InboxRow.id).where(InboxRow.id.not_in(answered))) == []
    assert max(_cases(fleet, chat) for chat in WIPED) == 1
    kept = select(func.count()).select_from(ChatMessage).where(ChatMessage.author == "resident")
    assert fleet.rows(kept) == fleet.rows(select(func.count()).select_from(InboxRow))


def _anew(resident: Phone) -> Sent:
    """Leaves whatever is open, and reports again."""
    resident.says("/cancel")
    return resident.says(REPORT[0])


def _cases(fleet: Fleet, chat: int) -> int:
    mine = select(func.count()).select_from(Case).join(Conversation, Conversation.id == Case.conversation_id)
    [(count,)] = fleet.rows(mine.where(Conversation.address == str(chat)))
    return int(count)
