"""Residents in Telegram who report a problem each, many at once; used by the end-to-end tests."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.e2e.fleet import wait_for
from tests.peers.telegram import Breach, Sent, TelegramServer

# One after another these lead to a case; each is answered once, by words that no other answer has.
REPORT = ("the lamp in our stairwell has been broken since last week", "Building 12, third floor", "no", "yes")
ANSWERS = ("Where is it?", "If you have a photo", "Please check:", "Your case number is")
BUNCHED_SECONDS = 0.6


def unrepeated(messages: Sequence[Sent]) -> list[str]:
    """The texts as a resident reads them, one that came twice in a row once."""
    texts = [message.text for message in messages]
    return [text for number, text in enumerate(texts) if number == 0 or text != texts[number - 1]]


def are_answers(texts: Sequence[str]) -> bool:
    return len(texts) == len(ANSWERS) and all(answer in text for answer, text in zip(ANSWERS, texts, strict=True))


def serious(breaches: Sequence[Breach]) -> list[Breach]:
    """Without those that a busy machine explains: it holds messages up on their way, and they arrive in a bunch.

    A bot that kept no rate would be a whole second early.
    """
    return [breach for breach in breaches if breach.limit != "overall" or breach.wait > BUNCHED_SECONDS]


@dataclass
class Traffic:
    """`chats` residents, `at_once` of them at a time; each writes all of REPORT without waiting for answers.

    `answered` is called whenever something was heard, with the number of answers so far.
    """

    telegram: TelegramServer
    chats: range
    at_once: int = 50
    answered: Callable[[int], None] = lambda count: None
    open: set[int] = field(default_factory=set)
    done: set[int] = field(default_factory=set)

    @property
    def written(self) -> int:
        return len(REPORT) * (len(self.open) + len(self.done))

    def run(self, seconds: float) -> float:
        """Until everybody has all answers; the seconds that it took. Raises AssertionError."""
        begun, coming = time.monotonic(), iter(self.chats)
        while len(self.done) < len(self.chats):
            self._let_in(coming)
            self.answered(self._listen())
            if time.monotonic() > begun + seconds:
                raise AssertionError(f"{len(self.open)} chats still wait after {seconds:.0f} s: {self.waiting()}")
            time.sleep(0.05)
        return time.monotonic() - begun

    def _let_in(self, coming: Iterator[int]) -> None:
        while len(self.open) < self.at_once and (chat := next(coming, None)) is not None:
            self.open.add(chat)
            self.telegram.say_many([(chat, text) for text in REPORT])

    def _listen(self) -> int:
        heard = Counter({chat: len(unrepeated(self.telegram.messages(chat))) for chat in self.open})
        finished = {chat for chat, count in heard.items() if count >= len(REPORT)}
        self.open -= finished
        self.done |= finished
        return sum(heard.values()) + len(REPORT) * (len(self.done) - len(finished))

    def waiting(self) -> dict[int, list[str]]:
        """Some of those who still wait, and what they have heard."""
        return {
            chat: [text[:40] for text in unrepeated(self.telegram.messages(chat))] for chat in sorted(self.open)[:5]
        }


@dataclass
class Phone:
    """One resident's Telegram, or a group's where `sender` is who writes there."""

    telegram: TelegramServer
    chat: int
    sender: int | None = None
    seen: int = 0

    def says(self, text: str) -> Sent:
        """The bot's first answer to it."""
        self.telegram.say(self.chat, text, self.sender)
        return self.hears()

    def presses(self, label: str) -> Sent:
        """Presses a button below the last message."""
        last = self.telegram.messages(self.chat)[-1]
        labels = {button.label: button.data for row in last.buttons for button in row}
        self.telegram.press(self.chat, last.message_id, labels[label] or "")
        return self.hears()

    def hears(self, seconds: float = 20.0) -> Sent:
        """The next message. Raises AssertionError when none comes."""
        wait_for(lambda: len(self.telegram.messages(self.chat)) > self.seen, f"chat {self.chat} heard nothing", seconds)
        self.seen += 1
        return self.telegram.messages(self.chat)[self.seen - 1]

    def has_heard_all(self) -> bool:
        return len(self.telegram.messages(self.chat)) == self.seen
