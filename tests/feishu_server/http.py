"""How does a call go through the fake? Planned fault, token, scope, rate, then the endpoint, one after the other under the world's lock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from tests.feishu_server.endpoints import SCOPES, WITHOUT_TOKEN, Endpoint
from tests.feishu_server.errors import ApiError, scope_missing
from tests.feishu_server.faults import DropAfter, DropBefore, Fail, Fault, Faults, Hold
from tests.feishu_server.limits import Rates
from tests.feishu_server.requests import Request
from tests.feishu_server.tokens import Tokens
from tests.feishu_server.values import App, Call, Json
from tests.feishu_server.world import World

Handler = Callable[[Request], Json | bytes]
# The token's and the connection's endpoints are asked without a token, with the app's id and secret in the body.
Open = Callable[[Json], Json]

LARGEST_BODY = 64 * 1024 * 1024
# These two answer beside `code` and `msg`, where all others answer within `data`.
FLAT = frozenset({Endpoint.TOKEN, Endpoint.BOT})


@dataclass(frozen=True, slots=True)
class _Came:
    """A call as read from the wire."""

    endpoint: Endpoint
    web: web.Request
    body: Json
    upload: bytes | None


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer before it goes out; `code` is None when it is no answer of the API."""

    status: int
    code: int | None
    content: bytes
    headers: Mapping[str, str]
    media_type: str = "application/json"


class Door:
    """Takes calls in, lets the right handler answer, notes both."""

    def __init__(self, world: World, tokens: Tokens, rates: Rates, faults: Faults) -> None:
        self._world = world
        self._tokens = tokens
        self._rates = rates
        self._faults = faults
        self._handlers: dict[Endpoint, Handler] = {}
        self._open: dict[Endpoint, Open] = {}

    def routes(self, handlers: Mapping[Endpoint, Handler], open_to_all: Mapping[Endpoint, Open]) -> list[web.RouteDef]:
        """A route for every endpoint."""
        self._handlers, self._open = dict(handlers), dict(open_to_all)
        return [web.route(endpoint.method, endpoint.path, self._taker(endpoint)) for endpoint in Endpoint]

    def _taker(self, endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def take(request: web.Request) -> web.StreamResponse:
            return await self._take(endpoint, request)

        return take

    async def _take(self, endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
        body, upload = await _read(request)
        came, fault = _Came(endpoint, request, body, upload), self._faults.take(endpoint)
        reply = self._answer(came, fault)
        dropped = isinstance(fault, DropBefore | DropAfter)
        self._note(came, None if dropped else reply)
        if isinstance(fault, Hold):
            await asyncio.wrap_future(fault.released)
        if dropped and request.transport is not None:
            request.transport.abort()
        return web.Response(status=reply.status, body=reply.content, headers=dict(reply.headers), content_type=reply.media_type)

    def _answer(self, came: _Came, fault: Fault | None) -> _Reply:
        if isinstance(fault, DropBefore):
            return _Reply(500, None, b"", {})
        if isinstance(fault, Fail):
            return _failed(fault)
        try:
            with self._world.changed:
                return _success(came.endpoint, self._carried_out(came))
        except ApiError as error:
            return _Reply(error.status, error.code, json.dumps(error.body()).encode(), error.headers)

    def _carried_out(self, came: _Came) -> Json | bytes:
        if came.endpoint in WITHOUT_TOKEN:
            return self._open[came.endpoint](came.body)
        app = self._tokens.check(came.web.headers.get("Authorization"))
        _check_scope(app, came.endpoint)
        self._rates.call(app.app_id, came.endpoint)
        return self._handlers[came.endpoint](Request(came.endpoint, app, came.web.match_info, came.web.query, came.body, came.upload))

    def _note(self, came: _Came, reply: _Reply | None) -> None:
        authorization, now = came.web.headers.get("Authorization"), self._world.clock.now()
        status, code = (reply.status, reply.code) if reply else (None, None)
        self._world.record_call(Call(came.endpoint, came.web.path, dict(came.web.query), came.body, authorization, now, status, code))


def _check_scope(app: App, endpoint: Endpoint) -> None:
    needed = SCOPES.get(endpoint, ())
    if needed and not app.scopes.intersection(needed):
        raise scope_missing(needed)


async def _read(request: web.Request) -> tuple[Json, bytes | None]:
    """The body's fields, and the file of a multipart body."""
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    try:
        body: object = json.loads(await request.read() or b"{}")
    except ValueError:
        body = {}
    return body if isinstance(body, dict) else {}, None


async def _read_multipart(request: web.Request) -> tuple[Json, bytes | None]:
    """The part called image or file is the file: Feishu's own SDK sends it without a file name. Any other is a field."""
    fields: dict[str, object] = {}
    upload: bytes | None = None
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        if part.name in ("image", "file"):
            upload = content
        else:
            fields[str(part.name)] = content.decode(errors="replace")
    return fields, upload


def _success(endpoint: Endpoint, answer: Json | bytes) -> _Reply:
    if isinstance(answer, bytes):
        return _Reply(200, 0, answer, {}, "application/octet-stream")
    body = {"code": 0, "msg": "ok", **answer} if endpoint in FLAT else {"code": 0, "msg": "success", "data": answer}
    return _Reply(200, 0, json.dumps(body, ensure_ascii=False).encode(), {})


def _failed(fault: Fail) -> _Reply:
    headers = {} if fault.reset is None else {"x-ogw-ratelimit-reset": str(fault.reset)}
    if fault.code is None:
        return _Reply(fault.status, None, b"<html><body>upstream</body></html>", headers, "text/html")
    return _Reply(fault.status, fault.code, json.dumps({"code": fault.code, "msg": fault.message}).encode(), headers)
