"""How does a page learn at once that something was posted, by whatever thread? It waits here, and whoever posts wakes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Waiter:
    """One open page's place in the hub."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Callable from every thread."""
        # The loop may have ended while its last pages were still listed.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> bool:
        """Whether it was woken within the time."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Hub:
    """Wakes every open page of this process. It carries no news: pages look in the database."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiters: set[Waiter] = set()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether open pages should end."""
        return self._closed

    @contextmanager
    def waiting(self) -> Iterator[Waiter]:
        """A place for one page, within its event loop."""
        waiter = Waiter(asyncio.get_running_loop())
        with self._lock:
            self._waiters.add(waiter)
        try:
            yield waiter
        finally:
            with self._lock:
                self._waiters.discard(waiter)

    def wake(self) -> None:
        """Says that something changed."""
        with self._lock:
            for waiter in self._waiters:
                waiter.wake()

    def close(self) -> None:
        """Ends every open page, so that the server can stop."""
        self._closed = True
        self.wake()
