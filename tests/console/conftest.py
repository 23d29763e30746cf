"""The console as bot/app.py mounts it, with a translator of our own and browsers that keep cookies."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette

from bot.console import routes
from bot.errors import TranslationFailed
from bot.stores.database import Database
from bot.stores.photos import Photos
from bot.transcript import Transcript
from knowledge.centre import Centre
from knowledge.models import Author, ChatMessage, Conversation, InboxRow, InboxStatus, Staff, Takeover, now
from knowledge.register import staff as register
from knowledge.register import staff_sessions
from knowledge.texts import Texts
from knowledge.translation_memory import Translation
from tests.fakes.signals import FakeSignals
from tests.services import free_port

PEOPLE = {"chen": ("陈梅", "zh"), "sato": ("佐藤由紀", "ja"), "moore": ("Anna Moore", "en")}
PASSWORD = "plum garden in the rain"


class FakeTranslator:
    """Says which text it was given in which languages; `is_down` as when no provider answers."""

    def __init__(self) -> None:
        self.is_down = False
        self.asked: list[tuple[str, str | None, str]] = []
        self.names: set[str] = set()
        self.meanwhile: Callable[[], Any] | None = None

    async def translate(self, text: str, source: str | None, target: str, names: Collection[str] = ()) -> Translation:
        self.names |= set(names)
        self.asked.append((text, source, target))
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.is_down:
            raise TranslationFailed("none answers")
        return Translation(f"<{target}> {text}", "fake")


class Browser:
    """One of the staff at one computer; `csrf` is what its pages carry."""

    def __init__(self, app: Starlette, base: str = "http://desk") -> None:
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base)
        self.csrf = ""

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.client.get(path, **more)

    async def post(self, path: str, *, htmx: bool = False, **form: Any) -> httpx.Response:
        headers = {"HX-Request": "true"} if htmx else {}
        return await self.client.post(path, data={"csrf": self.csrf, **form}, headers=headers)

    async def sign_in(self, login: str, password: str = PASSWORD, **form: str) -> httpx.Response:
        token = csrf_of((await self.get("/staff/login")).text)
        answer = await self.client.post(
            "/staff/login", data={"csrf": token, "login": login, "password": password, **form}
        )
        if answer.status_code == 303:
            self.csrf = csrf_of((await self.get("/staff")).text)
        return answer


class Stream:
    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines

    async def until(self, words: str) -> str:
        """What came until the words did."""
        seen = ""
        async for line in self.lines:
            seen += line + "\n"
            if words in line:
                return seen
        raise AssertionError(f"the stream ended before {words!r}")


def csrf_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found, "the page has no form with a token"
    return found[1]


@dataclass
class Console:
    database: Database
    texts: Texts
    centre: Centre
    folder: Path
    signals: FakeSignals = field(default_factory=FakeSignals)
    translator: FakeTranslator = field(default_factory=FakeTranslator)
    browsers: list[Browser] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.transcript = Transcript({"telegram"})
        self.photos = Photos(self.folder / "photos", megabytes=5)
        self.routes = routes(
            database=self.database, transcript=self.transcript, signals=self.signals, translator=self.translator,
            texts=self.texts, centre=self.centre, photos=self.photos,
        )  # fmt: skip
        self.app = Starlette(routes=self.routes)

    def browser(self, base: str = "http://desk") -> Browser:
        self.browsers.append(Browser(self.app, base))
        return self.browsers[-1]

    async def signed_in(self, login: str) -> Browser:
        """Without the form and its hashing, which tests/console/test_door.py is about."""
        browser = self.browser()
        async with self.database.write() as session:
            person = await register.find_staff(session, login)
            assert person is not None
            token, browser.csrf = await staff_sessions.create(session, person)
        browser.client.cookies.set("alley_staff", token, domain="desk.local", path="/staff")
        return browser

    async def hire(self, number: int) -> dict[str, Browser]:
        """New staff, by name, each signed in already."""
        names = {f"p{each}": f"Person {each:02}." for each in range(number)}
        async with self.database.write() as session:
            for login, name in names.items():
                session.add(Staff(login=login, name=name, language="en", role="agent", password_hash="-"))
        return {name: await self.signed_in(login) for login, name in names.items()}

    async def resident(self, *words: str, language: str = "ja", channel: str = "telegram", **values: Any) -> int:
        """A conversation in which a resident said this; returns its id."""
        async with self.database.write() as session:
            conversation = Conversation(channel=channel, address=f"{now().timestamp()}", language=language, **values)
            session.add(conversation)
            await session.flush()
        for text in words:
            await self.hear(conversation.id, text, language)
        return conversation.id

    async def hear(self, conversation: int, text: str, language: str | None = None, **values: Any) -> int:
        """One more message of a resident's; returns its id."""
        async with self.database.write() as session:
            found = await session.get_one(Conversation, conversation, with_for_update=True)
            found.last_message += 1
            message = ChatMessage(
                conversation_id=conversation, number=found.last_message, author=Author.RESIDENT, text=text,
                language=language, **values,
            )  # fmt: skip
            session.add(message)
            await session.flush()
            return message.id

    async def inbox_row(self, conversation: int) -> int:
        async with self.database.write() as session:
            row = InboxRow(
                channel="telegram", vendor_id=f"{now().timestamp()}", conversation_id=conversation, payload={},
                status=InboxStatus.DONE,
            )  # fmt: skip
            session.add(row)
            await session.flush()
            return row.id

    async def wait(self, conversation: int, minutes: int = 0, claimed_by: str | None = None) -> None:
        """The resident asks for a person; or has one already."""
        asked = now() - timedelta(minutes=minutes)
        async with self.database.write() as session:
            staff = await register.find_staff(session, claimed_by) if claimed_by else None
            row = Takeover(conversation_id=conversation, open_for=conversation, requested_at=asked)
            row.claimed_by = staff.id if staff else None
            session.add(row)

    async def rows(self, table: type[Any], *conditions: Any) -> list[Any]:
        async with self.database.read() as session:
            return list((await session.scalars(select(table).where(*conditions).order_by(table.id))).all())

    async def said(self, conversation: int, author: Author) -> list[ChatMessage]:
        return await self.rows(ChatMessage, ChatMessage.conversation_id == conversation, ChatMessage.author == author)


@pytest.fixture(scope="session")
def password_hash() -> str:
    return register.HASHER.hash(PASSWORD)


@pytest_asyncio.fixture
async def console(
    database: Database, texts: Texts, centre: Centre, tmp_path: Path, password_hash: str
) -> AsyncIterator[Console]:
    async with database.write() as session:
        for login, (name, language) in PEOPLE.items():
            session.add(Staff(login=login, name=name, language=language, role="agent", password_hash=password_hash))
    console = Console(database, texts, centre, tmp_path)
    yield console
    for browser in console.browsers:
        await browser.client.aclose()


@pytest_asyncio.fixture
async def served(console: Console) -> AsyncIterator[str]:
    """The address of a real server: events are streamed by nothing less."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(console.app, port=port, log_level="error", timeout_graceful_shutdown=2))
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(5):
        while not server.started:
            await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


@asynccontextmanager
async def following(url: str, browser: Browser, path: str, **more: Any) -> AsyncIterator[Stream]:
    """What the server sends of a stream of events, for four seconds at most."""
    cookies = {"alley_staff": browser.client.cookies["alley_staff"]}
    async with (
        asyncio.timeout(4),
        httpx.AsyncClient(base_url=url, cookies=cookies) as client,
        client.stream("GET", path, **more) as response,
    ):
        assert response.status_code == 200
        yield Stream(response.aiter_lines())
