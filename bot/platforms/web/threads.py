"""How does the page's event loop hand work to threads without taking every database connection?"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

P = ParamSpec("P")
T = TypeVar("T")

# With the scheduler's threads as many as the connections of a database's pool.
LOOKING = 3
ACTING = 3


class Threads:
    """Two small pools, so that a slow command does not keep pages from being shown."""

    def __init__(self) -> None:
        self._looking = CapacityLimiter(LOOKING)
        self._acting = CapacityLimiter(ACTING)

    async def look(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs what only reads."""
        return await anyio.to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self._looking)

    async def act(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs what may change something or take long."""
        return await anyio.to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self._acting)
