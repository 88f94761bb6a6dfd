"""How do Feishu's events come in without an address of ours? By a connection that is watched, opened anew, and answered in its own frames.

The SDK has a client too; ours because that one works on a single loop, cannot be stopped, and does not notice when the other side has gone silent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, WebSocketException

from bot.platforms.feishu import calls
from bot.platforms.feishu.answering import Answering
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.client import Client
from bot.platforms.feishu.domain import is_local
from bot.platforms.feishu.frames import CONTROL, DATA, PONG, Frame, Pieces, answered, decode, encode, ping
from bot.platforms.feishu.reading import read
from bot.platforms.fields import NONE, Body, number, part, word
from bot.platforms.reconnecting import LONGEST_PAUSE_SECONDS, Jitter, pause
from bot.platforms.tasks import Tasks
from core.errors import SendError

log = structlog.get_logger()

OPEN_SECONDS = 10.0
CLOSE_SECONDS = 1.0
LARGEST_FRAME = 4 * 1024 * 1024
# Feishu asks for one in two minutes, after which a dead line would be noticed in five.
LONGEST_PING_SECONDS = 30.0
# How many pings may stay without any answer.
SILENT_PINGS = 2.5
# What ends a line without anybody's fault here.
EXPECTED = (SendError, WebSocketException, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between pings, and the longest pause before another try: what Feishu says, but no more than ours."""

    ping: float = LONGEST_PING_SECONDS
    pause: float = LONGEST_PAUSE_SECONDS


def pace_of(config: Body, before: Pace) -> Pace:
    """The pace that a `ClientConfig` tells; what it does not tell stays."""
    every, pause = number(config, "PingInterval"), number(config, "ReconnectNonce")
    return Pace(min(every, LONGEST_PING_SECONDS) if every > 0 else before.ping, min(pause, LONGEST_PAUSE_SECONDS) if pause > 0 else before.pause)


class Line:
    """One app's connection."""

    def __init__(self, app: App, client: Client, answering: Answering, tasks: Tasks, jitter: Jitter) -> None:
        self._app = app
        self._client = client
        self._answering = answering
        self._tasks = tasks
        self._jitter = jitter
        self._pace = Pace()
        self._failures = 0
        self._stopping = False
        self.stands = False

    async def run(self) -> None:
        """Holds a connection until it is cancelled."""
        while not self._stopping:
            try:
                await self._held()
            except ConnectionClosedOK:
                log.info("feishu_line_closed", app=self._app.id)
            except Exception as error:
                # Whatever it was, another is opened: without a line the app hears nothing.
                self._failures += 1
                fault = not isinstance(error, EXPECTED)
                log.warning("feishu_line_failed", app=self._app.id, why=type(error).__name__, failures=self._failures, exc_info=fault)
            await asyncio.sleep(pause(self._failures, self._jitter, self._pace.pause))

    def stop(self) -> None:
        """Takes nothing new: what is not answered, Feishu gives to another connection."""
        self._stopping = True

    async def _held(self) -> None:
        """One connection from its opening to its end."""
        url = await self._tasks.outside(self._address)
        # On this machine no proxy stands between.
        proxy: Literal[True] | None = None if is_local(url) else True
        # Feishu has pings of its own, and a socket's ping may be answered by one that has long forgotten the app.
        opened = connect(url, proxy=proxy, open_timeout=OPEN_SECONDS, close_timeout=CLOSE_SECONDS, ping_interval=None, max_size=LARGEST_FRAME)
        async with opened as connection:
            self._failures, self.stands = 0, True
            pinging = asyncio.create_task(self._ping(connection, _service(url)))
            try:
                await self._read(connection)
            finally:
                self.stands = False
                pinging.cancel()

    def _address(self) -> str:
        data = part(self._client.open(calls.endpoint(self._app.id, self._app.secret)), "data")
        self._pace = pace_of(part(data, "ClientConfig"), self._pace)
        return word(data, "URL")

    async def _ping(self, connection: ClientConnection, service: int) -> None:
        # Whoever reads notices the end.
        with suppress(ConnectionClosed):
            while True:
                await connection.send(encode(ping(service)))
                await asyncio.sleep(self._pace.ping)

    async def _read(self, connection: ClientConnection) -> None:
        """Reads until the connection ends. One on which nothing comes, though it is pinged, is dead: TimeoutError."""
        pieces = Pieces()
        while True:
            async with asyncio.timeout(self._pace.ping * SILENT_PINGS):
                data = await connection.recv(decode=False)
            frame = decode(data)
            if frame is not None:
                self._heard(connection, frame, pieces)

    def _heard(self, connection: ClientConnection, frame: Frame, pieces: Pieces) -> None:
        if frame.method == CONTROL and frame.type == PONG:
            self._pace = pace_of(read(frame.payload) or {}, self._pace)
        elif frame.method == DATA and not self._stopping:
            payload = pieces.add(frame)
            if payload is not None:
                self._tasks.start(self._answered(connection, frame, payload))

    async def _answered(self, connection: ClientConnection, frame: Frame, payload: bytes) -> None:
        event = read(payload)
        if event is None or word(event, "header", "app_id") != self._app.id:
            log.warning("frame_refused", app=self._app.id, type=frame.type)
            return
        begun = asyncio.get_running_loop().time()
        code, body = await self._said(event)
        answer = answered(frame, code, body, int((asyncio.get_running_loop().time() - begun) * 1000))
        try:
            await connection.send(encode(answer))
        except ConnectionClosed:
            log.warning("feishu_line_gone", app=self._app.id)

    async def _said(self, event: Body) -> tuple[int, Body]:
        try:
            return HTTPStatus.OK, await self._answering(event)
        except Exception:
            # The log has it from the task. Feishu brings the event again: then it can perhaps be done.
            return HTTPStatus.SERVICE_UNAVAILABLE, NONE


class Lines:
    """A connection for each app that there is. Every replica holds its own; Feishu gives each event to one of them."""

    def __init__(self, client: Client, answering: Answering, tasks: Tasks, jitter: Jitter) -> None:
        self._parts = (client, answering, tasks, jitter)
        self._lines: dict[App, tuple[Line, asyncio.Task[None]]] = {}

    @property
    def stand(self) -> bool:
        """Whether every line is open."""
        return all(line.stands for line, _ in tuple(self._lines.values()))

    def hold(self, apps: Sequence[App]) -> None:
        """Holds lines for these apps and for no others; one whose secrets have changed gets a new line."""
        for app in set(self._lines) - set(apps):
            line, task = self._lines.pop(app)
            line.stop()
            task.cancel()
        for app in apps:
            if app not in self._lines:
                line = Line(app, *self._parts)
                self._lines[app] = line, asyncio.create_task(line.run())

    def stop(self) -> None:
        """Takes nothing new."""
        for line, _ in self._lines.values():
            line.stop()

    async def close(self) -> None:
        """Ends every line."""
        for _, task in self._lines.values():
            task.cancel()
        await asyncio.gather(*(task for _, task in self._lines.values()), return_exceptions=True)


def _service(url: str) -> int:
    written = parse_qs(urlsplit(url).query).get("service_id", ["0"])[0]
    return int(written) if written.isascii() and written.isdigit() else 0
