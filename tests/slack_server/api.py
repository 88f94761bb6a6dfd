"""How does Slack look from the network? HTTP as the SDK speaks it: the Web API, uploads, downloads, response URLs; with faults where asked."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from email.utils import format_datetime
from urllib.parse import unquote

from aiohttp import hdrs, web

# Imported for the methods that they declare.
from tests.slack_server import chat, conversations, oauth, uploads, views  # noqa: F401
from tests.slack_server.calls import call, opened
from tests.slack_server.faults import Faults
from tests.slack_server.hooks import used
from tests.slack_server.uploads import content, receive
from tests.slack_server.values import Call, Json, Token
from tests.slack_server.world import SlackError, World

MOST_BODY = 64 * 1024 * 1024
# What is never kept in the account of calls.
SECRETS = ("client_secret", "refresh_token", "token")


class Api:
    """The HTTP side of a world."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world, self._faults = world, faults

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=MOST_BODY)
        app.router.add_route("*", "/api/{method}", self._method)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/files-pri/{place}/{name:.+}", self._download)
        app.router.add_get("/login", self._login)
        app.router.add_post("/hooks/{team}/{number}", self._hook)
        return app

    async def _method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            arguments = await _arguments(request)
        except ValueError:
            return self._refusal(SlackError("invalid_json"))
        bearer = _bearer(request) or arguments.pop("token", None)
        return await self._faulty(request, name, lambda: self._called(name, bearer, arguments))

    def _called(self, name: str, bearer: str | None, arguments: Json) -> web.Response:
        """Runs a method of the Web API, and keeps account of it."""
        world = self._world
        error: str | None = None
        try:
            arguments = opened(arguments)
            token, said = call(world, name, bearer, arguments)
            return self._answer({"ok": True, **said}, scopes=token)
        except SlackError as refused:
            error = refused.code
            return self._refusal(refused, world.tokens.get(bearer or ""))
        finally:
            self._account(name, bearer, arguments, error)

    def _account(self, name: str, bearer: str | None, arguments: Json, error: str | None) -> None:
        token = self._world.tokens.get(bearer or "")
        kept = {key: value for key, value in arguments.items() if key not in SECRETS}
        self._world.calls.append(Call(name, token.team if token else None, kept, self._world.clock.now(), error))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        return await self._faulty(request, "upload", lambda: web.Response(text=receive(self._world, request.match_info["file"], content)))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        return await self._faulty(request, "download", lambda: self._downloaded(request))

    def _downloaded(self, request: web.Request) -> web.Response:
        upload = content(self._world, request.match_info["place"], _bearer(request))
        if upload is None:
            return web.Response(status=302, headers={hdrs.LOCATION: "/login"})
        return web.Response(body=upload.content, content_type=upload.media_type)

    async def _login(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        return await self._faulty(request, "response_url", lambda: self._used(request.path, body))

    def _used(self, path: str, body: Json) -> web.Response:
        try:
            used(self._world, path, body)
        except SlackError as refused:
            # Whatever is wrong with what is said there, a response_url answers 404.
            raise SlackError(refused.code, 404, refused.headers, **refused.extra) from refused
        return web.Response(text="ok")

    async def _faulty(self, request: web.Request, name: str, run: Callable[[], web.Response]) -> web.StreamResponse:
        """Runs a call, unless a fault comes between."""
        fault = self._faults.met(name)
        if fault is not None and fault.what in {"drop_before", "refuse"}:
            with self._world.lock:
                self._account(name, _bearer(request), {}, "dropped" if fault.error is None else fault.error.code)
            return self._refusal(fault.error) if fault.error is not None else _cut(request)
        answer = self._run(run)
        if fault is not None and fault.what == "drop_after":
            return _cut(request)
        if fault is not None and fault.gate is not None:
            await fault.gate.passed()
        return answer

    def _run(self, run: Callable[[], web.Response]) -> web.Response:
        with self._world.lock:
            try:
                return run()
            except SlackError as refused:
                return self._refusal(refused)

    def _refusal(self, refused: SlackError, token: Token | None = None) -> web.Response:
        return self._answer({"ok": False, "error": refused.code, **refused.extra}, refused.status, refused.headers, token)

    def _answer(self, body: Json, status: int = 200, headers: dict[str, str] | None = None, scopes: Token | None = None) -> web.Response:
        told = {hdrs.DATE: format_datetime(self._world.clock.now(), usegmt=True), **(headers or {})}
        if scopes is not None:
            told["x-oauth-scopes"] = ",".join(sorted(scopes.scopes))
        return web.json_response(body, status=status, headers=told)


async def _arguments(request: web.Request) -> Json:
    """What a call was given: in the address, a form or JSON, and the app's id and secret in the header of OAuth."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        given |= json.loads(await request.text() or "{}")
    else:
        given |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    kind, _, value = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if kind == "Basic":
        ident, _, secret = b64decode(value).decode().partition(":")
        given |= {"client_id": unquote(ident), "client_secret": unquote(secret)}
    return given


def _bearer(request: web.Request) -> str | None:
    kind, _, value = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    return value if kind == "Bearer" else None


def _cut(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
