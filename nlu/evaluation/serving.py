"""Serves a model in a process of its own while it is measured; used by `speed.py` and by the server's tests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_SECONDS = 120


@contextmanager
def serving(
    model: Path, token: str, output: "int | IO[str]" = subprocess.DEVNULL
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """The port on loopback, once it listens, and the process. Raises RuntimeError when it does not start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "nlu.serve", "--port", str(port), "--model", str(model)]
    # Unbuffered, so that `output` holds what was said when somebody reads it.
    environment = {**os.environ, "ALLEY_NLU_TOKEN": token, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - ours
    try:
        _wait_for(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
