"""How do Slack's settings become its parts?"""

from __future__ import annotations

import time

from bot.platforms.fields import word
from bot.platforms.seams import Ties
from bot.platforms.settings import SlackSettings
from bot.platforms.slack.failures import telling
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.rotation import App, Rotation
from bot.platforms.slack.teams import Teams, web_client
from core.ports import Clock


def slack_platform(settings: SlackSettings, ties: Ties, clock: Clock) -> SlackPlatform:
    """The platform to post with."""
    return SlackPlatform(ties, teams_of(settings, ties, clock), clock, time.sleep)


def teams_of(settings: SlackSettings, ties: Ties, clock: Clock) -> Teams:
    """The bound teams; with an app that others install, their tokens are renewed."""
    app = app_of(settings)
    rotation = Rotation(ties, clock, app, web_client(None, settings.api_url)) if app else None
    return Teams(ties, settings.api_url, clock, rotation)


def app_of(settings: SlackSettings) -> App | None:
    """The app that other teams install, where there is one."""
    if settings.client_id is None or settings.client_secret is None:
        return None
    return App(settings.client_id, settings.client_secret.get_secret_value())


def introduced(token: str, api_url: str) -> tuple[str, dict[str, str]]:
    """The team of a bot token, and the secrets to keep for it. Raises SendError."""
    with telling("auth.test"):
        answer = web_client(token, api_url).auth_test()
    return word(answer.data, "team_id"), {"bot_token": token, "bot_user": word(answer.data, "user_id")}
