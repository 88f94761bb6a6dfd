"""Is this event in hand already, or done? Slack brings again what is not acknowledged in time, while the first may still be at work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.platforms.fields import Body, word
from bot.platforms.recent import Recent

# Slack brings an event again for some minutes.
REMEMBERED = 1_000


class Repeats:
    """The newest events of this process. What other processes did is known to the ledger and the inbox."""

    def __init__(self, begin: Callable[[Body], asyncio.Task[None]]) -> None:
        self._begin = begin
        self._works: Recent[str, asyncio.Task[None]] = Recent(REMEMBERED)

    def work(self, body: Body) -> asyncio.Task[None]:
        """The work on the event: the one that was begun before, unless that failed."""
        named = word(body, "event_id")
        if not named:
            return self._begin(body)
        work = self._works.get(named)
        if work is None or failed(work):
            self._works[named] = work = self._begin(body)
        return work


def failed(work: asyncio.Task[None]) -> bool:
    """Whether it ended without being done."""
    return work.done() and (work.cancelled() or work.exception() is not None)
