"""The chat's page as it leaves the server: languages, directions, and nothing that its own policy forbids."""

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from bot.channels.web import page
from bot.channels.web.page import ChatPage
from knowledge.centre import Centre
from knowledge.languages import load_languages
from knowledge.texts import Texts

STATIC = Path(page.__file__).parent / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))


class Elements(HTMLParser):
    """Every element of a page: its name and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest_asyncio.fixture
async def client(texts: Texts, centre: Centre) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=ChatPage(texts, centre, load_languages(), 10).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://alley") as client:
        yield client


async def test_the_front_door_leads_to_the_chat(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/chat")


@pytest.mark.parametrize(
    ("query", "header", "language", "direction"),
    [
        ("", "ar-EG,en;q=0.5", "ar", "rtl"),
        ("", "ja", "ja", "ltr"),
        ("", "xx", "en", "ltr"),
        ("?lang=ko", "ja", "ko", "ltr"),
        ("?lang=xx", "ja", "ja", "ltr"),
    ],
)
async def test_the_page_is_in_the_language_asked_for(
    client: httpx.AsyncClient, query: str, header: str, language: str, direction: str
) -> None:
    answer = await client.get(f"/chat{query}", headers={"accept-language": header})
    [html] = Elements(answer.text).of("html")
    assert html == {"lang": language, "dir": direction}
    assert answer.headers["content-language"] == language


async def test_a_chosen_language_is_remembered(client: httpx.AsyncClient) -> None:
    await client.get("/chat?lang=fr")
    assert (await client.get("/chat", headers={"accept-language": "ja"})).headers["content-language"] == "fr"


async def test_a_language_that_was_not_chosen_leaves_no_cookie(client: httpx.AsyncClient) -> None:
    assert "set-cookie" not in (await client.get("/chat")).headers


async def test_every_language_can_be_chosen(client: httpx.AsyncClient, texts: Texts) -> None:
    links = [link for link in Elements((await client.get("/chat?lang=ja")).text).of("a") if "hreflang" in link]
    assert {link["href"] for link in links} == {f"?lang={code}" for code in texts.languages}
    assert [link["lang"] for link in links if "aria-current" in link] == ["ja"]


async def test_the_page_keeps_its_own_policy(client: httpx.AsyncClient) -> None:
    """Without inline script or style, and with nothing from elsewhere."""
    answer = await client.get("/chat")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    for tag, attributes in Elements(answer.text).found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "style"
        if tag == "script":
            assert attributes.get("src") or attributes.get("type") == "application/json"
        for name in ("src", "href"):
            assert re.match(r"[/#?]|$", attributes.get(name) or "")


async def test_every_file_that_the_page_names_is_there(client: httpx.AsyncClient) -> None:
    elements = Elements((await client.get("/chat")).text)
    named = {attributes.get("src") or attributes.get("href") or "" for _tag, attributes in elements.found}
    imported = re.findall(r'from "\./(.+?)"', "".join(script.read_text() for script in SCRIPTS))
    files = {name for name in named if name.startswith("/")} | {f"/chat/static/{name}" for name in imported}
    assert len(files) >= 8
    for file in files:
        answer = await client.get(file)
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_every_field_and_image_has_a_name(client: httpx.AsyncClient) -> None:
    elements = Elements((await client.get("/chat")).text)
    for image in elements.of("img"):
        assert image.get("alt") is not None
    for field in elements.of("textarea") + elements.of("input"):
        assert field.get("aria-label")


def test_the_scripts_say_nothing_in_a_language_of_their_own() -> None:
    """What they show is in page.WORDS, and all that is there is shown."""
    used = set(re.findall(r"words\.(\w+)", "".join(script.read_text() for script in SCRIPTS)))
    by_state = {"waiting", "failed", "retry", "discard", "too_large", "no_photo"}  # words[item.state] and the like
    assert used | by_state == set(page.WORDS)
