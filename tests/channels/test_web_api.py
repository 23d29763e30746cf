"""The web chat's JSON interface, over HTTP: bot/channels/web with a real database, Redis and worker, and a fake NLU."""

import asyncio
import hashlib
import io
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from redis.asyncio import Redis

from bot.channels.web import events, refusals
from bot.channels.web.accept import preferred
from bot.channels.web.posts import Post
from bot.channels.web.rates import Rates, network_of
from dialogues.turn import Understanding
from knowledge.models import ChatMessage, Conversation, InboxRow
from knowledge.texts import Texts
from tests.channels.web_chat import WebChat, running_web_chat
from tests.fakes.signals import LostSignals
from tests.front_desk import FrontDesk

# for what does not depend on the kind of database
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def picture(color: str = "red", **save: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(file, "JPEG", **save)
    return file.getvalue()


async def test_a_first_message_opens_a_conversation(chat: WebChat) -> None:
    answer = await chat.post({"text": "hello"})
    assert answer.status_code == 202
    token = answer.json()["session"]
    assert answer.json() == {"session": token, "message": 1}
    [conversation] = await chat.desk.rows(Conversation)
    assert conversation.address == hashlib.sha256(token.encode()).hexdigest()
    assert token not in repr(vars(conversation))


async def test_a_message_is_answered_and_both_can_be_fetched(chat: WebChat) -> None:
    chat.desk.understander.sentences["When are you open?"] = Understanding("faq/opening_hours", 0.9)
    token = await chat.open("When are you open?", id="mine-1")
    asked, answered = await chat.messages(token, at_least=2)
    assert asked.pop("at") <= answered.pop("at")
    assert asked == {
        "id": 1, "author": "resident", "text": "When are you open?", "html": "<p>When are you open?</p>",
        "lang": "und", "buttons": [], "client_id": "mine-1",
    }  # fmt: skip
    assert answered == {
        "id": 2, "author": "bot", "text": "Opening hours\n\nMonday to Friday.",
        "html": "<p><strong>Opening hours</strong></p><p>Monday to Friday.</p>", "lang": "en", "buttons": [],
        "origin": "human",
    }  # fmt: skip
    assert await chat.messages(token, after=1) == [{**answered, "at": (await chat.messages(token))[1]["at"]}]


async def test_what_a_resident_types_is_shown_as_typed(chat: WebChat) -> None:
    token = await chat.open("<b onclick=x>**not bold**</b>\n- no list")
    shown = (await chat.messages(token))[0]
    assert shown["text"] == "<b onclick=x>**not bold**</b>\n- no list"
    assert shown["html"] == "<p>&lt;b onclick=x&gt;**not bold**&lt;/b&gt;<br>- no list</p>"


async def test_a_message_posted_again_is_one_message(chat: WebChat) -> None:
    token = await chat.open("hello")
    posts = await asyncio.gather(*(chat.post({"session": token, "text": "again", "id": "k"}) for _ in range(5)))
    assert {answer.status_code for answer in posts} == {202}
    assert len({answer.json()["message"] for answer in posts}) == 1
    assert [row.payload["text"] for row in await chat.desk.rows(InboxRow)] == ["hello", "again"]


async def test_the_same_id_in_two_conversations_is_two_messages(chat: WebChat) -> None:
    await chat.open("hello", id="k")
    await chat.open("hello", id="k")
    assert len(await chat.desk.rows(InboxRow)) == 2


async def test_a_first_message_posted_again_opens_one_conversation(chat: WebChat) -> None:
    token = "Az_-" * 10 + "xyz"
    for _ in range(2):
        answer = await chat.post({"session": token, "new": True, "text": "hello", "id": "k"})
        assert answer.json() == {"session": token, "message": 1}
    assert len(await chat.desk.rows(Conversation)) == 1


def test_the_document_has_every_field_and_refusal() -> None:
    document = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    codes = re.findall(r'Refused\(\s*\d+, "(\w+)"', Path(refusals.__file__).read_text())
    assert "too_fast" in codes
    assert [name for name in (*codes, *Post.model_fields) if f"`{name}`" not in document] == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({}, 422, "empty"),
        ({"text": " \n\u200b\u2060 "}, 422, "empty"),
        ({"text": "x" * 4001}, 422, "too_long"),
        ({"text": 7}, 422, "invalid"),
        ({"text": "a\0b"}, 422, "invalid"),
        ({"text": "\ud800"}, 422, "invalid"),
        ({"text": "x", "locale": "e" * 36}, 422, "invalid"),
        ({"text": "x", "button": "b" * 65}, 422, "invalid"),
        ({"text": "x", "id": "has space"}, 422, "invalid"),
        ({"text": "x", "id": "i" * 65}, 422, "invalid"),
        ({"text": "x", "new": True}, 422, "invalid"),
        ({"text": "x", "new": True, "session": "guessable"}, 422, "invalid"),
        ({"text": "x", "location": {"latitude": 91, "longitude": 0}}, 422, "invalid"),
        ({"location": {"latitude": float("nan"), "longitude": 0}}, 422, "invalid"),
        ({"text": "x", "session": "unknown"}, 404, "unknown_session"),
        ({"text": "x", "session": "\0"}, 422, "invalid"),
        ([], 400, "unreadable"),
        ("text", 400, "unreadable"),
    ],
)
async def test_what_is_refused_leaves_nothing(chat: WebChat, fields: object, status: int, code: str) -> None:
    answer = await chat.post(fields)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["text"]
    assert await chat.desk.rows(InboxRow) == []
    assert await chat.desk.rows(Conversation) == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 30_000, "application/json", 400),
        (b'{"text": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b" " * 70_000, "application/json", 422),
        (b"text=hello", "application/x-www-form-urlencoded", 415),
        (b"hello", "", 415),
        (b"no form", "multipart/form-data; boundary=x", 400),
        (b"no form", "multipart/form-data", 400),
    ],
)
async def test_a_body_that_is_none_is_refused(chat: WebChat, body: bytes, content_type: str, status: int) -> None:
    answer = await chat.client.post("/api/chat", content=body, headers={"content-type": content_type})
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "text"}


