"""How do events come over a socket? Socket Mode: hello, envelopes with their acknowledgements, pings, warnings, and what breaks."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMessage, WSMsgType, web

from tests.slack_server.values import Json
from tests.slack_server.world import World

MOST_CONNECTIONS = 10
PATIENCE = 10.0


@dataclass(eq=False)
class Connection:
    """One open socket. `silent`: it looks open and answers nothing any more."""

    number: int
    stream: web.WebSocketResponse
    request: web.Request
    silent: bool = False
    pings: int = 0
    pongs: int = 0


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What came back for an envelope."""

    envelope_id: str
    payload: Json | None
    connection: int


@dataclass
class Sockets:
    """Every socket of the app, from the test's side and from the network's."""

    world: World
    acknowledged: list[Acknowledged] = field(default_factory=list)
    opened: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _open: list[Connection] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _waiting: dict[str, Future[Json]] = field(default_factory=dict)
    _turn: itertools.count[int] = field(default_factory=itertools.count)

    # ------------------------------------------------------------ what tests do

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The sockets that are open now."""
        with self._changed:
            return tuple(self._open)

    def wait_for(self, count: int) -> None:
        """Returns when that many sockets are open."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._open) == count, PATIENCE), f"{len(self._open)} sockets are open, not {count}"

    def wait_opened(self, total: int) -> None:
        """Returns when that many sockets have been opened since the beginning, closed ones among them."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.opened >= total, PATIENCE), f"{self.opened} sockets were opened, not {total}"

    def send(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Json:
        """Sends an envelope on one of the sockets; its acknowledgement's payload, empty when there was none."""
        envelope = self.world.ident("envelope-")
        answered: Future[Json] = Future()
        self._waiting[envelope] = answered
        said: Json = {"envelope_id": envelope, "type": kind, "accepts_response_payload": kind != "events_api", "payload": payload}
        if kind == "events_api":
            said |= {"retry_attempt": attempt, "retry_reason": reason}
        carrying = [one for one in self.connections if not one.silent]
        assert carrying, "no socket is open that carries anything"
        self._run(carrying[next(self._turn) % len(carrying)], json.dumps(said))
        return answered.result(PATIENCE)

    def disconnect(self, reason: Literal["warning", "refresh_requested", "link_disabled"] = "refresh_requested") -> None:
        """Tells every socket that it will be, or is, closed. All but a warning close it."""
        for one in self.connections:
            self._run(one, json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}}))
            if reason != "warning":
                self._do(one.stream.close())

    def silence(self) -> None:
        """From now on the open sockets answer no ping and carry nothing, and stay open."""
        for one in self.connections:
            one.silent = True

    def drop(self) -> None:
        """Cuts the open sockets without a word."""
        for one in self.connections:
            one.silent = True
            self._do(_cut(one))

    def ping(self) -> None:
        """Slack's own ping on every socket."""
        for one in self.connections:
            self._do(one.stream.ping(b"Ping from applink"))

    def _run(self, connection: Connection, text: str) -> None:
        if not connection.silent:
            self._do(connection.stream.send_str(text))

    def _do(self, work: Coroutine[object, object, object]) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    # ------------------------------------------------------------ what the network does

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One socket from its hello to its end."""
        self._loop = asyncio.get_running_loop()
        ticket = request.query.get("ticket", "")
        if ticket not in self.world.tickets:
            return web.Response(status=401)
        self.world.tickets.remove(ticket)
        stream = web.WebSocketResponse(autoping=False)
        await stream.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await stream.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await stream.close()
            return stream
        await self._served(Connection(self.opened + 1, stream, request))
        return stream

    async def _served(self, connection: Connection) -> None:
        self._change(lambda: self._open.append(connection), 1)
        hello = {"type": "hello", "num_connections": len(self.connections), "connection_info": {"app_id": self.world.app_id}}
        try:
            await connection.stream.send_json({**hello, "debug_info": {"host": "applink", "approximate_connection_time": 18060}})
            while (message := await connection.stream.receive()).type not in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR}:
                await self._heard(connection, message)
        finally:
            self._change(lambda: self._open.remove(connection), 0)

    async def _heard(self, connection: Connection, message: WSMessage) -> None:
        if message.type is WSMsgType.PONG:
            connection.pongs += 1
        elif message.type is WSMsgType.PING:
            connection.pings += 1
            if not connection.silent:
                await connection.stream.pong(bytes(message.data))
        elif message.type is WSMsgType.TEXT:
            self._acknowledge(connection, json.loads(message.data))

    def _acknowledge(self, connection: Connection, said: Json) -> None:
        envelope, payload = said["envelope_id"], said.get("payload")
        self.acknowledged.append(Acknowledged(envelope, payload, connection.number))
        waiting = self._waiting.pop(envelope, None)
        if waiting is not None:
            waiting.set_result(payload or {})

    def _change(self, change: Callable[[], None], opened: int) -> None:
        with self._changed:
            change()
            self.opened += opened
            self._changed.notify_all()


async def _cut(connection: Connection) -> None:
    assert connection.request.transport is not None
    connection.request.transport.abort()
