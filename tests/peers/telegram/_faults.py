"""Failures that a test orders; `_http` asks for the next one before it answers a call."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["429", "500", "hang", "drop"]
SENDS = ("sendMessage", "sendPhoto")


@dataclass
class Fault:
    """What happens to the next `times` calls of `methods`.

    429 and 500: refused, nothing sent. hang: nothing sent, no answer for `seconds`, then the connection is
    cut. drop: the message *is* sent, and the connection is cut before the bot learns of it.
    """

    kind: Kind
    times: int
    methods: frozenset[str]
    retry_after: int
    seconds: float


class Faults:
    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        self._planned.append(fault)

    def clear(self) -> None:
        self._planned.clear()

    def take(self, method: str) -> Fault | None:
        """The first planned fault for this (lower-case) method, used up by one."""
        for fault in self._planned:
            if method in fault.methods:
                fault.times -= 1
                if fault.times <= 0:
                    self._planned.remove(fault)
                return fault
        return None
