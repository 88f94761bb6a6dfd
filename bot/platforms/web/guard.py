"""What must a request prove before anything looks at it? That it means this host, comes from this page, and holds the token where one is set.

The Host allow-list stops DNS rebinding, the Origin check stops posts from other sites, the policy headers stop what slips into a page.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest, digest
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.platforms.web.requests import page_locale
from bot.platforms.web.settings import WebSettings
from bot.platforms.web.shell import Shell
from core.i18n.texts import text

PASS_COOKIE = "morningbell_pass"  # noqa: S105  # a name
YEAR = 365 * 24 * 3600
SAFE_METHODS = frozenset({"GET", "HEAD"})
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Stands before the whole app."""

    def __init__(self, app: ASGIApp, settings: WebSettings, shell: Shell) -> None:
        self._app = app
        self._settings = settings
        self._shell = shell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        refusal = self._refusal(request, scope["method"])
        await (refusal or self._app)(scope, receive, _with_policy(send))

    def _refusal(self, request: HTTPConnection, method: str) -> Response | None:
        if _host_name(request.headers) not in self._settings.allowed_hosts:
            return PlainTextResponse("This address is not one of the playground's.", 421)
        if method not in SAFE_METHODS and not _same_origin(request.headers):
            return PlainTextResponse("This request does not come from the playground's own page.", 403)
        if _announced(request.headers) > self._settings.body_limit:
            return PlainTextResponse(text(page_locale(request), "web.upload.too_large"), 413)
        if self._settings.token is None or request.url.path.startswith("/static/"):
            return None
        return self._checked(request, self._settings.token)

    def _checked(self, request: HTTPConnection, token: str) -> Response | None:
        """None when the browser holds the pass; a page that gives it when the address has the token; else the door."""
        if compare_digest(request.cookies.get(PASS_COOKIE, "").encode(), _pass(token).encode()):
            return None
        locale = page_locale(request)
        given = request.query_params.get("token", "")
        if not compare_digest(given.encode(), token.encode()):
            return self._shell.page("door.html", locale, status=401, wrong=bool(given))
        # A page that goes on by itself, not a redirect: a strict cookie does not travel along a redirect that began on another site.
        entered = self._shell.page("entered.html", locale, target=_without_token(request))
        entered.set_cookie(PASS_COOKIE, _pass(token), max_age=YEAR, httponly=True, samesite="strict")
        return entered


def _announced(headers: Headers) -> int:
    """The body's length as the header has it; what comes without one is counted as it is read."""
    written = headers.get("content-length", "")
    return int(written) if written.isascii() and written.isdigit() else 0


def _pass(token: str) -> str:
    return digest(token.encode(), b"morningbell playground pass", sha256).hex()


def _host_name(headers: Headers) -> str:
    try:
        return (urlsplit(f"//{headers.get('host', '')}").hostname or "").lower()
    except ValueError:
        return ""


def _same_origin(headers: Headers) -> bool:
    origin = headers.get("origin", "")
    scheme, _, host = origin.partition("://")
    return scheme in {"http", "https"} and host.lower() == headers.get("host", "").lower()


def _without_token(request: HTTPConnection) -> str:
    rest = {name: values for name, values in parse_qs(request.url.query).items() if name != "token"}
    # Two slashes at the start would name another host.
    path = "/" + request.url.path.lstrip("/")
    return f"{path}?{urlencode(rest, doseq=True)}" if rest else path


def _with_policy(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in POLICY.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
