"""How does another team get the app? By an admin's signed link, Slack's own page of consent, and a state that is good once, in that browser."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode, urljoin

import structlog
from slack_sdk.web import SlackResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from bot.platforms.fields import word
from bot.platforms.seams import Ties
from bot.platforms.slack.failures import telling
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.rotation import App, expiry_of, secrets_of
from bot.platforms.slack.teams import web_client
from bot.platforms.tasks import Tasks
from core.domain.workspaces import Locale
from core.errors import SendError, TokenError, UserError
from core.i18n.texts import text
from core.messages.model import Press
from core.messages.tokens import Signer
from core.ports import Clock

log = structlog.get_logger()

LINK_LIFE = timedelta(days=7)
STATE_LIFE = timedelta(minutes=10)
COOKIE = "morningbell_slack_install"
LINK, STATE = "slack install", "slack state"
REFUSED = 403


def install_link(signer: Signer, workspace: int, url: str, now: datetime) -> str:
    """The address that an admin opens to bind a Slack team to the workspace. `url` is where this house is reached from outside."""
    ticket = signer.sign(workspace, Press(LINK, {"until": (now + LINK_LIFE).isoformat()}))
    return f"{url.rstrip('/')}/slack/install?{urlencode({'ticket': ticket})}"


class Install:
    """The two pages. `signer` has a key of this purpose alone."""

    def __init__(self, ties: Ties, clock: Clock, signer: Signer, app: App, api_url: str, scopes: Sequence[str], tasks: Tasks) -> None:
        self._ties = ties
        self._clock = clock
        self._signer = signer
        self._app = app
        self._api_url = api_url
        self._scopes = scopes
        self._tasks = tasks

    async def begin(self, request: Request) -> Response:
        """Sends the browser to Slack's page of consent."""
        try:
            workspace, _ = self._read(request.query_params.get("ticket", ""), LINK)
        except TokenError:
            return _page(request, "slack.install.link_spent", REFUSED)
        browser = secrets.token_urlsafe(24)
        about = {"until": (self._clock.now() + STATE_LIFE).isoformat(), "browser": _hashed(browser), "id": secrets.token_urlsafe(12)}
        asked = {"client_id": self._app.client_id, "scope": ",".join(self._scopes), "state": self._signer.sign(workspace, Press(STATE, about))}
        leaving = RedirectResponse(f"{urljoin(self._api_url, '/oauth/v2/authorize')}?{urlencode(asked)}", 302)
        secure = request.url.scheme == "https"
        leaving.set_cookie(COOKIE, browser, int(STATE_LIFE.total_seconds()), path="/slack", secure=secure, httponly=True, samesite="lax")
        return leaving

    async def end(self, request: Request) -> Response:
        """Takes the code with which Slack sends the browser back."""
        if "error" in request.query_params:
            return _page(request, "slack.install.cancelled", REFUSED)
        try:
            workspace, ident = self._begun(request)
            await self._tasks.house(self._spend, workspace, ident)
        except TokenError:
            return _page(request, "slack.install.state_spent", REFUSED)
        answered = await self._answered(request, workspace)
        answered.delete_cookie(COOKIE, path="/slack")
        return answered

    async def _answered(self, request: Request, workspace: int) -> Response:
        try:
            given = await self._tasks.outside(self._exchange, request.query_params.get("code", ""))
            await self._tasks.house(self._keep, given, workspace)
        except SendError as error:
            log.warning("slack_install_failed", reason=error.reason.value)
            return _page(request, "slack.install.failed", REFUSED)
        except UserError as error:
            return PlainTextResponse(text(_locale(request), error.key, **error.args_), REFUSED)
        return _page(request, "slack.install.done", team=word(given.data, "team", "name"))

    def _exchange(self, code: str) -> SlackResponse:
        with telling("oauth.v2.access"):
            return web_client(None, self._api_url).oauth_v2_access(client_id=self._app.client_id, client_secret=self._app.client_secret, code=code)

    def _keep(self, given: SlackResponse, workspace: int) -> None:
        team = word(given.data, "team", "id")
        if not team:
            # An organisation's installation has no team of its own.
            raise UserError("slack.install.organisation")
        self._ties.install(PLATFORM, team, workspace, secrets_of(given), expiry_of(given, self._clock.now()))

    def _begun(self, request: Request) -> tuple[int, str]:
        """The workspace and the name of a state that comes back in time, in the browser that it was given to. Raises TokenError."""
        workspace, about = self._read(request.query_params.get("state", ""), STATE)
        if not secrets.compare_digest(about["browser"], _hashed(request.cookies.get(COOKIE, ""))):
            raise TokenError("another browser's")
        return workspace, about["id"]

    def _spend(self, workspace: int, ident: str) -> None:
        """Raises TokenError for a state that came back before, to whichever replica."""
        if not self._ties.first(PLATFORM, workspace, f"install:{ident}"):
            raise TokenError("spent")

    def _read(self, token: str, purpose: str) -> tuple[int, dict[str, str]]:
        workspace, press, _ = self._signer.read(token)
        if press.command != purpose or self._clock.now() >= datetime.fromisoformat(press.arguments["until"]):
            raise TokenError("for something else, or too old")
        return workspace, press.arguments


def _hashed(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()


def _page(request: Request, key: str, status: int = 200, **args: object) -> Response:
    return PlainTextResponse(text(_locale(request), key, **args), status)


def _locale(request: Request) -> Locale:
    """What the browser asks for: nobody of the house is known here."""
    return Locale.ZH if request.headers.get("accept-language", "").lower().startswith("zh") else Locale.EN
