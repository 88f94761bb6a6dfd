"""With which client does the house speak to a team? One made from the team's secrets, with a token that is good now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.platforms.seams import Keys, Ties
from bot.platforms.slack.failures import failure
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.rotation import Rotation
from core.errors import Reason, SendError
from core.ports import Clock

log = structlog.get_logger()

# A delivery's row is held for 30 seconds: opening the conversation, the post, and two more tries in fewer words end within them.
TIMEOUT_SECONDS = 7


def web_client(token: str | None, api_url: str) -> WebClient:
    """A client that tries once: the ledger tries again, and knows when it must look first."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


# A token that was revoked is refused at every call; whoever reads the log is told no more often.
TOLD_EVERY = timedelta(hours=1)
MEND = "api.slack.com/apps, Install App: copy the bot token anew into SLACK_BOT_TOKEN (for an added team: morningbell slack add), and start again"


class TeamClient(WebClient):
    """A client that tells when Slack does not take the team's token."""

    def __init__(self, token: str, api_url: str, refused: Callable[[], None]) -> None:
        super().__init__(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
        self._refused = refused

    def api_call(self, api_method: str, **given: Any) -> SlackResponse:  # the library's own arguments, handed on
        try:
            return super().api_call(api_method, **given)
        except SlackApiError as error:
            if failure(error, posting=False).error.reason is Reason.BAD_CREDENTIALS:
                self._refused()
            raise


class Teams:
    """The bound teams. `rotation` is None where tokens do not expire."""

    def __init__(self, ties: Ties, api_url: str, clock: Clock, rotation: Rotation | None = None) -> None:
        self._ties = ties
        self._api_url = api_url
        self._clock = clock
        self._rotation = rotation
        self._told: dict[str, datetime] = {}

    @property
    def api_url(self) -> str:
        """Where Slack's Web API is."""
        return self._api_url

    def client(self, binding: int) -> WebClient:
        """Raises SendError for a binding without good secrets."""
        return self._client(self._ties.keys(binding))

    def client_of(self, tenant: str) -> WebClient:
        """The same by Slack's name for the team."""
        keys = self._ties.keys_of(PLATFORM, tenant)
        if keys is None:
            raise SendError(Reason.BAD_CREDENTIALS, retryable=False)
        return self._client(keys)

    def _client(self, keys: Keys) -> WebClient:
        return TeamClient(self._token(keys), self._api_url, lambda: self._refused(keys.tenant))

    def _refused(self, tenant: str) -> None:
        now = self._clock.now()
        if tenant not in self._told or now - self._told[tenant] >= TOLD_EVERY:
            self._told[tenant] = now
            log.error("slack_token_refused", team=tenant, mend=MEND)

    def _token(self, keys: Keys) -> str:
        fresh = self._rotation.fresh(keys) if self._rotation else keys
        token = fresh.secrets.get("bot_token")
        if not token:
            raise SendError(Reason.BAD_CREDENTIALS, retryable=False)
        return token
