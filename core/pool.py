"""Which threads keep nobody from ending? Daemons: whoever hands them work sees to what they leave undone at the end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from time import monotonic
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# After so much idleness a thread ends; the next work begins another.
IDLE_SECONDS = 10


class Pool:
    """As much of `concurrent.futures.Executor` as is needed. At its end Python waits for that one's threads, however long they hang.

    Threads begin when there is more to do than those that run can take at once, up to so many.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._changing = Lock()
        # How much is submitted and not done yet.
        self._begun = 0

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Has it done by the next thread that is free."""
        future: Future[T] = Future()
        with self._changing:
            self._waiting.put(lambda: _done(future, lambda: work(*args, **kwargs)))
            self._begun += 1
            self._grow()
        return future

    def shutdown(self, wait: bool = True) -> None:
        """Lets every thread end after what was submitted before; `wait` is the executor's word, and changes nothing here."""
        for _ in tuple(self._threads):
            self._waiting.put(None)

    def drain(self, seconds: float) -> None:
        """Waits for the threads to end, no longer than that."""
        end = monotonic() + seconds
        for thread in tuple(self._threads):
            thread.join(max(0.0, end - monotonic()))

    def _grow(self) -> None:
        if len(self._threads) < min(self._begun, self._most):
            thread = Thread(target=self._run, name=self._name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        while (work := self._next()) is not None:
            work()
            with self._changing:
                self._begun -= 1

    def _next(self) -> Callable[[], None] | None:
        """What to do next; None for a thread that has to end."""
        while True:
            try:
                return self._waiting.get(timeout=IDLE_SECONDS)
            except Empty:
                with self._changing:
                    if self._waiting.empty():
                        self._threads.remove(current_thread())
                        return None


def _done(future: Future[T], work: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:  # told by the future to whoever asked
        future.set_exception(error)
