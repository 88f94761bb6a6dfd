"""How fast does a server answer many at once, and how fast one alone? Raw HTTP over connections that stay open, so that the load costs little."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
One = Callable[[Stream, bytes], Coroutine[None, None, None]]

HOST = "127.0.0.1"
PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second, and the median of how long one took, in milliseconds."""

    rate: float
    p50: float


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answered(port: int, requests: Sequence[bytes], at_once: int) -> Measured:
    """Sends every request, so many at once, and waits for the answers."""

    return await _measured(port, requests, at_once, _exchange)


async def carried(port: int, requests: Sequence[bytes], at_once: int, outside: Outside) -> Measured:
    """The same, where an answer is a call of the server's to the outside: each request waits for one."""

    async def one(stream: Stream, request: bytes) -> None:
        waiting = outside.expect()
        await _exchange(stream, request)
        await waiting

    return await _measured(port, requests, at_once, one)


class Outside:
    """A platform that takes whatever the server calls, and answers it all with the same good news."""

    def __init__(self, answer: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
        self._answer = head.encode() + answer
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        """Serves, and says on which port."""
        server = await asyncio.start_server(self._serve, HOST, 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    def expect(self) -> asyncio.Future[None]:
        """Done when one more message was posted."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return waiting

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head, _ = await _message(reader)
                writer.write(self._answer)
                if head.startswith(b"POST ") and b"/messages" in head.partition(b"\r\n")[0] and self._waiting:
                    self._waiting.popleft().set_result(None)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            # The server left, or the run is over.
            writer.close()


async def _measured(port: int, requests: Iterable[bytes], at_once: int, one: One) -> Measured:
    waiting, took = deque(requests), []

    async def work() -> None:
        stream = await asyncio.open_connection(HOST, port)
        while waiting:
            request, began = waiting.popleft(), perf_counter()
            await asyncio.wait_for(one(stream, request), PATIENCE)
            took.append(perf_counter() - began)
        stream[1].close()

    began = perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return Measured(len(took) / (perf_counter() - began), median(took) * 1000)


async def _exchange(stream: Stream, request: bytes) -> None:
    reader, writer = stream
    writer.write(request)
    head, body = await _message(reader)
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise AssertionError(head + body)


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of a request or an answer with a length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    return head, await reader.readexactly(length)
