"""A running Alley for the end-to-end tests, and residents who talk to it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.alley import Running, running
from tests.e2e.fleet import running_nlu

PATIENCE_SECONDS = 15.0


@pytest.fixture(scope="session")
def alley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One `alley run` that the tests of this folder share; each talks in conversations of its own."""
    with running(tmp_path_factory.mktemp("alley")) as started:
        yield started


@pytest.fixture(scope="session")
def nlu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One NLU service that the tests of this folder share; the settings that lead to it."""
    with running_nlu(tmp_path_factory.mktemp("nlu")) as settings:
        yield settings


@dataclass
class Resident:
    """Somebody in the web chat."""

    client: httpx.Client
    locale: str = "en"
    session: str | None = None
    seen: int = 0
    shown: dict[str, str] = field(default_factory=dict)  # the last buttons: label to value

    def says(self, text: str, button: str | None = None) -> list[dict[str, Any]]:
        """The bot's replies, of which there is at least one."""
        self.sends(text, button)
        return self.hears()

    def sends(self, text: str, button: str | None = None) -> None:
        body = {"text": text, "session": self.session, "locale": self.locale, "button": button}
        answer = self.client.post("/api/chat", json={name: value for name, value in body.items() if value is not None})
        assert answer.status_code == 202, answer.text
        self.session = answer.json()["session"]

    def presses(self, label_or_value: str) -> list[dict[str, Any]]:
        values = {value: label for label, value in self.shown.items()}
        value = self.shown.get(label_or_value, label_or_value)
        return self.says(values[value], value)

    def hears(self, author: str | None = None, quiet: float = 0.3) -> list[dict[str, Any]]:
        """What comes from the centre, until it has been quiet for a moment."""
        until, found = time.monotonic() + PATIENCE_SECONDS, []
        while time.monotonic() < until:
            for message in self.messages(self.seen):
                self.seen = message["id"]
                if message["author"] != "resident" and author in (None, message["author"]):
                    found.append(message)
                    self.shown = {button["label"]: button["value"] for button in message["buttons"]}
                    until = time.monotonic() + quiet
            time.sleep(0.03)
        assert found, f"nothing was heard within {PATIENCE_SECONDS} s"
        return found

    def hears_nothing(self, seconds: float = 1.5) -> bool:
        time.sleep(seconds)
        return not [message for message in self.messages(self.seen) if message["author"] != "resident"]

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        answer = self.client.get(f"/api/chat/{self.session}/messages", params={"after": after})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


@pytest.fixture
def resident(alley: Running) -> Iterator[Callable[[str], Resident]]:
    """Makes residents of the shared Alley; the argument is their browser's language."""
    with alley.client as client:
        yield lambda locale="en": Resident(client, locale)
