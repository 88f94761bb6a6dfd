"""Which account is an app's bot? Asked once: groups mention it by that."""

from __future__ import annotations

from bot.platforms.feishu import calls
from bot.platforms.feishu.apps import Apps
from bot.platforms.feishu.client import Client
from bot.platforms.fields import word
from core.errors import Reason, SendError


class Bots:
    """The bots' accounts by app."""

    def __init__(self, apps: Apps, client: Client) -> None:
        self._apps = apps
        self._client = client
        self._accounts: dict[str, str] = {}

    def account(self, app_id: str) -> str:
        """The bot's open id. Raises SendError."""
        if app_id not in self._accounts:
            app = self._apps.get(app_id)
            if app is None:
                raise SendError(Reason.BAD_CREDENTIALS, retryable=False)
            # The one answer that has no `data`.
            account = word(self._client.ask(app, calls.bot()), "bot", "open_id")
            if not account:
                raise SendError(Reason.UNAVAILABLE, retryable=True)
            self._accounts[app_id] = account
        return self._accounts[app_id]
