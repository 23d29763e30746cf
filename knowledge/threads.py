"""Runs blocking calls of vendors' libraries in threads that hold up nothing. Called by knowledge/translation.py.

asyncio.to_thread will not do: a call that hangs there keeps a thread of the whole program's pool, and keeps the
program from ending, since the interpreter waits for the pool's threads. These are daemons.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress


class Threads:
    """At most `at_once` calls run; one that nobody waits for any more counts until it has ended."""

    def __init__(self, name: str, at_once: int) -> None:
        self._name = name
        self._slots = asyncio.Semaphore(at_once)

    async def run[Result](self, call: Callable[[], Result], begun: asyncio.Event) -> Result:
        """What `call` returns or raises. Sets `begun` when its turn has come."""
        await self._slots.acquire()
        begun.set()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()

        def settle(result: Result | None, error: BaseException | None) -> None:
            self._slots.release()
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # type: ignore[arg-type]

        def work() -> None:
            result, error = None, None
            try:
                result = call()
            except BaseException as raised:  # carried over to whoever waits
                error = raised
            with suppress(RuntimeError):  # the program has ended meanwhile
                loop.call_soon_threadsafe(settle, result, error)

        try:
            threading.Thread(target=work, name=self._name, daemon=True).start()
        except RuntimeError:  # the system gives no more threads
            self._slots.release()
            raise
        return await future