@ON_SQLITE
async def test_a_refusal_is_in_the_language_asked_for(chat: WebChat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Texts, "plain", lambda _texts, _words, language: language)
    header = {"accept-language": "xx, ja;q=0.5"}
    by_locale = await chat.client.post("/api/chat", json={"locale": "fr-CA", "text": " "}, headers=header)
    by_header = await chat.client.post("/api/chat", json={"text": " "}, headers=header)
    assert (by_locale.json()["text"], by_header.json()["text"]) == ("fr", "ja")


async def test_the_locale_is_the_conversations_first_language(chat: WebChat) -> None:
    await chat.post({"text": "salut", "locale": "fr-FR"})
    [conversation] = await chat.desk.rows(Conversation)
    assert conversation.language == "fr"


async def test_a_button_says_its_label(chat: WebChat) -> None:
    token = await chat.open("/start")
    greeting = (await chat.messages(token, at_least=2))[1]
    button = greeting["buttons"][0]
    await chat.post({"session": token, "button": button["value"]})
    await chat.post({"session": token, "button": "go:help", "text": "Hilfe"})
    payloads = [row.payload for row in await chat.desk.rows(InboxRow)][1:]
    assert [(each["kind"], each["text"], each["value"]) for each in payloads] == [
        ("button", button["label"], button["value"]),
        ("button", "Hilfe", "go:help"),
    ]


@ON_SQLITE
@pytest.mark.parametrize(
    ("text", "kind", "value", "rest"),
    [
        ("/language 日本語", "command", "language", "日本語"),
        ("/Help", "command", "help", ""),
        ("/start@alley_bot now", "command", "start", "now"),
        ("/", "text", "", "/"),
        ("/5 of them", "text", "", "/5 of them"),
        ("1/2", "text", "", "1/2"),
    ],
)
async def test_a_slash_begins_a_command(chat: WebChat, text: str, kind: str, value: str, rest: str) -> None:
    await chat.open(text)
    [row] = await chat.desk.rows(InboxRow)
    assert (row.payload["kind"], row.payload["value"], row.payload["text"]) == (kind, value, rest)


