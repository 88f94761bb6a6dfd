"""How does a token that expires stay good? One among all threads and replicas renews it ahead of time: a refresh token works once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.platforms.seams import Keys, Ties
from bot.platforms.slack.failures import telling
from core.errors import Reason, SendError
from core.ports import Clock

# Slack's tokens live 12 hours: https://docs.slack.dev/authentication/using-token-rotation
AHEAD = timedelta(hours=1)
ANOTHER_RENEWS_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class App:
    """What an app shows when it asks for tokens."""

    client_id: str
    client_secret: str = field(repr=False)


class Rotation:
    """Renews the tokens of teams that installed the app with token rotation on."""

    def __init__(self, ties: Ties, clock: Clock, app: App, web: WebClient) -> None:
        self._ties = ties
        self._clock = clock
        self._app = app
        self._web = web

    def fresh(self, keys: Keys) -> Keys:
        """The secrets with a token that is good for a while. Raises SendError when it has expired and cannot be renewed now."""
        now = self._clock.now()
        if keys.expires_at is None or now < keys.expires_at - AHEAD:
            return keys
        good = now < keys.expires_at
        if not self._ties.may_renew(keys, now):
            if good:
                return keys
            raise SendError(Reason.UNAVAILABLE, retryable=True, retry_after=ANOTHER_RENEWS_SECONDS)
        try:
            return self._renewed(keys)
        except SendError:
            if good:
                return keys
            raise

    def _renewed(self, keys: Keys) -> Keys:
        with telling("oauth.v2.access"):
            answer = self._web.oauth_v2_access(
                client_id=self._app.client_id,
                client_secret=self._app.client_secret,
                grant_type="refresh_token",
                refresh_token=keys.secrets.get("refresh_token", ""),
            )
        brought = {**keys.secrets, **secrets_of(answer)}
        expires_at = expiry_of(answer, self._clock.now())
        self._ties.renew(keys, brought, expires_at)
        return replace(keys, secrets=brought, expires_at=expires_at, version=keys.version + 1)


def secrets_of(answer: SlackResponse) -> Mapping[str, str]:
    """What oauth.v2.access gave, by the names that the house keeps it under."""
    given = {"bot_token": answer.get("access_token"), "refresh_token": answer.get("refresh_token"), "bot_user": answer.get("bot_user_id")}
    return {name: value for name, value in given.items() if isinstance(value, str) and value}


def expiry_of(answer: SlackResponse, now: datetime) -> datetime | None:
    """When the token ends; None for one that does not."""
    seconds = answer.get("expires_in")
    return now + timedelta(seconds=seconds) if isinstance(seconds, int) else None
