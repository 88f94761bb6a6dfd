"""How does the page's event loop hand work to threads without taking every database connection?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from core.pool import Pool

P = ParamSpec("P")
T = TypeVar("T")

# With the scheduler's threads as many as the connections of a database's pool.
LOOKING = 3
ACTING = 3


class Threads:
    """Two small pools, so that a slow command does not keep pages from being shown."""

    def __init__(self) -> None:
        self._looking = Pool(LOOKING, "look")
        self._acting = Pool(ACTING, "act")

    async def look(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs what only reads."""
        return await asyncio.wrap_future(self._looking.submit(work, *args, **kwargs))

    async def act(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs what may change something or take long."""
        return await asyncio.wrap_future(self._acting.submit(work, *args, **kwargs))
