"""What is Slack's side of the process as one Bolt app? One place for commands, presses, forms and events, over HTTP as over a socket."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.acts import Acts

log = structlog.get_logger()

ANY = re.compile(".*", re.DOTALL)


def bolt_app(acts: Acts) -> AsyncApp:
    """Bolt with the acts as its listeners. The guard has verified what comes, and the house knows who may do what."""
    quiet = logging.getLogger("bot.slack")
    # Its warnings repeat what people wrote, and the reason of a fault is told by ours.
    quiet.setLevel(logging.CRITICAL)
    app = AsyncApp(
        name="morningbell",
        logger=quiet,
        client=AsyncWebClient(),
        authorize=_authorized,
        # Bolt's other way of waiting for an answer looks for it every 10 ms.
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
    )
    app.command(ANY)(acts.command)
    app.action(ANY)(acts.pressed)
    app.view_submission(ANY)(acts.submitted)
    app.event(ANY)(acts.event)
    app.error(_fault)
    return app


async def dispatched(app: AsyncApp, asked: AsyncBoltRequest) -> BoltResponse:
    """The answer to a request. What nobody handles is none of ours, and told to be well: Slack would only send it again."""
    answer = await app.async_dispatch(asked)
    return BoltResponse(status=HTTPStatus.OK) if answer.status == HTTPStatus.NOT_FOUND else answer


async def _authorized(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Everyone may pass: a team that is not bound, and a person who may not, are answered by the house in their words."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


async def _fault(error: Exception) -> BoltResponse:
    log.error("slack_request_failed", exc_info=error)
    return BoltResponse(status=HTTPStatus.INTERNAL_SERVER_ERROR)
