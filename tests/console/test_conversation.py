"""All that was said in a conversation, with translations and photos, live."""

import io

from PIL import Image

from bot.messages import Outgoing, OutgoingButton
from knowledge.models import Author
from tests.console.conftest import Console, following


async def test_shows_who_said_what(console: Console) -> None:
    chat = await console.resident("Hello there", language="en", name="Emma")
    said = Outgoing("**Hi**\n- one", "en", (OutgoingButton("Talk to a person", "go:talk_to_human"),))
    async with console.database.write() as session:
        await console.transcript.say(session, chat, said, Author.BOT)
    page = (await (await console.signed_in("moore")).get(f"/staff/conversations/{chat}")).text
    assert page.index("Hello there") < page.index("<strong>Hi</strong>") < page.index("Talk to a person")
    assert "Emma" in page


async def test_unknown_conversations_and_messages(console: Console) -> None:
    moore = await console.signed_in("moore")
    paths = ("conversations/9", "conversations/9/events", "messages/9", "messages/9/translation", "cases/9/translation")
    for path in paths:
        assert (await moore.get(f"/staff/{path}")).status_code == 404, path


async def test_language_nobody_noted_is_left_to_the_translator(console: Console) -> None:
    """While a person has the chat, the NLU does not look at it."""
    chat = await console.resident("音で困っています", language="ja")
    message = await console.hear(chat, "ありがとう", None)
    chen = await console.signed_in("chen")
    assert f"/staff/messages/{message}/translation" in (await chen.get(f"/staff/conversations/{chat}")).text
    await chen.get(f"/staff/messages/{message}/translation")
    assert console.translator.asked == [("ありがとう", None, "zh")]


async def test_a_reply_is_translated_from_what_was_written(console: Console) -> None:
    chat = await console.resident("音", language="ja")
    said = Outgoing("こんにちは", "ja", original="您好", origin="machine")
    async with console.database.write() as session:
        message = await console.transcript.say(session, chat, said, Author.STAFF, staff=1)
    assert "translation-" not in (await (await console.signed_in("chen")).get(f"/staff/messages/{message.id}")).text
    await (await console.signed_in("moore")).get(f"/staff/messages/{message.id}/translation")
    assert console.translator.asked == [("您好", "zh", "en")]


async def test_photos_are_shown_once_they_are_kept(console: Console) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "JPEG")
    kept = await console.photos.keep(picture.getvalue())
    chat = await console.resident("look", language="en")
    message = await console.hear(chat, "📷", None, photos=[kept])
    moore = await console.signed_in("moore")
    pending = (await moore.get(f"/staff/messages/{message}")).text
    assert "A photo is on its way" in pending
    assert f'hx-get="/staff/messages/{message}"' in pending
    assert (await moore.get(f"/staff/photos/{kept}")).status_code == 404
    async with console.database.write() as session:
        console.photos.register(session, [kept], chat)
    arrived = (await moore.get(f"/staff/messages/{message}")).text
    assert f'src="/staff/photos/{kept}"' in arrived
    assert "hx-get" not in arrived
    photo = await moore.get(f"/staff/photos/{kept}")
    assert (photo.status_code, photo.headers["content-type"]) == (200, "image/jpeg")
    assert (await moore.get("/staff/photos/..%2f..%2fetc%2fpasswd")).status_code == 404


async def test_is_live_and_goes_on_where_it_stopped(console: Console, served: str) -> None:
    chat = await console.resident("first", "second", language="en")
    moore = await console.signed_in("moore")
    path = f"/staff/conversations/{chat}/events"
    async with following(served, moore, path, params={"after": "1"}) as stream:
        assert "first" not in await stream.until("second")
        await console.hear(chat, "third", "en")
        await console.signals.changed(f"conversation:{chat}")
        assert "second" not in await stream.until("third")
    async with following(served, moore, path, headers={"Last-Event-ID": "2"}) as stream:
        assert "second" not in await stream.until("third")


async def test_the_composer_comes_and_goes(console: Console, served: str) -> None:
    chat = await console.resident("hi", language="en")
    await console.wait(chat)
    moore = await console.signed_in("moore")
    async with following(served, moore, f"/staff/conversations/{chat}/events") as stream:
        await stream.until('data-version="not-mine"')
        await moore.post(f"/staff/conversations/{chat}/claim")
        await stream.until('data-version="mine"')
        await moore.post(f"/staff/conversations/{chat}/hand-back")
        await stream.until('data-version="not-mine"')
