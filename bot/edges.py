"""How do several platforms live behind one address? By the path: a platform's own, what machines ask of `health`, the rest for `front`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.carriers import Carriers
from bot.health import PATHS
from bot.platforms.seams import Presence

log = structlog.get_logger()

# How long a platform rests that broke down, before it is brought up again.
PAUSE_SECONDS = 5.0


class Front(Protocol):
    """What answers whoever comes to no platform's address: the playground, or nobody."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def close(self) -> None:
        """Ends open pages."""
        ...


class Nobody:
    """The front of a process that hears no people."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await PlainTextResponse("People are heard by another process.\n", 404)(scope, receive, send)

    def close(self) -> None:
        """Nothing is open."""


class Edges:
    """The one application that the server runs, and whatever lives as long as it."""

    def __init__(self, front: Front, presences: Sequence[Presence], carriers: Carriers, health: ASGIApp | None = None) -> None:
        self._front = front
        self._carriers = carriers
        self._presences = {presence.path: presence for presence in presences}
        self._apps: dict[str, ASGIApp] = {**self._presences, **(dict.fromkeys(PATHS, health) if health else {})}
        self._running: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._apps.get(_first(scope["path"]), self._front))(scope, receive, send)

    def open(self) -> None:
        """Lets every platform open what it holds open. Call it in the server's loop."""
        self._running = [asyncio.create_task(_lived(presence)) for presence in self._presences.values()]

    def leave(self) -> None:
        """Ends open pages and lets go of sockets, so that nothing new comes in."""
        self._front.close()
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
