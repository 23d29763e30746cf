"""Lets a test call the control side from any thread; `_residents` and `_control` mark their methods."""

import asyncio
import functools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Concatenate


class LoopBound:
    """Something whose state belongs to one event loop, from `_bind` on."""

    _loop: asyncio.AbstractEventLoop | None = None
    _thread: int | None = None

    def _bind(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._loop, self._thread = loop, threading.get_ident()

    def _run[R](self, work: Callable[[], R]) -> R:
        if self._loop is None or self._thread == threading.get_ident():
            return work()
        outcome: Future[R] = Future()
        self._loop.call_soon_threadsafe(_settle, outcome, work)
        return outcome.result(timeout=30)


def on_loop[S: "LoopBound", **P, R](
    method: Callable[Concatenate[S, P], R],
) -> Callable[Concatenate[S, P], R]:
    """Run the method on the server's loop, wherever it is called; its exceptions come back to the caller."""

    def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._run(lambda: method(self, *args, **kwargs))

    functools.update_wrapper(call, method)
    return call


def _settle[R](outcome: Future[R], work: Callable[[], R]) -> None:
    try:
        outcome.set_result(work())
    except Exception as error:
        outcome.set_exception(error)
