"""The list of cases, and that a resident hears of a change."""

import asyncio

import pytest

from knowledge.models import Author, Case, CaseEvent, OutboxRow
from knowledge.register import cases
from tests.console.conftest import Console


async def open_case(
    console: Console, chat: int, *, urgent: bool = False, text: str = "騒音", language: str = "ja"
) -> str:
    row = await console.inbox_row(chat)
    async with console.database.write() as session:
        number = await cases.reserve_number(session, 2026)
        new = cases.NewCase(number, "noise", "騒音", "ja", "Lane 1 <No. 3>", (), urgent)
        await cases.open_case(session, new, chat, row)
    return number


async def test_urgent_ones_first_and_by_status(console: Console) -> None:
    chat = await console.resident("hi")
    calm, urgent = await open_case(console, chat), await open_case(console, chat, urgent=True)
    newest = await open_case(console, chat)
    moore = await console.signed_in("moore")
    page = (await moore.get("/staff/cases")).text
    assert page.index(urgent) < page.index(newest) < page.index(calm)
    assert "Lane 1 &lt;No. 3&gt;" in page
    await moore.post(f"/staff/cases/{calm}/status", status="closed")
    closed = (await moore.get("/staff/cases?status=closed")).text
    assert calm in closed
    assert urgent not in closed
    assert (await moore.get("/staff/cases?status=nonsense")).status_code == 200


async def test_description_is_translated_when_asked(console: Console) -> None:
    number = await open_case(console, await console.resident("hi"))
    moore = await console.signed_in("moore")
    for path in ("/staff/cases", f"/staff/cases/{number}"):
        assert 'hx-get="/staff/cases/1/translation"' in (await moore.get(path)).text
    assert "&lt;en&gt; 騒音" in (await moore.get("/staff/cases/1/translation")).text


@pytest.mark.parametrize("claimed_by", [None, "sato"])
async def test_the_resident_is_told_in_their_language(console: Console, claimed_by: str | None) -> None:
    chat = await console.resident("hi", language="ja")
    number = await open_case(console, chat)
    if claimed_by:
        await console.wait(chat, claimed_by=claimed_by)
    moore = await console.signed_in("moore")
    answer = await moore.post(f"/staff/cases/{number}/status", status="in_progress")
    assert answer.headers["location"] == f"/staff/cases/{number}"
    (told,) = await console.said(chat, Author.BOT)
    assert told.language == "ja"
    assert number in told.text
    assert console.texts.gettext("ja")("in progress") in told.text
    assert [row.message_id for row in await console.rows(OutboxRow)] == [told.id]
    assert [(event.status, event.staff_id) for event in await console.rows(CaseEvent)] == [
        ("new", None), ("in_progress", 3),
    ]  # fmt: skip
    assert {"cases", f"conversation:{chat}"} <= set(console.signals.news)
    history = (await moore.get(f"/staff/cases/{number}")).text
    assert "Anna Moore" in history


async def test_a_double_click_tells_once(console: Console) -> None:
    chat = await console.resident("hi")
    number = await open_case(console, chat)
    moore = await console.signed_in("moore")
    path = f"/staff/cases/{number}/status"
    await asyncio.gather(*(moore.post(path, status="resolved") for _click in range(4)))
    assert len(await console.said(chat, Author.BOT)) == 1
    assert len(await console.rows(CaseEvent)) == 2


async def test_what_there_is_not(console: Console) -> None:
    number = await open_case(console, await console.resident("hi"))
    moore = await console.signed_in("moore")
    assert (await moore.get("/staff/cases/C-2026-999999")).status_code == 404
    assert (await moore.post("/staff/cases/C-2026-999999/status", status="closed")).status_code == 404
    assert (await moore.post(f"/staff/cases/{number}/status", status="lost")).status_code == 422
    assert [case.status for case in await console.rows(Case)] == ["new"]
