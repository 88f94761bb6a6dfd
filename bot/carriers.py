"""Who waits for a platform to take an answer? A thread of its own for each, so that one that hangs keeps nobody else from being answered."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread, current_thread
from time import monotonic


class Carriers:
    """Begins what may wait long. Its threads do not keep the process alive: what they held is in the ledger, and is looked for at the next start."""

    def __init__(self) -> None:
        self._under_way: set[Thread] = set()
        self._changing = Lock()

    def __call__(self, work: Callable[[], None]) -> None:
        """Begins it and returns at once."""
        thread = Thread(target=self._run, args=(work,), name="carrier", daemon=True)
        with self._changing:
            self._under_way.add(thread)
        thread.start()

    def drain(self, seconds: float) -> None:
        """Waits for what is under way, no longer than that."""
        end = monotonic() + seconds
        with self._changing:
            waiting = tuple(self._under_way)
        for thread in waiting:
            thread.join(max(0.0, end - monotonic()))

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._changing:
                self._under_way.discard(current_thread())
