"""The way to one translation service, on which nothing waits for long. Called by knowledge/translation.py."""

import asyncio
import time
from collections.abc import Callable

import structlog

from knowledge.providers import NotTranslated, Provider
from knowledge.threads import Threads

log = structlog.get_logger()

FAILURES = 3  # in a row, then a provider rests
REST = 60.0  # seconds
AT_ONCE = 16  # calls of one provider


class Line:
    """The way to one provider: a few calls at once, and none for a while when it fails again and again."""

    def __init__(self, provider: Provider, observe: Callable[[str, str], None]) -> None:
        self.provider = provider
        self._observe = observe
        self._threads = Threads(f"translation-{provider.name}", AT_ONCE)
        self._failures = 0
        self._rests_until = 0.0

    async def translate(self, text: str, source: str | None, target: str, seconds: float) -> str | None:
        """None when it did not work out."""
        if not self.provider.takes(text):
            return None
        if not self._may_try():
            self._observe(self.provider.name, "resting")
            return None
        begun = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                answer = await self._threads.run(lambda: self.provider.translate(text, source, target), begun)
        except NotTranslated:
            self._note("refused")
        except TimeoutError:
            self._note("failed" if begun.is_set() else "busy")
        except Exception as error:  # whatever a vendor's library throws; its text may hold residents' words
            log.warning("translation failed", provider=self.provider.name, error=type(error).__name__)
            self._note("failed")
        else:
            self._note("done")
            return answer
        return None

    def _may_try(self) -> bool:
        """After its rest one call tries it out, while the others go on resting."""
        if self._failures < FAILURES:
            return True
        if time.monotonic() < self._rests_until:
            return False
        self._rests_until = time.monotonic() + REST
        return True

    def _note(self, outcome: str) -> None:
        self._observe(self.provider.name, outcome)
        if outcome in ("done", "refused"):
            self._failures = 0
        elif outcome == "failed":
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = time.monotonic() + REST
