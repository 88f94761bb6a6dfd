"""What is wrong with the Slack app as it is set up, and how is it mended?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.platforms.fields import part, word
from bot.platforms.findings import Finding, clock_finding
from bot.platforms.settings import SlackSettings
from bot.platforms.slack.failures import telling
from bot.platforms.slack.guard import WINDOW_SECONDS
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.teams import web_client
from core.errors import Reason, SendError
from core.ports import Clock

# How Slack's tokens begin.
BOT_TOKEN, APP_TOKEN = "xoxb-", "xapp-"
UNREACHED = "Slack cannot be reached. Look at the network, at a proxy, and at SLACK_API_URL"


def check(settings: SlackSettings, clock: Clock, channels: Mapping[str, str]) -> list[Finding]:
    """Looks at Slack with the tokens of the settings. `channels`: id and name of each channel to which something is posted by itself."""
    return [*_bot(settings, clock, channels), *_socket(settings), *_signing(settings)]


def _bot(settings: SlackSettings, clock: Clock, channels: Mapping[str, str]) -> Iterator[Finding]:
    if settings.bot_token is None:
        yield Finding("slack token", True, "none set; teams install the app by a link: morningbell slack install-link")
        return
    token = settings.bot_token.get_secret_value()
    if token.startswith(APP_TOKEN):
        said = f"SLACK_BOT_TOKEN begins with {APP_TOKEN}: that is the app token, for SLACK_APP_TOKEN. The bot token begins with {BOT_TOKEN}"
        yield Finding("slack token", False, said)
        return
    client = web_client(token, settings.api_url)
    try:
        with telling("auth.test"):
            answer = client.auth_test()
    except SendError as error:
        yield Finding("slack token", False, _mend_token(error.reason))
        return
    yield Finding("slack token", True, f"team {word(answer.data, 'team')}, bot {word(answer.data, 'user')}")
    yield _scopes(answer)
    yield clock_finding("Slack", clock.now(), _header(answer, "date"), timedelta(seconds=WINDOW_SECONDS))
    for channel, name in channels.items():
        yield _membership(client, channel, name)


def _mend_token(reason: Reason) -> str:
    if reason is Reason.BAD_CREDENTIALS:
        return "SLACK_BOT_TOKEN is not accepted. Copy the Bot User OAuth Token (xoxb-…) anew: api.slack.com/apps → the app → OAuth & Permissions"
    return UNREACHED


def _scopes(answer: SlackResponse) -> Finding:
    given = {scope.strip() for scope in str(_header(answer, "x-oauth-scopes")).split(",")}
    missing = [scope for scope in SCOPES if scope not in given]
    if not missing:
        return Finding("slack scopes", True, f"all {len(SCOPES)} are there")
    named = ", ".join(f"{scope} (to {SCOPES[scope]})" for scope in missing)
    return Finding("slack scopes", False, f"missing: {named}. Update the app from `morningbell slack manifest`, then install it once more")


def _membership(client: WebClient, channel: str, name: str) -> Finding:
    try:
        with telling("conversations.info"):
            found = part(client.conversations_info(channel=channel).data, "channel")
    except SendError as error:
        if error.reason is Reason.NO_CHANNEL:
            return Finding(f"slack #{name}", False, "the bot cannot see it: private, or gone. In Slack, go there and type /invite and the bot's name")
        return Finding(f"slack #{name}", False, f"could not be looked at ({error.reason.value}). Try again in a minute")
    if found.get("is_archived") is True:
        return Finding(f"slack #{name}", False, "it is archived. Let what is posted there go elsewhere, or bring it back")
    if found.get("is_member") is not True and found.get("is_im") is not True:
        return Finding(f"slack #{name}", False, "the bot is not in it. In Slack, go there and type /invite and the bot's name")
    return Finding(f"slack #{name}", True, "the bot is in it")


def _socket(settings: SlackSettings) -> Iterator[Finding]:
    if settings.app_token is None:
        return
    token = settings.app_token.get_secret_value()
    if token.startswith(BOT_TOKEN):
        said = f"SLACK_APP_TOKEN begins with {BOT_TOKEN}: that is the bot token, for SLACK_BOT_TOKEN. The app token begins with {APP_TOKEN}"
        yield Finding("slack socket", False, said)
        return
    try:
        with telling("apps.connections.open"):
            web_client(None, settings.api_url).apps_connections_open(app_token=token)
    except SendError as error:
        yield Finding("slack socket", False, _mend_socket(error))
        return
    yield Finding("slack socket", True, "Socket Mode can be opened")


def _mend_socket(error: SendError) -> str:
    if error.retryable:
        return UNREACHED
    return "SLACK_APP_TOKEN opens no socket. Make an app-level token (xapp-…) with the scope connections:write, and turn Socket Mode on"


def _signing(settings: SlackSettings) -> Iterator[Finding]:
    if settings.signing_secret is not None:
        yield Finding("slack signing secret", True, "set; that it is the right one shows at the first request")
    elif settings.app_token is None:
        yield Finding("slack signing secret", False, "set SLACK_SIGNING_SECRET: api.slack.com/apps → the app → Basic Information")


def _header(answer: SlackResponse, name: str) -> str:
    return next((str(value) for key, value in answer.headers.items() if key.lower() == name), "")
