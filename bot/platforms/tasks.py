"""What is still being done after a platform has its acknowledgement? Every such task is known, and waited for at the stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

import structlog

from core.errors import Unmet
from core.pool import Pool

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")

# How many threads wait for a platform's answers at once: they hold no database connection.
OUTSIDE = 16
DRAIN_SECONDS = 4.0


class Tasks:
    """Work in threads, some of it after the answer. Those of the `house` may take a database connection."""

    def __init__(self, house: Pool) -> None:
        self._house = house
        self._outside = Pool(OUTSIDE, "outside")
        self._aside = Pool(1, "aside")
        self._running: set[asyncio.Task[Any]] = set()

    async def house(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs what asks the house; again, where somebody had to be met first, which waits for their platform."""
        while True:
            try:
                return await asyncio.wrap_future(self._house.submit(work, *args, **kwargs))
            except Unmet as unmet:
                await self.outside(unmet.meet)

    async def outside(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs what waits for a platform."""
        return await asyncio.wrap_future(self._outside.submit(work, *args, **kwargs))

    async def aside(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs what asks the house though all its threads are busy."""
        return await asyncio.wrap_future(self._aside.submit(work, *args, **kwargs))

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begins a task that nobody has to wait for. One that breaks is told to the log."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def patiently(self, task: asyncio.Task[T], seconds: float) -> bool:
        """Whether the task is done in that time; it goes on in any case."""
        done, _ = await asyncio.wait({task}, timeout=seconds)
        return bool(done)

    async def drain(self) -> None:
        """Waits for what is running and what that still begins; what takes too long is given up."""
        loop = asyncio.get_running_loop()
        end = loop.time() + DRAIN_SECONDS
        while self._running and loop.time() < end:
            await asyncio.wait(self._running, timeout=end - loop.time())
        for task in self._running:
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task_failed", exc_info=error)
