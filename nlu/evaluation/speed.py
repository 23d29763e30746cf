"""How fast a served model answers over HTTP, as the bot asks it, and what it holds; used by `nlu/report.py`."""

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from nlu.evaluation.serving import serving

_TOKEN = "of-the-report"  # noqa: S105 - for a server that lives as long as the measurement
_ROUNDS = 600
_CLIENTS = 8


@dataclass(frozen=True)
class Speed:
    """Milliseconds of one client's requests, requests a second of eight, resident megabytes."""

    median: float
    p99: float
    per_second: float
    megabytes: float


def measure_speed(archive: Path, texts: list[str]) -> Speed:
    """Serve the archive in a process of its own and ask it for the texts, over and over."""
    texts = [texts[number % len(texts)] for number in range(_ROUNDS)]
    with serving(archive, _TOKEN) as (port, process):
        _ask(port, texts[:100])
        seconds = sorted(_ask(port, texts))
        start = time.perf_counter()
        with ThreadPoolExecutor(_CLIENTS) as pool:
            list(pool.map(lambda part: _ask(port, texts[part::_CLIENTS] * 2), range(_CLIENTS)))
        per_second = 2 * len(texts) / (time.perf_counter() - start)
        resident = _resident_megabytes(process.pid)
    return Speed(statistics.median(seconds) * 1000, seconds[int(0.99 * len(seconds))] * 1000, per_second, resident)


def _ask(port: int, texts: list[str]) -> list[float]:
    """Seconds of each request, one after another over one connection."""
    connection, seconds = HTTPConnection("127.0.0.1", port, timeout=30), []
    for text in texts:
        start = time.perf_counter()
        body = json.dumps({"text": text})
        connection.request("POST", f"/model/parse?token={_TOKEN}", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != 200 or not json.load(answer)["intent"]:
            raise RuntimeError(f"the server answered {answer.status}")
        seconds.append(time.perf_counter() - start)
    connection.close()
    return seconds


def _resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1000
