"""What is Slack to the serving process? Its addresses behind the guard, its socket, and the team of the settings' own token."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from http import HTTPStatus

import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import Receive, Scope, Send

from bot.platforms.inbound import Inbound
from bot.platforms.reconnecting import Jitter
from bot.platforms.seams import Desk, Ties
from bot.platforms.settings import SlackSettings
from bot.platforms.slack.acts import ACK_SECONDS, Acts
from bot.platforms.slack.app import bolt_app, dispatched
from bot.platforms.slack.edge import Edge
from bot.platforms.slack.guard import Guard
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH, SCOPES
from bot.platforms.slack.oauth import Install
from bot.platforms.slack.replies import Replies
from bot.platforms.slack.shape import is_slacks
from bot.platforms.slack.socket import HEARTBEAT_SECONDS, Line
from bot.platforms.slack.start import app_of, introduced, teams_of
from bot.platforms.slack.teams import MEND
from bot.platforms.tasks import Tasks
from core.errors import Reason, SendError
from core.messages.tokens import Signer
from core.pool import Pool
from core.ports import Clock

log = structlog.get_logger()

RETRY_SECONDS = 5.0


class SlackPresence:
    """The platform as `Presence` describes it. The `house`'s threads may take a database connection; `signer` signs installations."""

    path = "/slack"

    def __init__(
        self,
        settings: SlackSettings,
        desk: Desk,
        ties: Ties,
        clock: Clock,
        signer: Signer,
        house: Pool,
        jitter: Jitter,
        *,
        patience: float = ACK_SECONDS,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._settings = settings
        self._ties = ties
        self._jitter = jitter
        self._tasks = Tasks(house)
        teams = teams_of(settings, ties, clock)
        replies = Replies(teams)
        self._bolt = bolt_app(Acts(Edge(desk, teams, replies), replies, self._tasks, patience))
        self._line = _line(settings, self._bolt, self._tasks, jitter, heartbeat)
        self._router = Router([*_events(settings, clock, self._bolt), *_install(settings, ties, clock, signer, self._tasks)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._router(scope, receive, send)

    @property
    def heard(self) -> bool:
        """Whether the socket stands, where there is one."""
        return self._line is None or self._line.stands

    async def run(self) -> None:
        """Adopts the team of the settings' token and holds the socket, until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._adopted())
            if self._line is not None:
                group.create_task(self._line.run())

    async def close(self) -> None:
        """Takes nothing new and finishes what was begun, after 5 seconds at most: answers go back by the socket on which they were asked for."""
        if self._line is not None:
            self._line.stop()
        await self._tasks.drain()
        if self._line is not None:
            await self._line.close()

    async def _adopted(self) -> None:
        """Asks Slack whose the token is, until it says so."""
        token = self._settings.bot_token.get_secret_value() if self._settings.bot_token else None
        while token is not None:
            try:
                team, secrets = await self._tasks.outside(introduced, token, self._settings.api_url)
                await self._tasks.house(self._ties.adopt, PLATFORM, team, secrets)
                return
            except SendError as error:
                if error.reason is Reason.BAD_CREDENTIALS:
                    log.error("slack_token_refused", mend=MEND)
                    return
            except Exception:
                # The database may be away for a while; the socket must not end with it.
                log.exception("slack_team_not_adopted")
            await asyncio.sleep(RETRY_SECONDS * (1 + self._jitter()))


class Endpoint:
    """Where requests end that the guard let pass."""

    def __init__(self, bolt: AsyncApp) -> None:
        self._bolt = bolt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answered(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        asked = _read(request, await request.body())
        if asked is None:
            log.warning("request_refused", platform=PLATFORM, status=int(HTTPStatus.BAD_REQUEST), why="not of Slack's shape")
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        return to_starlette_response(await dispatched(self._bolt, asked))


def _read(request: Request, body: bytes) -> AsyncBoltRequest | None:
    """The request as Bolt reads it; None for what is rightly signed and still nothing that Slack would send."""
    try:
        asked = to_async_bolt_request(request, body)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return asked if is_slacks(asked.body) else None


def _line(settings: SlackSettings, bolt: AsyncApp, tasks: Tasks, jitter: Jitter, heartbeat: float) -> Line | None:
    if settings.app_token is None:
        return None
    return Line(bolt, tasks, settings.app_token.get_secret_value(), settings.api_url, jitter, heartbeat)


def _events(settings: SlackSettings, clock: Clock, bolt: AsyncApp) -> Sequence[BaseRoute]:
    """The one address for commands, presses, forms and events; without a signing secret nobody could be believed there."""
    if settings.signing_secret is None:
        return []

    guard = Guard([settings.signing_secret.get_secret_value()], clock)
    return [Route(EVENTS_PATH, Inbound(Endpoint(bolt), guard, PLATFORM), methods=["POST"])]


def _install(settings: SlackSettings, ties: Ties, clock: Clock, signer: Signer, tasks: Tasks) -> Sequence[BaseRoute]:
    app = app_of(settings)
    if app is None:
        return []
    install = Install(ties, clock, signer, app, settings.api_url, tuple(SCOPES), tasks)
    return [Route(INSTALL_PATH, install.begin), Route(REDIRECT_PATH, install.end)]
