"""Does the stand-in keep Telegram's rules? Other tests believe it, so it is held to them here."""

import asyncio
import contextlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Conflict, Forbidden, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from tests.peers.telegram import Limits, TelegramServer, Timing
from tests.peers.telegram._errors import ApiError
from tests.peers.telegram._html import parse_html
from tests.peers.telegram._rules import FloodControl

QUICK = Timing(time_scale=0.01)
SECRET = "a-secret-of-the-tests"
HOOK = {"url": "http://127.0.0.1/"}
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(timing=QUICK) as server:
        server.add_user(7, "ja", "Aiko")
        yield server


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        yield http


class WebhookBot:
    """A bot's webhook whose answers the test decides; keeps what came, and how much came at once."""

    def __init__(self) -> None:
        self.came: list[dict[str, object]] = []
        self.secrets: set[str | None] = set()
        self.at_once = self.most_at_once = 0
        self.answer: Callable[[dict[str, object]], Awaitable[Response] | Response] = lambda update: Response()

    async def __aenter__(self) -> "WebhookBot":
        app = Starlette(routes=[Route("/hook", self._take, methods=["POST"])])
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
        self._serving = asyncio.create_task(self._server.serve())
        await until(lambda: self._server.started)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}/hook"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.should_exit = True
        await self._serving

    async def _take(self, request: Request) -> Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        update = await request.json()
        self.came.append(update)
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        answer = self.answer(update)
        response = answer if isinstance(answer, Response) else await answer
        self.at_once -= 1
        return response


@pytest_asyncio.fixture
async def bot_webhook() -> AsyncIterator[WebhookBot]:
    async with WebhookBot() as webhook:
        yield webhook


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        await asyncio.sleep(0.005)


async def call(client: httpx.AsyncClient, telegram: TelegramServer, method: str, **params: object) -> dict:
    response = await client.post(f"{telegram.base_url}{telegram.token}/{method}", json=params)
    body = response.json()
    assert response.status_code == (200 if body["ok"] else body["error_code"])
    return body


async def refusal(client: httpx.AsyncClient, telegram: TelegramServer, method: str, **params: object) -> str:
    body = await call(client, telegram, method, **params)
    assert body["ok"] is False
    return body["description"]


async def set_webhook(client: httpx.AsyncClient, telegram: TelegramServer, url: str, **more: object) -> None:
    answer = await call(client, telegram, "setWebhook", url=url, secret_token=SECRET, **more)
    assert answer == {"ok": True, "result": True, "description": "Webhook was set"}


# Addresses and forms


