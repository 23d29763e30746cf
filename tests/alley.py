"""Starts the real program as a person would, in a folder of its own. Used by the end-to-end tests and the benchmark."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from tests.services import free_port

ROOT = Path(__file__).parent.parent
ALLEY = Path(sys.executable).parent / "alley"
MODELS = ROOT / "var" / "models"
READY_SECONDS = 90
# of a machine that runs tests; the defaults are what a person gets
PATIENT = {"ALLEY_CHAT_MESSAGES_PER_MINUTE": "100000", "ALLEY_CHAT_MESSAGES_PER_MINUTE_AND_ADDRESS": "100000"}


@dataclass
class Running:
    """A running Alley: its address, its folder, its process."""

    url: str
    data_dir: Path
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]
    ready_seconds: float = 0.0
    log: Path = field(default=Path())

    @property
    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=15, trust_env=False)

    def family(self) -> list[psutil.Process]:
        """The program's own process and its children."""
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `alley …` beside it, on the same folder."""
        return subprocess.run(
            [ALLEY, *arguments], env={**os.environ, **self.environment}, cwd=ROOT, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Returns the seconds until it has ended."""
        start = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - start


def prepare(data_dir: Path) -> None:
    """A data folder with the model that the project's folder has, so that nothing is trained again."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if not (data_dir / "models").exists():
        (data_dir / "models").symlink_to(MODELS)


@contextmanager
def running(data_dir: Path, settings: Mapping[str, str] | None = None, part: str = "run") -> Iterator[Running]:
    """`alley run` (or another part), ready when the block begins and stopped after it; on a free port, or the one that
    `settings` has."""
    prepare(data_dir)
    port = int((settings or {}).get("ALLEY_PORT") or free_port())
    environment = {
        "ALLEY_DATA_DIR": str(data_dir), "ALLEY_PORT": str(port), "COLUMNS": "120", **PATIENT, **(settings or {}),
    }  # fmt: skip
    log = data_dir / f"{part}.log"
    start = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [ALLEY, part], env={**os.environ, **environment}, cwd=ROOT, stdout=output, stderr=output
        )
    alley = Running(f"http://127.0.0.1:{port}", data_dir, process, environment, log=log)
    try:
        if part != "worker":
            _wait_until_ready(alley)
        alley.ready_seconds = time.monotonic() - start
        yield alley
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(alley: Running) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if alley.process.poll() is not None:
            raise RuntimeError(f"alley ended at its start:\n{alley.log.read_text()[-3000:]}")
        try:
            if httpx.get(f"{alley.url}/health", trust_env=False, timeout=5).json()["ready"]:
                return
        except (httpx.HTTPError, json.JSONDecodeError):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"alley was not ready in {READY_SECONDS} s:\n{alley.log.read_text()[-3000:]}")
