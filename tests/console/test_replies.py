"""What staff write reaches the resident once, in the resident's language."""

import asyncio

import httpx
import pytest

from knowledge.models import Author, OutboxRow
from knowledge.register import takeovers
from tests.console.conftest import Browser, Console


@pytest.fixture
async def chat(console: Console) -> int:
    """A Japanese resident's, in chen's hands."""
    conversation = await console.resident("こんにちは、夜の音で困っています", language="ja")
    await console.wait(conversation, claimed_by="chen")
    return conversation


async def reply(browser: Browser, chat: int, text: str, sequence: int = 1, htmx: bool = True) -> httpx.Response:
    return await browser.post(f"/staff/conversations/{chat}/reply", text=text, sequence=str(sequence), htmx=htmx)


async def test_is_translated_into_the_residents_language(console: Console, chat: int) -> None:
    answer = await reply(await console.signed_in("chen"), chat, "您好")
    assert answer.status_code == 200
    assert 'name="sequence" value="2"' in answer.text
    (said,) = await console.said(chat, Author.STAFF)
    assert (said.text, said.language, said.original, said.origin) == ("<ja> 您好", "ja", "您好", "machine")
    assert said.staff_id == 1
    assert [row.message_id for row in await console.rows(OutboxRow)] == [said.id]
    assert await console.signals.next_work(0.1) == ("outbox", chat)
    assert f"conversation:{chat}" in console.signals.news


async def test_without_a_translator_it_goes_as_written_and_marked(console: Console, chat: int) -> None:
    console.translator.is_down = True
    chen = await console.signed_in("chen")
    await reply(chen, chat, "您好")
    (said,) = await console.said(chat, Author.STAFF)
    assert (said.text, said.language, said.original, said.origin) == ("您好", "zh", None, None)
    page = (await chen.get(f"/staff/conversations/{chat}")).text
    assert console.texts.gettext("zh")("sent as written, without a translation") in page


async def test_between_people_of_one_language_nothing_is_translated(console: Console) -> None:
    chat = await console.resident("音で困っています", language="ja")
    await console.wait(chat, claimed_by="sato")
    sato = await console.signed_in("sato")
    await reply(sato, chat, "こんにちは")
    assert console.translator.asked == []
    page = (await sato.get(f"/staff/conversations/{chat}")).text
    assert console.texts.gettext("ja")("sent as written, without a translation") not in page


async def test_a_language_that_the_bot_does_not_speak(console: Console) -> None:
    chat = await console.resident("hello", language="en")
    await console.hear(chat, "สวัสดีครับ ลิฟต์ของอาคารเสียมาสามวันแล้ว", "th")
    await console.wait(chat, claimed_by="chen")
    await reply(await console.signed_in("chen"), chat, "您好")
    assert console.translator.asked == [("您好", "zh", "th")]


async def test_a_double_click_says_it_once(console: Console, chat: int) -> None:
    chen = await console.signed_in("chen")
    answers = await asyncio.gather(*(reply(chen, chat, "您好") for _click in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len(await console.said(chat, Author.STAFF)) == 1
    assert (await reply(chen, chat, "您好")).status_code == 200
    assert len(await console.said(chat, Author.STAFF)) == 1


async def test_the_same_words_may_be_said_again_later(console: Console, chat: int) -> None:
    chen = await console.signed_in("chen")
    await reply(chen, chat, "好的", 1)
    await reply(chen, chat, "好的", 2)
    assert len(await console.said(chat, Author.STAFF)) == 2


async def test_a_retry_after_the_end_is_no_failure(console: Console, chat: int) -> None:
    """It was sent; the answer was lost, and meanwhile the resident went back to the bot."""
    chen = await console.signed_in("chen")
    await reply(chen, chat, "您好")
    async with console.database.write() as session:
        await takeovers.end(session, chat, by="resident")
    assert (await reply(chen, chat, "您好")).status_code == 200
    assert len(await console.said(chat, Author.STAFF)) == 1


async def test_a_second_window_is_told_what_it_missed(console: Console, chat: int) -> None:
    chen = await console.signed_in("chen")
    await reply(chen, chat, "第一", 1)
    answer = await reply(chen, chat, "第二", 1)
    assert answer.status_code == 409
    assert "第二" in answer.text
    assert 'name="sequence" value="2"' in answer.text
    assert len(await console.said(chat, Author.STAFF)) == 1


@pytest.mark.parametrize("sequence", ["", "0", "-1", "x"])
async def test_a_form_without_its_number_says_nothing(console: Console, chat: int, sequence: str) -> None:
    chen = await console.signed_in("chen")
    answer = await chen.post(f"/staff/conversations/{chat}/reply", text="您好", sequence=sequence, htmx=True)
    assert answer.status_code == 409
    assert await console.said(chat, Author.STAFF) == []


async def test_who_has_not_claimed_may_read_but_not_write(console: Console, chat: int) -> None:
    sato = await console.signed_in("sato")
    assert (await sato.get(f"/staff/conversations/{chat}")).status_code == 200
    answer = await reply(sato, chat, "こんにちは")
    assert answer.status_code == 409
    assert "こんにちは" in answer.text
    assert await console.said(chat, Author.STAFF) == []


async def test_the_resident_ends_while_a_reply_is_translated(console: Console, chat: int) -> None:
    async def leave() -> None:
        async with console.database.write() as session:
            await takeovers.end(session, chat, by="resident")

    console.translator.meanwhile = leave
    answer = await reply(await console.signed_in("chen"), chat, "您好")
    assert answer.status_code == 409
    assert await console.said(chat, Author.STAFF) == []


@pytest.mark.parametrize("text", ["", "   ", "\0", "x" * 4001])
async def test_nothing_or_too_much_is_not_sent(console: Console, chat: int, text: str) -> None:
    answer = await reply(await console.signed_in("chen"), chat, text)
    assert answer.status_code == 422
    assert await console.said(chat, Author.STAFF) == []


async def test_markup_of_the_staffs_is_shown_as_typed(console: Console, chat: int) -> None:
    console.translator.is_down = True
    chen = await console.signed_in("chen")
    await reply(chen, chat, "**不是粗体** <b>x</b>")
    (said,) = await console.said(chat, Author.STAFF)
    assert said.text == r"\*\*不是粗体\*\* <b>x</b>"
    page = (await chen.get(f"/staff/conversations/{chat}")).text
    assert "**不是粗体** &lt;b&gt;x&lt;/b&gt;" in page


async def test_works_without_scripts(console: Console, chat: int) -> None:
    chen = await console.signed_in("chen")
    answer = await reply(chen, chat, "您好", htmx=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/conversations/{chat}")
    refused = await reply(chen, chat, "别的", htmx=False)
    assert refused.status_code == 409
    assert "别的" in refused.text
