"""The chat's page in a real browser, against the real interface: what a resident sees, whatever the network does."""

import asyncio
import io
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page, Route, expect
from redis.asyncio import Redis

from bot.messages import Outgoing
from dialogues.turn import Understanding
from knowledge.models import Author, Conversation, InboxRow
from tests.browser import axe_report
from tests.channels.web_chat import WebChat, running_web_chat
from tests.front_desk import FrontDesk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GREETING = Understanding("greet", 0.99)


@pytest_asyncio.fixture
async def page(chat: WebChat, browser: Browser) -> AsyncIterator[Page]:
    """The chat as a new resident opens it; an error in its script fails the test."""
    errors: list[str] = []
    context = await browser.new_context(locale="en")
    page = await context.new_page()
    page.set_default_timeout(8000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    chat.desk.understander.sentences["hello"] = GREETING
    await page.goto(f"{chat.url}/chat")
    yield page
    await context.close()
    assert errors == []


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def bubbles(page: Page) -> list[str]:
    return await page.locator(".message .bubble").all_inner_texts()


async def written(chat: WebChat) -> list[str]:
    """The texts that reached the server, in their order."""
    return [row.payload["text"] for row in await chat.desk.rows(InboxRow)]


async def test_a_resident_is_answered_and_finds_it_again(chat: WebChat, page: Page) -> None:
    await write(page, "hello")
    await page.locator(".message.bot").get_by_role("button", name="Talk to a person").click()
    await expect(page.locator(".message.bot")).to_have_count(2)
    before = await bubbles(page)
    await page.reload()
    await expect(page.locator(".message.bot")).to_have_count(2)
    assert await bubbles(page) == before
    assert len(await chat.desk.rows(Conversation)) == 1


async def test_an_offer_of_the_welcome_begins_a_conversation(chat: WebChat, page: Page) -> None:
    await page.locator(".welcome").get_by_role("button", name="Report a problem").click()
    await expect(page.locator(".message.resident .bubble")).to_have_text("Report a problem")
    await expect(page.locator(".message.bot")).to_have_count(1)
    [row] = await chat.desk.rows(InboxRow)
    assert row.payload["value"] == "go:report_problem"


async def test_what_is_typed_is_shown_as_typed(page: Page) -> None:
    await write(page, "<img src=x onerror=alert(1)> **a**")
    await expect(page.locator(".message.bot")).to_have_count(1)
    assert (await bubbles(page))[0] == "<img src=x onerror=alert(1)> **a**"
    await page.reload()
    await expect(page.locator(".message.bot")).to_have_count(1)
    assert (await bubbles(page))[0] == "<img src=x onerror=alert(1)> **a**"


async def test_what_is_written_offline_is_sent_once_later(chat: WebChat, page: Page) -> None:
    await write(page, "hello")
    await expect(page.locator(".message.bot")).to_have_count(1)
    await page.context.set_offline(True)
    await write(page, "one")
    await write(page, "two")
    await expect(page.locator(".unsent")).to_have_count(2)
    await expect(page.locator("#notice")).to_contain_text("No connection")
    await page.context.set_offline(False)
    await expect(page.locator(".message.bot")).to_have_count(3, timeout=20_000)
    await expect(page.locator(".unsent")).to_have_count(0)
    await expect(page.locator("#notice")).to_be_empty()
    assert await written(chat) == ["hello", "one", "two"]
    assert [text for text in await bubbles(page) if text in ("one", "two")] == ["one", "two"]


async def test_a_lost_answer_does_not_double_a_message(chat: WebChat, page: Page) -> None:
    lost: list[str] = []

    async def lose_the_first(route: Route) -> None:
        answer = await route.fetch()
        if len(lost) < 2:
            lost.append(str(answer.status))
            await route.abort()
        else:
            await route.fulfill(response=answer)

    await page.route("**/api/chat", lose_the_first)
    await write(page, "hello")
    await expect(page.locator(".message.bot")).to_have_count(1, timeout=20_000)
    await expect(page.locator(".unsent")).to_have_count(0)
    assert lost == ["202", "202"]
    assert await written(chat) == ["hello"]
    assert len(await chat.desk.rows(Conversation)) == 1


async def test_a_reload_does_not_lose_what_is_not_sent(chat: WebChat, page: Page) -> None:
    await page.route("**/api/chat", lambda route: route.abort())
    await write(page, "one")
    await page.locator("#photo").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": picture()})
    await expect(page.locator("#preview")).to_be_visible()
    await write(page, "two")
    await expect(page.locator(".unsent")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".unsent")).to_have_count(2)
    await page.unroute("**/api/chat")
    await expect(page.locator(".message.bot")).to_have_count(2, timeout=20_000)
    assert await written(chat) == ["one", "two"]
    await expect(page.locator(".unsent")).to_have_count(0)
    await expect(page.locator(".message.resident")).to_have_count(2)