async def test_bad_token_unknown_method_and_case(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    wrong = await client.get(f"{telegram.base_url}1:wrong/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert await refusal(client, telegram, "sendTelegram") == "Not Found: method not found"
    assert (await call(client, telegram, "GETme"))["result"]["is_bot"] is True


async def test_json_form_multipart_and_query_are_alike(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    address = f"{telegram.base_url}{telegram.token}/sendMessage"
    params = {"chat_id": "7", "text": "こんにちは"}
    await client.post(address, json=params)
    await client.post(address, data=params)
    await client.post(address, files={name: (None, value) for name, value in params.items()})
    telegram.flood.limits = Limits(strictness="off")
    await client.get(address, params=params)
    assert [sent.text for sent in telegram.messages(7)] == ["こんにちは"] * 4
    bad = await client.post(address, content=b"{", headers={"content-type": "application/json"})
    assert (bad.status_code, bad.json()["description"]) == (400, "Bad Request: can't parse JSON object")


# Polling


async def test_offset_confirms_and_limit_holds(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    ids = telegram.say_many((7, f"{number}") for number in range(5))
    assert ids == list(range(ids[0], ids[0] + 5))
    first = (await call(client, telegram, "getUpdates", limit=2))["result"]
    again = (await call(client, telegram, "getUpdates", limit=2))["result"]
    assert first == again
    assert [update["message"]["text"] for update in first] == ["0", "1"]
    rest = (await call(client, telegram, "getUpdates", offset=ids[2]))["result"]
    assert [update["update_id"] for update in rest] == ids[2:]
    assert telegram.pending() == 3
    last = (await call(client, telegram, "getUpdates", offset=-1))["result"]
    assert [update["update_id"] for update in last] == ids[-1:]


async def test_long_poll_wakes_and_times_out(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    poll = asyncio.create_task(call(client, telegram, "getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    assert not poll.done()
    telegram.say(7, "/start now")
    (update,) = (await asyncio.wait_for(poll, 2))["result"]
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    began = time.monotonic()
    empty = await call(client, telegram, "getUpdates", offset=update["update_id"] + 1, timeout=1)
    assert empty["result"] == []
    assert 0.9 < time.monotonic() - began < 2


async def test_second_poll_ends_the_first(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    first = asyncio.create_task(call(client, telegram, "getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(call(client, telegram, "getUpdates", timeout=30))
    ended = await asyncio.wait_for(first, 2)
    assert ended["error_code"] == 409
    assert ended["description"].startswith("Conflict: terminated by other getUpdates request")
    telegram.say(7, "hello")
    assert len((await asyncio.wait_for(second, 2))["result"]) == 1


async def test_webhook_and_polling_exclude_each_other(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    poll = asyncio.create_task(call(client, telegram, "getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    await set_webhook(client, telegram, bot_webhook.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    refused = await refusal(client, telegram, "getUpdates")
    assert refused.startswith("Conflict: can't use getUpdates method while webhook is active")
    assert (await call(client, telegram, "deleteWebhook"))["description"] == "Webhook was deleted"
    telegram.say(7, "hello")
    assert len((await call(client, telegram, "getUpdates"))["result"]) == 1


async def test_old_updates_are_given_up(client: httpx.AsyncClient) -> None:
    async with TelegramServer(timing=Timing(update_life=0.05)) as telegram:
        update_id = telegram.say(7, "too late")
        await asyncio.sleep(0.1)
        assert (await call(client, telegram, "getUpdates"))["result"] == []
        assert telegram.expired() == [update_id]


async def test_allowed_updates(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    await call(client, telegram, "getUpdates", allowed_updates=["edited_message"])
    said = telegram.say(7, "helo")
    edited = telegram.edited(said, "hello")
    (update,) = (await call(client, telegram, "getUpdates"))["result"]
    assert update["update_id"] == edited
    assert update["edited_message"]["text"] == "hello"


# Webhook


async def test_webhook_carries_the_secret_and_what_was_pending(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    telegram.say(7, "before")
    await set_webhook(client, telegram, bot_webhook.url)
    telegram.say(7, "after")
    await until(lambda: telegram.pending() == 0)
    assert [update["message"]["text"] for update in bot_webhook.came] == ["before", "after"]
    assert bot_webhook.secrets == {SECRET}
    info = (await call(client, telegram, "getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (bot_webhook.url, 0, 40)


async def test_chats_in_parallel_but_each_in_order(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    under_way: Counter[int] = Counter()
    overlaps: list[int] = []

    async def slowly(update: dict) -> Response:
        chat = update["message"]["chat"]["id"]
        under_way[chat] += 1
        if under_way[chat] > 1:
            overlaps.append(chat)
        await asyncio.sleep(0.01)
        under_way[chat] -= 1
        return Response()

    bot_webhook.answer = slowly
    await set_webhook(client, telegram, bot_webhook.url, max_connections=5)
    telegram.say_many((chat, str(number)) for number in range(6) for chat in range(1, 11))
    await until(lambda: telegram.pending() == 0)
    texts = defaultdict(list)
    for update in bot_webhook.came:
        texts[update["message"]["chat"]["id"]].append(update["message"]["text"])
    assert texts == {chat: ["0", "1", "2", "3", "4", "5"] for chat in range(1, 11)}
    assert overlaps == []
    assert bot_webhook.most_at_once == 5


async def test_anything_but_2xx_is_repeated_with_growing_pauses(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    statuses = iter([500, 302, 404, 429])
    bot_webhook.answer = lambda update: Response(status_code=next(statuses, 204))
    await set_webhook(client, telegram, bot_webhook.url)
    telegram.say_many([(7, "first"), (7, "second")])
    await until(lambda: telegram.pending() == 0)
    assert [update["message"]["text"] for update in bot_webhook.came] == ["first"] * 5 + ["second"]
    attempts = telegram.attempts()
    assert [attempt.status for attempt in attempts] == [500, 302, 404, 429, 204, 204]
    pauses = [after.began - before.ended for before, after in pairwise(attempts)]
    for pause, seconds in zip(pauses[:4], [1, 2, 4, 8], strict=True):
        assert seconds <= pause / QUICK.time_scale < seconds + 3
    info = (await call(client, telegram, "getWebhookInfo"))["result"]
    assert info["last_error_message"].startswith("Wrong response from the webhook: 429")


def test_retry_schedule() -> None:
    assert [Timing().retry_delay(failures) for failures in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert Timing().retry_delay(5000) == 60
    assert Timing().retry_delay(1, retry_after=30) == 30
    assert Timing().retry_delay(1, retry_after=99_999) == 3600
    assert Timing(first_retry=0).retry_delay(1) == 0


async def test_retry_after_is_honoured(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    headers = iter([{"Retry-After": "20"}])
    bot_webhook.answer = lambda update: (
        Response(status_code=503, headers=given) if (given := next(headers, None)) else Response()
    )
    await set_webhook(client, telegram, bot_webhook.url)
    telegram.say(7, "hello")
    await until(lambda: telegram.pending() == 0)
    refused, taken = telegram.attempts()
    assert taken.began - refused.ended >= 20 * QUICK.time_scale


async def test_a_dead_bot_gets_its_updates_when_it_is_back(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    async with WebhookBot() as gone:
        url = gone.url
    await set_webhook(client, telegram, url)
    telegram.say(7, "hello")
    await until(lambda: len(telegram.attempts()) >= 2)
    assert {attempt.status for attempt in telegram.attempts()} == {0}
    assert telegram.pending() == 1
    async with WebhookBot() as back:
        await set_webhook(client, telegram, back.url)
        await until(lambda: telegram.pending() == 0)
        assert len(back.came) == 1


async def test_silence_counts_as_failure(client: httpx.AsyncClient, bot_webhook: WebhookBot) -> None:
    async def first_asleep(update: dict) -> Response:
        await asyncio.sleep(0.5 if len(bot_webhook.came) == 1 else 0)
        return Response()

    bot_webhook.answer = first_asleep
    async with TelegramServer(timing=Timing(time_scale=0.01, webhook_timeout=0.1)) as telegram:
        await set_webhook(client, telegram, bot_webhook.url)
        telegram.say(7, "hello")
        await until(lambda: telegram.pending() == 0)
        assert [attempt.status for attempt in telegram.attempts()] == [0, 200]


async def test_a_reply_may_hold_a_call_but_not_about_updates(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    replies = iter([{"method": "sendMessage", "chat_id": 7, "text": "hi"}, {"method": "deleteWebhook"}])
    bot_webhook.answer = lambda update: JSONResponse(next(replies))
    await set_webhook(client, telegram, bot_webhook.url)
    telegram.say_many([(7, "one"), (7, "two")])
    await until(lambda: telegram.pending() == 0)
    assert [sent.text for sent in telegram.messages(7)] == ["hi"]
    assert telegram.calls("sendMessage")[0].in_webhook_reply
    assert telegram.calls("deleteWebhook") == []


async def test_the_same_update_several_times_at_once(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    await set_webhook(client, telegram, bot_webhook.url)
    telegram.deliver_each(3)

    async def slowly(update: dict) -> Response:
        await asyncio.sleep(0.05)
        return Response()

    bot_webhook.answer = slowly
    update_id = telegram.say(7, "thrice")
    await until(lambda: telegram.pending() == 0)
    telegram.deliver(update_id, 4)
    await until(lambda: len(bot_webhook.came) == 7)
    assert {update["update_id"] for update in bot_webhook.came} == {update_id}
    assert bot_webhook.most_at_once == 4


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "ftp://127.0.0.1/"}, "Bad Request: invalid webhook URL specified"),
        (HOOK | {"secret_token": "ü"}, "Bad Request: secret token contains unallowed characters"),
        (HOOK | {"secret_token": "a" * 257}, "Bad Request: secret token is too long"),
    ],
)
async def test_bad_webhooks(
    telegram: TelegramServer, client: httpx.AsyncClient, params: dict, description: str
) -> None:
    assert await refusal(client, telegram, "setWebhook", **params) == description
    assert (await call(client, telegram, "getWebhookInfo"))["result"]["url"] == ""


async def test_raw_updates_reach_the_webhook_as_they_are(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    await set_webhook(client, telegram, bot_webhook.url, drop_pending_updates=True)
    telegram.raw_update({"update_id": 5, "message": {"chat": None, "text": "\ud800"}})
    telegram.raw_update({"unheard_of": []})
    await until(lambda: telegram.pending() == 0)
    by_kind = {key: update for update in bot_webhook.came for key in update}
    assert by_kind["message"] == {"update_id": 5, "message": {"chat": None, "text": "\ud800"}}
    assert isinstance(by_kind["unheard_of"]["update_id"], int)


async def test_two_thousand_updates_over_fifty_connections(
    telegram: TelegramServer, client: httpx.AsyncClient, bot_webhook: WebhookBot
) -> None:
    await set_webhook(client, telegram, bot_webhook.url, max_connections=50)
    began = time.monotonic()
    telegram.say_many((chat, "hello") for chat in range(1, 2001))
    await until(lambda: telegram.pending() == 0, seconds=30)
    assert len({update["update_id"] for update in bot_webhook.came}) == len(bot_webhook.came) == 2000
    # Both sides share one loop here, and a busy machine; 30 turns a second would need 67 s.
    assert time.monotonic() - began < 20


# Sending


async def test_lengths_are_counted_in_utf16(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    too_long = "Bad Request: message is too long"
    assert (await call(client, telegram, "sendMessage", chat_id=7, text="好" * 4096))["ok"]
    assert (await call(client, telegram, "sendMessage", chat_id=7, text="👍" * 2048))["ok"]
    assert await refusal(client, telegram, "sendMessage", chat_id=7, text="好" * 4097) == too_long
    assert await refusal(client, telegram, "sendMessage", chat_id=7, text="👍" * 2049) == too_long
    markup = {"chat_id": 7, "text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"}
    assert (await call(client, telegram, "sendMessage", **markup))["ok"]


async def test_what_cannot_be_sent(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    def keyboard(data: str) -> dict:
        return {"inline_keyboard": [[{"text": "Yes", "callback_data": data}]]}

    empty = "Bad Request: message text is empty"
    assert await refusal(client, telegram, "sendMessage", chat_id=7) == empty
    assert await refusal(client, telegram, "sendMessage", chat_id=7, text=" \n") == empty
    unknown = "Bad Request: chat not found"
    assert await refusal(client, telegram, "sendMessage", chat_id=8, text="hi") == unknown
    assert await refusal(client, telegram, "sendMessage", text="hi") == "Bad Request: chat_id is empty"
    long_data = {"chat_id": 7, "text": "hi", "reply_markup": keyboard("é" * 33)}
    assert await refusal(client, telegram, "sendMessage", **long_data) == "Bad Request: BUTTON_DATA_INVALID"
    longest = long_data | {"reply_markup": keyboard("é" * 32)}
    assert (await call(client, telegram, "sendMessage", **longest))["ok"]
    telegram.block(7)
    blocked = "Forbidden: bot was blocked by the user"
    assert await refusal(client, telegram, "sendMessage", chat_id=7, text="hi") == blocked


def test_html_is_parsed_as_telegram_does() -> None:
    source = '👍 <b>bold <i>both</i></b> <a href="https://example.org/?a=1&amp;b=2">link</a> 1 &lt; 2 &copy;'
    text, entities = parse_html(source)
    assert text == "👍 bold both link 1 < 2 &copy;"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 9},
        {"type": "italic", "offset": 8, "length": 4},
        {"type": "text_link", "offset": 13, "length": 4, "url": "https://example.org/?a=1&b=2"},
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>never closed", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é <h1>title</h1>", 'Unsupported start tag "h1" at byte offset 3'),
        ("line<br/>", 'Unsupported start tag "br/" at byte offset 4'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_is_refused_as_telegram_does(
    telegram: TelegramServer, client: httpx.AsyncClient, source: str, reason: str
) -> None:
    refused = await refusal(client, telegram, "sendMessage", chat_id=7, text=source, parse_mode="html")
    assert refused == f"Bad Request: can't parse entities: {reason}"


async def test_edit_and_delete(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    sent = (await call(client, telegram, "sendMessage", chat_id=7, text="one"))["result"]
    where = {"chat_id": 7, "message_id": sent["message_id"]}
    unchanged = await refusal(client, telegram, "editMessageText", **where, text="one")
    assert unchanged.startswith("Bad Request: message is not modified")
    edited = (await call(client, telegram, "editMessageText", **where, text="two"))["result"]
    assert (edited["text"], edited["message_id"]) == ("two", sent["message_id"])
    button = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    assert (await call(client, telegram, "editMessageReplyMarkup", **where, reply_markup=button))["ok"]
    (message,) = telegram.messages(7)
    assert (message.text, message.edits, message.buttons[0][0].data) == ("two", ["one"], "go")
    assert (await call(client, telegram, "deleteMessage", **where))["result"] is True
    gone = "Bad Request: message to delete not found"
    assert await refusal(client, telegram, "deleteMessage", **where) == gone
    assert telegram.messages(7)[0].deleted


async def test_only_shown_buttons_can_be_pressed_and_queries_grow_old(client: httpx.AsyncClient) -> None:
    async with TelegramServer(timing=Timing(callback_life=0.2)) as telegram:
        telegram.add_user(7)
        button = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
        params = {"chat_id": 7, "text": "Go?", "reply_markup": json.dumps(button)}
        message_id = (await call(client, telegram, "sendMessage", **params))["result"]["message_id"]
        with pytest.raises(ValueError, match="no such button"):
            telegram.press(7, message_id, "stay")
        telegram.press(7, message_id, "go")
        query = (await call(client, telegram, "getUpdates"))["result"][0]["callback_query"]
        assert (query["data"], query["message"]["message_id"]) == ("go", message_id)
        assert (await call(client, telegram, "answerCallbackQuery", callback_query_id=query["id"]))["ok"]
        await asyncio.sleep(0.3)
        refused = await refusal(client, telegram, "answerCallbackQuery", callback_query_id=query["id"])
        assert refused.startswith("Bad Request: query is too old")


async def test_a_private_chat_takes_a_burst_then_one_a_second(
    telegram: TelegramServer, client: httpx.AsyncClient
) -> None:
    for _ in range(3):
        assert (await call(client, telegram, "sendMessage", chat_id=7, text="hi"))["ok"]
    refused = await call(client, telegram, "sendMessage", chat_id=7, text="hi")
    assert refused == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    await asyncio.sleep(1)
    assert (await call(client, telegram, "sendMessage", chat_id=7, text="hi"))["ok"]
    assert [breach.limit for breach in telegram.breaches()] == ["chat"]


def _admitted(flood: FloodControl, chats: list[int]) -> int:
    admitted = 0
    for chat in chats:
        with contextlib.suppress(ApiError):
            flood.admit(chat)
            admitted += 1
    return admitted


def test_overall_and_group_limits() -> None:
    now = 0.0
    flood = FloodControl(Limits(), clock=lambda: now)
    assert _admitted(flood, list(range(1, 41))) == 30
    now = 1.01
    assert _admitted(flood, [-5] * 25) == 20
    now = 60.0
    assert _admitted(flood, [-5]) == 0
    now = 61.02
    assert _admitted(flood, [-5]) == 1


def test_strictness() -> None:
    counting = FloodControl(Limits(strictness="count"), clock=lambda: 0.0)
    for _ in range(5):
        counting.admit(7)
    assert len(counting.breaches) == 2
    lenient = FloodControl(Limits(strictness="off"), clock=lambda: 0.0)
    for _ in range(100):
        lenient.admit(7)
    assert lenient.breaches == []


async def test_faults(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    telegram.fail("429", retry_after=4)
    telegram.fail("500")
    refused = await call(client, telegram, "sendMessage", chat_id=7, text="a")
    assert refused["parameters"] == {"retry_after": 4}
    assert await refusal(client, telegram, "sendMessage", chat_id=7, text="b") == "Internal Server Error"
    telegram.fail("hang", seconds=0.1)
    telegram.fail("drop")
    for text in ("c", "d"):
        with pytest.raises(httpx.RemoteProtocolError):
            await call(client, telegram, "sendMessage", chat_id=7, text=text)
    assert [sent.text for sent in telegram.messages(7)] == ["d"]
    assert [attempt.code for attempt in telegram.calls("sendMessage")] == [429, 500, 0, 0]


async def test_commands_and_description(telegram: TelegramServer, client: httpx.AsyncClient) -> None:
    commands = [{"command": "help", "description": "What I can do"}]
    assert (await call(client, telegram, "setMyCommands", commands=commands, language_code="en"))["ok"]
    assert (await call(client, telegram, "setMyDescription", description="The front desk"))["ok"]
    assert telegram.settings() == {"commands:en": commands, "description:": "The front desk"}
    bad = [{"command": "Help me", "description": "x"}]
    invalid = "Bad Request: BOT_COMMAND_INVALID"
    assert await refusal(client, telegram, "setMyCommands", commands=bad) == invalid


# The library that the bot is built on


async def test_python_telegram_bot(telegram: TelegramServer) -> None:
    picture = b"\xff\xd8 a picture of the broken handrail"
    telegram.say(7, "/start")
    telegram.photo(7, picture, "the handrail")
    telegram.location(7, 31.2, 121.4)
    telegram.sticker(7)
    telegram.voice(7)
    addresses = {"base_url": telegram.base_url, "base_file_url": telegram.base_file_url}
    async with Bot(telegram.token, **addresses, request=_direct(), get_updates_request=_direct()) as bot:
        started, photo, place, sticker, voice = await bot.get_updates(timeout=1)
        assert started.effective_user.language_code == "ja"
        assert started.message.parse_entities() == {started.message.entities[0]: "/start"}
        file = await bot.get_file(photo.message.photo[-1].file_id)
        assert bytes(await file.download_as_bytearray()) == picture
        assert place.message.location.latitude == 31.2
        assert sticker.message.sticker.emoji == "👍"
        assert voice.message.voice.duration == 3
        await _talk(bot, telegram, voice.update_id)


def _direct() -> HTTPXRequest:
    return HTTPXRequest(httpx_kwargs={"trust_env": False})


async def _talk(bot: Bot, telegram: TelegramServer, last_update: int) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Noise", callback_data="noise")]])
    await bot.send_chat_action(7, "typing")
    asked = await bot.send_message(7, "<b>What</b> is it?", parse_mode="HTML", reply_markup=keyboard)
    assert (asked.text, asked.text_html) == ("What is it?", "<b>What</b> is it?")
    telegram.press(7, asked.message_id, "noise")
    (pressed,) = await bot.get_updates(offset=last_update + 1)
    assert (pressed.callback_query.data, pressed.callback_query.message.text) == ("noise", "What is it?")
    assert await pressed.callback_query.answer()
    await bot.edit_message_text("Noise, then.", 7, asked.message_id)
    await bot.send_photo(7, b"a picture", caption="see here")
    question, picture = telegram.messages(7)
    assert (question.text, question.buttons, question.edits) == ("Noise, then.", [], ["What is it?"])
    assert (picture.text, picture.photo) == ("see here", b"a picture")
    await _refusals_arrive_as_errors(bot, telegram)


async def _refusals_arrive_as_errors(bot: Bot, telegram: TelegramServer) -> None:
    telegram.fail("429", retry_after=2)
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "too fast")
    telegram.fail("drop")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "sent, though the bot cannot know")
    assert telegram.messages(7)[-1].text == "sent, though the bot cannot know"
    telegram.block(7)
    with pytest.raises(Forbidden):
        await bot.send_message(7, "anybody there?")
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token=SECRET)
    with pytest.raises(Conflict):
        await bot.get_updates()


# Where it runs


def test_in_a_thread() -> None:
    with TelegramServer() as telegram:
        update_id = telegram.say(7, "hello")
        polled = httpx.get(f"{telegram.base_url}{telegram.token}/getUpdates", trust_env=False).json()
        assert [update["update_id"] for update in polled["result"]] == [update_id]
        with pytest.raises(RuntimeError, match="no webhook"):
            telegram.deliver(update_id, 2)


async def test_as_a_process(client: httpx.AsyncClient) -> None:
    command = [sys.executable, "-m", "tests.peers.telegram", "--time-scale", "0.01"]
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(*command, cwd=root, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        started = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        control, bot = started["control"], f"{started['base_url']}{started['token']}"
        said = await client.post(f"{control}/say", json={"chat_id": 7, "text": "hello"})
        polled = (await client.get(f"{bot}/getUpdates")).json()["result"]
        assert [update["update_id"] for update in polled] == [said.json()["result"]]
        await client.post(f"{bot}/sendMessage", json={"chat_id": 7, "text": "hi"})
        (sent,) = (await client.get(f"{control}/messages?chat_id=7")).json()["result"]
        assert (sent["text"], sent["buttons"]) == ("hi", [])
        assert (await client.post(f"{control}/erase", json={})).status_code == 404
        assert (await client.post(f"{control}/press", json={"chat_id": 7})).status_code == 400
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0
