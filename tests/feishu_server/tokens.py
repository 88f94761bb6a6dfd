"""Which tenant_access_token is good, and for whom? Two hours each; the same is given again until half an hour is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ports import Clock
from tests.feishu_server.errors import refused
from tests.feishu_server.values import App

LIFE = timedelta(hours=2)
RENEWED_WHEN_LEFT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it was given out."""

    token: str
    app_id: str
    issued: datetime
    expires: datetime


class Tokens:
    """Gives out and checks tokens."""

    def __init__(self, clock: Clock, apps: Mapping[str, App]) -> None:
        self._clock = clock
        self._apps = apps
        self._revoked: set[str] = set()
        self.issued: list[Token] = []

    def issue(self, app_id: str, secret: str) -> Token:
        """The app's token: the one it has, or a new one beside it when less than half an hour is left. Raises 10003, 10014."""
        app = self._apps.get(app_id)
        if app is None:
            raise refused(10003)
        if app.app_secret != secret:
            raise refused(10014)
        now = self._clock.now()
        good = [token for token in self.issued if token.app_id == app_id and self._good(token) and token.expires - now >= RENEWED_WHEN_LEFT]
        return good[-1] if good else self._new(app_id, now)

    def left(self, token: Token) -> int:
        """Seconds for which it is still good."""
        return int((token.expires - self._clock.now()).total_seconds())

    def check(self, authorization: str | None) -> App:
        """The app that the header speaks for. Raises 99991661 and 99991663."""
        scheme, _, given = (authorization or "").partition(" ")
        if scheme != "Bearer" or not given:
            raise refused(99991661)
        for token in self.issued:
            if token.token == given and self._good(token):
                return self._apps[token.app_id]
        raise refused(99991663)

    def revoke(self) -> None:
        """Makes every token given out so far invalid, as Feishu may at any time."""
        self._revoked.update(token.token for token in self.issued)

    def _new(self, app_id: str, now: datetime) -> Token:
        token = Token(f"t-g1{len(self.issued):04d}{app_id[-8:]}", app_id, now, now + LIFE)
        self.issued.append(token)
        return token

    def _good(self, token: Token) -> bool:
        return token.token not in self._revoked and self._clock.now() < token.expires
