"""What must a platform's request look like before anything reads it? Small, well shaped and genuine; the rest gets one answer and one log line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import MorningbellError

log = structlog.get_logger()

BODY_LIMIT = 1_000_000
READ_SECONDS = 10
LONGEST_LENGTH = 12


class Junk(MorningbellError):
    """A request that is not the platform's: the status to answer with, and a word for the log that repeats nothing of it."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


# Looks at the headers and the raw body. It gives the answer where there is nothing more to do, else the body for the app behind. Raises Junk.
Check = Callable[[Headers, bytes], Response | bytes]


class Inbound:
    """Stands before one platform's endpoint: reads the body up to the limit, has it checked, and plays it again to the app behind."""

    def __init__(self, app: ASGIApp, check: Check, platform: str) -> None:
        self._app = app
        self._check = check
        self._platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            passed = self._check(request.headers, await _read(request))
        except ClientDisconnect:
            return
        except Junk as junk:
            log.warning("request_refused", platform=self._platform, status=int(junk.status), why=junk.why)
            passed = Response(status_code=junk.status)
        if isinstance(passed, Response):
            await passed(scope, receive, send)
        else:
            await self._app(scope, _replayed(passed, receive), send)


def header(headers: Headers, name: str, longest: int = 200) -> str:
    """A header that must be there once, in printable ASCII. Raises Junk."""
    given = headers.getlist(name)
    if len(given) != 1 or not given[0]:
        raise Junk(HTTPStatus.UNAUTHORIZED, f"header {name} missing")
    if len(given[0]) > longest or not given[0].isascii() or not given[0].isprintable():
        raise Junk(HTTPStatus.BAD_REQUEST, f"header {name} malformed")
    return given[0]


def whole_number(written: str, longest: int = LONGEST_LENGTH) -> int:
    """A number of ASCII digits alone: no sign, no space, no digits of other scripts. Raises Junk."""
    if not written.isascii() or not written.isdigit() or len(written) > longest:
        raise Junk(HTTPStatus.BAD_REQUEST, "number malformed")
    return int(written)


async def _read(request: Request) -> bytes:
    """The body. What is announced too long is not read at all; what comes without a length is counted."""
    announced = request.headers.get("content-length")
    if announced is not None and whole_number(announced) > BODY_LIMIT:
        raise Junk(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body too large")
    pieces, length = [], 0
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for piece in request.stream():
                length += len(piece)
                if length > BODY_LIMIT:
                    raise Junk(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body too large")
                pieces.append(piece)
    except TimeoutError:
        raise Junk(HTTPStatus.BAD_REQUEST, "body too slow") from None
    return b"".join(pieces)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replaying() -> Message:
        return waiting.pop() if waiting else await receive()

    return replaying
