"""Which threads do the engine's work? Some that keep nobody from ending: what they leave undone is found in the ledger at the next start."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any


class Pool:
    """As much of `concurrent.futures.Executor` as APScheduler needs. At its end Python waits for that one's threads, however long they hang."""

    def __init__(self, threads: int) -> None:
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = tuple(Thread(target=self._work, name=f"engine-{number}", daemon=True) for number in range(threads))
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        """Has it done by the next thread that is free."""
        future: Future[Any] = Future()
        self._waiting.put(lambda: _done(future, work, args))
        return future

    def shutdown(self, wait: bool = True) -> None:
        """Lets every thread end after what was submitted before."""
        for _ in self._threads:
            self._waiting.put(None)

    def drain(self, seconds: float) -> None:
        """Waits for the threads to end, no longer than that."""
        end = monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - monotonic()))

    def _work(self) -> None:
        while (work := self._waiting.get()) is not None:
            work()


def _done(future: Future[Any], work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        future.set_result(work(*args))
    except BaseException as error:  # told by the future to whoever asked
        future.set_exception(error)