async def test_a_message_that_is_refused_can_be_discarded(page: Page) -> None:
    await page.route(
        "**/api/chat", lambda route: route.fulfill(status=422, json={"error": "no_photo", "text": "This is no photo."})
    )
    await write(page, "one")
    await expect(page.locator(".failed")).to_contain_text("This is no photo.")
    await page.locator(".failed").get_by_role("button", name="Discard").click()
    await expect(page.locator(".message")).to_have_count(0)
    await page.reload()
    await expect(page.locator(".message")).to_have_count(0)


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (3000, 20), "green").save(file, "PNG")
    return file.getvalue()


async def test_a_photo_is_shown_before_and_after_it_is_sent(chat: WebChat, page: Page) -> None:
    await page.locator("#photo").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": picture()})
    await page.get_by_role("button", name="Remove the photo").click()
    await expect(page.locator("#preview")).to_be_hidden()
    await page.locator("#photo").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": picture()})
    await page.get_by_role("button", name="Send", exact=True).click()
    image = page.locator(".message.resident a img")
    await expect(image).to_have_attribute("src", re.compile("^/api/chat/.+/photos/"))
    width = "img => img.decode().then(() => img.naturalWidth)"
    assert await image.evaluate(width) == 2560
    await page.locator("#photo").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": b"none"})
    await expect(page.locator("#notice")).to_contain_text("cannot be read as a photo")


async def test_staff_are_told_apart_and_translations_marked(chat: WebChat, page: Page) -> None:
    await write(page, "hello")
    await expect(page.locator(".message.bot")).to_have_count(1)
    await staff_says(chat, Outgoing("How can I help?", "en", original="您好 **1**", origin="machine"))
    message = page.locator(".message.staff")
    await expect(message).to_contain_text("Staff")
    await message.get_by_text("Translated automatically").click()
    await expect(message.locator("details div")).to_have_text("您好 1")


async def staff_says(chat: WebChat, outgoing: Outgoing) -> None:
    [conversation] = await chat.desk.rows(Conversation)
    async with chat.desk.database.write() as session:
        await chat.desk.transcript.say(session, conversation.id, outgoing, Author.STAFF)
    await chat.desk.signals.changed(f"conversation:{conversation.id}")


async def test_another_tab_shows_the_same(chat: WebChat, page: Page) -> None:
    await write(page, "hello")
    await expect(page.locator(".message.bot")).to_have_count(1)
    other = await page.context.new_page()
    await other.goto(f"{chat.url}/chat")
    await write(other, "from the other tab")
    await expect(page.locator(".message.bot")).to_have_count(2)
    await expect(other.locator(".message.bot")).to_have_count(2)
    assert await bubbles(page) == await bubbles(other)


