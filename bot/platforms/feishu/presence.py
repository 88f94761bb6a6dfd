"""What is Feishu to the serving process? One address for events, behind the guard, or long connections instead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from bot.platforms.feishu.answering import ANSWER_SECONDS, Answering
from bot.platforms.feishu.apps import PLATFORM
from bot.platforms.feishu.edge import Edge
from bot.platforms.feishu.guard import Guard
from bot.platforms.feishu.line import Lines
from bot.platforms.feishu.reading import read
from bot.platforms.feishu.setup import EVENTS_PATH
from bot.platforms.feishu.start import Parts, secrets_of
from bot.platforms.fields import NONE, Body, word
from bot.platforms.inbound import Inbound
from bot.platforms.reconnecting import Jitter
from bot.platforms.seams import Desk
from bot.platforms.settings import FeishuSettings
from bot.platforms.tasks import Tasks
from core.pool import Pool
from core.ports import Clock

# How soon an app that is added while the process runs is served.
REFRESH_SECONDS = 10.0
RETRY_SECONDS = 5.0

log = structlog.get_logger()


class FeishuPresence:
    """The platform as `bot.platforms.seams.Presence` describes it. The `house`'s threads may take a database connection."""

    path = "/feishu"

    def __init__(
        self,
        settings: FeishuSettings,
        parts: Parts,
        desk: Desk,
        clock: Clock,
        house: Pool,
        jitter: Jitter,
        *,
        patience: float = ANSWER_SECONDS,
    ) -> None:
        self._settings = settings
        self._parts = parts
        self._jitter = jitter
        self._tasks = Tasks(house)
        edge = Edge(desk, parts.ties, parts.apps, parts.chats, parts.bots, parts.platform)
        answering = Answering(edge, self._tasks, patience)
        self._lines = Lines(parts.client, answering, self._tasks, jitter)
        guard = Guard(parts.apps, clock)
        guarded = Inbound(Endpoint(answering, guard.forget), guard, PLATFORM)
        # Over long connections Feishu asks nobody for an address, and an app may be without an encrypt key.
        self._router = Router([] if self._by_socket else [Route(EVENTS_PATH, guarded, methods=["POST"])])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._router(scope, receive, send)

    @property
    def heard(self) -> bool:
        """Whether every app's line stands, where there are lines."""
        return not self._by_socket or self._lines.stand

    async def run(self) -> None:
        """Binds the settings' app, then keeps up with which apps there are, until it is cancelled."""
        await self._done(self._adopt)
        while True:
            await self._done(self._parts.apps.refresh)
            if self._by_socket:
                self._lines.hold(self._parts.apps.all())
            await asyncio.sleep(REFRESH_SECONDS)

    async def close(self) -> None:
        """Takes nothing new and finishes what was begun, after 5 seconds at most: answers go back by the line on which they were asked for."""
        self._lines.stop()
        await self._tasks.drain()
        await self._lines.close()

    async def _done(self, work: Callable[[], None]) -> None:
        """Does what needs the database, which may be away for a while: what hears of Feishu must not end with it."""
        while True:
            try:
                return await self._tasks.house(work)
            except Exception:
                log.exception("feishu_apps_unknown")
            await asyncio.sleep(RETRY_SECONDS * (1 + self._jitter()))

    @property
    def _by_socket(self) -> bool:
        return self._settings.mode == "socket"

    def _adopt(self) -> None:
        if self._settings.app_id is not None:
            self._parts.ties.adopt(PLATFORM, self._settings.app_id, secrets_of(self._settings))


class Endpoint:
    """Where events end that the guard let pass; it is to `forget` those that could not be done."""

    def __init__(self, answering: Answering, forget: Callable[[str], None]) -> None:
        self._answering = answering
        self._forget = forget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        event = read(await Request(scope, receive).body()) or NONE
        answer = JSONResponse(*await self._answered(event))
        await answer(scope, receive, send)

    async def _answered(self, event: Body) -> tuple[Body, HTTPStatus]:
        try:
            return await self._answering(event), HTTPStatus.OK
        except Exception:
            # The log has it from the task. Feishu brings the event again: then it can perhaps be done.
            self._forget(word(event, "header", "event_id"))
            return NONE, HTTPStatus.SERVICE_UNAVAILABLE
