"""Nobody gets in without a session, nothing is changed without its token."""

import asyncio

import pytest
from sqlalchemy import select
from starlette.routing import Mount, Route

from knowledge.models import StaffSession
from tests.console.conftest import PASSWORD, Console, csrf_of

OUTSIDE = {"/staff/login"}


def rooms(console: Console) -> list[tuple[str, str]]:
    """Method and address of every route of the console's but the login, found by walking what is mounted."""
    found = []
    for route in console.routes:
        if isinstance(route, Mount):
            assert route.path == "/staff/static"
            continue
        assert isinstance(route, Route)
        if route.path not in OUTSIDE:
            path = route.path.replace("{id:int}", "1").replace("{number}", "C-2026-000001").replace("{photo}", "0" * 40)
            found += [(method, path) for method in sorted(route.methods or ())]
    return found


async def test_every_room_needs_a_session(console: Console) -> None:
    stranger = console.browser()
    stranger.client.cookies.set("alley_staff", "guessed")
    walked = rooms(console)
    assert len(walked) > 20
    for method, path in walked:
        answer = await stranger.client.request(method, path, data={"csrf": ""} if method == "POST" else None)
        if method == "POST":
            assert answer.status_code == 401, path
        else:
            assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/login?to={path}"), path
        assert "no-store" in answer.headers["cache-control"]


async def test_every_post_needs_the_token(console: Console) -> None:
    chen, other = await console.signed_in("chen"), await console.signed_in("sato")
    posts = [path for method, path in rooms(console) if method == "POST"]
    assert len(posts) == 5
    for path in posts:
        for token in ("", "wrong", other.csrf):
            answer = await chen.client.post(path, data={"csrf": token, "text": "x", "status": "closed"})
            assert answer.status_code == 403, path
    assert (await chen.get("/staff")).status_code == 200


async def test_htmx_is_sent_to_the_login(console: Console) -> None:
    answer = await console.browser().get("/staff/waiting", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/staff/login")


async def test_headers_forbid_inline_scripts_and_frames(console: Console) -> None:
    chen = await console.signed_in("chen")
    for path in ("/staff", "/staff/login", "/staff/cases", "/staff/static/console.css", "/staff/conversations/99"):
        answer = await chen.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("base", "secure"), [("http://desk", False), ("https://desk", True)])
async def test_cookie_is_for_this_site_alone(console: Console, base: str, secure: bool) -> None:
    answer = await console.browser(base).sign_in("chen")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("alley_staff="))
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/staff" in cookie
    assert ("Secure" in cookie) is secure


async def test_a_planted_session_is_not_adopted(console: Console) -> None:
    victim = console.browser()
    victim.client.cookies.set("alley_staff", "planted", domain="desk.local", path="/staff")
    answer = await victim.sign_in("chen")
    fresh = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("alley_staff="))
    assert "planted" not in fresh
    attacker = console.browser()
    attacker.client.cookies.set("alley_staff", "planted")
    assert (await attacker.get("/staff")).status_code == 303


async def test_a_new_login_ends_the_browsers_old_session(console: Console) -> None:
    old = (await console.signed_in("chen")).client.cookies["alley_staff"]
    browser = console.browser()
    token = csrf_of((await browser.get("/staff/login")).text)
    browser.client.cookies.set("alley_staff", old)
    form = {"csrf": token, "login": "sato", "password": PASSWORD}
    assert (await browser.client.post("/staff/login", data=form)).status_code == 303
    async with console.database.read() as session:
        (left,) = await session.scalars(select(StaffSession))
    assert left.staff_id == 2


async def test_sign_out_ends_the_session(console: Console) -> None:
    chen = await console.signed_in("chen")
    token = chen.client.cookies["alley_staff"]
    answer = await chen.post("/staff/sign-out")
    assert answer.headers["location"] == "/staff/login"
    thief = console.browser()
    thief.client.cookies.set("alley_staff", token)
    assert (await thief.get("/staff")).status_code == 303


async def test_wrong_login_and_wrong_password_look_the_same(console: Console) -> None:
    unknown = await console.browser().sign_in("nobody")
    wrong = await console.browser().sign_in("chen", "wrong")
    assert unknown.status_code == wrong.status_code == 401
    message = "Login or password is wrong."
    assert message in unknown.text
    assert message in wrong.text


async def test_a_login_form_of_another_site_is_refused(console: Console) -> None:
    browser = console.browser()
    form = {"login": "chen", "password": PASSWORD}
    assert (await browser.client.post("/staff/login", data={**form, "csrf": ""})).status_code == 403
    assert (await browser.client.post("/staff/login", data={**form, "csrf": "made up"})).status_code == 403
    assert "alley_staff" not in browser.client.cookies


async def test_five_wrong_passwords_a_minute(console: Console) -> None:
    browser = console.browser()
    for _try in range(5):
        assert (await browser.sign_in("chen", "wrong")).status_code == 401
    assert (await browser.sign_in("Chen ", PASSWORD)).status_code == 429
    assert (await browser.sign_in("sato")).status_code == 303


async def test_many_guesses_at_once_get_no_further(console: Console) -> None:
    guesses = [console.browser().sign_in("chen", f"guess {number}") for number in range(12)]
    statuses = [answer.status_code for answer in await asyncio.gather(*guesses)]
    assert sorted(statuses) == [401] * 5 + [429] * 7


async def test_right_passwords_are_not_counted(console: Console) -> None:
    for _time in range(7):
        assert (await console.browser().sign_in("chen")).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/staff/cases", "/staff/cases"),
        ("https://evil.example", "/staff"),
        ("//evil.example", "/staff"),
        ("/staff/login", "/staff"),
        ("/chat", "/staff"),
    ],
)
async def test_login_leads_into_the_console_only(console: Console, wanted: str, leads_to: str) -> None:
    answer = await console.browser().sign_in("chen", to=wanted)
    assert answer.headers["location"] == leads_to


async def test_login_speaks_the_browsers_language(console: Console) -> None:
    page = await console.browser().get("/staff/login", headers={"Accept-Language": "ar-EG,ar;q=0.9,en;q=0.5"})
    assert '<html lang="ar" dir="rtl">' in page.text
