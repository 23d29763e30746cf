"""Telegram through the whole program, started with one command: all that a resident can send, and a person's answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from tests.e2e.fleet import Part, running_fleet, wait_for
from tests.e2e.staff import Staff
from tests.e2e.telegram_residents import ANSWERS, REPORT, Phone, serious
from tests.peers.telegram import TelegramServer
from tests.peers.translators import service as translation_service
from tests.peers.translators import translated
from tests.pictures import picture

_chats = count(9001)
PICTURE = picture(size=(300, 200))
CENTRE_POINT = (31.19876, 121.40123)


@dataclass
class Setting:
    telegram: TelegramServer
    alley: Part

    def phone(self, language: str = "en", name: str = "") -> Phone:
        chat = next(_chats)
        self.telegram.add_user(chat, language, name)
        return Phone(self.telegram, chat)


@pytest.fixture(scope="module", params=["webhook", "polling"])
def setting(
    request: pytest.FixtureRequest, nlu: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Setting]:
    """`alley run` with Telegram and a translation service, by the webhook and by polling."""
    with translation_service() as translator, TelegramServer() as telegram:
        settings = {**nlu, "ALLEY_TRANSLATORS": "libretranslate", "ALLEY_LIBRETRANSLATE_URL": translator.url}
        folder, webhook = tmp_path_factory.mktemp("telegram"), request.param == "webhook"
        with running_fleet(folder, settings, "run", telegram=telegram, webhook=webhook) as fleet:
            yield Setting(telegram, fleet.web)
            assert "failed" not in fleet.log()
            assert serious(telegram.breaches()) == []


def test_a_question_is_answered(setting: Setting) -> None:
    answer = setting.phone().says("When are you open on Saturday?")
    assert "Opening hours" in answer.text
    assert "bold" in {entity["type"] for entity in answer.entities}


def test_commands(setting: Setting) -> None:
    anna = setting.phone()
    assert "I am Alley" in anna.says("/start").text
    assert "I answer questions" in anna.says("/help").text
    assert "language" in anna.says("/language").text.lower()
    assert "Français" in {button.label for row in setting.telegram.messages(anna.chat)[-1].buttons for button in row}
    assert "reported" in anna.says("/cases").text
    assert "nothing to stop" in anna.says("/cancel").text
    assert "I have called a person" in anna.says("/human").text
    assert "talking to the bot again" in anna.says("/cancel").text


def test_commands_are_shown_in_the_residents_language(setting: Setting) -> None:
    shown = setting.telegram.settings()
    assert {command["command"] for command in shown["commands:"]} == {"help", "cases", "language", "human", "cancel"}
    assert shown["commands:fr"] != shown["commands:"]


def test_a_button_is_answered_and_stops_blinking(setting: Setting) -> None:
    anna = setting.phone()
    anna.says("/start")
    before = len(setting.telegram.calls("answerCallbackQuery"))
    assert "waste" in anna.presses("Waste sorting").text.lower()
    wait_for(lambda: len(setting.telegram.calls("answerCallbackQuery")) > before, "the button went on blinking")


def test_a_photo_and_a_location_go_with_a_case(setting: Setting) -> None:
    anna = setting.phone()
    assert ANSWERS[0] in anna.says(REPORT[0]).text
    setting.telegram.location(anna.chat, *CENTRE_POINT)
    assert ANSWERS[1] in anna.hears().text
    setting.telegram.photo(anna.chat, PICTURE)
    summary = anna.hears().text
    assert "31.19876, 121.40123" in summary
    assert "Photos: 1" in summary
    number = anna.presses("Yes, hand it in").text.split("number is ")[1].split(".")[0]
    with Staff(setting.alley.url) as staff:
        page = staff.page(f"/staff/cases/{number}")
        photo = staff.file(re.findall(r'src="(/staff/photos/[^"]+)"', page)[0])
    assert photo.headers["content-type"] == "image/jpeg"


def test_what_cannot_be_read_gets_a_fitting_word(setting: Setting) -> None:
    anna = setting.phone()
    setting.telegram.sticker(anna.chat)
    assert "I can read text, photos and locations" in anna.hears().text
    setting.telegram.voice(anna.chat)
    assert "I can read text, photos and locations" in anna.hears().text
    written = setting.telegram.say(anna.chat, "hello")
    anna.hears()
    setting.telegram.edited(written, "hello again")
    assert "you changed a message" in anna.hears().text


def test_in_a_group_it_answers_when_it_is_spoken_to(setting: Setting) -> None:
    anna, group = setting.phone(), -next(_chats)
    setting.telegram.add_group(group, "Building 12")
    neighbours = Phone(setting.telegram, group, sender=anna.chat)
    setting.telegram.say(group, "who knows when they are open?", sender=anna.chat)
    answer = neighbours.says("@alley_stand_in_bot When are you open on Saturday?")
    assert "Opening hours" in answer.text
    assert neighbours.has_heard_all()  # the first message was answered by nobody


def test_who_blocked_the_bot_disturbs_nobody(setting: Setting) -> None:
    anna, ben = setting.phone(), setting.phone()
    setting.telegram.block(anna.chat)
    setting.telegram.say(anna.chat, "hello")  # still on its way when she blocked the bot
    assert "I am Alley" in ben.says("hello").text
    with Staff(setting.alley.url) as staff:
        wait_for(lambda: "bot was blocked by the user" in staff.page("/staff/dead-letters").lower(), "no dead letter")
    setting.telegram.block(anna.chat, False)
    assert "I answer questions" in anna.says("/help").text


def test_a_long_answer_is_split(setting: Setting) -> None:
    anna = setting.phone()
    description = ("The lamp in our stairwell has been broken since last week. " * 80)[:4090].strip()
    reply = anna.says(description)
    while "Where is it" not in reply.text:  # perhaps the emergency numbers or the kind come first
        reply = anna.presses("Something broken") if "What kind" in reply.text else anna.hears()
    anna.says(REPORT[1])
    first = anna.says(REPORT[2])
    second = anna.hears()
    assert first.text.startswith("Please check:")
    assert first.text.endswith(".")  # at the end of a sentence
    assert not first.buttons
    assert second.buttons
    assert description in (first.text + " " + second.text)
    assert "case number" in anna.presses("Yes, hand it in").text


def test_a_japanese_resident_and_staff_read_each_other(setting: Setting) -> None:
    name = f"Haruka {next(_chats)}"
    haruka = setting.phone("ja", name)
    assert haruka.says("人と話したいです").text
    with Staff(setting.alley.url) as staff:
        conversation = wait_for(lambda: staff.finds(name), "nobody waits")
        staff.claims(conversation)
        words = "大家さんが敷金を返してくれません。"
        setting.telegram.say(haruka.chat, words)
        page = wait_for(lambda: _if_in(words, staff.page(f"/staff/conversations/{conversation}")), "words not shown")
        translation = page.rsplit("/staff/messages/", 1)[1].split('"')[0]
        assert words[::-1] in staff.page(f"/staff/messages/{translation}")  # as the stand-in translates
        staff.replies(conversation, "请带合同来。")
        answer = haruka.hears()
        assert translated("请带合同来。", "zh", "ja") in answer.text
        assert "请带合同来。" in answer.text  # the original, with it
        staff.hands_back(conversation)
    assert haruka.hears().buttons  # the bot is back and says what it can do


def _if_in(words: str, page: str) -> str:
    return page if words in page else ""
