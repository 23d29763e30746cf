"""Talks to a running Alley through its JSON interface. Used by `alley chat` and `alley ask`."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.errors import AlleyError
from bot.settings import Settings

PAUSE_SECONDS = 0.1
QUIET_SECONDS = 0.4  # this long after a reply nothing more is expected


@dataclass
class Talk:
    """One conversation, as a resident in the web chat has it."""

    client: httpx.Client
    language: str | None = None
    session: str | None = None
    seen: int = 0
    buttons: list[dict[str, str]] = field(default_factory=list)

    def say(self, text: str, button: str | None = None) -> None:
        body = {"text": text, "session": self.session, "locale": self.language, "button": button}
        response = self.client.post(
            "/api/chat", json={name: value for name, value in body.items() if value is not None}
        )
        if response.status_code != httpx.codes.ACCEPTED:
            raise AlleyError(response.json().get("text", response.text))
        answer = response.json()
        self.session, self.seen = answer["session"], max(self.seen, answer["message"])

    def new_messages(self) -> list[dict[str, Any]]:
        response = self.client.get(f"/api/chat/{self.session}/messages", params={"after": self.seen})
        response.raise_for_status()
        found: list[dict[str, Any]] = response.json()
        if found:
            self.seen = found[-1]["id"]
        theirs = [message for message in found if message["author"] != "resident"]
        if theirs:
            self.buttons = theirs[-1]["buttons"]
        return theirs

    def replies(self, seconds: float) -> Iterator[dict[str, Any]]:
        """What comes within `seconds`, until it is quiet again after the first reply."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for message in self.new_messages():
                until = time.monotonic() + QUIET_SECONDS
                yield message
            time.sleep(PAUSE_SECONDS)


def running(settings: Settings) -> dict[str, str]:
    """What `alley run` noted of itself. Raises AlleyError when none is running here."""
    note = settings.data_dir / "running.json"
    try:
        found: dict[str, str] = json.loads(note.read_text())
    except FileNotFoundError as error:
        raise AlleyError(f"no Alley is running on {settings.data_dir.absolute()}: start it with `make run`") from error
    return found


def connect(settings: Settings, language: str | None = None) -> Talk:
    return Talk(httpx.Client(base_url=running(settings)["url"], timeout=10, trust_env=False), language)
