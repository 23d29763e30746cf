"""A Bot API that is not ours (telemelya, with moto as its file store): that the bot works with more than our stand-in.

It knows no secret of webhooks, so a gate before the bot adds the header, as a proxy would. It does not poll.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from telemelya.client import TelegramTestClient

from tests.e2e.fleet import SECRET, WEBHOOK, running_fleet, wait_for
from tests.pictures import picture
from tests.services import free_port, running_valkey

TOKEN = "2000000002:token-of-the-independent-peer"
KEY = "key-of-the-tests"


@contextmanager
def running_program(command: Sequence[str], environment: dict[str, str], log: Path, url: str) -> Iterator[None]:
    """A program from the registry, in a folder of its own, until something answers under the address."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / command[0]), *command[1:]], env={**os.environ, **environment},
            cwd=log.parent, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        wait_for(lambda: _answers(url), f"{command[0]} did not start, see {log},", 60)
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False


class _Gate(ThreadingHTTPServer):
    daemon_threads = True
    behind = ""


class _Forward(BaseHTTPRequestHandler):
    server: _Gate

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        answer = httpx.post(f"{self.server.behind}{WEBHOOK}", content=body, headers=headers, trust_env=False)
        self.send_response(answer.status_code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def gate() -> Iterator[_Gate]:
    server = _Gate(("127.0.0.1", 0), _Forward)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the peer's server."""
    folder = tmp_path_factory.mktemp("peer")
    files, port = free_port(), free_port()
    common = {
        "AUTH_KEYS": KEY, "MOCK_SERVER_HOST": "127.0.0.1", "MOCK_SERVER_PORT": str(port),
        "MINIO_ENDPOINT": f"127.0.0.1:{files}", "NO_PROXY": "127.0.0.1",
    }  # fmt: skip
    store, url = f"http://127.0.0.1:{files}/", f"http://127.0.0.1:{port}"
    with (
        running_valkey() as valkey,
        running_program(["moto_server", "-H", "127.0.0.1", "-p", str(files)], {}, folder / "moto.log", store),
        running_program(["telemelya-server"], common | {"REDIS_URL": valkey.url}, folder / "telemelya.log", url),
    ):
        yield url


@pytest.fixture(scope="module")
def client(peer: str, nlu: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramTestClient]:
    """A resident at the peer, whose bot is `alley run`."""
    with gate() as before:
        settings = {
            **nlu, "ALLEY_TELEGRAM_TOKEN": TOKEN, "ALLEY_TELEGRAM_BASE_URL": peer,
            "ALLEY_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{before.server_address[1]}{WEBHOOK}",
            "ALLEY_TELEGRAM_WEBHOOK_SECRET": SECRET,
        }  # fmt: skip
        with (
            running_fleet(tmp_path_factory.mktemp("peers-bot"), settings, "run") as fleet,
            TelegramTestClient(peer, KEY, TOKEN) as talking,
        ):
            before.behind = fleet.web.url
            wait_for(lambda: _webhook_is_set(peer), "no webhook was set")
            yield talking


def _webhook_is_set(peer: str) -> bool:
    answer = httpx.post(f"{peer}/bot{TOKEN}/getWebhookInfo", trust_env=False).json()
    return str(answer["result"]["url"]).endswith(WEBHOOK)


def hears(client: TelegramTestClient, seconds: float = 20.0) -> dict[str, Any]:
    """The bot's next message; what else it does, such as acknowledging a button, is passed over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = client.wait_for_response(timeout=1.0)
        if answer is not None and answer["method"] == "sendMessage":
            return answer
    raise AssertionError("the peer was sent no message")


def test_text_comes_in_and_an_answer_goes_out(client: TelegramTestClient) -> None:
    client.send_message(501, "When are you open on Saturday?")
    answer = hears(client)
    assert answer["chat_id"] == 501
    assert "<b>Opening hours</b>" in answer["text"]
    assert answer["raw"]["parse_mode"] == "HTML"


def test_a_command_shows_buttons_and_a_button_is_answered(client: TelegramTestClient) -> None:
    client.send_command(502, "/start")
    greeting = hears(client)
    buttons = {b["text"]: b["callback_data"] for row in greeting["reply_markup"]["inline_keyboard"] for b in row}
    client.send_callback_query(502, buttons["Waste sorting"], greeting["message_id"])
    assert "<b>Sorting waste</b>" in hears(client)["text"]


def test_a_photo_is_fetched_and_goes_with_the_case(client: TelegramTestClient, tmp_path: Path) -> None:
    path = tmp_path / "lamp.jpg"
    path.write_bytes(picture(size=(300, 200)))
    client.send_message(503, "the lamp in our stairwell has been broken since last week")
    assert "Where is it?" in hears(client)["text"]
    client.send_message(503, "Building 12, third floor")
    assert "photo" in hears(client)["text"]
    client.send_photo(503, str(path))
    assert "Photos: 1" in hears(client)["text"]
    client.send_message(503, "yes")
    assert "case number" in hears(client)["text"]
