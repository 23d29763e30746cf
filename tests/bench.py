"""`make bench`: turns a second, seconds from a message to its delivered reply, memory, seconds to ready.

Drives a freshly started `alley run` over HTTP as browsers do: POST /api/chat, the reply by the event stream.
Writes docs/measurements.md.
"""

import asyncio
import itertools
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from nlu.evaluation.acceptance import HELD_OUT
from nlu.evaluation.examples import read_examples
from tests.alley import ROOT, Running, running

CHATS = (1, 8, 32)
SECONDS = 20.0
TOPICS = {
    f"faq/{topic}"
    for topic in (
        "opening_hours", "location", "contact", "emergency_numbers", "residence_registration", "waste_sorting",
        "work_permit", "residence_permit",
    )
}  # fmt: skip
LANGUAGES = ("en", "zh", "ja", "ko", "fr", "es", "ar")
REPORT = ROOT / "docs" / "measurements.md"


@dataclass(frozen=True)
class Load:
    """What one number of chats at once gave; `seconds` are from sending a message to having its reply."""

    chats: int
    turns: int
    took: float
    seconds: list[float]

    @property
    def per_second(self) -> float:
        return self.turns / self.took

    def percentile(self, share: float) -> float:
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[round(share * 100) - 1]


def questions() -> Iterator[str]:
    """Held-out questions on the topics that are written, in turn and for ever."""
    written = [each for each in read_examples(ROOT / HELD_OUT) if each.labels[0] in TOPICS]
    return itertools.cycle([each.text for language in LANGUAGES for each in written if each.language == language])


async def chat(client: httpx.AsyncClient, asked: Iterator[str], until: float, seconds: list[float]) -> None:
    """One resident: asks, waits for the reply, asks again."""
    answer = (await client.post("/api/chat", json={"text": next(asked)})).json()
    session, last = answer["session"], answer["message"]
    async with client.stream("GET", f"/api/chat/{session}/events", params={"after": last}) as stream:
        lines = stream.aiter_lines()
        await _reply(lines)
        while time.monotonic() < until:
            start = time.monotonic()
            await client.post("/api/chat", json={"text": next(asked), "session": session})
            await _reply(lines)
            seconds.append(time.monotonic() - start)


async def _reply(lines: object) -> None:
    """Reads the event stream up to the next message of the bot."""
    async for line in lines:  # type: ignore[attr-defined]
        if line.startswith("data:") and json.loads(line.removeprefix("data:"))["author"] == "bot":
            return


async def load(url: str, chats: int, asked: Iterator[str]) -> Load:
    seconds: list[float] = []
    limits = httpx.Limits(max_connections=chats * 2 + 4)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits, trust_env=False) as client:
        start = time.monotonic()
        await asyncio.gather(*(chat(client, asked, start + SECONDS, seconds) for _ in range(chats)))
        return Load(chats, len(seconds), time.monotonic() - start, seconds)


def memory(alley: Running) -> dict[str, float]:
    """Resident megabytes of every process."""
    return {_name(process.cmdline()): process.memory_info().rss / 1e6 for process in alley.family()}


def _name(command: list[str]) -> str:
    line = " ".join(command)
    return "valkey" if "valkey-server" in line else "nlu" if "nlu.serve" in line else "web and worker"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="alley-bench-") as folder:
        with running(Path(folder) / "data") as alley:
            first = alley.ready_seconds
        with running(Path(folder) / "data") as alley:
            asked = questions()
            asyncio.run(load(alley.url, 4, asked))  # a first round to warm up, not counted
            loads = [asyncio.run(load(alley.url, chats, asked)) for chats in CHATS]
            report = _report(first, alley.ready_seconds, loads, memory(alley))
    print(report)
    _write(report)


def _report(first: float, second: float, loads: list[Load], megabytes: dict[str, float]) -> str:
    rows = [
        f"| {each.chats} | {each.turns} | {each.per_second:.1f} | {each.percentile(0.5) * 1000:.0f} "
        f"| {each.percentile(0.95) * 1000:.0f} |"
        for each in loads
    ]
    held = [f"| {name} | {size:.0f} |" for name, size in megabytes.items()]
    return "\n".join(
        [
            f"Measured by `make bench` on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, "
            f"{platform.machine()}, Python {platform.python_version()}; the load comes from the same machine.",
            "",
            f"FAQ questions in {len(LANGUAGES)} languages through the web chat's interface, NLU included; the time is "
            "from sending a message to having its reply from the event stream.",
            "",
            "| chats at once | turns | turns/s | p50 ms | p95 ms |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "| process | resident MB |",
            "|---|---|",
            *held,
            f"| all together | {sum(megabytes.values()):.0f} |",
            "",
            f"Seconds to ready, model trained before: first start {first:.1f}, second start {second:.1f}.",
        ]
    )


def _write(report: str) -> None:
    """Replaces the part of docs/measurements.md between its two marks."""
    begin, end = "<!-- make bench -->", "<!-- end -->"
    before, _, rest = REPORT.read_text().partition(begin)
    REPORT.write_text(f"{before}{begin}\n{report}\n{end}{rest.partition(end)[2]}")


if __name__ == "__main__":
    main()
