"""Stand-ins for the translation services on loopback: a healthy one, and ones that fail in the ways they do.

A translation is each word backwards, before them the two languages: `<en>zh|olleh uoy`, unless somebody knows better.
What has a digit in it is copied, as real services copy codes. Used by
tests/knowledge and tests/e2e.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, urlsplit

type Mood = Literal["well", "hang", "drip", "429", "500", "garbage", "echo", "empty", "quota"]


def translated(text: str, source: str, target: str) -> str:
    words = (word if any(map(str.isdigit, word)) else word[::-1] for word in text.split(" "))
    return f"<{source}>{target}|{' '.join(words)}"


class Service(ThreadingHTTPServer):
    """One server for all three services; `mood` and `translate` may be changed at any time. `asked` are the texts, in
    order."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mood: Mood = "well"
        self.translate: Callable[[str, str, str], str] = translated
        self.asked: list[str] = []
        self.paths: list[str] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def urls(self) -> dict[str, str]:
        return {"libretranslate": self.url, "google": f"{self.url}/m", "mymemory": f"{self.url}/get"}


@contextmanager
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        fields = self._fields(urlsplit(self.path).query)
        if self.path.startswith("/m?"):
            self._answer(fields["q"], fields["sl"], fields["tl"], _google)
        else:
            self._answer(fields["q"], *fields["langpair"].split("|"), _mymemory)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = self._fields(body)
        self._answer(fields["q"], fields["source"], fields["target"], _libretranslate)

    def _fields(self, encoded: str) -> dict[str, str]:
        self.server.paths.append(self.path)
        return {name: values[0] for name, values in parse_qs(encoded, keep_blank_values=True).items()}

    def _answer(self, text: str, source: str, target: str, page: Callable[[str, int], str]) -> None:
        self.server.asked.append(text)
        match self.server.mood:
            case "well":
                self._send(200, page(self.server.translate(text, source, target), 200))
            case "echo":
                self._send(200, page(text, 200))
            case "empty":
                self._send(200, page("", 200))
            case "quota":
                self._send(200, page("MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY", 429))
            case "garbage":
                self._send(200, "\x00\x01 no page at all")
            case "hang":
                self.server.ended.wait(20)
            case "drip":
                self._drip()
            case "429" | "500" as code:
                self._send(int(code), "no")

    def _drip(self) -> None:
        """A byte now and then, for ever: no read of it ever times out."""
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.server.ended.wait(0.1):
                self.wfile.write(b"x")

    def _send(self, code: int, body: str) -> None:
        data = body.encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _google(text: str, _status: int) -> str:
    return f'<html><body><div class="result-container">{escape(text)}</div></body></html>'


def _mymemory(text: str, status: int) -> str:
    return json.dumps({"responseData": {"translatedText": text}, "responseStatus": status, "matches": []})


def _libretranslate(text: str, _status: int) -> str:
    return json.dumps({"translatedText": text})
