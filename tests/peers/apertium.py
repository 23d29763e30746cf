"""A real translation server on loopback: Debian's apertium-apy with English to Spanish. Used by tests/knowledge.

It changes what it does not know: `{name}` becomes `{Nombre}`, `AB-1234` becomes `*AB-1234`.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from tests.services import free_port

PAIRS = Path("/usr/share/apertium")
READY_SECONDS = 30
# The program binds every interface, and has no option that says otherwise
ON_LOOPBACK = """
import tornado.tcpserver as tcp
bind = tcp.TCPServer.bind
tcp.TCPServer.bind = lambda self, port, address=None, *others, **more: bind(self, port, "127.0.0.1", *others, **more)
from apertium_apy.apy import main
main()
"""


def is_installed() -> bool:
    return shutil.which("apertium-apy") is not None and (PAIRS / "modes" / "eng-spa.mode").exists()


@contextmanager
def apertium() -> Iterator[str]:
    """Its address, when it answers."""
    port = free_port()
    command = ["/usr/bin/python3", "-c", ON_LOOPBACK, "-p", str(port), str(PAIRS)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def to_spanish(url: str, text: str) -> str:
    with urlopen(f"{url}/translate?{urlencode({'langpair': 'eng|spa', 'q': text})}", timeout=10) as answer:
        return str(json.load(answer)["responseData"]["translatedText"])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            urlopen(f"{url}/listPairs", timeout=2).close()
        except (URLError, OSError):
            assert process.poll() is None, "apertium-apy ended"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("apertium-apy does not answer")