async def test_a_location_may_be_sent(chat: WebChat) -> None:
    await chat.post({"location": {"latitude": 31.2, "longitude": 121}})
    [row] = await chat.desk.rows(InboxRow)
    assert (row.payload["kind"], row.payload["location"]) == ("location", {"latitude": 31.2, "longitude": 121.0})


async def test_a_photo_is_seen_by_its_own_conversation_alone(chat: WebChat) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    sent = picture(exif=exif, comment=b"a name")
    answer = await chat.client.post("/api/chat", data={"text": "broken"}, files={"photo": ("p.jpg", sent)})
    token = answer.json()["session"]
    [url] = (await chat.messages(token))[0]["photos"]
    shown = await chat.client.get(url)
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"taken at home" not in shown.content
    assert b"a name" not in shown.content
    other = await chat.open("hello")
    elsewhere = await chat.client.get(url.replace(token, other))
    assert (elsewhere.status_code, elsewhere.json()["error"]) == (404, "unknown_photo")


async def test_a_photo_keeps_its_name_through_the_turn(chat: WebChat) -> None:
    answer = await chat.client.post("/api/chat", files={"photo": ("p.jpg", picture())})
    token = answer.json()["session"]
    before = (await chat.messages(token))[0]
    after = (await chat.messages(token, at_least=2))[0]
    assert before["photos"] == after["photos"]
    assert len(list((chat.desk.folder / "photos").iterdir())) == 1


@ON_SQLITE
async def test_a_file_that_is_no_photo_is_refused(chat: WebChat) -> None:
    bad = await chat.client.post("/api/chat", data={"text": "x"}, files={"photo": ("p.jpg", b"no picture")})
    assert (bad.status_code, bad.json()["error"]) == (422, "no_photo")
    large = b"\xff" * (chat.desk.centre.photos.megabytes * 1024 * 1024 + 1)
    too_large = await chat.client.post("/api/chat", files={"photo": ("p.jpg", large)})
    assert (too_large.status_code, too_large.json()["error"]) == (413, "too_large")
    assert await chat.desk.rows(InboxRow) == []


@ON_SQLITE
@pytest.mark.parametrize("path", ["messages", "events", f"photos/{'0' * 40}"])
async def test_an_unknown_session_gets_nowhere(chat: WebChat, path: str) -> None:
    answer = await chat.client.get(f"/api/chat/{'x' * 43}/{path}")
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_session")


@ON_SQLITE
@pytest.mark.parametrize("photo", ["..%2f..%2falley", "0" * 40, "%25", "_" * 40])
async def test_a_photo_of_nobody_is_not_found(chat: WebChat, photo: str) -> None:
    token = await chat.open("hello")
    assert (await chat.client.get(f"/api/chat/{token}/photos/{photo}")).status_code == 404


@ON_SQLITE
@pytest.mark.parametrize("after", ["-1", "x", "99999999999"])
async def test_a_wrong_number_is_refused(chat: WebChat, after: str) -> None:
    token = await chat.open("hello")
    assert (await chat.client.get(f"/api/chat/{token}/messages", params={"after": after})).status_code == 422


@ON_SQLITE
async def test_every_answer_is_protected(chat: WebChat) -> None:
    token = await chat.open("hello")
    for answer in (
        await chat.post({}),
        await chat.post({"text": "x"}),
        await chat.client.get(f"/api/chat/{token}/messages"),
        await chat.client.get("/api/chat/x/messages"),
    ):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


# ---- the live stream


async def take(lines: AsyncIterator[str], count: int) -> list[dict[str, Any]]:
    """The next messages of a stream; each event's id is its message's."""
    taken: list[dict[str, Any]] = []
    number = ""
    async with asyncio.timeout(8):
        async for line in lines:
            if line.startswith("id: "):
                number = line.removeprefix("id: ")
            if line.startswith("data: "):
                taken.append(json.loads(line.removeprefix("data: ")))
                assert taken[-1]["id"] == int(number)
            if len(taken) == count:
                break
    return taken


