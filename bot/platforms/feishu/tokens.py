"""Who has a tenant access token, and who fetches the next one? One thread does; the others wait, or go on with what still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from bot.platforms.feishu.apps import App
from core.errors import SendError
from core.ports import Clock

# Feishu hands out a new token from half an hour before the end of the old one, which holds until then.
AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Token:
    """A tenant access token and the instant from which it is worth nothing."""

    text: str = field(repr=False)
    ends_at: datetime


# Asks Feishu for a token. Raises SendError.
Fetch = Callable[[App], Token]


class Tokens:
    """The tokens of all apps in this process."""

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._held: dict[str, Token] = {}
        self._locks: dict[str, Lock] = {}

    def get(self, app: App) -> str:
        """A token that holds. Raises SendError where there is none to be had."""
        held = self._held.get(app.id)
        if held is not None and self._left(held) > AHEAD:
            return held.text
        if held is None or self._left(held) <= timedelta(0):
            return self._next(app, held)
        return self._next_ahead(app, held)

    def renew(self, app: App, spent: str) -> str:
        """The token after one that Feishu would not take. Whoever comes second gets what the first one fetched."""
        return self._next(app, Token(spent, self._clock.now()))

    def _next(self, app: App, spent: Token | None) -> str:
        with self._lock(app):
            held = self._held.get(app.id)
            if held is None or (spent is not None and held.text == spent.text):
                held = self._held[app.id] = self._fetch(app)
            return held.text

    def _next_ahead(self, app: App, held: Token) -> str:
        """One thread fetches while the others go on with the old token; it goes on too where that fails."""
        lock = self._lock(app)
        if not lock.acquire(blocking=False):
            return held.text
        try:
            self._held[app.id] = self._fetch(app)
        except SendError:
            return held.text
        finally:
            lock.release()
        return self._held[app.id].text

    def _lock(self, app: App) -> Lock:
        # One step for all threads.
        return self._locks.setdefault(app.id, Lock())

    def _left(self, token: Token) -> timedelta:
        return token.ends_at - self._clock.now()
