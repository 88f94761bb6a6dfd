"""How does a process that sends, but hears nobody, come to know whose the secrets of its settings are? It asks until it knows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from starlette.types import Receive, Scope, Send

from bot.edges import Nobody
from bot.platforms.reconnecting import Jitter
from core.pool import Pool

if TYPE_CHECKING:
    from bot.house import House

log = structlog.get_logger()

RETRY_SECONDS = 5.0


class Backstage:
    """A `Presence` of bot.platforms.seams without addresses and sockets."""

    path = "/backstage"
    heard = True

    def __init__(self, house: House, jitter: Jitter) -> None:
        self._house = house
        self._jitter = jitter
        self._pool = Pool(1, "backstage")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Nobody()(scope, receive, send)

    async def run(self) -> None:
        """Adopts the teams of the settings' secrets, as often as it takes."""
        while self._house.ties.waits:
            try:
                await asyncio.wrap_future(self._pool.submit(self._house.adopt))
            except Exception:
                # The database may be away for a while.
                log.exception("teams_not_adopted")
            if self._house.ties.waits:
                await asyncio.sleep(RETRY_SECONDS * (1 + self._jitter()))

    async def close(self) -> None:
        """Nothing is held open."""
