"""How does a request come to a platform's side without a server? Over ASGI, in pieces if need be; the answer is there once all is done."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Message, Scope

from bot.platforms.seams import Presence
from tests.loops import Loop
from tests.slack_house import FakeDesk


class Door:
    """The way in to a platform's side, before a desk that keeps what it is asked. The loop is its own, which the test closes."""

    def __init__(self, presence: Presence, desk: FakeDesk, path: str) -> None:
        self.presence = presence
        self.desk = desk
        self.loop = Loop()
        self._path = path

    def status(self, body: bytes, headers: Mapping[str, str], pieces: int = 1) -> int:
        """The status of the answer to a post."""
        return self.answer(body, headers, pieces)[0]

    def answer(self, body: bytes, headers: Mapping[str, str], pieces: int = 1, method: str = "POST") -> tuple[int, bytes]:
        """The answer's status and body, once everything that the request set off is done."""
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        size = max(1, len(body) // pieces)
        coming: list[Message] = [{"type": "http.request", "body": body[at : at + size], "more_body": True} for at in range(0, len(body), size)]
        coming.append({"type": "http.request", "body": b"", "more_body": False})
        return self.loop.run(self._exchange(_scope(method, self._path, raw), coming))

    async def _exchange(self, scope: Scope, coming: list[Message]) -> tuple[int, bytes]:
        said: list[Message] = []

        async def receive() -> Message:
            return coming.pop(0) if coming else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message)

        await self.presence(scope, receive, send)
        await self.presence.close()
        return int(said[0]["status"]), b"".join(message.get("body", b"") for message in said)


def _scope(method: str, path: str, headers: list[tuple[bytes, bytes]]) -> Scope:
    place = {"path": path, "raw_path": b"", "query_string": b"", "root_path": "", "server": ("test", 80)}
    return {"type": "http", "http_version": "1.1", "scheme": "http", "method": method, "headers": headers, **place}