async def test_a_new_conversation_forgets_the_old_one(chat: WebChat, page: Page) -> None:
    await write(page, "hello")
    await expect(page.locator(".message.bot")).to_have_count(1)
    await page.get_by_role("button", name="New conversation").click()
    await page.get_by_role("button", name="Keep this one").click()
    await expect(page.locator(".message.bot")).to_have_count(1)
    await page.get_by_role("button", name="New conversation").click()
    await page.get_by_role("button", name="Start anew").click()
    await expect(page.locator(".message")).to_have_count(0)
    await write(page, "hello")
    await expect(page.locator(".message.bot")).to_have_count(1)
    assert len(await chat.desk.rows(Conversation)) == 2


async def test_a_conversation_that_the_server_lost_is_told(page: Page) -> None:
    await page.evaluate("localStorage.setItem('alley.session', 'x'.repeat(43))")
    await page.reload()
    await expect(page.locator("#notice")).to_contain_text("not known here")


async def test_the_language_is_chosen_for_page_and_conversation(chat: WebChat, page: Page) -> None:
    await write(page, "hello")
    await expect(page.locator(".message.bot")).to_have_count(1)
    await page.get_by_role("button", name="Language:").click()
    await page.get_by_role("link", name="Français").click()
    await page.wait_for_url("**/chat?lang=fr")
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await expect(page.locator(".message.bot")).to_have_count(2)
    await expect(page.locator(".message.bot .bubble").last).to_have_attribute("lang", "fr")
    [conversation] = await chat.desk.rows(Conversation)
    assert (conversation.language, conversation.language_chosen) == ("fr", True)


async def test_the_chat_is_used_by_keyboard_alone(page: Page) -> None:
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to writing")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("hello")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("there")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.resident .bubble")).to_have_text("hello\nthere", use_inner_text=True)
    await expect(page.get_by_label("Your message")).to_be_focused()


async def test_enter_while_an_input_method_composes_does_not_send(page: Page) -> None:
    field = page.get_by_label("Your message")
    await field.fill("にほ")
    await field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await asyncio.sleep(0.2)
    await expect(page.locator(".message")).to_have_count(0)
    await expect(field).to_have_value("にほ")


async def test_a_resident_who_writes_too_fast_reads_why(desk: FrontDesk, redis: Redis, browser: Browser) -> None:
    async with running_web_chat(desk, redis, per_session=1) as chat:
        page = await browser.new_page(locale="en")
        await page.goto(f"{chat.url}/chat")
        await write(page, "one")
        await write(page, "two")
        await expect(page.locator(".waiting")).to_contain_text("faster than I can read")
        await page.context.close()


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(chat: WebChat, browser: Browser, locale: str, scheme: str) -> None:
    page = await browser.new_page(locale=locale, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    await page.goto(f"{chat.url}/chat")
    await page.locator("#text").fill("hello")
    await page.keyboard.press("Enter")
    await page.locator(".message.bot").wait_for()
    await staff_says(chat, Outgoing("https://example.org\n\n- **help**", "en", original="您好", origin="machine"))
    await page.locator(".message.staff").wait_for()
    await page.locator("summary").click()
    assert await axe_report(page) == ""
    await page.locator(".tool").first.click()
    assert await axe_report(page) == ""
    await page.keyboard.press("Escape")
    await page.locator("#restart").click()
    assert await axe_report(page) == ""
    await page.context.close()


@pytest.mark.parametrize(("locale", "width"), [("en", 320), ("ar", 320), ("ja", 320), ("fr", 390), ("en", 1280)])
async def test_nothing_is_wider_than_the_screen(chat: WebChat, browser: Browser, locale: str, width: int) -> None:
    page = await browser.new_page(locale=locale, viewport={"width": width, "height": 640})
    await page.goto(f"{chat.url}/chat")
    await page.locator("#text").fill("x" * 300)
    await page.keyboard.press("Enter")
    await page.locator(".message.bot").wait_for()
    for element in ("document.documentElement", "document.getElementById('log')"):
        assert await page.evaluate(f"{element}.scrollWidth <= {element}.clientWidth")
    await page.context.close()
