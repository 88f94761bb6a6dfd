"""How do several platforms live behind one address? What begins with a platform's path is its own, everything else is the playground's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from starlette.types import Receive, Scope, Send

from bot.carriers import Carriers
from bot.platforms.seams import Presence
from bot.platforms.web.app import WebApp

log = structlog.get_logger()

# How long a platform rests that broke down, before it is brought up again.
PAUSE_SECONDS = 5.0


class Edges:
    """The one application that the server runs, and whatever lives as long as it."""

    def __init__(self, web: WebApp, presences: Sequence[Presence], carriers: Carriers) -> None:
        self._web = web
        self._carriers = carriers
        self._presences = {presence.path: presence for presence in presences}
        self._running: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._presences.get(_first(scope["path"]), self._web))(scope, receive, send)

    def open(self) -> None:
        """Lets every platform open what it holds open. Call it in the server's loop."""
        self._running = [asyncio.create_task(_lived(presence)) for presence in self._presences.values()]

    def leave(self) -> None:
        """Ends open pages and lets go of sockets, so that nothing new comes in."""
        self._web.close()
        for task in self._running:
            task.cancel()

    async def close(self, end: float) -> None:
        """Waits for what was begun, until that time of the loop. What takes longer is given up when the loop ends."""
        closing = {asyncio.create_task(_closed(presence)): presence.path for presence in self._presences.values()}
        begun = {*self._running, *closing}
        if begun:
            _, late = await asyncio.wait(begun, timeout=end - asyncio.get_running_loop().time())
            for task in late:
                log.warning("not_finished", path=closing.get(task, "run"))
        self._carriers.drain(end - asyncio.get_running_loop().time())


async def _lived(presence: Presence) -> None:
    while True:
        try:
            await presence.run()
            return
        except Exception:
            # The others go on, and this one's webhooks too.
            log.exception("presence_ended", path=presence.path)
        await asyncio.sleep(PAUSE_SECONDS)


async def _closed(presence: Presence) -> None:
    try:
        await presence.close()
    except Exception:
        log.exception("presence_not_closed", path=presence.path)


def _first(path: str) -> str:
    """`/slack` of `/slack/events`."""
    return "/" + path.lstrip("/").partition("/")[0]
