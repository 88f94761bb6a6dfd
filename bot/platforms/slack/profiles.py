"""Who is an account of the team? Enough to take the person in, or none for whoever does not belong to it."""

from __future__ import annotations

from slack_sdk import WebClient

from bot.platforms.fields import Body, part, word
from bot.platforms.slack.failures import telling
from core.domain.workspaces import Locale
from core.ports import Profile

# Slack's own account, which is not marked as a bot.
SLACKBOT = "USLACKBOT"
OUTSIDE = ("deleted", "is_bot", "is_workflow_bot", "is_restricted", "is_ultra_restricted", "is_stranger")


def profile(client: WebClient, account: str) -> Profile | None:
    """The person of the account. Raises SendError."""
    with telling("users.info"):
        answer = client.users_info(user=account, include_locale=True)
    user = part(answer.data, "user")
    if account == SLACKBOT or not user or any(user.get(mark) for mark in OUTSIDE):
        return None
    name = word(user, "profile", "display_name") or word(user, "profile", "real_name") or word(user, "real_name") or word(user, "name")
    return Profile(name, handle=word(user, "name"), locale=_locale(user), timezone=word(user, "tz") or None)


def _locale(user: Body) -> Locale | None:
    """The language in which Slack speaks to them, where it says so."""
    written = word(user, "locale")
    if not written:
        return None
    return Locale.ZH if written.startswith("zh") else Locale.EN
