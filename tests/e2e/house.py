"""An Alley with a translator of our own, for whoever looks at it in a browser: test_browser.py and pictures.py."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from playwright.async_api import Browser

from tests.alley import Running, running
from tests.browser import Watch
from tests.peers.translators import Service, service
from tests.services import free_port


class House:
    """Can be stopped and started again where it was, as often as one likes."""

    def __init__(self, folder: Path, translator: Service) -> None:
        self.translator = translator
        self._folder = folder
        self._settings = {
            "ALLEY_PORT": str(free_port()),
            "ALLEY_TRANSLATORS": "libretranslate",
            "ALLEY_LIBRETRANSLATE_URL": translator.url,
        }
        self._stack = ExitStack()

    def start(self) -> None:
        self.alley: Running = self._stack.enter_context(running(self._folder, self._settings))

    def close(self) -> None:
        self._stack.close()


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    with service() as translator:
        house = House(folder, translator)
        house.start()
        try:
            yield house
        finally:
            house.close()


@asynccontextmanager
async def watching(alley: Running, browser: Browser) -> AsyncIterator[Watch]:
    """Closes every page at the end; not one of them may have had a fault."""
    watch = Watch(alley.url)
    yield watch
    for context in browser.contexts:
        await context.close()
    assert not watch.faults, watch.faults
