"""What is wrong with the Slack app as it is set up, and how is it mended?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.platforms.fields import part, word
from bot.platforms.findings import Added, Finding, clock_finding
from bot.platforms.seams import Ties
from bot.platforms.settings import SlackSettings
from bot.platforms.slack.failures import telling
from bot.platforms.slack.guard import WINDOW_SECONDS
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.start import teams_of
from bot.platforms.slack.teams import Teams, web_client
from core.errors import Reason, SendError
from core.ports import Clock

# How Slack's tokens begin.
BOT_TOKEN, APP_TOKEN = "xoxb-", "xapp-"
OWN_MEND = "SLACK_BOT_TOKEN is not accepted. Copy the Bot User OAuth Token (xoxb-…) anew: api.slack.com/apps → the app → OAuth & Permissions"
ADDED_MEND = "its token is not accepted. Add it once more: morningbell slack add, or its link; or let it go: morningbell slack remove {team}"
UNREACHED = "Slack cannot be reached. Look at the network, at a proxy, and at SLACK_API_URL"


def check(settings: SlackSettings, clock: Clock, channels: Mapping[str, str]) -> list[Finding]:
    """Looks at Slack with the tokens of the settings. `channels`: id and name of each channel to which something is posted by itself."""
    return [*_bot(settings, clock, channels), *_socket(settings), *_signing(settings)]


def check_added(settings: SlackSettings, ties: Ties, clock: Clock, added: Sequence[Added]) -> list[Finding]:
    """Looks at the teams that were added, each with its own token; one that has run out is renewed."""
    teams = teams_of(settings, ties, clock)
    return [finding for team in added for finding in _added(teams, team)]


def _added(teams: Teams, team: Added) -> Iterator[Finding]:
    mend = ADDED_MEND.format(team=team.tenant)
    try:
        client = teams.client(team.binding)
    except SendError as error:
        yield Finding(f"slack {team.tenant} token", False, _mended(error.reason, mend))
        return
    yield from _team(f"slack {team.tenant}", client, team.channels, mend)


def _bot(settings: SlackSettings, clock: Clock, channels: Mapping[str, str]) -> Iterator[Finding]:
    if settings.bot_token is None:
        yield Finding("slack token", True, "none set; teams install the app by a link: morningbell slack install-link")
        return
    token = settings.bot_token.get_secret_value()
    if token.startswith(APP_TOKEN):
        said = f"SLACK_BOT_TOKEN begins with {APP_TOKEN}: that is the app token, for SLACK_APP_TOKEN. The bot token begins with {BOT_TOKEN}"
        yield Finding("slack token", False, said)
        return
    yield from _team("slack", web_client(token, settings.api_url), channels, OWN_MEND, clock)


def _team(team: str, client: WebClient, channels: Mapping[str, str], mend: str, clock: Clock | None = None) -> Iterator[Finding]:
    """One team by its token, and this machine's clock where one is given."""
    try:
        with telling("auth.test"):
            answer = client.auth_test()
    except SendError as error:
        yield Finding(f"{team} token", False, _mended(error.reason, mend))
        return
    yield Finding(f"{team} token", True, f"team {word(answer.data, 'team')}, bot {word(answer.data, 'user')}")
    yield _scopes(team, answer)
    if clock is not None:
        yield clock_finding("Slack", clock.now(), _header(answer, "date"), timedelta(seconds=WINDOW_SECONDS))
    for channel, name in channels.items():
        yield _membership(f"{team} #{name}", client, channel)


def _mended(reason: Reason, mend: str) -> str:
    return mend if reason is Reason.BAD_CREDENTIALS else UNREACHED


def _scopes(team: str, answer: SlackResponse) -> Finding:
    given = {scope.strip() for scope in str(_header(answer, "x-oauth-scopes")).split(",")}
    missing = [scope for scope in SCOPES if scope not in given]
    if not missing:
        return Finding(f"{team} scopes", True, f"all {len(SCOPES)} are there")
    named = ", ".join(f"{scope} (to {SCOPES[scope]})" for scope in missing)
    return Finding(f"{team} scopes", False, f"missing: {named}. Update the app from `morningbell slack manifest`, then install it once more")


def _membership(name: str, client: WebClient, channel: str) -> Finding:
    try:
        with telling("conversations.info"):
            found = part(client.conversations_info(channel=channel).data, "channel")
    except SendError as error:
        if error.reason is Reason.NO_CHANNEL:
            return Finding(name, False, "the bot cannot see it: private, or gone. In Slack, go there and type /invite and the bot's name")
        return Finding(name, False, f"could not be looked at ({error.reason.value}). Try again in a minute")
    if found.get("is_archived") is True:
        return Finding(name, False, "it is archived. Let what is posted there go elsewhere, or bring it back")
    if found.get("is_member") is not True and found.get("is_im") is not True:
        return Finding(name, False, "the bot is not in it. In Slack, go there and type /invite and the bot's name")
    return Finding(name, True, "the bot is in it")


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
