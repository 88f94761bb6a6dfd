"""With which client does the house speak to a team? One made from the team's secrets, with a token that is good now."""

from __future__ import annotations

from slack_sdk import WebClient

from bot.platforms.seams import Keys, Ties
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.rotation import Rotation
from core.errors import Reason, SendError

# A delivery's row is held for 30 seconds: opening the conversation, the post, and two more tries in fewer words end within them.
TIMEOUT_SECONDS = 7


def web_client(token: str | None, api_url: str) -> WebClient:
    """A client that tries once: the ledger tries again, and knows when it must look first."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


class Teams:
    """The bound teams. `rotation` is None where tokens do not expire."""

    def __init__(self, ties: Ties, api_url: str, rotation: Rotation | None = None) -> None:
        self._ties = ties
        self._api_url = api_url
        self._rotation = rotation

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
        return web_client(self._token(keys), self._api_url)

    def _token(self, keys: Keys) -> str:
        fresh = self._rotation.fresh(keys) if self._rotation else keys
        token = fresh.secrets.get("bot_token")
        if not token:
            raise SendError(Reason.BAD_CREDENTIALS, retryable=False)
        return token