async def test_the_stream_brings_what_is_there_and_what_comes(chat: WebChat) -> None:
    token = await chat.open("one")
    async with chat.client.stream("GET", f"/api/chat/{token}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        assert [each["author"] for each in await take(lines, 2)] == ["resident", "bot"]
        await chat.post({"session": token, "text": "two"})
        assert [each["id"] for each in await take(lines, 2)] == [3, 4]
    assert await chat.messages(token, at_least=4) == await chat.messages(token)


@pytest.mark.parametrize(("query", "header"), [("?after=2", {}), ("?after=0", {"last-event-id": "2"})])
async def test_the_stream_goes_on_where_it_was(chat: WebChat, query: str, header: dict[str, str]) -> None:
    token = await chat.open("one")
    await chat.messages(token, at_least=2)
    await chat.post({"session": token, "text": "two"})
    async with chat.client.stream("GET", f"/api/chat/{token}/events{query}", headers=header) as stream:
        assert [each["id"] for each in await take(stream.aiter_lines(), 2)] == [3, 4]


@ON_SQLITE
async def test_the_stream_finds_messages_without_signals(
    desk: FrontDesk, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.2)
    async with running_web_chat(desk.another(signals=LostSignals()), redis) as chat:
        token = await chat.open("one")
        async with chat.client.stream("GET", f"/api/chat/{token}/events?after=1") as stream:
            assert [each["id"] for each in await take(stream.aiter_lines(), 1)] == [2]


@ON_SQLITE
async def test_open_streams_do_not_keep_the_server_from_stopping(desk: FrontDesk, redis: Redis) -> None:
    async with asyncio.timeout(6):
        async with running_web_chat(desk, redis) as chat:
            token = await chat.open("one")
            answers = [
                await chat.client.send(chat.client.build_request("GET", f"/api/chat/{token}/events"), stream=True)
                for _ in range(3)
            ]
            assert {answer.status_code for answer in answers} == {200}


# ---- rates


@ON_SQLITE
async def test_a_session_that_writes_too_fast_is_told(desk: FrontDesk, redis: Redis) -> None:
    async with running_web_chat(desk, redis, per_session=3) as chat:
        token = await chat.open("one")
        answers = [await chat.post({"session": token, "text": "more"}) for _ in range(3)]
        other = await chat.post({"text": "from another"})
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].headers["retry-after"] in answers[-1].json()["text"]
    assert other.status_code == 202
    assert len(await desk.rows(ChatMessage, ChatMessage.author == "resident")) == 4


@ON_SQLITE
async def test_an_address_that_opens_too_many_conversations_is_told(desk: FrontDesk, redis: Redis) -> None:
    async with running_web_chat(desk, redis, per_address=2) as chat:
        answers = [await chat.post({"text": "hello"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]


async def test_rates_are_kept_without_redis() -> None:
    nobody = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
    rates = Rates(nobody, per_session=2, per_address=100)
    waits = [await rates.count_session("a") for _ in range(3)]
    assert waits[:2] == [0, 0]
    assert 1 <= waits[2] <= 60
    assert await rates.count_session("b") == 0


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("a-socket", "a-socket"),
    ],
)
def test_an_address_is_what_one_customer_has(host: str, network: str) -> None:
    assert network_of(host) == network


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("de, fr;q=0.7, en;q=0.8", "en"),
        ("zh-CN", "zh"),
        ("zh-TW, en;q=0.5", "zh"),
        ("ZH_hant_HK", "zh"),
        ("fr;q=0, es;q=0.1", "es"),
        ("fr;q=x, es", "es"),
        ("*", "en"),
        ("", "en"),
        (";;,,q=", "en"),
    ],
)
def test_the_preferred_language(header: str, language: str) -> None:
    assert preferred(header, ("en", "ar", "es", "fr", "ja", "ko", "zh")) == language


def test_traditional_chinese_is_its_own_where_it_is_offered() -> None:
    assert preferred("zh-HK", ("en", "zh", "zh-Hant")) == "zh-Hant"


@ON_SQLITE
async def test_a_form_without_a_file_is_a_message_too(chat: WebChat) -> None:
    files: dict[str, Any] = {"text": (None, "hello"), "photo": ("", b"")}
    answer: httpx.Response = await chat.client.post("/api/chat", files=files)
    assert answer.status_code == 202
    [row] = await chat.desk.rows(InboxRow)
    assert (row.payload["kind"], row.payload["text"]) == ("text", "hello")
