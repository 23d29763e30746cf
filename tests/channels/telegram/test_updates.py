"""What becomes of Telegram's updates: of all kinds, and of broken ones."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.updates import ALLOWED, Identity, press_id, read, unreadable
from bot.messages import Incoming, Unreadable
from dialogues.turn import Kind, Location

ME = Identity(1000, "alley_bot")
AIKO = {"id": 7, "is_bot": False, "first_name": "Aiko", "language_code": "ja", "username": "aiko_s"}
BOT = {"id": 1000, "is_bot": True, "first_name": "Alley", "username": "alley_bot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Aiko"}
GROUP = {"id": -100500, "type": "supergroup", "title": "Ronghua lane"}
FILE = {"file_id": "AgACAg-file", "file_unique_id": "AQAD", "file_size": 5}
PHOTO = [
    FILE | {"file_id": "small", "width": 90, "height": 60},
    FILE | {"file_id": "large", "width": 1280, "height": 960},
]
PLACE = {"latitude": 31.2, "longitude": 121.4}
KEYBOARD = {
    "inline_keyboard": [[{"text": "Noise", "callback_data": "noise"}, {"text": "Pets", "callback_data": "pets"}]]
}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 42, "from": AIKO, "chat": chat, "date": 1_760_000_000, **content}


def new(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"update_id": 5001, "message": message(chat, **content)}


def pressed(data: object, chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    shown = message(chat, text="What kind?", reply_markup=KEYBOARD) | {"from": BOT}
    query = {"id": "4382", "from": AIKO, "chat_instance": "1", "message": shown, "data": data} | more
    return {"update_id": 5002, "callback_query": {name: value for name, value in query.items() if value is not None}}


def taken(update: object, me: Identity = ME) -> Incoming:
    found = read(update, me)
    assert isinstance(found, Incoming), found
    return found


def test_text() -> None:
    assert taken(new(text="こんにちは")) == Incoming(
        "telegram", "1000:5001", "7", Kind.TEXT, text="こんにちは", language="ja", name="Aiko"
    )


@pytest.mark.parametrize(
    ("typed", "value", "text"),
    [
        ("/start", "start", ""),
        ("/start from_poster", "start", "from_poster"),
        ("/Help", "help", ""),
        ("/language ja", "language", "ja"),
        ("/language@alley_bot  日本語 ", "language", "日本語"),
        ("/human\nplease", "human", "please"),
        ("/cancel", "cancel", ""),
        ("/cases", "cases", ""),
        ("/frobnicate now", "frobnicate", "now"),
    ],
)
def test_commands(typed: str, value: str, text: str) -> None:
    found = taken(new(text=typed))
    assert (found.kind, found.value, found.text) == (Kind.COMMAND, value, text)


@pytest.mark.parametrize("typed", ["/", "/ help", "/home/aiko", "help /start", "//start"])
def test_a_slash_alone_makes_no_command(typed: str) -> None:
    assert taken(new(text=typed)).kind is Kind.TEXT


def test_a_command_to_another_bot_is_not_ours() -> None:
    assert read(new(GROUP, text="/start@other_bot"), ME) is None


def test_button() -> None:
    found = taken(pressed("pets"))
    assert (found.kind, found.value, found.text, found.address) == (Kind.BUTTON, "pets", "Pets", "7")
    assert (found.name, found.language, found.vendor_id) == ("Aiko", "ja", "1000:5002")
    assert press_id(pressed("pets")) == "4382"
    assert press_id(new(text="hello")) is None


def test_button_of_a_message_that_telegram_no_longer_shows() -> None:
    gone = {"chat": PRIVATE, "message_id": 42, "date": 0}
    found = taken(pressed("pets", message=gone))
    assert (found.kind, found.value, found.text) == (Kind.BUTTON, "pets", "")


def test_button_without_data_or_message_is_not_ours() -> None:
    assert read(pressed(None, game_short_name="chess"), ME) is None
    assert read(pressed("pets", message=None, inline_message_id="9"), ME) is None


def test_photo() -> None:
    found = taken(new(photo=PHOTO, caption="The lift\x00 again"))
    assert (found.kind, found.photos, found.text) == (Kind.PHOTO, ("large",), "The lift again")


def test_picture_sent_as_a_file() -> None:
    found = taken(new(document=FILE | {"mime_type": "image/png", "file_name": "lift.png"}))
    assert (found.kind, found.photos) == (Kind.PHOTO, ("AgACAg-file",))


def test_places() -> None:
    found = taken(new(location=PLACE))
    assert (found.kind, found.location, found.text) == (Kind.LOCATION, Location(31.2, 121.4), "")
    found = taken(new(location=PLACE, venue={"location": PLACE, "title": "Hall", "address": "Ronghua 1"}))
    assert (found.kind, found.location, found.text) == (Kind.LOCATION, Location(31.2, 121.4), "Hall, Ronghua 1")


def test_edited() -> None:
    found = taken({"update_id": 6, "edited_message": message(text="I meant the lift", edit_date=1_760_000_009)})
    assert (found.kind, found.text) == (Kind.EDITED, "I meant the lift")
    found = taken({"update_id": 6, "edited_message": message(photo=PHOTO, caption="/start", edit_date=1_760_000_009)})
    assert (found.kind, found.text, found.photos) == (Kind.EDITED, "/start", ())


def test_a_moving_live_location_is_no_word_of_the_residents() -> None:
    assert read({"update_id": 6, "edited_message": message(location=PLACE | {"live_period": 900})}, ME) is None


VOICE = FILE | {"duration": 3}
UNSUPPORTED: dict[str, Any] = {
    "voice": VOICE,
    "audio": VOICE,
    "video": VOICE | {"width": 9, "height": 9},
    "video_note": VOICE | {"length": 9},
    "animation": VOICE | {"width": 9, "height": 9},
    "sticker": FILE | {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False},
    "document": FILE | {"mime_type": "application/pdf"},
    "contact": {"phone_number": "1", "first_name": "Aiko"},
    "dice": {"emoji": "🎲", "value": 3},
    "poll": {
        "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
        "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_unsupported(kind: str) -> None:
    found = taken(new(**{kind: UNSUPPORTED[kind]}))
    assert (found.kind, found.text, found.photos) == (Kind.UNSUPPORTED, "", ())


def test_the_words_below_a_video_are_kept() -> None:
    found = taken(new(video=UNSUPPORTED["video"], caption="Listen to this noise"))
    assert (found.kind, found.text) == (Kind.UNSUPPORTED, "Listen to this noise")


MEMBER = {"user": BOT, "status": "kicked", "until_date": 0}
NO_MESSAGES: list[dict[str, Any]] = [
    {"update_id": 1},
    {"update_id": 1, "my_chat_member": {
        "chat": PRIVATE, "from": AIKO, "date": 1, "old_chat_member": MEMBER, "new_chat_member": MEMBER}},
    {"update_id": 1, "channel_post": message({"id": -5, "type": "channel", "title": "News"}, text="hello")},
    {"update_id": 1, "message": message({"id": -5, "type": "channel", "title": "News"}, text="hello")},
    {"update_id": 1, "message_reaction": {
        "chat": PRIVATE, "message_id": 1, "user": AIKO, "date": 1, "old_reaction": [], "new_reaction": []}},
    {"update_id": 1, "something_of_next_year": {"a": 1}},
    new(GROUP, new_chat_members=[BOT]),
    new(GROUP, pinned_message=message(GROUP, text="hello")),
    new(GROUP, left_chat_member=AIKO),
    new(GROUP, migrate_to_chat_id=-100501),
    new(text=None),
]  # fmt: skip


@pytest.mark.parametrize("update", NO_MESSAGES)
def test_what_is_no_message_to_us_is_ignored(update: dict[str, Any]) -> None:
    assert read(update, ME) is None


def test_groups() -> None:
    ours = message(GROUP, text="hello") | {"from": BOT}
    theirs = message(GROUP, text="hello")
    assert read(new(GROUP, text="nobody speaks to the bot"), ME) is None
    assert read(new(GROUP, text="@alley_bots is another"), ME) is None
    assert read(new(GROUP, text="to a neighbour", reply_to_message=theirs), ME) is None
    assert read(new(GROUP, photo=PHOTO), ME) is None
    found = taken(new(GROUP, text="@Alley_Bot when do you open?"))
    assert (found.is_group, found.address, found.text) == (True, "-100500", "when do you open?")
    assert (found.name, found.language) == ("Ronghua lane", None)
    assert taken(new(GROUP, text="and on Sundays?", reply_to_message=ours)).text == "and on Sundays?"
    assert taken(new(GROUP, photo=PHOTO, caption="@alley_bot look")).kind is Kind.PHOTO
    assert taken(new(GROUP, text="/cases@alley_bot")).kind is Kind.COMMAND
    assert taken(pressed("pets", GROUP)).is_group


def test_before_the_bot_knows_its_name() -> None:
    unnamed = Identity(1000)
    assert read(new(GROUP, text="@alley_bot hello"), unnamed) is None
    assert taken(new(GROUP, text="/help@alley_bot"), unnamed).kind is Kind.COMMAND
    assert taken(new(text="hello"), unnamed).text == "hello"


def test_what_no_database_takes_is_stripped() -> None:
    update = json.loads(json.dumps(new(text="a\x00_")).replace("a\\u0000_", "a\\u0000\\ud800_\\ud83d\\ude00"))
    assert taken(update).text == "a_😀"


BROKEN: list[object] = [
    None, [], "text", 5, {}, {"message": message(text="no id")},
    {"update_id": "5", "message": message(text="x")},
    {"update_id": True, "message": message(text="x")},
    {"update_id": -5, "message": message(text="x")},
    {"update_id": 10**30, "message": message(text="x")},
    {"update_id": 5, "message": "text"},
    {"update_id": 5, "message": {"text": "no chat"}},
    new(text=5), new(text=["x"]),
    new({"id": "7", "type": "private"}, text="x"), new({"id": 7, "type": "moon"}, text="x"),
    new(location={"latitude": float("nan"), "longitude": 0}), new(location={"latitude": 91, "longitude": 0}),
    new(photo=[FILE | {"width": "a", "height": 1}, FILE | {"width": 1, "height": 1}]),
    pressed({"a": 1}), pressed("pets", message=[1]),
]  # fmt: skip


@pytest.mark.parametrize("update", BROKEN)
def test_broken_updates_become_dead_letters(update: object) -> None:
    found = read(update, ME)
    assert isinstance(found, Unreadable)
    assert len(found.vendor_id) <= 100
    assert found.raw == {"raw": json.dumps(update)}
    assert found.error.endswith("Error")  # the kind of error, and no word of the update


def test_a_dead_letter_without_an_id_has_the_same_hash_each_time() -> None:
    first, again, other = (unreadable(None, raw, "E", ME).vendor_id for raw in ("{", "{", "["))
    assert first == again != other
    assert read({"update_id": 5, "message": "text"}, ME).vendor_id == "1000:5"  # type: ignore[union-attr]


VALID = [
    new(text="hello"), new(text="/start x"), new(GROUP, text="@alley_bot hello"), new(photo=PHOTO, caption="lift"),
    new(location=PLACE), pressed("pets"), {"update_id": 6, "edited_message": message(text="x", edit_date=9)},
    *(new(**{kind: UNSUPPORTED[kind]}) for kind in UNSUPPORTED), *NO_MESSAGES,
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def places(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value within a JSON value."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


NAMES = (*ALLOWED, "text", "caption", "venue", "photo", "document", "reply_markup", "entities", "reply_to_message")


def mutate(update: Any, path: tuple[Any, ...], value: Any, name: str | None) -> Any:
    """Takes away what is there, or puts a value in its place, or next to it under a name."""
    if not path:
        return value
    update = copy.deepcopy(update)
    node = update
    for key in path[:-1]:
        node = node[key]
    if name is None:
        del node[path[-1]]
    else:
        node[name if name and isinstance(node, dict) else path[-1]] = value
    return update


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_mutated_updates_never_raise(data: st.DataObject) -> None:
    update: Any = data.draw(st.sampled_from(VALID))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(update)))
        update = mutate(update, path, data.draw(JSON), data.draw(st.sampled_from((None, "", *NAMES))))
    found = read(update, ME)
    press_id(update)
    if isinstance(found, Incoming):
        assert Incoming.from_json(json.loads(json.dumps(found.as_json(), allow_nan=False))) == found
        stored = json.dumps(found.as_json(), ensure_ascii=False)
        assert "\x00" not in stored
        stored.encode()
        assert len(found.vendor_id) <= 100
        assert len(found.address) <= 100
    elif isinstance(found, Unreadable):
        json.dumps(found.raw, ensure_ascii=False).encode()
        assert len(found.vendor_id) <= 100
    else:
        assert found is None
