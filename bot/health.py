"""Is the process alive, can it do its work now, and how is it doing? Three addresses for machines, which say nothing of people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from core.pool import Pool

ALIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"
PATHS = frozenset({ALIVE, READY, METRICS})
CHECK_SECONDS = 3.0
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Whether a part can do its work now. One that raises cannot.
Check = Callable[[], bool]


class Health:
    """Answers `/healthz` from the loop, `/readyz` by the `checks`, `/metrics` by what `exposition` gives, if it is on."""

    def __init__(self, checks: Mapping[str, Check], exposition: Callable[[], bytes] | None) -> None:
        self._checks = checks
        self._exposition = exposition
        # One thread: a database that hangs must not be asked by more and more of them.
        self._pool = Pool(1, "health")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answered(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED)
        match request.url.path:
            case path if path == ALIVE:
                return PlainTextResponse("ok\n")
            case path if path == READY:
                return await self._ready()
            case path if path == METRICS and self._exposition is not None:
                return Response(self._exposition(), media_type=METRICS_TYPE)
            case _:
                return Response(status_code=HTTPStatus.NOT_FOUND)

    async def _ready(self) -> Response:
        try:
            found = await asyncio.wait_for(asyncio.wrap_future(self._pool.submit(self._checked)), CHECK_SECONDS)
        except TimeoutError:
            found = dict.fromkeys(self._checks, False)
        ready = all(found.values())
        return JSONResponse({"ready": ready, **found}, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)

    def _checked(self) -> dict[str, bool]:
        return {name: _holds(check) for name, check in self._checks.items()}


def _holds(check: Check) -> bool:
    try:
        return check()
    except Exception:
        # Why is in the log of whoever does its work there.
        return False
