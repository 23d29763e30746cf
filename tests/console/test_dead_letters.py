"""What failed can be found, without a resident's words."""

from bot.messages import Outgoing
from knowledge.models import Author, InboxRow, InboxStatus, OutboxRow, OutboxStatus
from tests.console.conftest import Console


async def test_lists_both_ways_without_words(console: Console) -> None:
    chat = await console.resident("secret words", language="en")
    async with console.database.write() as session:
        session.add(
            InboxRow(
                channel="telegram", vendor_id="9", payload={"text": "secret words"}, status=InboxStatus.DEAD,
                error="no message in it",
            )
        )  # fmt: skip
        await console.transcript.say(session, chat, Outgoing("secret reply", "en"), Author.BOT)
    async with console.database.write() as session:
        row = await session.get_one(OutboxRow, 1)
        row.status, row.error = OutboxStatus.DEAD, "bot was blocked"
    page = (await (await console.signed_in("moore")).get("/staff/dead-letters")).text
    assert "no message in it" in page
    assert "bot was blocked" in page
    assert "secret" not in page
    assert f'href="/staff/conversations/{chat}"' in page


async def test_nothing_failed(console: Console) -> None:
    page = (await (await console.signed_in("moore")).get("/staff/dead-letters")).text
    assert page.count("None. All is well.") == 2
