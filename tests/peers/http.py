"""A small HTTP server that answers as a test wants, and as badly: it hangs, drips, closes, talks nonsense."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


_NOTHING = object()


@dataclass(frozen=True)
class Answer:
    """One of `json`, `text` and `raw`, or what goes wrong instead."""

    status: int = 200
    json: Any = field(default=_NOTHING)
    text: str = ""
    raw: bytes | None = None
    closes: bool = False
    hangs: bool = False
    drips: bool = False  # a byte each 0.1 s

    @property
    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return (self.text if self.json is _NOTHING else json.dumps(self.json)).encode()


class HttpPeer:
    """On a free port of loopback; `requests` keeps what was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "HttpPeer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._answer(reader, writer):
                    pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        method, target, _version = head[0].split()
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        address = urlsplit(target)
        self.requests.append(Request(method, address.path, dict(parse_qsl(address.query)), body))
        answer = self.answer
        if answer.closes:
            return False
        if answer.hangs:
            await asyncio.Event().wait()
        writer.write(f"HTTP/1.1 {answer.status} Any\r\nContent-Length: {len(answer.body)}\r\n\r\n".encode())
        await self._write(writer, answer)
        return True

    async def _write(self, writer: asyncio.StreamWriter, answer: Answer) -> None:
        pieces = [bytes([byte]) for byte in answer.body] if answer.drips else [answer.body]
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.1 if answer.drips else 0)
