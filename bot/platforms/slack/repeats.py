"""Is this event in hand already, or done? Slack brings again what is not acknowledged in time, while the first may still be at work."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from bot.platforms.fields import Body, word

# Slack brings an event again for some minutes.
REMEMBERED = 1_000


class Repeats:
    """The newest events of this process. What other processes did is known to the ledger and the inbox."""

    def __init__(self, begin: Callable[[Body], asyncio.Task[None]]) -> None:
        self._begin = begin
        self._works: OrderedDict[str, asyncio.Task[None]] = OrderedDict()

    def work(self, body: Body) -> asyncio.Task[None]:
        """The work on the event: the one that was begun before, unless that failed."""
        named = word(body, "event_id")
        if not named:
            return self._begin(body)
        work = self._works.get(named)
        if work is None or failed(work):
            self._works[named] = work = self._begin(body)
            self._works.move_to_end(named)
        if len(self._works) > REMEMBERED:
            self._works.popitem(last=False)
        return work


def failed(work: asyncio.Task[None]) -> bool:
    """Whether it ended without being done."""
    return work.done() and (work.cancelled() or work.exception() is not None)
