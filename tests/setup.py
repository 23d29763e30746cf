"""What the tests need besides the Python packages. `python -m tests.setup`, called by `make test`.

A Chromium; and Apertium, a translation server, where Debian's packages can be had (elsewhere its one test is left out).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.peers import apertium


def chromium() -> str | None:
    """The path of a Chromium on this machine."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


def main() -> int:
    wanted = [] if apertium.is_installed() else ["apertium-apy", "apertium-eng-spa"]
    if not (chromium() or _playwright_has_one()):
        wanted += ["chromium", "fonts-noto-cjk", "fonts-noto-core"]
    if wanted and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", *wanted], check=True)
    if chromium() or _playwright_has_one():
        return 0
    return subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode


def _playwright_has_one() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


if __name__ == "__main__":
    sys.exit(main())
