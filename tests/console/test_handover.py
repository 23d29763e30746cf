"""One of the staff takes a chat, and the bot gets it back."""

import asyncio

from knowledge.models import Author, Conversation, OutboxRow, Staff, Takeover
from knowledge.register import takeovers
from tests.console.conftest import Console


async def test_of_twenty_at_once_exactly_one_wins(console: Console) -> None:
    conversation = await console.resident("help")
    await console.wait(conversation)
    people = await console.hire(20)
    answers = await asyncio.gather(
        *(person.post(f"/staff/conversations/{conversation}/claim") for person in people.values())
    )
    (winner,) = [
        name for name, answer in zip(people, answers, strict=True)
        if answer.headers.get("location") == f"/staff/conversations/{conversation}"
    ]  # fmt: skip
    losers = [answer for answer in answers if answer.status_code != 303]
    assert len(losers) == 19
    assert {answer.status_code for answer in losers} == {409}
    assert all(f"{winner} was first and has this chat now." in answer.text for answer in losers)
    (takeover,) = await console.rows(Takeover)
    (holder,) = await console.rows(Staff, Staff.id == takeover.claimed_by)
    assert holder.name == winner
    assert (await console.rows(Conversation))[0].handovers == 1


async def test_claim_of_what_nobody_waits_for(console: Console) -> None:
    conversation = await console.resident("help")
    moore = await console.signed_in("moore")
    answer = await moore.post(f"/staff/conversations/{conversation}/claim")
    assert answer.status_code == 409
    assert "Nobody waits for a person in this chat any more." in answer.text
    assert (await moore.post("/staff/conversations/999/claim")).status_code == 404


async def test_claim_tells_whoever_looks(console: Console) -> None:
    conversation = await console.resident("help")
    await console.wait(conversation)
    await (await console.signed_in("chen")).post(f"/staff/conversations/{conversation}/claim")
    assert set(console.signals.news) == {"queue", f"conversation:{conversation}"}


async def test_hand_back_tells_the_resident_in_their_language(console: Console) -> None:
    conversation = await console.resident("こんにちは", language="ja")
    await console.wait(conversation, claimed_by="chen")
    answer = await (await console.signed_in("chen")).post(f"/staff/conversations/{conversation}/hand-back")
    assert answer.status_code == 303
    (told,) = await console.said(conversation, Author.BOT)
    assert told.language == "ja"
    assert told.text == console.texts.gettext("ja")("You are talking to the bot again. What can I do for you?")
    assert [button["value"] for button in told.buttons] == [
        "go:report_problem", "go:check_application", "go:check_case", "go:help",
    ]  # fmt: skip
    takeover = (await console.rows(Takeover))[0]
    assert (takeover.open_for, takeover.ended_by) == (None, "staff")
    assert [row.message_id for row in await console.rows(OutboxRow)] == [told.id]
    assert (await console.rows(Conversation))[0].handovers == 1
    assert await console.signals.next_work(0.1) == ("outbox", conversation)


async def test_hand_back_twice_is_said_once(console: Console) -> None:
    conversation = await console.resident("hi")
    await console.wait(conversation, claimed_by="chen")
    chen = await console.signed_in("chen")
    path = f"/staff/conversations/{conversation}/hand-back"
    answers = await asyncio.gather(chen.post(path), chen.post(path))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(await console.said(conversation, Author.BOT)) == 1


async def test_only_the_holder_hands_back(console: Console) -> None:
    conversation = await console.resident("hi")
    await console.wait(conversation, claimed_by="chen")
    answer = await (await console.signed_in("sato")).post(f"/staff/conversations/{conversation}/hand-back")
    assert answer.status_code == 409
    assert await console.said(conversation, Author.BOT) == []


async def test_staff_see_that_the_resident_ended(console: Console) -> None:
    conversation = await console.resident("hi")
    await console.wait(conversation, claimed_by="moore")
    moore = await console.signed_in("moore")
    assert "Hand back to the bot" in (await moore.get(f"/staff/conversations/{conversation}")).text
    async with console.database.write() as session:
        await takeovers.end(session, conversation, by="resident")
    page = (await moore.get(f"/staff/conversations/{conversation}")).text
    assert "The bot is talking with this resident." in page
    assert "<textarea" not in page
