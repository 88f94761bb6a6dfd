"""What takes the posts of a herd? A platform on loopback: `python -m benchmarks.loopback` counts, `LoopbackPlatform` posts to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from http.client import HTTPConnection
from threading import local
from time import monotonic

from core.messages.codec import dump
from core.messages.model import Message
from core.ports import Address, Capabilities, Profile, Receipt

KEY = "x-key"
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b"


class LoopbackPlatform:
    """Posts by HTTP over kept connections, one a thread."""

    capabilities = Capabilities(find=False)

    def __init__(self, port: int) -> None:
        self._port = port
        self._local = local()

    def render(self, message: Message, refs: Mapping[str, str]) -> bytes:
        return dump(message)

    def upload(self, address: Address, name: str, media_type: str, content: bytes) -> str:
        self._posted("/upload", name, content)
        return name

    def send(self, address: Address, payload: bytes, key: str) -> Receipt:
        self._posted("/post", key, payload)
        return Receipt(key)

    def attach(self, address: Address, receipt: Receipt, payload: bytes, key: str) -> None:
        raise NotImplementedError

    def edit(self, address: Address, receipt: Receipt, payload: bytes) -> None:
        raise NotImplementedError

    def download(self, binding: int, ref: str) -> bytes:
        raise NotImplementedError

    def profile(self, binding: int, actor: str) -> Profile | None:
        return None

    def find(self, address: Address, key: str) -> Receipt | None:
        return None

    def _posted(self, path: str, key: str, body: bytes) -> None:
        if not hasattr(self._local, "connection"):
            self._local.connection = HTTPConnection("127.0.0.1", self._port, timeout=20)
        self._local.connection.request("POST", path, body, {KEY: key})
        self._local.connection.getresponse().read()


def tally(port: int) -> list[tuple[str, float]]:
    """The key and the time (`monotonic`, one for all processes) of each post so far, which are then forgotten."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/tally")
    return [(key, at) for key, at in json.loads(connection.getresponse().read())]


class Counter:
    """The far side: takes what is posted, and says when it came."""

    def __init__(self) -> None:
        self._posts: list[tuple[str, float]] = []

    async def serve(self) -> None:
        """Until the process is ended. Prints its address first."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines if line)
                await reader.readexactly(int(headers.get("content-length", "0")))
                body = self._answer(first, headers.get(KEY, ""))
                writer.write(ANSWER % (len(body), body))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, first: str, key: str) -> bytes:
        path = first.split()[1]
        if path == "/tally":
            told, self._posts = json.dumps(self._posts).encode(), []
            return told
        if path == "/post":
            self._posts.append((key, monotonic()))
        return b"{}"


if __name__ == "__main__":
    asyncio.run(Counter().serve())
