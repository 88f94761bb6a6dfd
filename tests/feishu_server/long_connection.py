"""How does an event reach an app over the long connection? By binary frames to one of its WebSockets, and it is answered in its frame."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass

from aiohttp import WSMsgType, web

from tests.feishu_server.answers import take_answer
from tests.feishu_server.events import Event
from tests.feishu_server.frames import Frame, Method, decode, encode
from tests.feishu_server.values import Answer, App
from tests.feishu_server.world import World

AUTH_FAILED, TOO_MANY_CONNECTIONS = 514, 1000040350
MOST_CONNECTIONS = 50
SERVICE_ID = 33554678


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """What Feishu tells a client about pings and reconnecting: seconds, and how often (−1: for ever). The names are those on the wire."""

    ReconnectCount: int = -1
    ReconnectInterval: int = 120
    ReconnectNonce: int = 30
    PingInterval: int = 120

    def json(self) -> bytes:
        """As a pong carries it."""
        return json.dumps(asdict(self)).encode()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a handshake is refused: in headers, as Feishu gives it."""

    status: int
    message: str
    auth_code: int | None = None

    def headers(self) -> Mapping[str, str]:
        """The handshake headers."""
        auth = {} if self.auth_code is None else {"handshake-autherrcode": str(self.auth_code)}
        return {"handshake-status": str(self.status), "handshake-msg": self.message, **auth}


AUTHENTICATION_FAILED = Refusal(AUTH_FAILED, "auth failed", 0)
CONNECTION_LIMIT = Refusal(AUTH_FAILED, "exceed connection limit", TOO_MANY_CONNECTIONS)


@dataclass(frozen=True, slots=True)
class Ack:
    """An answer as it came in its frame: the frame whole, `code` and the decoded `data`."""

    frame: Frame
    code: int
    answer: Answer


@dataclass(slots=True)
class _Connection:
    app: App
    socket: web.WebSocketResponse
    request: web.Request


class LongConnections:
    """The connections that stand. `push`, `silence`, `drop` … are called from the test's thread."""

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self._world = world
        self._loop = loop
        self._open: list[_Connection] = []
        self._turn = 0
        self._waiting: dict[str, tuple[Event, Future[Ack]]] = {}
        self._silent = False
        self.config = ClientConfig()
        self.refusal: Refusal | None = None
        self.came: list[bytes] = []
        self.sent: list[bytes] = []

    # What a test does

    @property
    def count(self) -> int:
        """How many connections stand."""
        return len(self._open)

    @property
    def frames(self) -> list[Frame]:
        """The frames that clients sent, in order."""
        return [decode(data) for data in self.came]

    @property
    def pings(self) -> int:
        """How many pings came."""
        return sum(1 for frame in self.frames if frame.header("type") == "ping")

    def push(self, event: Event, *, parts: int = 1, seconds: float = 3.0) -> Ack:
        """Sends the event to one connection, in so many frames, and waits for its answer. Raises TimeoutError."""
        return self.start_push(event, parts=parts).result(seconds)

    def start_push(self, event: Event, *, parts: int = 1) -> Future[Ack]:
        """Sends the event and gives the answer to come. Raises ConnectionError when nobody is connected for the app."""
        mine = [connection for connection in self._open if connection.app == event.app]
        if not mine:
            raise ConnectionError("no connection stands")
        self._turn += 1
        message_id, answer = self._world.number("msg"), Future[Ack]()
        self._waiting[message_id] = (event, answer)
        frames = [encode(frame) for frame in event_frames(event, message_id, parts)]
        self._run(self._send(mine[self._turn % len(mine)], frames))
        return answer

    def silence(self) -> None:
        """From now on nothing is answered or sent, though the connections stand: they look healthy and are dead."""
        self._silent = True

    def speak(self) -> None:
        """Ends the silence."""
        self._silent = False

    def drop(self) -> None:
        """Breaks every connection without a word."""
        self._loop.call_soon_threadsafe(self._abort)

    def end(self) -> None:
        """Ends every connection in the orderly way, as when Feishu moves them, and waits for that."""
        self._run(self.close())

    def wait_connected(self, count: int = 1, seconds: float = 5.0) -> None:
        """Waits until so many connections stand. Raises TimeoutError."""
        self._world.until(lambda: self.count == count, seconds)

    # What the server does

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One client's connection, from handshake to end."""
        app = self._world.apps.get(request.query.get("access_key", ""))
        refusal = self.refusal or (AUTHENTICATION_FAILED if app is None else None)
        if refusal is None and self.count >= MOST_CONNECTIONS:
            refusal = CONNECTION_LIMIT
        if refusal is not None or app is None:
            return web.Response(status=403, headers=(refusal or AUTHENTICATION_FAILED).headers())
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self._listen(_Connection(app, socket, request))
        return socket

    async def close(self) -> None:
        """Ends every connection in the orderly way."""
        for connection in list(self._open):
            await connection.socket.close()

    async def _listen(self, connection: _Connection) -> None:
        self._count_in(connection)
        try:
            async for message in connection.socket:
                if message.type is WSMsgType.BINARY:
                    await self._take(connection, message.data)
        finally:
            self._count_out(connection)

    async def _take(self, connection: _Connection, data: bytes) -> None:
        with self._world.changed:
            self.came.append(data)
            self._world.changed.notify_all()
        frame = decode(data)
        if self._silent:
            return
        if frame.method == Method.CONTROL and frame.header("type") == "ping":
            pong = Frame(0, 0, frame.service, Method.CONTROL, (("type", "pong"),), payload=self.config.json())
            await self._send(connection, [encode(pong)])
        elif frame.method == Method.DATA:
            self._acknowledged(frame)

    def _acknowledged(self, frame: Frame) -> None:
        event, waiting = self._waiting.pop(str(frame.header("message_id")))
        response = json.loads(frame.payload or b"{}")
        data = base64.b64decode(response["data"]) if response.get("data") else b""
        code = int(response["code"])
        waiting.set_result(Ack(frame, code, take_answer(self._world, event, code, data)))

    async def _send(self, connection: _Connection, frames: list[bytes]) -> None:
        for frame in frames if not self._silent else ():
            self.sent.append(frame)
            await connection.socket.send_bytes(frame)

    def _abort(self) -> None:
        for connection in self._open:
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def _count_in(self, connection: _Connection) -> None:
        with self._world.changed:
            self._open.append(connection)
            self._world.changed.notify_all()

    def _count_out(self, connection: _Connection) -> None:
        with self._world.changed:
            self._open.remove(connection)
            self._world.changed.notify_all()

    def _run(self, work: object) -> None:
        assert asyncio.iscoroutine(work)
        asyncio.run_coroutine_threadsafe(work, self._loop).result(3)


def event_frames(event: Event, message_id: str, parts: int) -> list[Frame]:
    """The event's frames: the payload cut into equal pieces, `sum` and `seq` saying which is which."""
    payload = json.dumps(event.payload(), ensure_ascii=False).encode()
    size = -(-len(payload) // parts)
    pieces = [payload[start : start + size] for start in range(0, len(payload), size)]
    return [_data_frame(message_id, event, piece, seq, len(pieces)) for seq, piece in enumerate(pieces)]


def _data_frame(message_id: str, event: Event, payload: bytes, seq: int, total: int) -> Frame:
    headers = (("type", "event"), ("message_id", message_id), ("sum", str(total)), ("seq", str(seq)), ("trace_id", event.event_id))
    return Frame(seq + 1, 1, SERVICE_ID, Method.DATA, headers, payload=payload)
